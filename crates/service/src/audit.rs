//! The audit log (R-SEC-4). Right: [`Right::ViewAudit`]. Retention is for whoever may write the data
//! folder; the caller is named for the log itself.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::SignedDuration;
use pinward_core::UserId;
use pinward_store::{
    AuditMark, AuditProgress, AuditQuery, AuditRecord, AuditReport, Store, StoreError,
};

use crate::error::unavailable;
use crate::{Caller, Denied, Permit, Refusal, Right, Service, Unavailable};

/// Records read at a time.
const PAGE: usize = 1000;
/// Records removed in one transaction: some tenths of a second, in which nobody else writes.
const PRUNED_AT_ONCE: u64 = 20_000;
/// How often records are read for one page of which some may be out of reach.
const MOST_LOOKS: usize = 200;
/// Records are kept for at least so long.
const SHORTEST_DAYS: u32 = 1;

/// Why the audit log was not read or changed.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// Younger records are never removed.
    #[error("records are kept for at least {SHORTEST_DAYS} day; give that or more")]
    TooYoung,
    /// The log does not hold, so nothing is removed from it.
    #[error(
        "the audit log is not as it was written, so nothing is removed: see `pinward audit verify`"
    )]
    Broken,
    /// The log as a whole is about everybody.
    #[error(
        "your roles reach some users only, and the audit log as a whole is verified by those whose roles \
         reach all users"
    )]
    OutOfScope,
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store did not answer.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(AuditError);

impl Refusal for AuditError {
    fn id(&self) -> &'static str {
        match self {
            Self::TooYoung => "RetentionTooShort",
            Self::Broken => "AuditBroken",
            Self::OutOfScope => "OutOfScope",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

impl Service {
    /// The records that are wanted, page by page. Whoever does not reach everybody sees those about the
    /// users whom they reach now, and no others; of what is about configuration, that which they reach
    /// (R-RBAC-3).
    pub fn audit<'a>(
        &self,
        caller: &'a Caller,
        query: AuditQuery,
    ) -> Result<AuditPages<'a>, AuditError> {
        Ok(AuditPages {
            permit: caller.permit(Right::ViewAudit)?,
            store: Arc::clone(&self.store),
            query,
            next: Next::First,
            reached: HashMap::new(),
        })
    }

    /// A page of the records that are wanted, from one on or from the first; as far as the caller sees
    /// them. Few records of many that are out of reach may come in several parts.
    pub async fn audit_page(
        &self,
        caller: &Caller,
        query: &AuditQuery,
        from: Option<i64>,
        most: usize,
    ) -> Result<AuditPart, AuditError> {
        let mut pages = self.audit(caller, query.clone())?;
        let mut part = AuditPart {
            records: Vec::new(),
            next: from,
        };
        for _ in 0..MOST_LOOKS {
            let wanted = most.saturating_sub(part.records.len());
            // As many as are missing, so that the next part begins where this one ends.
            let page = self.store.audit(query, part.next, wanted.max(1)).await?;
            part.next = page.next;
            for record in page.records {
                if pages.reaches(&record).await? {
                    part.records.push(record);
                }
            }
            if part.next.is_none() || part.records.len() >= most {
                break;
            }
        }
        Ok(part)
    }

    /// Whether the log is as it was written, and holds the records that were noted earlier. `None`:
    /// `progress` did not want to go on. Needs the right over everybody.
    pub async fn verify_audit(
        &self,
        caller: &Caller,
        noted: Vec<AuditMark>,
        progress: AuditProgress,
    ) -> Result<Option<AuditReport>, AuditError> {
        let permit = caller.permit(Right::ViewAudit)?;
        if !permit.reaches_everybody() {
            return Err(AuditError::OutOfScope);
        }
        Ok(self.store.verify_audit(noted, progress).await?)
    }

