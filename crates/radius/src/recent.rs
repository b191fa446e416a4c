//! Requests of late, to recognise those that are sent again (RFC 5080 section 2.2.2).
//!
//! They get the same octets again, or nothing while the first is being decided. Beyond what is kept here,
//! and after a restart, the service still knows the delivery (R-LOCK-11).

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::SignedDuration;
use pinward_core::{Clock, Timestamp};
use sha2::{Digest as _, Sha256};

/// How long a client may go on asking: three times what RFC 5080 gives it for one request by default.
pub(crate) const LIFE: SignedDuration = SignedDuration::from_secs(30);
/// So many are kept; beyond, the oldest are forgotten.
const MOST: usize = 65_536;

/// Who asks and all that they send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    pub(crate) fn of(peer: SocketAddr, octets: &[u8]) -> Self {
        let mut state = Sha256::new();
        state.update(peer.to_string());
        state.update([0]);
        state.update(octets);
        Self(state.finalize().into())
    }
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It is the first.
    First,
    /// The first is being decided.
    UnderWay,
    /// This was answered.
    Answered(Arc<[u8]>),
}

/// The requests of late.
pub(crate) struct Recent {
    clock: Arc<dyn Clock>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    requests: HashMap<Key, Request>,
    /// By the time at which they came in, with their numbers.
    order: VecDeque<(Timestamp, u64, Key)>,
    number: u64,
}

struct Request {
    number: u64,
    /// `None`: it is being decided.
    answer: Option<Arc<[u8]>>,
}

impl Recent {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            kept: Mutex::default(),
        }
    }

    /// Whether this was asked before; if not, it is under way from now on.
    pub(crate) fn see(&self, key: Key) -> Seen {
        let now = self.clock.now();
        let mut kept = self.kept();
        kept.forget(now);
        if let Some(request) = kept.requests.get(&key) {
            return match &request.answer {
                Some(answer) => Seen::Answered(Arc::clone(answer)),
                None => Seen::UnderWay,
            };
        }
        kept.number += 1;
        let number = kept.number;
        let answer = None;
        kept.requests.insert(key, Request { number, answer });
        kept.order.push_back((now, number, key));
        Seen::First
    }

    /// This was answered.
    pub(crate) fn answered(&self, key: Key, answer: &Arc<[u8]>) {
        if let Some(request) = self.kept().requests.get_mut(&key) {
            request.answer = Some(Arc::clone(answer));
        }
    }

    /// Nothing was answered: whoever asks again is heard.
    pub(crate) fn given_up(&self, key: Key) {
        self.kept().requests.remove(&key);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn forget(&mut self, now: Timestamp) {
        while let Some((at, number, key)) = self.order.front().copied() {
            // A clock that stepped back lets them stay no longer either.
            let old = now.duration_since(at).abs() >= LIFE;
            if !old && self.order.len() < MOST {
                return;
            }
            self.order.pop_front();
            // Given up and asked again, it has a later number.
            let kept = self.requests.get(&key);
            if kept.is_some_and(|request| request.number == number) {
                self.requests.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[derive(Default)]
    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
        }
    }

    fn key(number: u32) -> Key {
        Key::of(([127, 0, 0, 1], 1812).into(), &number.to_be_bytes())
    }

    // R-LOCK-11
    #[test]
    fn what_is_sent_again_is_recognised_for_30_seconds() {
        let clock = Arc::new(Hand::default());
        let recent = Recent::new(Arc::clone(&clock) as Arc<dyn Clock>);
        let answer: Arc<[u8]> = Arc::from(&b"accept"[..]);
        assert_eq!(recent.see(key(1)), Seen::First);
        assert_eq!(recent.see(key(1)), Seen::UnderWay);
        recent.answered(key(1), &answer);
        clock.0.store(29, Ordering::Relaxed);
        assert_eq!(recent.see(key(1)), Seen::Answered(answer));
        assert_eq!(recent.see(key(2)), Seen::First);
        clock.0.store(30, Ordering::Relaxed);
        assert_eq!(recent.see(key(1)), Seen::First);
        recent.given_up(key(1));
        assert_eq!(recent.see(key(1)), Seen::First);
        clock.0.store(59, Ordering::Relaxed);
        assert_eq!(recent.see(key(1)), Seen::UnderWay);
        assert_eq!(recent.see(key(2)), Seen::First);
        clock.0.store(-100, Ordering::Relaxed);
        assert_eq!(recent.see(key(2)), Seen::First);
    }

    #[test]
    fn another_port_is_another_request() {
        let octets = b"the same";
        let of = |port| Key::of(([127, 0, 0, 1], port).into(), octets);
        assert_ne!(of(1), of(2));
        assert_eq!(of(1), of(1));
    }

    #[test]
    fn memory_is_bounded() {
        let recent = Recent::new(Arc::new(Hand::default()));
        for number in 0..100_000 {
            assert_eq!(recent.see(key(number)), Seen::First);
        }
        let kept = recent.kept();
        assert!(kept.requests.len() <= MOST && kept.order.len() <= MOST);
    }
}
