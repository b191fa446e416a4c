//! The audit log: how long a million records take to be appended, verified and searched.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use pinward_core::{Clock, Outcome, UserId};
use pinward_store::{Answer, AuditQuery, LogOn, Origin, SqliteStore, Store};
use tokio::task::JoinSet;

use crate::args::Args;
use crate::progress::Progress;
use crate::system::SystemClock;

/// Records in the log.
const RECORDS: u32 = 1_000_000;
/// Records that are on their way at a time.
const AT_ONCE: u32 = 1000;
/// Searches by user, of different users.
const SEARCHES: u32 = 20;

/// Fills a log and measures it.
pub fn measure(folder: &Path, args: &Args, progress: &Progress) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(args.workers().get())
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store: Arc<dyn Store> = Arc::new(SqliteStore::create(folder)?);
        let begun = Instant::now();
        fill(&store, args.users, progress).await?;
        let filled = begun.elapsed();
        let begun = Instant::now();
        let all = Box::new(|_, _| true);
        let report = store.verify_audit(Vec::new(), all).await?;
        let verified = begun.elapsed();
        let report = report.context("nobody interrupts it")?;
        if let Some(problem) = report.problem {
            bail!("the log does not hold: {problem:?}");
        }
        let by_user = search_by_user(&*store, args.users).await?;
        let begun = Instant::now();
        let by_actor = AuditQuery {
            actor: Some("nobody".to_owned()),
            ..AuditQuery::default()
        };
        let _nothing = store.audit(&by_actor, None, 1000).await?;
        let scanned = begun.elapsed();
        progress.done();
        writeln!(
            io::stdout(),
            "{} records of {} users\nappended: {:.0}/s\nverified in {verified:.2?}\n\
             searched by user: {by_user:.2?}, the slowest of {SEARCHES}\n\
             searched by an actor that is not there: {scanned:.2?}",
            report.records,
            args.users,
            f64::from(RECORDS) / filled.as_secs_f64(),
        )
        .context("cannot write to standard output")
    })
}

async fn fill(store: &Arc<dyn Store>, users: u32, progress: &Progress) -> Result<()> {
    for first in (0..RECORDS).step_by(AT_ONCE as usize) {
        if progress.interrupted() {
            bail!("interrupted");
        }
        progress.at(format!("appending: {first} of {RECORDS} records"));
        let mut batch = JoinSet::new();
        for number in first..first + AT_ONCE {
            let store = Arc::clone(store);
            batch.spawn(async move {
                // Spread over the users as if they called at random.
                let user = i64::from(number) * 7919 % i64::from(users) + 1;
                let answer = Answer {
                    outcome: Outcome::IncorrectPin,
                    user: Some(UserId(user)),
                    locked_until: None,
                };
                let log_on = Arc::new(LogOn {
                    actor: None,
                    action: "LogOn",
                    origin: Origin {
                        client: Some("192.0.2.7".into()),
                        caller: Some("+14255550100".to_owned()),
                        ..Origin::of("program")
                    },
                    subject: format!("sip:person{user}@litwareinc.com"),
                });
                store
                    .record_log_on(answer, SystemClock.now(), &log_on)
                    .await
            });
        }
        while let Some(recorded) = batch.join_next().await {
            recorded??;
        }
    }
    Ok(())
}

/// How long the slowest of some searches takes, for all records of one user.
async fn search_by_user(store: &dyn Store, users: u32) -> Result<Duration> {
    let mut slowest = Duration::ZERO;
    for search in 0..SEARCHES {
        let query = AuditQuery {
            user: Some(UserId(i64::from(search * (users / SEARCHES)) + 1)),
            newest_first: true,
            ..AuditQuery::default()
        };
        let begun = Instant::now();
        let page = store.audit(&query, None, 1000).await?;
        slowest = slowest.max(begun.elapsed());
        if page.records.is_empty() {
            bail!("a user has no records");
        }
    }
    Ok(slowest)
}
