//! `[log]`: what the program writes about itself, on standard error.

use serde::Deserialize;

/// The log.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// From which level on.
    pub level: Level,
    /// How it is written.
    pub format: Format,
}

/// How much is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What has to be mended.
    Error,
    /// What should be looked at.
    Warn,
    /// Starting, stopping, syncs.
    #[default]
    Info,
    /// Each request too.
    Debug,
}

/// How it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A line for people.
    #[default]
    Text,
    /// A line of JSON.
    Json,
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# What the program writes about itself, on standard error. Never a PIN.
[log]

# error: what has to be mended; warn: what should be looked at; info: starting, stopping, syncs; debug: each
# request too, with its route, status and time.
#level = "info"

# text for people, json for programs: one line each.
#format = "text"
"#;
