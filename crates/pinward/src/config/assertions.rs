//! `[assertions]`: what clients of the API get signed of who logged on.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::time::Time;

/// Assertions.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Assertions {
    /// Who issues them; empty: `public_url` of `[server]`.
    pub issuer: String,
    /// How long they hold.
    pub life: Time,
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# Assertions: the signed word, for a program that trusts this server, that somebody has just logged on. Clients of
# the API may ask for one with a logon.
[assertions]

# Who issues them, as they name it (iss). Empty: public_url of [server], and where that is empty too, "pinward".
#issuer = ""

# How long one holds: 1 second to 5 minutes, in whole seconds.
#life = "60 seconds"
"#;

impl Default for Assertions {
    fn default() -> Self {
        let usual = pinward_http::Assertions::default();
        Self {
            issuer: String::new(),
            life: Time(usual.life),
        }
    }
}

impl Assertions {
    /// What they are, checked.
    pub fn checked(&self) -> Result<pinward_http::Assertions> {
        let life = self.life.0;
        let most = pinward_http::Assertions::LONGEST;
        ensure!(
            (Duration::from_secs(1)..=most).contains(&life) && life.subsec_nanos() == 0,
            "[assertions] in pinward.toml: life goes from 1 second to 5 minutes, in whole seconds"
        );
        Ok(pinward_http::Assertions {
            issuer: (!self.issuer.is_empty()).then(|| self.issuer.clone()),
            life,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_short_lived() {
        for (millis, good) in [
            (1000, true),
            (60_000, true),
            (300_000, true),
            (0, false),
            (1500, false),
            (301_000, false),
        ] {
            let assertions = Assertions {
                life: Time(Duration::from_millis(millis)),
                ..Assertions::default()
            };
            assert_eq!(assertions.checked().is_ok(), good, "{millis}");
        }
    }
}
