//! Bringing people up to what their source says. Rights: [`Right::ImportPeople`],
//! [`Right::ViewSources`].
//!
//! What is read is staged first, so that a reading that breaks off changes nobody, and what it would do
//! is known before it is done.

use jiff::SignedDuration;
use pinward_directory::source::{Cookie, Entry, Reading, Source, SourceError};
use pinward_store::{
    Conflict, ReadingId, SourceStatus, Staged, SyncEnd, SyncFigures, SyncPlan, SyncStep, SyncTerms,
};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::error::unavailable;
use crate::spans::step;
use crate::{Caller, Denied, Permit, Refusal, Right, SPANS, Service, Unavailable};

/// What goes into one transaction while people log on: a logon may have to wait for one, a millisecond or two.
const BESIDE_LOG_ONS: Portion = Portion {
    entries: 64,
    people: 16,
};
/// The same while nobody does: on a slow disk it is the number of transactions that takes the time.
const ALONE: Portion = Portion {
    entries: 250,
    people: 250,
};
/// Staged entries that are forgotten in one transaction.
const FORGOTTEN: usize = 250;

/// How much goes into one transaction.
#[derive(Clone, Copy)]
struct Portion {
    /// Entries that are staged or judged.
    entries: usize,
    /// People who are changed, which is more work.
    people: usize,
}
/// So few may be disabled without being asked about, whatever their share, unless they are all.
const FEW: u64 = 5;

/// How to synchronise.
#[derive(Clone, Debug)]
pub struct SyncOptions {
    /// The name under which the source is remembered.
    pub name: String,
    /// What it is: `File`, `Ldap`.
    pub kind: &'static str,
    /// Say what would be done and change nobody.
    pub dry_run: bool,
    /// Read everybody, also where an increment would do.
    pub full: bool,
    /// The share of the source's enabled users, in percent, beyond which nobody is disabled without
    /// being asked about.
    pub most_disabled_percent: u8,
    /// So many may be disabled instead.
    pub allow_disable: Option<u64>,
    /// For how many days somebody who is gone is kept.
    pub grace_days: u16,
}

impl SyncOptions {
    /// The usual ones: 20 percent, 30 days.
    pub fn of(name: impl Into<String>, kind: &'static str) -> Self {
        Self {
            name: name.into(),
            kind,
            dry_run: false,
            full: false,
            most_disabled_percent: 20,
            allow_disable: None,
            grace_days: 30,
        }
    }

    fn asks_about(&self, plan: &SyncPlan) -> bool {
        if let Some(allowed) = self.allow_disable {
            return plan.disabled > allowed;
        }
        let share = plan.disabled.saturating_mul(100)
            > plan
                .enabled
                .saturating_mul(self.most_disabled_percent.into());
        let all = plan.disabled > 1 && plan.disabled >= plan.enabled;
        all || (plan.disabled > FEW && share)
    }
}

/// What a sync is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncPhase {
    /// The source is read. Nothing is changed until this is over.
    Reading,
    /// What was read is applied.
    Applying,
}

/// How far a sync is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncProgress {
    /// What it is about.
    pub phase: SyncPhase,
    /// Entries read, or people applied.
    pub done: u64,
    /// How many there are, where that is known.
    pub whole: Option<u64>,
}

/// What a sync did, or in a dry run would have done.
#[derive(Clone, Debug, Default)]
pub struct SyncReport {
    /// Whether everybody was read.
    pub full: bool,
    /// What was done.
    pub figures: SyncFigures,
    /// People who stayed as they were.
    pub unchanged: u64,
    /// Enabled users of the source before.
    pub enabled_before: u64,
    /// Some of those by name who were disabled, or would be.
    pub disabled_names: Vec<String>,
    /// So many people were not in the source and were left as they are, because there are entries of
    /// which it cannot be told whose they are.
    pub held_back: u64,
    /// Entries that were left out: the name or place and why.
    pub unusable: Vec<(String, String)>,
    /// Numbers and addresses that several enabled users have.
    pub conflicts: Vec<Conflict>,
    /// Servers that were asked in vain before the one that was read.
    pub passed_over: Vec<SourceError>,
    /// Whether nothing was changed because too many users would have been disabled.
    pub asks: bool,
    /// Whether the caller stopped it before the end.
    pub interrupted: bool,
}

