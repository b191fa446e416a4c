//! When a source is due to be synchronised again. Rights: [`Right::ViewSources`]; the sync itself asks for
//! its own.
//!
//! That is told by what the store knows of the last attempt, whoever made it: after a restart nothing is
//! read twice, and a sync by hand counts. One that is under way is not overtaken.

use jiff::SignedDuration;
use pinward_core::{Timestamp, fold};
use pinward_store::SourceStatus;

use crate::{Caller, Right, Service, SyncError};

/// After a refused bind a source is not asked more often: each wrong password counts towards the lock of the
/// account.
const AFTER_REFUSED_BIND: SignedDuration = SignedDuration::from_hours(1);

/// A sync whose last step is longer ago is taken for one that broke off without a word. Few servers are given
/// more time to answer.
const LONGEST_STEP: SignedDuration = SignedDuration::from_mins(2);

/// How often a source is synchronised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// From one sync to the next.
    pub every: SignedDuration,
    /// From one reading of everybody to the next.
    pub full_every: SignedDuration,
}

/// Whether a source is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It is.
    Now {
        /// Whether everybody is to be read.
        full: bool,
    },
    /// Not for so long.
    In(SignedDuration),
}

impl Service {
    /// Whether the source of that name is due by this rhythm. `in_vain`: so long ago the caller tried it and
    /// the store knows nothing of that, because another sync went on with the source or the store did not
    /// answer. It counts as an attempt, so that the other sync is not overtaken in its turn.
    pub async fn sync_due(
        &self,
        caller: &Caller,
        name: &str,
        rhythm: &Rhythm,
        in_vain: Option<SignedDuration>,
    ) -> Result<Due, SyncError> {
        let _permit = caller.permit(Right::ViewSources)?;
        let sources = self.store.sources().await?;
        let same = |status: &&SourceStatus| fold(status.name.trim()) == fold(name.trim());
        let status = sources.iter().find(same);
        Ok(due(status, rhythm, in_vain, self.clock.now()))
    }
}

