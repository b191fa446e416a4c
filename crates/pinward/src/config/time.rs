//! Lengths of time, as people write them.

use std::time::Duration;

use jiff::SignedDuration;
use serde::de::IntoDeserializer as _;
use serde::{Deserialize, Deserializer, de};

/// A length of time: `"30 seconds"`, `"15 minutes"`, `"24 hours"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Duration);

impl Time {
    /// So many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}

/// How often something is done by itself: a length of time, or `"never"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Every(pub Option<Time>);

impl<'de> Deserialize<'de> for Every {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        match text.trim() {
            "never" => Ok(Self(None)),
            time => Time::deserialize(time.into_deserializer()).map(|time| Self(Some(time))),
        }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let read = text.trim().parse::<SignedDuration>().ok();
        let time = read.and_then(|time| Duration::try_from(time).ok());
        time.map(Self).ok_or_else(|| {
            de::Error::custom(format!(
                "\"{text}\" is no length of time; write it like \"30 seconds\", \"15 minutes\" or \
                 \"24 hours\""
            ))
        })
    }
}