/// Why a sync did not run to its end.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The source could not be read to its end; nobody was changed.
    #[error("{0}. Nobody was changed")]
    Source(SourceError),
    /// The name is empty.
    #[error("the source has no name; give it one")]
    NoName,
    /// Another sync of the source was begun meanwhile.
    #[error(
        "another sync of \"{name}\" was begun meanwhile and goes on with it; each change was made \
         whole"
    )]
    Overtaken {
        /// The source's name.
        name: String,
    },
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store stopped answering. The next sync goes on.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(SyncError);

impl Refusal for SyncError {
    fn id(&self) -> &'static str {
        match self {
            Self::Source(error) => error.id,
            Self::NoName => "SourceNameMissing",
            Self::Overtaken { .. } => "SyncOvertaken",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// Told how far it is; answers whether to go on.
type Told<'a> = &'a mut (dyn FnMut(SyncProgress) -> bool + Send);

impl Service {
    /// What is known of the sources that people are synchronised with. They belong to the company as a whole
    /// and count all of its people, so whoever reaches a part is told of none (R-RBAC-3).
    pub async fn sources(&self, caller: &Caller) -> Result<Vec<SourceStatus>, SyncError> {
        let permit = caller.permit(Right::ViewSources)?;
        if !permit.reaches_everybody() || !permit.reaches_site(None) {
            return Ok(Vec::new());
        }
        let mut sources = self.store.sources().await?;
        // What was never more than tried in a dry run is none yet.
        sources.retain(|source| source.last_attempt.is_some());
        Ok(sources)
    }

    /// Makes a source the whole truth about its people: creates, updates and disables them, and purges
    /// who is gone for long enough. People who come from elsewhere stay as they are.
    pub async fn sync(
        &self,
        caller: &Caller,
        source: &mut dyn Source,
        options: &SyncOptions,
        progress: Told<'_>,
    ) -> Result<SyncReport, SyncError> {
        let permit = caller.permit(Right::ImportPeople)?;
        if options.name.trim().is_empty() {
            return Err(SyncError::NoName);
        }
        let span = tracing::info_span!(
            target: SPANS,
            "sync",
            pinward.source = options.name,
            pinward.full = Empty,
            pinward.changed = Empty,
            pinward.outcome = Empty,
            otel.status_code = Empty,
        );
        let synchronising = self.synchronise(permit, source, options, progress);
        let came = synchronising.instrument(span.clone()).await;
        note(&span, &came);
        came
    }

    async fn synchronise(
        &self,
        permit: Permit<'_>,
        source: &mut dyn Source,
        options: &SyncOptions,
        progress: Told<'_>,
    ) -> Result<SyncReport, SyncError> {
        let begun = self
            .store
            .begin_reading(&options.name, options.kind, self.clock.now())
            .await?;
        let sync = Sync {
            service: self,
            permit,
            options,
            reading: begun.reading,
        };
        let came = sync.run(source, begun.cookie, progress).await;
        if let Err(SyncError::Source(error)) = &came {
            let failed = SyncEnd {
                complete: false,
                full: false,
                result: error.id.to_owned(),
                cookie: None,
                conflicts: 0,
                figures: SyncFigures::default(),
            };
            sync.end(failed).await?;
        }
        self.store.leave_reading(begun.reading).await?;
        sync.forget(begun.reading).await?;
        came
    }
}

/// Says in the span of a sync what came of it.
fn note(span: &Span, came: &Result<SyncReport, SyncError>) {
    match came {
        Ok(report) => {
            let figures = report.figures;
            let changed = figures.created + figures.updated + figures.returned + figures.disabled;
            span.record("pinward.full", report.full);
            span.record("pinward.changed", changed);
            span.record("pinward.outcome", outcome(report));
        }
        Err(error) => {
            span.record("pinward.outcome", error.id());
            span.record("otel.status_code", "ERROR");
        }
    }
}

/// What a sync that was not broken off is called by.
fn outcome(report: &SyncReport) -> &'static str {
    match (report.asks, report.interrupted) {
        (true, _) => "TooManyDisabled",
        (false, true) => "Interrupted",
        (false, false) if !report.unusable.is_empty() => "SomeUnusable",
        (false, false) => "Success",
    }
}

/// What came of reading.
struct Read {
    passed_over: Vec<SourceError>,
    /// `None`: the caller wanted no more of it.
    came: Option<(Reading, Option<Cookie>)>,
}

/// One sync under way.
struct Sync<'a> {
    service: &'a Service,
    permit: Permit<'a>,
    options: &'a SyncOptions,
    reading: ReadingId,
}

