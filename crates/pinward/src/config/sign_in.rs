//! `[sign_in]`: how often people may be wrong when they sign in at the pages.

use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::SignedDuration;
use pinward_service::SignInLimits;
use serde::Deserialize;

use super::time::Time;

/// Limits that keep the directory's own lock from holding.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    /// Wrong passwords for one account, then the pause, 1–100.
    pub wrong_per_account: u32,
    /// For how long no password is tried for the account after the last wrong one.
    pub account_pause: Time,
    /// Wrong passwords from one address within its pause, 1–1000000.
    pub wrong_per_address: u32,
    /// How long an address is counted for, from its first wrong password on.
    pub address_pause: Time,
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# How often people may be wrong when they sign in at the pages with the password of the directory.
[sign_in]

# So many wrong passwords for one account, 1 to 100, and none is tried for it until the pause after the last one is
# over. Those who are signed in and are asked for their password again have 2 more of their own. To keep accounts from
# being locked through Pinward, the number and these 2 together must be below the lockout threshold of the directory (with
# 3, a threshold of 6 or more), and the pause at least as long as it takes to reset its counter. 1 second to 7 days.
#wrong_per_account = 3
#account_pause = "30 minutes"

# So many wrong passwords from one address (of IPv6: from one /64 network), 1 to 1000000, and it waits until the
# pause after the first one is over.
#wrong_per_address = 100
#address_pause = "15 minutes"
"#;

impl Default for SignIn {
    fn default() -> Self {
        let usual = SignInLimits::default();
        let time = |span: SignedDuration| Time(span.unsigned_abs());
        Self {
            wrong_per_account: usual.wrong_per_account,
            account_pause: time(usual.account_pause),
            wrong_per_address: usual.wrong_per_address,
            address_pause: time(usual.address_pause),
        }
    }
}

impl SignIn {
    /// The limits, checked.
    pub fn limits(&self) -> Result<SignInLimits> {
        for (key, given, most) in [
            ("wrong_per_account", self.wrong_per_account, 100),
            ("wrong_per_address", self.wrong_per_address, 1_000_000),
        ] {
            ensure!(
                (1..=most).contains(&given),
                "[sign_in] in pinward.toml: {key} is {given}; it goes from 1 to {most}"
            );
        }
        Ok(SignInLimits {
            wrong_per_account: self.wrong_per_account,
            account_pause: pause("account_pause", self.account_pause)?,
            wrong_per_address: self.wrong_per_address,
            address_pause: pause("address_pause", self.address_pause)?,
        })
    }
}

fn pause(key: &str, given: Time) -> Result<SignedDuration> {
    const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
    ensure!(
        (Duration::from_secs(1)..=LONGEST).contains(&given.0),
        "[sign_in] in pinward.toml: {key} goes from 1 second to 7 days"
    );
    Ok(SignedDuration::try_from(given.0)?)
}
