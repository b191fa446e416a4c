//! One wrong PIN at many users: who guesses a popular PIN stays below every user's limit.
//!
//! No PIN is kept, only a digest with a key that is made when the program starts and never leaves its
//! memory; of users only their keys, and no more than it takes to notice.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use pinward_core::{Entropy, Pin, Timestamp, UserId};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// So many wrong PINs are remembered; beyond, the oldest are forgotten.
const MOST: usize = 16_384;

/// What counts as one PIN tried at many users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SprayingLimits {
    /// The same wrong PIN at so many users. 0: it is not looked for.
    pub users: u32,
    /// Within so many minutes.
    pub minutes: u32,
}

/// What a wrong PIN is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noticed {
    /// One like any other.
    Nothing,
    /// It is tried at many, since now.
    First,
    /// It is known to be tried at many.
    Known,
}

type Tag = [u8; 16];

/// The wrong PINs of late.
pub(crate) struct Spraying {
    limits: SprayingLimits,
    key: Zeroizing<[u8; 32]>,
    tried: Mutex<Tried>,
}

#[derive(Default)]
struct Tried {
    pins: HashMap<Tag, Users>,
    /// By the time at which they were first seen.
    order: VecDeque<Tag>,
}

struct Users {
    since: Timestamp,
    /// No more than the limit.
    who: Vec<UserId>,
}

impl Spraying {
    pub(crate) fn new(limits: SprayingLimits, entropy: &dyn Entropy) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        entropy.fill(&mut *key);
        Self {
            limits,
            key,
            tried: Mutex::default(),
        }
    }

    /// Remembers that this PIN was wrong for this user.
    pub(crate) fn wrong(&self, pin: &Pin, user: UserId, now: Timestamp) -> Noticed {
        let most = usize::try_from(self.limits.users).unwrap_or(usize::MAX);
        if most == 0 {
            return Noticed::Nothing;
        }
        let tag = self.tag(pin);
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let users = tried.at(tag, now);
        let window = SignedDuration::from_mins(i64::from(self.limits.minutes));
        if now.duration_since(users.since) >= window {
            users.since = now;
            users.who.clear();
        }
        if users.who.len() >= most {
            return Noticed::Known;
        }
        if !users.who.contains(&user) {
            users.who.push(user);
        }
        match users.who.len() >= most {
            true => Noticed::First,
            false => Noticed::Nothing,
        }
    }

    fn tag(&self, pin: &Pin) -> Tag {
        let mut state = Sha256::new();
        state.update(*self.key);
        state.update(pin.digits());
        let mut tag = [0; 16];
        tag.copy_from_slice(&state.finalize()[..16]);
        tag
    }
}

impl Tried {
    /// The users of a PIN, with room made for it.
    fn at(&mut self, tag: Tag, now: Timestamp) -> &mut Users {
        if !self.pins.contains_key(&tag) {
            if self.order.len() >= MOST
                && let Some(oldest) = self.order.pop_front()
            {
                self.pins.remove(&oldest);
            }
            self.order.push_back(tag);
        }
        self.pins.entry(tag).or_insert_with(|| Users {
            since: now,
            who: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zeros;

    impl Entropy for Zeros {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0);
        }
    }

    fn spraying(users: u32) -> Spraying {
        Spraying::new(SprayingLimits { users, minutes: 60 }, &Zeros)
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(minutes * 60).unwrap()
    }

    fn wrong(spraying: &Spraying, pin: &str, user: i64, minutes: i64) -> Noticed {
        spraying.wrong(&Pin::parse(pin).unwrap(), UserId(user), at(minutes))
    }

    // R-GUESS-2
    #[test]
    fn one_pin_at_many_users_is_noticed_once() {
        let spraying = spraying(3);
        for (pin, user, minutes, expected) in [
            ("1234", 1, 0, Noticed::Nothing),
            ("1234", 1, 1, Noticed::Nothing),
            ("1234", 2, 2, Noticed::Nothing),
            ("9999", 3, 3, Noticed::Nothing),
            ("1234", 3, 59, Noticed::First),
            ("1234", 4, 59, Noticed::Known),
            ("1234", 1, 59, Noticed::Known),
            ("1234", 5, 60, Noticed::Nothing),
            ("1234", 6, 61, Noticed::Nothing),
            ("1234", 7, 62, Noticed::First),
        ] {
            assert_eq!(
                wrong(&spraying, pin, user, minutes),
                expected,
                "{pin} at {user}"
            );
        }
    }

    #[test]
    fn one_user_who_errs_often_is_no_spraying() {
        let spraying = spraying(2);
        for _ in 0..100 {
            assert_eq!(wrong(&spraying, "1234", 1, 0), Noticed::Nothing);
        }
    }

    #[test]
    fn it_is_not_looked_for_with_zero() {
        let spraying = spraying(0);
        for user in 0..100 {
            assert_eq!(wrong(&spraying, "1234", user, 0), Noticed::Nothing);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let spraying = spraying(2);
        for number in 0..2 * MOST {
            let _noticed = wrong(&spraying, &format!("{number:08}"), 1, 0);
        }
        let tried = spraying.tried.lock().unwrap();
        assert_eq!((tried.pins.len(), tried.order.len()), (MOST, MOST));
    }
}
