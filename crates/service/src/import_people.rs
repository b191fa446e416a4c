//! Bringing people into the built-in directory. Right: [`Right::ImportPeople`].

use pinward_core::Person;
use pinward_directory::import::RowError;
use pinward_store::Put;

use crate::error::unavailable;
use crate::{Caller, Denied, Refusal, Right, Service, Unavailable};

/// Rows written in one transaction: large enough that the sync does not count, small enough that
/// an interrupt is answered at once.
const BATCH: usize = 1000;

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// Rows read.
    pub read: usize,
    /// Rows refused.
    pub refused: usize,
}

/// What an import did, or in a dry run would have done.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// People who were not there before.
    pub created: usize,
    /// People whose details changed.
    pub updated: usize,
    /// People who were there as they are.
    pub unchanged: usize,
    /// Rows that were left out, and why.
    pub refused: Vec<RefusedRow>,
    /// Whether the caller stopped it before the end.
    pub interrupted: bool,
}

/// A row that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// The line in the file, from 1.
    pub line: u64,
    /// Why, and what to do.
    pub reason: String,
}

/// Why an import did not run to its end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store stopped answering; the rows reported so far are kept.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(ImportError);

impl Refusal for ImportError {
    fn id(&self) -> &'static str {
        match self {
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

impl Service {
    /// Imports people row by row; a refused row does not stop the others. `progress` is told
    /// after each batch and answers whether to go on.
    pub async fn import_people(
        &self,
        caller: &Caller,
        rows: &mut (dyn Iterator<Item = Result<(u64, Person), RowError>> + Send),
        dry_run: bool,
        progress: &mut (dyn FnMut(ImportProgress) -> bool + Send),
    ) -> Result<ImportReport, ImportError> {
        let permit = caller.permit(Right::ImportPeople)?;
        let mut report = ImportReport::default();
        let mut read = 0;
        loop {
            let before = read;
            let mut lines = Vec::with_capacity(BATCH);
            let mut batch = Vec::with_capacity(BATCH);
            for row in (&mut *rows).take(BATCH) {
                read += 1;
                match row {
                    Ok((line, person)) => {
                        lines.push(line);
                        batch.push(person);
                    }
                    Err(RowError { line, reason }) => {
                        report.refused.push(RefusedRow {
                            line,
                            reason: reason.to_string(),
                        });
                    }
                }
            }
            let last = read < before + BATCH;
            let outcomes = {
                let act = permit.act(self.clock.now());
                self.store.put_people(batch, dry_run, &act).await?
            };
            if !dry_run {
                self.settle_places(None, |_| {}).await?;
            }
            for (line, outcome) in lines.into_iter().zip(outcomes) {
                match outcome {
                    Put::Created => report.created += 1,
                    Put::Updated => report.updated += 1,
                    Put::Unchanged => report.unchanged += 1,
                    Put::Refused(reason) => {
                        report.refused.push(RefusedRow {
                            line,
                            reason: reason.to_string(),
                        });
                    }
                }
            }
            let go_on = progress(ImportProgress {
                read,
                refused: report.refused.len(),
            });
            if last {
                break;
            }
            if !go_on {
                report.interrupted = true;
                break;
            }
        }
        report.refused.sort_by_key(|row| row.line);
        Ok(report)
    }
}
