//! How a company wants its calls.

use std::num::NonZeroU8;
use std::time::Duration;

use pinward_core::parse_language;

/// The languages that are offered: one to nine, as there are keys to choose with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Languages(Vec<&'static str>);

impl Languages {
    /// Takes language tags such as `en-US`, in any case. `None`: there are none, more than nine, one of
    /// them twice, or one that is not a language of announcements.
    pub fn parse<T: AsRef<str>>(tags: &[T]) -> Option<Self> {
        let mut known: Vec<&'static str> = Vec::with_capacity(tags.len());
        for tag in tags {
            let tag = parse_language(tag.as_ref())?;
            if known.contains(&tag) {
                return None;
            }
            known.push(tag);
        }
        (1..=9).contains(&known.len()).then_some(Self(known))
    }

    /// Their tags, in the order of their keys; never empty.
    #[must_use]
    pub fn tags(&self) -> &[&'static str] {
        &self.0
    }

    /// The one that is spoken until another is chosen.
    pub(crate) fn first(&self) -> &'static str {
        self.0.first().copied().unwrap_or("en-US")
    }
}

/// Whether callers are asked for a conference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskConference {
    /// They are not.
    No,
    /// They may key `#` alone to go without.
    Optional,
    /// They have to name one.
    Required,
}

/// How a company wants its calls.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The languages that are offered. A single one is spoken without asking.
    pub languages: Languages,
    /// Whether callers are asked for a conference.
    pub conference: AskConference,
    /// How many wrong PINs end a call: 1–255.
    pub attempts: NonZeroU8,
    /// Whether a caller whose PIN has expired or must be changed may choose another.
    pub offer_new_pin: bool,
    /// Whether callers are told why they are refused (R-AUTH-5). Only where every caller is known, such
    /// as the company's own telephones: it tells whose extension exists.
    pub tell_reasons: bool,
    /// How long a caller may take for a key, from the end of the prompt or from the key before. Then what
    /// was keyed is the answer.
    pub wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            languages: Languages(vec!["en-US"]),
            conference: AskConference::No,
            attempts: NonZeroU8::MIN.saturating_add(2),
            offer_new_pin: true,
            tell_reasons: false,
            wait: Duration::from_secs(6),
        }
    }
}
