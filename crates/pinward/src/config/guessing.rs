//! `[guessing]`: how much guessing a source may do before it is slowed down.

use anyhow::{Result, bail};
use pinward_service::{Allowance, GuessLimits, SprayingLimits};
use serde::Deserialize;

/// Allowances of failures that fill up again with time. Nobody is locked out by them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Guessing {
    /// Failures at once from one calling number, 0–1000000; 0: no limit.
    pub caller_failures: u32,
    /// How many of them come back in an hour, 1–1000000.
    pub caller_failures_per_hour: u32,
    /// Failures at once from all callers of a client who tell no number, 0–1000000; 0: no limit.
    pub withheld_failures: u32,
    /// How many of them come back in an hour, 1–1000000.
    pub withheld_failures_per_hour: u32,
    /// Failures at once by one client, 0–1000000; 0: no limit.
    pub client_failures: u32,
    /// How many of them come back in an hour, 1–1000000.
    pub client_failures_per_hour: u32,
    /// The same wrong PIN at so many users is an alert, 0–1000; 0: it is not looked for.
    pub spraying_users: u32,
    /// Within so many minutes, 1–1440.
    pub spraying_minutes: u32,
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# How much guessing a source may do before it is slowed down: failures that come back with time. Nobody is locked
# out by it, and right PINs use up nothing. Read at the start.
[guessing]

# Failures at once from one calling number of a client, 0 to 1000000, and how many of them come back in an hour,
# 1 to 1000000. 0 at once: no limit.
#caller_failures = 30
#caller_failures_per_hour = 60

# The same for all callers of a client together who tell no number. More is needed where a gateway never tells one.
#withheld_failures = 300
#withheld_failures_per_hour = 600

# The same for a client as a whole: a gateway, a program, an address.
#client_failures = 1000
#client_failures_per_hour = 3600

# The same wrong PIN at so many users, 0 to 1000, within so many minutes, 1 to 1440, is an alert. 0: none.
#spraying_users = 10
#spraying_minutes = 60
"#;

impl Default for Guessing {
    fn default() -> Self {
        let GuessLimits {
            caller,
            withheld,
            client,
            spraying,
        } = GuessLimits::default();
        Self {
            caller_failures: caller.burst,
            caller_failures_per_hour: caller.per_hour,
            withheld_failures: withheld.burst,
            withheld_failures_per_hour: withheld.per_hour,
            client_failures: client.burst,
            client_failures_per_hour: client.per_hour,
            spraying_users: spraying.users,
            spraying_minutes: spraying.minutes,
        }
    }
}

impl Guessing {
    /// The limits, checked.
    pub fn checked(&self) -> Result<GuessLimits> {
        for (name, given, least, most) in [
            ("caller_failures", self.caller_failures, 0, 1_000_000),
            (
                "caller_failures_per_hour",
                self.caller_failures_per_hour,
                1,
                1_000_000,
            ),
            ("withheld_failures", self.withheld_failures, 0, 1_000_000),
            (
                "withheld_failures_per_hour",
                self.withheld_failures_per_hour,
                1,
                1_000_000,
            ),
            ("client_failures", self.client_failures, 0, 1_000_000),
            (
                "client_failures_per_hour",
                self.client_failures_per_hour,
                1,
                1_000_000,
            ),
            ("spraying_users", self.spraying_users, 0, 1000),
            ("spraying_minutes", self.spraying_minutes, 1, 1440),
        ] {
            if !(least..=most).contains(&given) {
                bail!(
                    "[guessing] in pinward.toml: {name} is {given}; it goes from {least} to {most}"
                );
            }
        }
        Ok(GuessLimits {
            caller: Allowance {
                burst: self.caller_failures,
                per_hour: self.caller_failures_per_hour,
            },
            withheld: Allowance {
                burst: self.withheld_failures,
                per_hour: self.withheld_failures_per_hour,
            },
            client: Allowance {
                burst: self.client_failures,
                per_hour: self.client_failures_per_hour,
            },
            spraying: SprayingLimits {
                users: self.spraying_users,
                minutes: self.spraying_minutes,
            },
        })
    }
}
