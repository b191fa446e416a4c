//! `pinward.toml` in the data folder: optional, every key documented, unknown keys refused.
//!
//! To add a section: 1. a file here with its structure, its `TEMPLATE` and its `check`; 2. a field below and
//! a line in [`Config::problems`]; 3. a line in `template.rs`.

mod assertions;
mod attendant;
mod directory;
mod fastagi;
mod guessing;
mod hash;
mod hooks;
mod httapi;
mod log;
mod mapping;
mod metrics;
mod radius;
mod read;
pub mod secret;
mod server;
mod sign_in;
mod sync;
mod template;
mod time;
mod traces;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

pub use assertions::Assertions;
pub use attendant::Attendant;
pub use directory::{Directory, check_names};
pub use fastagi::FastAgi;
pub use guessing::Guessing;
pub use hash::Hash;
pub use hooks::Hooks;
pub use httapi::Httapi;
pub use log::{Format, Level, Log};
pub use metrics::Metrics;
pub use radius::Radius;
pub use server::{Reloadable, Server};
pub use sign_in::SignIn;
pub use sync::Sync;
pub use template::template;
pub use traces::Traces;

/// The file's name in the data folder.
pub const FILE: &str = "pinward.toml";

/// What the file may say.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `[assertions]`: what clients of the API get signed of who logged on.
    pub assertions: Assertions,
    /// `[attendant]`: how callers are asked for their number and PIN, at every telephone door.
    pub attendant: Attendant,
    /// `[fastagi]`: where an Asterisk hands its callers over, and what they hear.
    pub fastagi: FastAgi,
    /// `[guessing]`: how much guessing a source may do before it is slowed down.
    pub guessing: Guessing,
    /// `[hash]`: the cost of one PIN verification.
    pub hash: Hash,
    /// `[hooks]`: web hooks of telephone services.
    pub hooks: Hooks,
    /// `[httapi]`: FreeSWITCH hands its callers over by mod_httapi.
    pub httapi: Httapi,
    /// `[log]`: what the program writes about itself.
    pub log: Log,
    /// `[metrics]`: where monitoring asks.
    pub metrics: Metrics,
    /// `[radius]`: where the program listens for RADIUS, and who may ask.
    pub radius: Radius,
    /// `[server]`: where the program listens for HTTP, and how.
    pub server: Server,
    /// `[sign_in]`: how often people may be wrong when they sign in at the pages.
    pub sign_in: SignIn,
    /// `[sync]`: what a sync may do to users who are not in their source any more.
    pub sync: Sync,
    /// `[traces]`: what takes how long, for an OpenTelemetry collector.
    pub traces: Traces,
    /// `[[directory]]`: LDAP directories that people are synchronised with.
    pub directory: Vec<Directory>,
}

impl Config {
    /// The folder's configuration; the defaults where there is no file. What the types do not say is
    /// checked where it is used, and by [`Config::problems`].
    pub fn load(data: &Path) -> Result<Self> {
        let path = data.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::read(&text, &path),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::read("", &path),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// The configuration that is written in a file.
    pub fn load_file(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path);
        let text = text.with_context(|| format!("cannot read {}", path.display()))?;
        Self::read(&text, path)
    }

    fn read(text: &str, path: &Path) -> Result<Self> {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        read::read(text, environment).with_context(|| format!("{} cannot be used", path.display()))
    }

    /// The defaults, but on a port of loopback that the system chooses, and quick to stop.
    pub fn of_demo() -> Self {
        Self {
            server: Server::of_demo(),
            ..Self::default()
        }
    }

    /// Everything that is wrong with it.
    pub fn problems(&self) -> Vec<anyhow::Error> {
        let checks = [
            self.assertions.checked().map(|_assertions| ()),
            self.attendant.settings(false).map(|_settings| ()),
            self.fastagi.check(&self.attendant),
            directory::check_all(&self.directory),
            self.guessing.checked().map(|_limits| ()),
            self.hash.checked().map(|_params| ()),
            self.hooks.check(&self.attendant, &self.server),
            self.httapi.check(&self.attendant),
            self.metrics.listen().map(|_places| ()),
            self.radius.check(),
            self.server.check(),
            self.sign_in.limits().map(|_limits| ()),
            self.sync.check(),
            self.traces.check(),
        ];
        checks.into_iter().filter_map(Result::err).collect()
    }

    /// The same, checked.
    pub fn checked(self) -> Result<Self> {
        match self.problems().into_iter().next() {
            Some(problem) => Err(problem),
            None => Ok(self),
        }
    }
}
