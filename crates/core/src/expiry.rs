//! R-EXP: when a PIN expires.

use jiff::{SignedDuration, Timestamp};

/// When a PIN set at `set_at` expires: `lifetime_days` × 24 h later (R-EXP-1); never with 0.
///
/// A day is 24 hours, not a calendar day: summer time moves nothing.
pub fn expires_at(set_at: Timestamp, lifetime_days: u32) -> Option<Timestamp> {
    if lifetime_days == 0 {
        return None;
    }
    let lifetime = SignedDuration::from_hours(i64::from(lifetime_days) * 24);
    Some(set_at.checked_add(lifetime).unwrap_or(Timestamp::MAX))
}

/// When a PIN ends: as [`expires_at`] says or at an end of its own, whichever comes first.
pub fn end_of(
    set_at: Timestamp,
    lifetime_days: u32,
    own_end: Option<Timestamp>,
) -> Option<Timestamp> {
    let lifetime_end = expires_at(set_at, lifetime_days);
    match (lifetime_end, own_end) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Whether a PIN set at `set_at` has expired at `now`; the instant of expiry itself is too late.
pub fn is_expired(set_at: Timestamp, lifetime_days: u32, now: Timestamp) -> bool {
    expires_at(set_at, lifetime_days).is_some_and(|end| now >= end)
}
