//! Bringing the PINs of another telephone system: a PIN per row, each judged as any that an
//! administrator assigns. Right: [`Right::AssignPin`].
//!
//! **Again after an interruption.** Nothing is written down about what was done. A row whose user has
//! its PIN already, or had it and has another one since, is left alone: so a second run goes on where the
//! first one stopped, and takes from nobody the PIN that they have chosen in between.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use pinward_core::{HISTORY_KEPT, Pin, User, UserId};
use pinward_directory::import::{PinRow, RowError};
use pinward_verifier::{StoredVerifier, VerifierError};
use tokio::task::JoinHandle;

use crate::assign_pin::identity_of;
use crate::{
    AssignPinError, Caller, ImportError, NewPin, Permit, Refusal, Right, Service, Terms,
    Unavailable,
};

/// How to import PINs.
#[derive(Clone, Copy, Debug, Default)]
pub struct PinImport {
    /// Say what would be done and change nothing. Nothing is compared with PINs that users have or had:
    /// rows that would be left alone count as assigned.
    pub dry_run: bool,
    /// Every PIN is only good for choosing another one.
    pub must_change: bool,
    /// A user whose PIN breaks the rules and who has none gets a generated one that must be changed.
    pub generate_for_refused: bool,
    /// How many rows to work on at a time, at least 1.
    pub in_flight: usize,
}

/// What came of a row.
pub struct PinRowDone {
    /// The line of the file at which the row begins.
    pub line: u64,
    /// The user, where it was clear who is meant.
    pub identity: Option<String>,
    /// What came of it.
    pub outcome: PinRowOutcome,
}

/// What came of a row.
pub enum PinRowOutcome {
    /// The user has the PIN. In a dry run: would have it, or has it already.
    Assigned,
    /// The user has it already, or has had it and has another one since. Never in a dry run.
    LeftAlone,
    /// The PIN was refused, and the user has a generated one; shown once. `None` in a dry run.
    Generated {
        /// The PIN.
        pin: Option<Pin>,
        /// Why that of the row was refused.
        reason: String,
    },
    /// Nothing was done.
    Refused {
        /// The stable name of the refusal.
        id: &'static str,
        /// Why, and what to do; never the PIN.
        reason: String,
    },
}

/// How many rows came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PinImportReport {
    /// PINs that were assigned.
    pub assigned: u64,
    /// Rows that were done before.
    pub left_alone: u64,
    /// PINs that were generated in place of refused ones.
    pub generated: u64,
    /// Rows of which nothing came.
    pub refused: u64,
    /// Whether the caller stopped it before the end.
    pub interrupted: bool,
}

/// A row under way.
enum Flight {
    Aloft(JoinHandle<PinRowDone>),
    Landed(PinRowDone),
}

impl Service {
    /// Imports PINs row by row, several at a time; a refused row does not stop the others. `told` hears of
    /// each row in the order of the file, once it holds, and answers whether to go on.
    pub async fn import_pins(
        self: &Arc<Self>,
        caller: &Caller,
        rows: &mut (dyn Iterator<Item = Result<(u64, PinRow), RowError>> + Send),
        how: PinImport,
        told: &mut (dyn FnMut(&PinRowDone) -> bool + Send),
    ) -> Result<PinImportReport, ImportError> {
        let permit = caller.permit(Right::AssignPin)?;
        let mut report = PinImportReport::default();
        let mut seen = HashMap::new();
        let mut aloft = VecDeque::new();
        loop {
            while !report.interrupted && aloft.len() < how.in_flight.max(1) {
                let Some(row) = rows.next() else { break };
                let flight = self.launch(caller, &permit, row, how, &mut seen);
                aloft.push_back(flight.await?);
            }
            let done = match aloft.pop_front() {
                None => return Ok(report),
                Some(Flight::Landed(done)) => done,
                Some(Flight::Aloft(handle)) => handle.await.map_err(|_broken| Unavailable::Busy)?,
            };
            match done.outcome {
                PinRowOutcome::Assigned => report.assigned += 1,
                PinRowOutcome::LeftAlone => report.left_alone += 1,
                PinRowOutcome::Generated { .. } => report.generated += 1,
                PinRowOutcome::Refused { .. } => report.refused += 1,
            }
            report.interrupted |= !told(&done);
        }
    }

