//! The data folder: where it is, how it is made and opened.

use std::fs;
use std::io::{ErrorKind, Write};
use std::num::NonZeroUsize;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use pinward_core::Clock;
use pinward_directory::sample;
use pinward_service::{Door, Service};
use pinward_store::{Act, Origin, SqliteStore, Store};
use pinward_verifier::{HashParams, KeyRing};

use crate::account;
use crate::args::Args;
use crate::config::{self, Config};
use crate::system::{SystemClock, SystemEntropy};

/// A data folder and its key file.
#[derive(Clone, Debug)]
pub struct Folder {
    pub data: PathBuf,
    pub key_file: PathBuf,
}

impl Folder {
    /// The folder that the arguments and the environment name.
    pub fn of(args: &Args) -> Result<Self> {
        let data = match &args.data {
            Some(data) => data.clone(),
            None => default_data()?,
        };
        let key_file = args
            .key_file
            .clone()
            .unwrap_or_else(|| data.join("pinward.key"));
        Ok(Self { data, key_file })
    }

    /// A folder of its own below `parent`.
    pub fn below(parent: &Path) -> Self {
        Self {
            data: parent.to_owned(),
            key_file: parent.join("pinward.key"),
        }
    }

    /// Makes the folder, a new key and an empty store; with `sample` the sample company in it.
    pub async fn create(&self, sample: bool) -> Result<()> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.data)
            .with_context(|| format!("cannot make the data folder {}", self.data.display()))?;
        if SqliteStore::exists(&self.data) {
            bail!(
                "{} is a data folder already; nothing was changed. Name another with --data DIR",
                self.data.display()
            );
        }
        // The key first: a folder with a store always has a key.
        let key = KeyRing::create(&self.key_file, &SystemEntropy, SystemClock.now())?;
        let store: Arc<dyn Store> = Arc::new(SqliteStore::create(&self.data)?);
        if sample {
            fill(&*store).await?;
        }
        Service::open(
            store,
            key,
            HashParams::default(),
            NonZeroUsize::MIN,
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
        )
        .await?;
        Ok(())
    }

    /// Whether there is a store already.
    pub fn exists(&self) -> bool {
        SqliteStore::exists(&self.data)
    }

    /// Writes a commented configuration, where there is none yet; says where.
    pub fn create_config(&self) -> Result<String> {
        let path = self.data.join(config::FILE);
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("cannot make {}", path.display()))?;
        file.write_all(config::template().as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(format!(
            "{} holds every key with its default.",
            path.display()
        ))
    }

    /// Refuses a folder into which this account may not look: that is another thing than no folder.
    fn must_be_ours(&self) -> Result<()> {
        let looked = fs::metadata(self.data.join("."));
        if looked.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied) {
            bail!(
                "the account {} may not look into {}. Run this as the account that owns the folder, \
                 such as: sudo -u pinward pinward --data {}",
                account::name(),
                self.data.display(),
                self.data.display()
            );
        }
        Ok(())
    }

    /// Opens the folder.
    pub async fn open(&self) -> Result<Arc<Service>> {
        if !SqliteStore::exists(&self.data) {
            self.must_be_ours()?;
            if self.key_file.exists() {
                bail!(
                    "the database in {} is gone; its key {} is still there. Put the database back, \
                     or restore it from a backup",
                    self.data.display(),
                    self.key_file.display()
                );
            }
            bail!(
                "there is no data folder at {}. `pinward init --data {}` makes one, and \
                 `pinward demo` shows a sample company without one",
                self.data.display(),
                self.data.display()
            );
        }
        let config = Config::load(&self.data)?;
        let (params, guessing) = (config.hash.checked()?, config.guessing.checked()?);
        let key = KeyRing::load(&self.key_file)?;
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&self.data)?);
        let lanes = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let service = Service::open(
            store,
            key,
            params,
            lanes,
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
        )
        .await?;
        let service = service.with_key_file(self.key_file.clone());
        Ok(Arc::new(service.with_guess_limits(guessing)))
    }
}

/// Puts the sample company into an empty store.
async fn fill(store: &dyn Store) -> Result<()> {
    let company = sample::company();
    let act = Act {
        at: SystemClock.now(),
        actor: account::name(),
        action: "Init",
        origin: Origin::of(Door::Program.name()),
    };
    store.put_sites(&company.sites, &act).await?;
    store.put_people(company.people, false, &act).await?;
    for policy in &company.policies {
        let _created = store.create_policy(policy, &act).await?;
    }
    for number in &company.access_numbers {
        let _created = store.create_access_number(number, &act).await?;
    }
    Ok(())
}

fn default_data() -> Result<PathBuf> {
    if rustix::process::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/pinward"));
    }
    if let Some(data) = std::env::var_os("XDG_DATA_HOME").filter(|value| !value.is_empty()) {
        return Ok(PathBuf::from(data).join("pinward"));
    }
    match std::env::var_os("HOME").filter(|value| !value.is_empty()) {
        Some(home) => Ok(PathBuf::from(home).join(".local/share/pinward")),
        None => bail!("there is no HOME; name the data folder with --data DIR"),
    }
}
