//! Who was refused for a lock lately: a hint where to look before a write is queued.
//!
//! Whoever guesses at locked PINs asks often, and a refusal needs no write. Looking first costs
//! those who are not locked a read, so only those are looked at who were refused before. The hint
//! decides nothing: what is committed does.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pinward_core::UserId;

/// Users remembered at most, about a megabyte; beyond that all are forgotten, which costs each
/// of them one write.
const REMEMBERED: usize = 65_536;

/// Users whose PINs may be locked.
#[derive(Default)]
pub(super) struct Locked {
    users: Mutex<HashSet<UserId>>,
}

impl Locked {
    /// Whether it is worth looking.
    pub(super) fn may_be(&self, user: UserId) -> bool {
        self.users().contains(&user)
    }

    /// The user was refused.
    pub(super) fn note(&self, user: UserId) {
        let mut users = self.users();
        if users.len() >= REMEMBERED {
            users.clear();
        }
        users.insert(user);
    }

    /// The user is not locked any more.
    pub(super) fn forget(&self, user: UserId) {
        self.users().remove(&user);
    }

    fn users(&self) -> MutexGuard<'_, HashSet<UserId>> {
        // A set of numbers is in order whatever happened meanwhile.
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_remembers_a_bounded_number() {
        let locked = Locked::default();
        for user in 0..3 * REMEMBERED as i64 / 2 {
            locked.note(UserId(user));
            assert!(locked.may_be(UserId(user)));
            assert!(locked.users().len() <= REMEMBERED);
        }
        assert!(!locked.may_be(UserId(0)));
        locked.note(UserId(0));
        locked.forget(UserId(0));
        assert!(!locked.may_be(UserId(0)));
    }
}
