//! `[attendant]`: how callers are asked for their number and PIN, at every telephone door.

use std::num::NonZeroU8;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use pinward_attendant::{AskConference, Languages, Settings};
use serde::Deserialize;

use super::time::Time;

/// The section in the commented `pinward.toml`.
pub const TEMPLATE: &str = "
# How callers are asked for their number and PIN, at every telephone door.
[attendant]
# The languages that are offered, in the order of their keys: 1-9 of those that
# Get-CsDialInConferencingLanguageList lists. A single one is not asked for.
#languages = [\"en-US\"]
# Whether callers are asked for a conference: no, optional, required.
#conference = \"no\"
# How many wrong PINs end a call, 1-20.
#attempts = 3
# Whether a caller whose PIN has expired or must be changed may choose another.
#offer_new_pin = true
# How long a caller may take for each key, 1 second to 1 minute.
#wait = \"6 seconds\"
";

/// How callers are asked.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Attendant {
    /// The languages that are offered, in the order of their keys: 1–9 of those that
    /// `Get-CsDialInConferencingLanguageList` lists. A single one is not asked for.
    pub languages: Vec<String>,
    /// Whether callers are asked for a conference.
    pub conference: Conference,
    /// How many wrong PINs end a call, 1–20.
    pub attempts: u8,
    /// Whether a caller whose PIN has expired or must be changed may choose another.
    pub offer_new_pin: bool,
    /// How long a caller may take for each key, 1–60 seconds.
    pub wait: Time,
}

/// Whether callers are asked for a conference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Conference {
    /// They are not.
    No,
    /// They may go without.
    Optional,
    /// They have to name one.
    Required,
}

impl Default for Attendant {
    fn default() -> Self {
        Self {
            languages: vec!["en-US".to_owned()],
            conference: Conference::No,
            attempts: 3,
            offer_new_pin: true,
            wait: Time::seconds(6),
        }
    }
}

impl Attendant {
    /// Whether one language is spoken, which is English.
    pub fn speaks_english_only(&self) -> bool {
        let english = |tag: &String| tag.to_ascii_lowercase().starts_with("en-");
        self.languages.len() == 1 && self.languages.iter().all(english)
    }

    /// The settings of a call at a door, checked; `tell_reasons` is that of the door.
    pub fn settings(&self, tell_reasons: bool) -> Result<Settings> {
        let wrong = |what: &str| format!("[attendant] in pinward.toml: {what}");
        let languages = Languages::parse(&self.languages).with_context(|| {
            let given = self.languages.join(", ");
            wrong(&format!(
                "languages is \"{given}\"; name one to nine, each once, as \
                 Get-CsDialInConferencingLanguageList lists them"
            ))
        })?;
        let attempts = NonZeroU8::new(self.attempts).filter(|attempts| attempts.get() <= 20);
        let Some(attempts) = attempts else {
            let given = self.attempts;
            bail!(wrong(&format!("attempts is {given}; it goes from 1 to 20")));
        };
        let wait = self.wait.0;
        if !(Duration::from_secs(1)..=Duration::from_secs(60)).contains(&wait) {
            bail!(wrong("wait goes from 1 second to 1 minute"));
        }
        Ok(Settings {
            languages,
            conference: match self.conference {
                Conference::No => AskConference::No,
                Conference::Optional => AskConference::Optional,
                Conference::Required => AskConference::Required,
            },
            attempts,
            offer_new_pin: self.offer_new_pin,
            tell_reasons,
            wait,
        })
    }
}
