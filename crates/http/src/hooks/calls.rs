//! Calls between two requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pinward_attendant::Gathering;
use pinward_core::{Clock, SignedDuration, Timestamp};

/// A call that nobody spoke of for so long is over.
const LONGEST_SILENCE: SignedDuration = SignedDuration::from_mins(3);

/// The calls that are under way, by the name that the service gives them.
pub(super) struct Calls {
    clock: Arc<dyn Clock>,
    calls: Mutex<HashMap<String, Call>>,
}

struct Call {
    /// The number of the question that was asked last.
    step: u32,
    /// The question; `None` while its answer is being worked on.
    gathering: Option<Gathering>,
    /// How it was asked: for a request that is repeated.
    asked: String,
    since: Timestamp,
}

/// What there is for a request.
pub(super) enum Found {
    /// The question that it answers, and the number of the next one.
    Question(Gathering, u32),
    /// It was answered before, with this.
    Again(String),
    /// Its answer is being worked on.
    UnderWay,
    /// There is no such call, or it is elsewhere.
    Nothing,
}

impl Calls {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            calls: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The call, for the request that answers question `step`; 0 is the request that begins a call.
    pub(super) fn find(&self, name: &str, step: u32) -> Found {
        let mut calls = self.lock();
        let Some(call) = calls.get_mut(name) else {
            return Found::Nothing;
        };
        if call.since + LONGEST_SILENCE < self.clock.now() {
            calls.remove(name);
            return Found::Nothing;
        }
        if call.step == step {
            return match call.gathering.take() {
                Some(gathering) => Found::Question(gathering, step + 1),
                None => Found::UnderWay,
            };
        }
        match (&call.gathering, call.step.checked_sub(1) == Some(step)) {
            (Some(_), true) => Found::Again(call.asked.clone()),
            _ => Found::Nothing,
        }
    }

    /// Keeps a question that is being asked, where there are not `most` calls already. Whether there was
    /// room.
    pub(super) fn keep(
        &self,
        (name, step): (&str, u32),
        gathering: Gathering,
        asked: &str,
        most: usize,
    ) -> bool {
        let now = self.clock.now();
        let mut calls = self.lock();
        if !calls.contains_key(name) && calls.len() >= most {
            calls.retain(|_, call| call.since + LONGEST_SILENCE >= now);
            if calls.len() >= most {
                return false;
            }
        }
        let call = Call {
            step,
            gathering: Some(gathering),
            asked: asked.to_owned(),
            since: now,
        };
        calls.insert(name.to_owned(), call);
        true
    }

    /// Forgets a call; with the question that was not answered, if there is one.
    pub(super) fn forget(&self, name: &str) -> Option<Gathering> {
        self.lock().remove(name)?.gathering
    }
}