fn due(
    status: Option<&SourceStatus>,
    rhythm: &Rhythm,
    in_vain: Option<SignedDuration>,
    now: Timestamp,
) -> Due {
    let wait = match status.and_then(|status| status.last_result.as_deref()) {
        Some("DirectoryBindRefused") => rhythm.every.max(AFTER_REFUSED_BIND),
        _ => rhythm.every,
    };
    // A clock that was set back must not keep anybody from being read.
    let passed = |since: Timestamp| Some(now.duration_since(since)).filter(|it| !it.is_negative());
    let attempt = status.and_then(|status| status.last_attempt);
    let attempt = attempt.and_then(passed);
    let rest = attempt.into_iter().chain(in_vain).min();
    let rest = rest.map(|passed| wait - passed);
    let under_way = status.and_then(|status| status.under_way);
    let left_alone = under_way.and_then(passed);
    let left_alone = left_alone.map(|passed| LONGEST_STEP - passed);
    if let Some(rest) = rest.max(left_alone)
        && rest.is_positive()
    {
        return Due::In(rest);
    }
    let old = |at: Timestamp| now.duration_since(at) >= rhythm.full_every;
    let last_full = status.and_then(|status| status.last_full);
    Due::Now {
        full: last_full.is_none_or(old),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60;
    const DAY: i64 = 24 * 60 * MINUTE;

    #[test]
    fn when_a_source_is_due() {
        let rhythm = Rhythm {
            every: SignedDuration::from_mins(15),
            full_every: SignedDuration::from_hours(24),
        };
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let ago = |seconds: i64| now - SignedDuration::from_secs(seconds);
        let full = Due::Now { full: true };
        let part = Due::Now { full: false };
        let in_minutes = |minutes| Due::In(SignedDuration::from_mins(minutes));
        for (attempt, last_full, result, expected) in [
            (None, None, None, full),
            (Some(20), None, Some("DirectoryNoAnswer"), full),
            (Some(5), None, Some("DirectoryNoAnswer"), in_minutes(10)),
            (Some(15), Some(60), Some("Success"), part),
            (Some(14), Some(60), Some("Success"), in_minutes(1)),
            (Some(20), Some(DAY / MINUTE), Some("Success"), full),
            (Some(20), Some(60), Some("TooManyDisabled"), part),
            (
                Some(20),
                Some(60),
                Some("DirectoryBindRefused"),
                in_minutes(40),
            ),
            (Some(60), Some(90), Some("DirectoryBindRefused"), part),
            (Some(-30), Some(60), Some("Success"), part),
        ] {
            let status = SourceStatus {
                name: "staff".to_owned(),
                kind: "Ldap".to_owned(),
                users: 0,
                enabled: 0,
                gone: 0,
                last_full: last_full.map(|minutes| ago(minutes * MINUTE)),
                last_increment: None,
                under_way: None,
                last_attempt: attempt.map(|minutes| ago(minutes * MINUTE)),
                last_result: result.map(str::to_owned),
                has_cookie: true,
                conflicts: 0,
            };
            let found = due(Some(&status), &rhythm, None, now);
            assert_eq!(found, expected, "{attempt:?} {last_full:?} {result:?}");
        }
        assert_eq!(due(None, &rhythm, None, now), full);
    }

    #[test]
    fn a_sync_under_way_is_not_overtaken() {
        let rhythm = Rhythm {
            every: SignedDuration::from_mins(15),
            full_every: SignedDuration::from_hours(24),
        };
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let minutes = SignedDuration::from_mins;
        let ago = |passed: i64| now - minutes(passed);
        let (full, part) = (Due::Now { full: true }, Due::Now { full: false });
        for (step, attempt, expected) in [
            // The first one, by hand.
            (1, None, Due::In(minutes(1))),
            // It broke off and nobody could note that.
            (2, None, full),
            (20, Some(60), part),
            // However long it takes.
            (1, Some(60), Due::In(minutes(1))),
            (0, Some(14), Due::In(minutes(2))),
            (0, Some(5), Due::In(minutes(10))),
            (-30, Some(60), part),
        ] {
            let status = SourceStatus {
                name: "staff".to_owned(),
                kind: "Ldap".to_owned(),
                users: 0,
                enabled: 0,
                gone: 0,
                last_full: attempt.map(ago),
                last_increment: None,
                under_way: Some(ago(step)),
                last_attempt: attempt.map(ago),
                last_result: None,
                has_cookie: true,
                conflicts: 0,
            };
            let found = due(Some(&status), &rhythm, None, now);
            assert_eq!(found, expected, "{step} {attempt:?}");
        }
    }

    #[test]
    fn a_source_that_another_sync_goes_on_with_is_left_alone() {
        let rhythm = Rhythm {
            every: SignedDuration::from_mins(15),
            full_every: SignedDuration::from_hours(24),
        };
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let minutes = SignedDuration::from_mins;
        let (full, part) = (Due::Now { full: true }, Due::Now { full: false });
        for (attempt, in_vain, expected) in [
            (None, 0, Due::In(minutes(15))),
            (None, 15, full),
            // Overtaken while the one that overtook it is not over.
            (Some(40), 1, Due::In(minutes(14))),
            (Some(40), 14, Due::In(minutes(1))),
            (Some(40), 15, part),
            // It is over: what is recorded counts.
            (Some(2), 9, Due::In(minutes(13))),
            (Some(15), 30, part),
            (Some(-30), 1, Due::In(minutes(14))),
        ] {
            let status = attempt.map(|attempt| SourceStatus {
                name: "staff".to_owned(),
                kind: "Ldap".to_owned(),
                users: 0,
                enabled: 0,
                gone: 0,
                last_full: Some(now - minutes(60)),
                last_increment: None,
                under_way: None,
                last_attempt: Some(now - minutes(attempt)),
                last_result: Some("Success".to_owned()),
                has_cookie: true,
                conflicts: 0,
            });
            let found = due(status.as_ref(), &rhythm, Some(minutes(in_vain)), now);
            assert_eq!(found, expected, "{attempt:?} {in_vain}");
        }
    }
}
