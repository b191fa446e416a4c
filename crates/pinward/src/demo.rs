//! The sample company in a throw-away folder.

use std::process::ExitCode;

use anyhow::{Context, Result};
use tokio::runtime::Runtime;

use crate::folder::Folder;
use crate::run::{Product, Work, run, say};

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

/// Makes the folder, runs the work on it, removes the folder.
pub fn demo(runtime: &Runtime, act_as: Option<&str>, work: Work) -> Result<ExitCode> {
    let scratch = tempfile::Builder::new()
        .prefix("pinward-demo-")
        .tempdir()
        .context("cannot make a temporary folder")?;
    let folder = Folder::below(scratch.path());
    runtime.block_on(folder.create(true))?;
    let service = runtime.block_on(folder.open())?;
    if matches!(work, Work::Interactive) {
        say(WELCOME)?;
    }
    let code = run(&Product::of(service, runtime, act_as)?, work)?;
    scratch
        .close()
        .context("cannot remove the temporary folder")?;
    Ok(code)
}