    /// Finds the user of a row and starts with it.
    async fn launch(
        self: &Arc<Self>,
        caller: &Caller,
        permit: &Permit<'_>,
        row: Result<(u64, PinRow), RowError>,
        how: PinImport,
        seen: &mut HashMap<UserId, u64>,
    ) -> Result<Flight, ImportError> {
        let refused = |line, id, reason: String| {
            Flight::Landed(PinRowDone {
                line,
                identity: None,
                outcome: PinRowOutcome::Refused { id, reason },
            })
        };
        let (line, row) = match row {
            Ok(row) => row,
            Err(error) => {
                let reason = error.reason.to_string();
                return Ok(refused(error.line, "RowInvalid", reason));
            }
        };
        let user = match self.user_of_row(&row.users, permit).await? {
            Ok(user) => user,
            Err((id, reason)) => return Ok(refused(line, id, reason)),
        };
        if let Some(before) = seen.insert(user.id, line) {
            let reason = format!("line {before} is about the same user; this one is left out");
            return Ok(refused(line, "UserNamedTwice", reason));
        }
        let (service, caller) = (Arc::clone(self), caller.clone());
        Ok(Flight::Aloft(tokio::spawn(async move {
            let outcome = service.import_pin(&caller, &user, &row.pin, how).await;
            PinRowDone {
                line,
                identity: Some(identity_of(&user)),
                outcome: outcome.unwrap_or_else(|refusal| PinRowOutcome::Refused {
                    id: refusal.id(),
                    reason: refusal.to_string(),
                }),
            }
        })))
    }

    /// The one user whom all the names of a row mean, as far as they mean anybody.
    async fn user_of_row(
        &self,
        names: &[String],
        permit: &Permit<'_>,
    ) -> Result<Result<User, (&'static str, String)>, ImportError> {
        let mut meant: Option<Vec<User>> = None;
        for name in names {
            let found = self.resolve_for(permit, name).await?;
            if found.is_empty() {
                continue;
            }
            meant = Some(match meant {
                None => found,
                Some(mut before) => {
                    before.retain(|user| found.iter().any(|other| other.id == user.id));
                    before
                }
            });
        }
        // What a row calls its user may be a PIN in the wrong column, so it is not said (R-SEC-3).
        Ok(match meant {
            None => {
                let reason = "no user is found by what this row names".to_owned();
                Err(("UserNotFound", reason))
            }
            Some(users) => match <[User; 1]>::try_from(users) {
                Ok([user]) => Ok(user),
                Err(users) if users.is_empty() => {
                    let reason = "the columns of this row mean different users".to_owned();
                    Err(("UserNotUnique", reason))
                }
                Err(users) => {
                    let reason = format!("what this row names means {} users", users.len());
                    Err(("UserNotUnique", reason))
                }
            },
        })
    }

    async fn import_pin(
        &self,
        caller: &Caller,
        user: &User,
        candidate: &str,
        how: PinImport,
    ) -> Result<PinRowOutcome, AssignPinError> {
        let new = NewPin::Named(candidate);
        let terms = Terms {
            must_change: how.must_change,
            expires_in: None,
        };
        match self.check_assignment(&terms, caller, user, &new).await {
            Ok(()) => {}
            Err(refused @ AssignPinError::Refused { .. }) if how.generate_for_refused => {
                return self.generate_instead(caller, user, refused, how).await;
            }
            Err(refusal) => return Err(refusal),
        }
        // Where nothing is risked, nothing is said about the PIN that the user has (R-LOCK-10).
        if how.dry_run {
            return Ok(PinRowOutcome::Assigned);
        }
        if self.has_had(user, candidate).await? {
            return Ok(PinRowOutcome::LeftAlone);
        }
        self.assign_pin_on(&terms, caller, user, &new).await?;
        Ok(PinRowOutcome::Assigned)
    }

    /// A PIN for somebody who would have none; who has one, be it generated by an earlier run, keeps it.
    async fn generate_instead(
        &self,
        caller: &Caller,
        user: &User,
        refused: AssignPinError,
        how: PinImport,
    ) -> Result<PinRowOutcome, AssignPinError> {
        let status = self.store.pin_status(user.id, self.clock.now()).await?;
        if status.is_none_or(|status| status.set_at.is_some()) {
            return Err(refused);
        }
        let terms = Terms {
            must_change: true,
            expires_in: None,
        };
        let new = NewPin::Generated;
        let pin = match how.dry_run {
            true => {
                self.check_assignment(&terms, caller, user, &new).await?;
                None
            }
            false => {
                let assigned = self.assign_pin_on(&terms, caller, user, &new).await?;
                Some(assigned.pin)
            }
        };
        Ok(PinRowOutcome::Generated {
            pin,
            reason: refused.to_string(),
        })
    }

    /// Whether this is one of the PINs that the user has or had. Costs nothing where there was none.
    async fn has_had(&self, user: &User, candidate: &str) -> Result<bool, AssignPinError> {
        let stored: Vec<StoredVerifier> = self
            .store
            .pin_history(user.id, HISTORY_KEPT)
            .await?
            .iter()
            .map(|text| StoredVerifier::parse(text))
            .collect::<Result<_, _>>()
            .map_err(VerifierError::from)?;
        if stored.is_empty() {
            return Ok(false);
        }
        let Ok(pin) = Pin::parse(candidate) else {
            return Ok(false);
        };
        let Some(status) = self.store.pin_status(user.id, self.clock.now()).await? else {
            return Ok(false);
        };
        Ok(self.is_any(&status.binding, &pin, &stored).await?)
    }
}