    /// Removes the records that are older than so many days; how many there were. `progress` is told
    /// after each part, and answers whether to go on. A log that does not hold is left as it is: what
    /// is kept would be verified from the wrong place.
    pub async fn prune_audit(
        &self,
        caller: &Caller,
        days: u32,
        progress: &mut (dyn FnMut(u64) -> bool + Send),
    ) -> Result<u64, AuditError> {
        if days < SHORTEST_DAYS {
            return Err(AuditError::TooYoung);
        }
        let checked = self
            .store
            .verify_audit(Vec::new(), Box::new(|_, _| true))
            .await?;
        if checked.is_none_or(|report| report.problem.is_some()) {
            return Err(AuditError::Broken);
        }
        let now = self.clock.now();
        let age = SignedDuration::from_hours(24 * i64::from(days));
        let before = now.saturating_sub(age).unwrap_or(now);
        let mut removed = 0;
        loop {
            let act = caller.act("AuditPrune", self.clock.now());
            let pruned = self.store.prune_audit(before, PRUNED_AT_ONCE, &act).await?;
            removed += pruned.removed;
            if !pruned.more || !progress(removed) {
                return Ok(removed);
            }
        }
    }
}

/// Some of the records that were asked for, within reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditPart {
    /// The records in order.
    pub records: Vec<AuditRecord>,
    /// From where to go on; `None`: there are no more.
    pub next: Option<i64>,
}

/// Where the next page begins.
enum Next {
    First,
    At(i64),
    Nowhere,
}

/// Records in order, a page at a time, in constant memory.
pub struct AuditPages<'a> {
    permit: Permit<'a>,
    store: Arc<dyn Store>,
    query: AuditQuery,
    next: Next,
    /// Whether the permit reaches a user.
    reached: HashMap<UserId, bool>,
}

impl AuditPages<'_> {
    /// The next records; empty when there are no more.
    pub async fn next(&mut self) -> Result<Vec<AuditRecord>, Unavailable> {
        loop {
            let from = match self.next {
                Next::First => None,
                Next::At(seq) => Some(seq),
                Next::Nowhere => return Ok(Vec::new()),
            };
            let page = self.store.audit(&self.query, from, PAGE).await?;
            self.next = page.next.map_or(Next::Nowhere, Next::At);
            let mut records = Vec::with_capacity(page.records.len());
            for record in page.records {
                if self.reaches(&record).await? {
                    records.push(record);
                }
            }
            if !records.is_empty() {
                return Ok(records);
            }
        }
    }

    async fn reaches(&mut self, record: &AuditRecord) -> Result<bool, StoreError> {
        if !reaches_configuration(&self.permit, record) {
            return Ok(false);
        }
        if self.permit.reaches_everybody() {
            return Ok(true);
        }
        let Some(id) = record.user else {
            return Ok(false);
        };
        if let Some(known) = self.reached.get(&id) {
            return Ok(*known);
        }
        let user = self.store.user(id).await?;
        let reached = user.is_some_and(|user| self.permit.reaches(&user.person));
        self.reached.insert(id, reached);
        Ok(reached)
    }
}

/// Whether the permit reaches the configuration that a record is about, where it is about any: a site and its
/// policy, the roles that a user got or lost, or what belongs to the company as a whole.
fn reaches_configuration(permit: &Permit<'_>, record: &AuditRecord) -> bool {
    if permit.reaches_site(None) {
        return true;
    }
    // Acts of the program and attempts to log on have other names than cmdlets.
    let Some((verb, noun)) = record.action.split_once('-') else {
        return true;
    };
    match record.user {
        Some(_) if noun == "CsAdminRole" => roles_of(record)
            .iter()
            .all(|role| permit.reaches_role(role)),
        None if verb != "Test" => {
            // Roles are called by their names alone, and one may be called like a site's subject.
            let of_site = matches!(noun, "CsSite" | "CsPinPolicy");
            let site = record
                .subject
                .as_deref()
                .and_then(|s| s.strip_prefix("Site:"));
            site.is_some_and(|site| of_site && permit.reaches_site(Some(site)))
        }
        _ => true,
    }
}

/// The roles that a record says a user got or lost.
fn roles_of(record: &AuditRecord) -> Vec<String> {
    let changes: Option<HashMap<String, Vec<Option<String>>>> = record
        .changes
        .as_deref()
        .and_then(|changes| serde_json::from_str(changes).ok());
    let roles = changes.unwrap_or_default().remove("Role");
    roles.into_iter().flatten().flatten().collect()
}
