//! Where the time comes from.

use jiff::Timestamp;

/// The one source of the time of day (R-LOCK-12). Only the binary implements it with the real clock.
pub trait Clock: Send + Sync {
    /// The current instant, as read from the source; it may step backwards.
    fn now(&self) -> Timestamp;
}

/// The instant without its sub-millisecond part, as it is stored.
///
/// Rounds towards the past, so that what is read back from a store is what was compared.
pub fn to_milliseconds(instant: Timestamp) -> Timestamp {
    let whole = instant.as_nanosecond().div_euclid(1_000_000);
    i64::try_from(whole)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .unwrap_or(instant)
}