impl Sync<'_> {
    async fn run(
        &self,
        source: &mut dyn Source,
        cookie: Option<String>,
        progress: Told<'_>,
    ) -> Result<SyncReport, SyncError> {
        let before = ReadingId {
            number: self.reading.number - 1,
            ..self.reading
        };
        self.forget(before).await?;
        let since = cookie.filter(|_| !self.options.full).map(Cookie);
        let reading = self.read(source, since, progress);
        let read = reading.instrument(step!("read")).await?;
        let Some((reading, cookie)) = read.came else {
            return Ok(SyncReport {
                interrupted: true,
                passed_over: read.passed_over,
                ..SyncReport::default()
            });
        };
        let full = reading == Reading::Full;
        let plan = self.plan(full).instrument(step!("plan")).await?;
        let mut report = report(&plan, full);
        report.passed_over = read.passed_over;
        report.asks = self.options.asks_about(&plan);
        if self.options.dry_run {
            return Ok(report);
        }
        if !report.asks {
            report.figures = SyncFigures::default();
            let applying = self.apply(&plan, &mut report.figures, progress);
            report.interrupted = !applying.instrument(step!("apply")).await?;
        }
        self.end(SyncEnd {
            complete: !report.asks && !report.interrupted,
            full,
            result: outcome(&report).to_owned(),
            cookie: cookie.map(|Cookie(text)| text),
            conflicts: report.conflicts.len() as u64,
            figures: match report.asks {
                true => SyncFigures::default(),
                false => report.figures,
            },
        })
        .await?;
        Ok(report)
    }

    /// Reads and stages everything; from the beginning where the source breaks off and has somebody else to
    /// ask.
    async fn read(
        &self,
        source: &mut dyn Source,
        since: Option<Cookie>,
        progress: Told<'_>,
    ) -> Result<Read, SyncError> {
        let mut broke_off = Vec::new();
        loop {
            match self.read_once(source, since.as_ref(), progress).await {
                Err(SyncError::Source(error)) if source.has_another() => {
                    broke_off.push(error);
                    self.forget(self.reading).await?;
                }
                Err(SyncError::Source(last)) => {
                    return Err(SyncError::Source(in_one(broke_off, last)));
                }
                Err(error) => return Err(error),
                Ok(mut read) => {
                    read.passed_over.splice(..0, broke_off);
                    return Ok(read);
                }
            }
        }
    }

    async fn read_once(
        &self,
        source: &mut dyn Source,
        since: Option<&Cookie>,
        progress: Told<'_>,
    ) -> Result<Read, SyncError> {
        let opened = source.read(since).await;
        let mut pages = opened.map_err(SyncError::Source)?;
        let passed_over = pages.passed_over();
        let mut done = 0;
        while let Some(page) = pages.next().await.map_err(SyncError::Source)? {
            let mut entries = page.into_iter().map(staged).peekable();
            while entries.peek().is_some() {
                let batch: Vec<Staged> = entries.by_ref().take(self.portion().entries).collect();
                done += batch.len() as u64;
                let now = self.service.clock.now();
                let store = &self.service.store;
                self.current(store.stage(self.reading, batch, now).await?)?;
            }
            let read = SyncProgress {
                phase: SyncPhase::Reading,
                done,
                whole: None,
            };
            if !progress(read) {
                return Ok(Read {
                    passed_over,
                    came: None,
                });
            }
        }
        Ok(Read {
            passed_over,
            came: Some((pages.reading(), pages.cookie())),
        })
    }

    async fn plan(&self, full: bool) -> Result<SyncPlan, SyncError> {
        let store = &self.service.store;
        loop {
            let most = self.portion().entries;
            let now = self.service.clock.now();
            let judged = store.judge_staged(self.reading, most, now).await?;
            if self.current(judged)? < most {
                break;
            }
        }
        let grace = SignedDuration::from_hours(24 * i64::from(self.options.grace_days));
        let terms = SyncTerms {
            full,
            purge_before: self.service.clock.now() - grace,
        };
        self.current(store.plan_reading(self.reading, terms).await?)
    }

    /// Applies what was planned, one batch after the other. `false`: the caller stopped it.
    async fn apply(
        &self,
        plan: &SyncPlan,
        figures: &mut SyncFigures,
        progress: Told<'_>,
    ) -> Result<bool, SyncError> {
        let people = plan.created + plan.updated + plan.returned + plan.disabled;
        let whole = people + plan.purge.len() as u64;
        let mut go_on = |figures: &SyncFigures| {
            progress(SyncProgress {
                phase: SyncPhase::Applying,
                done: figures.gone_through as u64,
                whole: Some(whole.max(figures.gone_through as u64)),
            })
        };
        // Whoever stops it by dropping it learns that somebody may be changed from now on.
        if !go_on(&SyncFigures::default()) {
            return Ok(false);
        }
        loop {
            let most = self.portion().people;
            let step = self.step(SyncStep::Entries(most)).await?;
            figures.add(step);
            self.service.settle_places(None, |_| {}).await?;
            // Told also at the end: before anybody is disabled there is a last word.
            if !go_on(figures) {
                return Ok(false);
            }
            if step.gone_through < most {
                break;
            }
        }
        let missing = plan.missing.chunks(BESIDE_LOG_ONS.people);
        let missing = missing.map(|users| SyncStep::Missing(users.to_vec()));
        let purge = plan.purge.chunks(BESIDE_LOG_ONS.people);
        let purge = purge.map(|users| SyncStep::Purge(users.to_vec()));
        let steps: Vec<SyncStep> = missing.chain(purge).collect();
        let mut steps = steps.into_iter().peekable();
        while let Some(step) = steps.next() {
            figures.add(self.step(step).await?);
            if !go_on(figures) && steps.peek().is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn portion(&self) -> Portion {
        match self.service.meter.log_ons_go_on() {
            true => BESIDE_LOG_ONS,
            false => ALONE,
        }
    }

    async fn step(&self, step: SyncStep) -> Result<SyncFigures, SyncError> {
        let act = self.permit.act(self.service.clock.now());
        let store = &self.service.store;
        self.current(store.apply_reading(self.reading, step, &act).await?)
    }

    async fn end(&self, end: SyncEnd) -> Result<(), SyncError> {
        if self.options.dry_run {
            return Ok(());
        }
        let act = self.permit.act(self.service.clock.now());
        let store = &self.service.store;
        self.current(store.end_reading(self.reading, end, &act).await?)
    }

    /// Forgets what is staged of this reading and those before it.
    async fn forget(&self, reading: ReadingId) -> Result<(), SyncError> {
        let store = &self.service.store;
        while store.forget_staged(reading, FORGOTTEN).await? == FORGOTTEN {}
        Ok(())
    }

    fn current<T>(&self, answer: Option<T>) -> Result<T, SyncError> {
        answer.ok_or_else(|| SyncError::Overtaken {
            name: self.options.name.clone(),
        })
    }
}

/// The last error, after what went wrong with those who were asked before.
fn in_one(before: Vec<SourceError>, last: SourceError) -> SourceError {
    let mut messages: Vec<String> = before.into_iter().map(|error| error.message).collect();
    messages.push(last.message);
    SourceError {
        message: messages.join("; "),
        ..last
    }
}

fn staged(entry: Entry) -> Staged {
    match entry {
        Entry::Person(person) => Staged::Person(person),
        Entry::Gone { guid } => Staged::Gone { guid },
        Entry::Unusable { guid, name, reason } => Staged::Unusable { guid, name, reason },
    }
}

/// What would be done.
fn report(plan: &SyncPlan, full: bool) -> SyncReport {
    SyncReport {
        full,
        figures: SyncFigures {
            created: plan.created,
            updated: plan.updated,
            returned: plan.returned,
            disabled: plan.disabled,
            purged: plan.purge.len() as u64,
            gone_through: 0,
        },
        unchanged: plan.unchanged,
        enabled_before: plan.enabled,
        disabled_names: plan.disabled_names.clone(),
        held_back: plan.held_back,
        unusable: plan.unusable.clone(),
        conflicts: plan.conflicts.clone(),
        passed_over: Vec::new(),
        asks: false,
        interrupted: false,
    }
}
