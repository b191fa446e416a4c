//! `pinward.toml` in the data folder: optional, every key documented here, unknown keys refused.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail};
use pinward_service::SyncOptions;
use pinward_verifier::HashParams;
use serde::Deserialize;

/// What the file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// `[hash]`: the cost of one PIN verification.
    pub hash: Hash,
    /// `[sync]`: what a sync may do to users who are not in their source any more.
    pub sync: Sync,
}

/// Users who are not in their source any more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sync {
    /// A sync that would disable more of its source's enabled users asks first, in percent, 0–100.
    pub disable_percent: u8,
    /// For how many days somebody who is gone is kept with their PIN, 0–3650.
    pub grace_days: u16,
}

impl Default for Sync {
    fn default() -> Self {
        let usual = SyncOptions::of("", "");
        Self {
            disable_percent: usual.most_disabled_percent,
            grace_days: usual.grace_days,
        }
    }
}

/// Argon2id parameters of new verifiers. Old ones keep verifying and are made anew at the next
/// successful logon.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hash {
    /// Memory in KiB, 7168–262144.
    pub memory_kib: u32,
    /// Passes over the memory, 1–64; memory × passes at least 35840 KiB.
    pub passes: u32,
    /// Argon2's own parallelism, 1–16.
    pub lanes: u32,
}

impl Default for Hash {
    fn default() -> Self {
        let HashParams {
            memory_kib,
            passes,
            lanes,
        } = HashParams::default();
        Self {
            memory_kib,
            passes,
            lanes,
        }
    }
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

    /// What a sync may do, checked.
    pub fn sync(self) -> Result<Sync> {
        if self.sync.disable_percent > 100 {
            let given = self.sync.disable_percent;
            bail!("[sync] in pinward.toml: disable_percent is {given}; it goes from 0 to 100");
        }
        if self.sync.grace_days > 3650 {
            let given = self.sync.grace_days;
            bail!("[sync] in pinward.toml: grace_days is {given}; it goes from 0 to 3650");
        }
        Ok(self.sync)
    }

    /// The hash parameters, checked.
    pub fn hash_params(&self) -> Result<HashParams> {
        let Hash {
            memory_kib,
            passes,
            lanes,
        } = self.hash;
        HashParams::configured(memory_kib, passes, lanes).context("[hash] in pinward.toml")
    }
}
