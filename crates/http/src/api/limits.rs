//! How much each client may ask for: requests per second, and at the same time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pinward_core::ClientLimits;

/// What the clients have used.
#[derive(Default)]
pub struct Limits {
    clients: Mutex<HashMap<String, Arc<Mutex<Used>>>>,
}

/// What one client has used.
struct Used {
    /// How many requests it may send at once, as of `at`.
    left: f64,
    at: Instant,
    running: u32,
}

/// One request that is being answered.
pub struct Place(Arc<Mutex<Used>>);

/// Why a client has to wait.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wait {
    /// It sent too many; how long until it may send one more.
    TooMany(Duration),
    /// As many as it may have are being answered.
    AtOnce,
}

impl Limits {
    /// Lets one more request of a client in, until what it gives back is dropped.
    pub fn enter(&self, client: &str, most: &ClientLimits, now: Instant) -> Result<Place, Wait> {
        let rate = f64::from(most.per_second);
        let place = self.place_of(client, rate, now);
        let mut used = locked(&place);
        let gained = now.saturating_duration_since(used.at).as_secs_f64() * rate;
        used.left = (used.left + gained).min(rate);
        used.at = now;
        if used.running >= most.at_once {
            return Err(Wait::AtOnce);
        }
        if used.left < 1.0 {
            let wait = Duration::from_secs_f64((1.0 - used.left) / rate.max(1.0));
            return Err(Wait::TooMany(wait));
        }
        used.left -= 1.0;
        used.running += 1;
        drop(used);
        Ok(Place(place))
    }

    /// Where it is kept what a client has used; nothing yet where it was never seen.
    fn place_of(&self, client: &str, rate: f64, now: Instant) -> Arc<Mutex<Used>> {
        let mut clients = locked(&self.clients);
        if let Some(used) = clients.get(client) {
            return Arc::clone(used);
        }
        let used = Used {
            left: rate,
            at: now,
            running: 0,
        };
        let used = Arc::new(Mutex::new(used));
        clients.insert(client.to_owned(), Arc::clone(&used));
        used
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut used = locked(&self.0);
        used.running = used.running.saturating_sub(1);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn most(per_second: u32, at_once: u32) -> ClientLimits {
        ClientLimits {
            per_second,
            at_once,
        }
    }

    #[test]
    fn as_many_as_per_second_may_come_in_one_go() {
        let limits = Limits::default();
        let most = most(3, 100);
        let begin = Instant::now();
        let tries =
            |client: &str, after: Duration| limits.enter(client, &most, begin + after).map(drop);
        for _ in 0..3 {
            assert_eq!(tries("one", Duration::ZERO), Ok(()));
        }
        let third = Duration::from_secs(1) / 3;
        let Err(Wait::TooMany(wait)) = tries("one", Duration::ZERO) else {
            panic!("a fourth request");
        };
        assert!(wait.abs_diff(third) < Duration::from_millis(1), "{wait:?}");
        assert_eq!(tries("other", Duration::ZERO), Ok(()));
        let later = third + Duration::from_millis(1);
        assert_eq!(tries("one", later), Ok(()));
        assert!(tries("one", later).is_err());
        // However long it is silent, no more than that.
        let much_later = Duration::from_secs(3600);
        let let_in = (0..9).filter(|_| tries("one", much_later).is_ok());
        assert_eq!(let_in.count(), 3);
    }

    #[test]
    fn no_more_at_once_than_its_places() {
        let limits = Limits::default();
        let most = most(100, 2);
        let now = Instant::now();
        let enter = || limits.enter("one", &most, now);
        let (first, second) = (enter().ok(), enter().ok());
        assert!(first.is_some() && second.is_some());
        assert_eq!(enter().err(), Some(Wait::AtOnce));
        drop(first);
        assert!(enter().is_ok());
    }

    #[test]
    fn whoever_sent_too_many_takes_no_place() {
        let limits = Limits::default();
        let now = Instant::now();
        let enter = |at_once| limits.enter("one", &most(1, at_once), now);
        let only = enter(1);
        for _ in 0..3 {
            assert!(matches!(enter(2), Err(Wait::TooMany(_))));
        }
        assert_eq!(enter(1).err(), Some(Wait::AtOnce));
        drop(only);
        assert!(
            matches!(enter(1), Err(Wait::TooMany(_))),
            "its place is free"
        );
    }
}
