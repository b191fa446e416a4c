//! `[sync]`: what a sync may do to users who are not in their source any more, and when the server
//! synchronises.

use anyhow::{Context, Result, bail};
use jiff::SignedDuration;
use pinward_service::{Rhythm, SyncOptions};
use serde::Deserialize;

use super::time::{Every, Time};

/// Users who are not in their source any more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sync {
    /// A sync that would disable more of its source's enabled users asks first, in percent, 0–100.
    pub disable_percent: u8,
    /// For how many days somebody who is gone is kept with their PIN, 0–3650.
    pub grace_days: u16,
    /// How often `pinward serve` synchronises with each directory; 1 minute or longer, or never.
    pub every: Every,
    /// How often it reads everybody rather than what changed; not more often than `every`.
    pub full_every: Time,
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# What a sync may do to users who are not in their source any more.
[sync]

# A sync that would disable more of its source's enabled users asks first, in percent, 0 to 100.
#disable_percent = 20

# For how many days somebody who is gone is kept with their PIN, 0 to 3650.
#grace_days = 30

# How often the server synchronises with each [[directory]]: 1 minute or longer, or "never".
#every = "15 minutes"

# How often it reads everybody rather than what changed. That finds who was deleted unseen.
#full_every = "24 hours"
"#;

impl Default for Sync {
    fn default() -> Self {
        let usual = SyncOptions::of("", "");
        Self {
            disable_percent: usual.most_disabled_percent,
            grace_days: usual.grace_days,
            every: Every(Some(Time::seconds(15 * 60))),
            full_every: Time::seconds(24 * 60 * 60),
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
        if let Every(Some(every)) = self.every {
            if every < Time::seconds(60) {
                bail!("[sync] in pinward.toml: every is 1 minute or longer, or \"never\"");
            }
            if self.full_every < every {
                bail!("[sync] in pinward.toml: full_every is as long as every or longer");
            }
        }
        self.rhythm()?;
        Ok(())
    }

    /// When the server synchronises; `None`: never.
    pub fn rhythm(&self) -> Result<Option<Rhythm>> {
        let Every(Some(every)) = self.every else {
            return Ok(None);
        };
        let length = |time: Time| SignedDuration::try_from(time.0);
        Ok(Some(Rhythm {
            every: length(every).context("[sync] in pinward.toml: every")?,
            full_every: length(self.full_every).context("[sync] in pinward.toml: full_every")?,
        }))
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
