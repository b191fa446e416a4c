//! `pinward.toml` in the data folder: optional, every key documented here, unknown keys refused.
//! One file for each section.

mod hash;
mod server;
mod sync;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

pub use hash::Hash;
pub use server::Server;
pub use sync::Sync;

/// What the file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `[hash]`: the cost of one PIN verification.
    pub hash: Hash,
    /// `[server]`: where the program listens for HTTP, and how.
    pub server: Server,
    /// `[sync]`: what a sync may do to users who are not in their source any more.
    pub sync: Sync,
}

impl Config {
    /// The folder's configuration; the defaults where there is no file.
    pub fn load(data: &Path) -> Result<Self> {
        let path = data.join("pinward.toml");
        match fs::read_to_string(&path) {
            Ok(text) => {
                toml::from_str(&text).with_context(|| format!("{} cannot be used", path.display()))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }
}
