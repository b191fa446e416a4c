//! `[sync]`: what a sync may do to users who are not in their source any more.

use anyhow::{Result, bail};
use pinward_service::SyncOptions;
use serde::Deserialize;

/// Users who are not in their source any more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sync {
    /// A sync that would disable more of its source's enabled users asks first, in percent, 0–100.
    pub disable_percent: u8,
    /// For how many days somebody who is gone is kept with their PIN, 0–3650.
    pub grace_days: u16,
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# What a sync may do to users who are not in their source any more.
[sync]

# A sync that would disable more of its source's enabled users asks first, in percent, 0 to 100.
#disable_percent = 20

# For how many days somebody who is gone is kept with their PIN, 0 to 3650.
#grace_days = 30
"#;

impl Default for Sync {
    fn default() -> Self {
        let usual = SyncOptions::of("", "");
        Self {
            disable_percent: usual.most_disabled_percent,
            grace_days: usual.grace_days,
        }
    }
}

impl Sync {
    /// Checks what types do not.
    pub fn check(&self) -> Result<()> {
        if self.disable_percent > 100 {
            let given = self.disable_percent;
            bail!("[sync] in pinward.toml: disable_percent is {given}; it goes from 0 to 100");
        }
        if self.grace_days > 3650 {
            let given = self.grace_days;
            bail!("[sync] in pinward.toml: grace_days is {given}; it goes from 0 to 3650");
        }
        Ok(())
    }

    /// How to synchronise with a source.
    pub fn options(&self, name: &str, kind: &'static str) -> SyncOptions {
        SyncOptions {
            most_disabled_percent: self.disable_percent,
            grace_days: self.grace_days,
            ..SyncOptions::of(name, kind)
        }
    }
}
