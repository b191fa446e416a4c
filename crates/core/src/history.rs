//! R-HIST: which earlier PINs a user may not choose again.

/// How many verifiers the history keeps, so that raising the count takes effect at once (R-HIST-3).
pub const HISTORY_KEPT: usize = 20;

/// How many of the most recent PINs, the current one included, a user may not choose (R-HIST-1).
///
/// With 0 any PIN may be reused (R-HIST-2). It never exceeds what is kept.
pub fn refused_count(policy_history: u32) -> usize {
    usize::try_from(policy_history).map_or(HISTORY_KEPT, |count| count.min(HISTORY_KEPT))
}
