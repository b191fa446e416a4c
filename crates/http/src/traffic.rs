//! What is counted at this door: connections and requests. The open connections are also what their limits
//! are held against.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::Method;
use pinward_service::Timing;
use tokio::sync::watch;

use crate::{App, Settings};

/// Answers of one route to one method.
#[derive(Clone, Default)]
pub struct Answers {
    /// How many, by status.
    pub statuses: BTreeMap<u16, u64>,
    /// How long they took to begin.
    pub timing: Timing,
}

/// Answers by method, and within it by route.
pub type AnswersByRoute = BTreeMap<&'static str, BTreeMap<String, Answers>>;

/// The counts.
#[derive(Default)]
pub struct Traffic {
    open: AtomicUsize,
    resting: watch::Sender<usize>,
    per_address: Mutex<HashMap<IpAddr, usize>>,
    accepted: AtomicU64,
    refused: AtomicU64,
    handshakes_failed: AtomicU64,
    answers: Mutex<AnswersByRoute>,
}

/// The name of a method; one for all that nobody knows, so that nobody makes up new series.
pub fn method_name(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let known = KNOWN.into_iter().find(|known| *known == method.as_str());
    known.unwrap_or("OTHER")
}

impl Traffic {
    /// Counts an answer.
    pub fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let mut answers = lock(&self.answers);
        let routes = answers.entry(method).or_default();
        // An entry would take a copy of the route each time.
        if !routes.contains_key(route) {
            routes.insert(route.to_owned(), Answers::default());
        }
        if let Some(answers) = routes.get_mut(route) {
            *answers.statuses.entry(status).or_default() += 1;
            answers.timing.took(took);
        }
    }

    /// Counts a handshake that came to nothing.
    pub fn handshake_failed(&self) {
        self.handshakes_failed.fetch_add(1, Ordering::Relaxed);
    }

    /// What was answered.
    pub fn answers(&self) -> AnswersByRoute {
        lock(&self.answers).clone()
    }

    /// Connections that are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// How many of them rest between two requests.
    pub fn resting(&self) -> watch::Receiver<usize> {
        self.resting.subscribe()
    }

    /// Counts a connection that rests, until this is dropped.
    pub fn rest(&self) -> Resting<'_> {
        self.resting.send_modify(|count| *count += 1);
        Resting(self)
    }

    /// Connections that were accepted, that were refused because there were too many, and that did not
    /// agree on TLS.
    pub fn connections(&self) -> [u64; 3] {
        [&self.accepted, &self.refused, &self.handshakes_failed]
            .map(|count| count.load(Ordering::Relaxed))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whom an address is counted for: with IPv6 everybody has 2^64 of them.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

/// A connection that rests until this is dropped.
pub struct Resting<'a>(&'a Traffic);

impl Drop for Resting<'_> {
    fn drop(&mut self) {
        self.0.resting.send_modify(|count| *count -= 1);
    }
}

/// A connection that counts as open until this is dropped.
pub struct OpenConnection {
    app: App,
    /// Whose it is, where it counts for an address.
    address: Option<IpAddr>,
}

impl OpenConnection {
    /// One more, where there is still room. `address` is the other end, `None` for a Unix socket.
    pub fn admit(app: &App, address: Option<IpAddr>, settings: &Settings) -> Option<Self> {
        let (traffic, limits) = (app.traffic(), settings.limits);
        let address = address.filter(|address| !settings.trusts(Some(*address)));
        let address = address.map(household);
        if traffic.open.fetch_add(1, Ordering::Relaxed) >= limits.connections {
            traffic.open.fetch_sub(1, Ordering::Relaxed);
            traffic.refused.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        if let Some(address) = address {
            let mut per_address = lock(&traffic.per_address);
            let count = per_address.entry(address).or_default();
            if *count >= limits.connections_per_address {
                traffic.open.fetch_sub(1, Ordering::Relaxed);
                traffic.refused.fetch_add(1, Ordering::Relaxed);
                return None;
            }
            *count += 1;
        }
        traffic.accepted.fetch_add(1, Ordering::Relaxed);
        Some(Self {
            app: app.clone(),
            address,
        })
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let traffic = self.app.traffic();
        traffic.open.fetch_sub(1, Ordering::Relaxed);
        let Some(address) = self.address else {
            return;
        };
        let mut per_address = lock(&traffic.per_address);
        if let Some(count) = per_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                per_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_is_counted_as_one() {
        for (address, counted) in [
            ("192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::", "2001:db8:1:2::"),
        ] {
            let address = household(address.parse().expect("an address"));
            assert_eq!(address.to_string(), counted);
        }
    }
}
