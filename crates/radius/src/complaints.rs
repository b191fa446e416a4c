//! A line in the log at most once a minute for each peer and matter: what strangers send must not fill it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;
use pinward_core::{Clock, Timestamp};

/// So many peers and matters are remembered; beyond, all are forgotten and may be told of again.
const MOST: usize = 1024;
const PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// When what was told last.
pub(crate) struct Complaints {
    clock: Arc<dyn Clock>,
    told: Mutex<HashMap<(IpAddr, &'static str), Told>>,
}

struct Told {
    at: Timestamp,
    since: u64,
}

impl Complaints {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            told: Mutex::default(),
        }
    }

    /// How many have not been told of since the last time, where it is time for a line.
    pub(crate) fn due(&self, peer: IpAddr, matter: &'static str) -> Option<u64> {
        let now = self.clock.now();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST && !told.contains_key(&(peer, matter)) {
            told.clear();
        }
        let mut since = 0;
        if let Some(last) = told.get_mut(&(peer, matter)) {
            if now.duration_since(last.at).abs() < PAUSE {
                last.since += 1;
                return None;
            }
            since = last.since;
        }
        told.insert((peer, matter), Told { at: now, since: 0 });
        Some(since)
    }
}
