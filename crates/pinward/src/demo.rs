//! The sample company in a throw-away folder, with the shell and the server on it.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use pinward_directory::SamplePassword;
use pinward_service::{Service, SignInLimits};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::folder::Folder;
use crate::run::{Product, Work, run, say};
use crate::serve::{self, Doors, House};

const WELCOME: &str = "\
Litware, a sample company of about 1,000 users, in a folder that is removed when you leave.
Nobody has a PIN yet. Try first:

  Get-CsPinPolicy
  Set-CsClientPin -Identity \"litwareinc\\kenmyer\"
  Get-CsClientPinInfo -Identity \"litwareinc\\kenmyer\"
  Get-CsUser -OU \"OU=Finance,DC=litwareinc,DC=com\" | Set-CsClientPin
  Get-Help Set-CsClientPin -Examples

Tab completes, Get-Command lists everything, exit leaves.
";

/// The password of everybody in the demo, which is no secret.
const PASSWORD: &str = "litware";

const SIGN_INS: &str = "\
Sign in there as anybody; the password of all is litware:

  kenmyer     Ken Myer, who administrates users: sets their PINs, locks and unlocks them
  packerman   Pilar Ackerman of the help desk: locks and unlocks PINs
  johnsmith   John Smith, who has his own PIN alone

They open the parts of the console that their roles allow. To open all of it as Ken Myer, type here first:

  Grant-CsAdminRole -Identity \"litwareinc\\kenmyer\" -Role CsAdministrator

";

/// Makes the folder, runs the work on it, removes the folder. For a person it serves too, meanwhile.
pub fn demo(runtime: &Runtime, act_as: Option<&str>, work: Work) -> Result<ExitCode> {
    let scratch = tempfile::Builder::new()
        .prefix("pinward-demo-")
        .tempdir()
        .context("cannot make a temporary folder")?;
    let folder = Folder::below(scratch.path());
    runtime.block_on(folder.create(true))?;
    let service = runtime.block_on(folder.open())?;
    let served = match work {
        Work::Interactive => {
            say(WELCOME)?;
            let check = Arc::new(SamplePassword(PASSWORD));
            service.ask_passwords_of(Some(check), SignInLimits::default());
            Some(runtime.block_on(Served::begin(&service))?)
        }
        Work::Source(_) => None,
    };
    let code = run(&Product::of(service, runtime, act_as)?, work)?;
    if let Some(served) = served {
        runtime.block_on(served.end());
    }
    scratch
        .close()
        .context("cannot remove the temporary folder")?;
    Ok(code)
}

/// The doors of the demo, on loopback.
struct Served {
    doors: Doors,
    stopping: CancellationToken,
}

impl Served {
    async fn begin(service: &Arc<Service>) -> Result<Self> {
        let (_same, config) = watch::channel(Arc::new(Config::of_demo()));
        let house = House {
            service: Arc::clone(service),
            config,
            leaving: CancellationToken::new(),
            stopping: CancellationToken::new(),
        };
        let mut doors = Doors::new();
        for address in serve::start(&house, &mut doors).await? {
            say(&format!("Meanwhile it serves at {address}\n"))?;
        }
        say(SIGN_INS)?;
        Ok(Self {
            doors,
            stopping: house.stopping,
        })
    }

    async fn end(mut self) {
        self.stopping.cancel();
        serve::close(&mut self.doors).await;
    }
}
