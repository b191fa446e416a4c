//! `[hooks]`: web hooks of telephone services that speak TwiML.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use pinward_http::Secret;
use serde::Deserialize;

use super::attendant::Conference;
use super::{Attendant, Server, secret};

/// The section in the commented `pinward.toml`.
pub const TEMPLATE: &str = r#"
# Web hooks of telephone services that speak TwiML, such as Twilio and SignalWire, at /hooks/twiml. They need
# public_url in [server], and conference = "required" and a single English language in [attendant].
[hooks]
# A file with the token that the service signs its requests with, which others must not be able to read. Empty: there are no hooks.
#token_file = ""
# So many calls at a time, 1-100000. More are refused.
#most_calls = 1000
"#;

/// The web hooks.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hooks {
    /// The file with the token; empty: there are no hooks.
    pub token_file: PathBuf,
    /// So many calls at a time, 1–100000.
    pub most_calls: u32,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            token_file: PathBuf::new(),
            most_calls: 1000,
        }
    }
}

impl Hooks {
    /// Whether there are any.
    pub fn are_on(&self) -> bool {
        !self.token_file.as_os_str().is_empty()
    }

    /// The token of its file, checked.
    pub fn secret(&self) -> Result<Secret> {
        let token = secret::from_file(&self.token_file);
        let token = token.context("[hooks] token_file in pinward.toml")?;
        Secret::new(&token).context("[hooks] token_file in pinward.toml: the file is empty")
    }

    /// Everything, checked.
    pub fn check(&self, attendant: &Attendant, server: &Server) -> Result<()> {
        ensure!(
            (1..=100_000).contains(&self.most_calls),
            "[hooks] in pinward.toml: most_calls is {}; it goes from 1 to 100000",
            self.most_calls
        );
        if !self.are_on() {
            return Ok(());
        }
        ensure!(
            !server.public_url.is_empty(),
            "[hooks] in pinward.toml: signatures hold the address of the server; set public_url in [server]"
        );
        ensure!(
            attendant.conference == Conference::Required,
            "[hooks] in pinward.toml: callers are let into conferences; set conference = \"required\" in \
             [attendant]"
        );
        ensure!(
            attendant.speaks_english_only(),
            "[hooks] in pinward.toml: the hooks speak English; name one English language in [attendant]"
        );
        self.secret()?;
        Ok(())
    }
}
