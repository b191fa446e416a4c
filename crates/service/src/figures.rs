//! Figures for those who watch: what came of logons over time, where failures came from, and how it stands
//! with PINs. Rights: [`Right::ViewAudit`] and [`Right::ViewPin`].
//!
//! Logons are counted from the audit log, each record once in the life of the program: what was counted is
//! kept in memory and only what is new is read. A logon does nothing for it.

use pinward_core::{Outcome, SignedDuration, Timestamp};

use crate::error::unavailable;
use crate::ledger::Ledger;
use crate::{Caller, Denied, Refusal, Right, Service, Unavailable};

/// Records counted in one step, a few hundredths of a second.
const AT_ONCE: u64 = 50_000;

/// Sources that are told.
pub(crate) const SOURCES: usize = 10;

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum FiguresError {
    /// What is counted over everybody is not for those who see a part.
    #[error("logons are counted over the whole company, and your roles reach a part of its users")]
    OutOfScope,
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store did not answer.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(FiguresError);

impl Refusal for FiguresError {
    fn id(&self) -> &'static str {
        match self {
            Self::OutOfScope => "OutOfScope",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// How far back to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// The last 24 hours, hour by hour.
    Day,
    /// The last 7 days, day by day.
    Week,
    /// The last 30 days, day by day.
    Month,
}

impl Period {
    /// How many hours one step has, and how many steps there are.
    pub(crate) fn steps(self) -> (i64, i64) {
        match self {
            Self::Day => (1, 24),
            Self::Week => (24, 7),
            Self::Month => (24, 30),
        }
    }
}

/// What came of logons in one hour or day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogOnStep {
    /// When it begins; hours and days are those of UTC.
    pub start: Timestamp,
    /// How many logons ended in each of [`Outcome::ALL`], in that order.
    pub outcomes: [u64; Outcome::ALL.len()],
    /// How often somebody was locked or locked out for failing too often.
    pub lockouts: u64,
}

impl LogOnStep {
    /// How many logons ended so.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> u64 {
        let place = Outcome::ALL.iter().position(|one| *one == outcome);
        place.map_or(0, |place| self.outcomes[place])
    }

    /// All logons.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.outcomes.iter().sum()
    }
}

/// Where failed logons came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureSource {
    /// The client's address or name.
    pub client: Option<String>,
    /// The number that called.
    pub caller: Option<String>,
    /// How many. On a day with more sources than are kept, the rarest ones are left out.
    pub failures: u64,
}

/// What came of logons in some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogOnFigures {
    /// The steps, the oldest first, the last one not over.
    pub steps: Vec<LogOnStep>,
    /// The sources with the most failures of the days that it is about, the most first.
    pub sources: Vec<FailureSource>,
}

/// How it stands with the PINs of the users within reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PinFigures {
    /// Users who are enabled.
    pub users: u64,
    /// Those who have no PIN.
    pub missing: u64,
    /// PINs that have expired.
    pub expired: u64,
    /// PINs that will soon.
    pub expiring: u64,
    /// PINs that must be changed before they open anything.
    pub must_change: u64,
    /// PINs that are locked in any way.
    pub locked: u64,
}

impl Service {
    /// What came of logons, and where failures came from. Only for those who reach everybody. The first
    /// time it takes as long as reading the log of the last 31 days.
    pub async fn log_on_figures(
        &self,
        caller: &Caller,
        period: Period,
    ) -> Result<LogOnFigures, FiguresError> {
        let permit = caller.permit(Right::ViewAudit)?;
        if !permit.reaches_everybody() {
            return Err(FiguresError::OutOfScope);
        }
        let now = self.clock.now();
        let mut ledger = self.ledger.lock().await;
        loop {
            let counts = self.store.count_log_ons(ledger.from(now), AT_ONCE).await?;
            let more = counts.more;
            ledger.add(counts);
            if !more {
                break;
            }
        }
        ledger.forget_before(now);
        Ok(ledger.figures(now, period))
    }

    /// How it stands with the PINs of the users whom the caller reaches. PINs that end within `soon` are
    /// told as expiring.
    pub async fn pin_figures(
        &self,
        caller: &Caller,
        soon: SignedDuration,
    ) -> Result<PinFigures, FiguresError> {
        let permit = caller.permit(Right::ViewPin)?;
        let tallies = self.store.census(&self.census_of(&permit, soon)).await?;
        let mut all = PinFigures::default();
        for tally in tallies {
            all.users += tally.users;
            all.missing += tally.missing;
            all.expired += tally.expired;
            all.expiring += tally.expiring;
            all.must_change += tally.must_change;
            all.locked += tally.locked;
        }
        Ok(all)
    }
}

/// What was counted up to now.
pub(crate) type Counted = tokio::sync::Mutex<Ledger>;
