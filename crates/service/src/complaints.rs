//! What a door writes into the log because of what somebody sent: one line a minute for each matter, however
//! much of it comes, so that strangers cannot fill the log.
//!
//! Every door writes such lines like this, and only so; `more` is what was left out since the last line:
//!
//! ```text
//! if let Some(more) = service.complaints().due("http: no such key") {
//!     tracing::warn!(%peer, more, "a client was refused: its key is that of no client");
//! }
//! ```
//!
//! A matter is a text of the program and not of who sent it, so there are only so many of them. It is
//! told for all peers together: whoever invents addresses would otherwise have a line for each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use pinward_core::{Clock, SignedDuration, Timestamp};

use crate::Service;

/// How long a matter is not told again.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// When what was told last.
pub struct Complaints {
    clock: Arc<dyn Clock>,
    told: Mutex<BTreeMap<&'static str, Told>>,
}

struct Told {
    at: Timestamp,
    left_out: u64,
}

impl Complaints {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            told: Mutex::default(),
        }
    }

    /// Whether it is time for a line on this matter, and then how many were left out since the last one.
    pub fn due(&self, matter: &'static str) -> Option<u64> {
        let now = self.clock.now();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(last) = told.get_mut(matter) else {
            let first = Told {
                at: now,
                left_out: 0,
            };
            told.insert(matter, first);
            return Some(0);
        };
        // A clock that was set back must not silence the door until it has caught up.
        if now.duration_since(last.at).abs() < PAUSE {
            last.left_out += 1;
            return None;
        }
        last.at = now;
        Some(std::mem::take(&mut last.left_out))
    }
}

impl Service {
    /// What the doors have written into the log of what was sent to them.
    #[must_use]
    pub fn complaints(&self) -> &Complaints {
        &self.complaints
    }
}
