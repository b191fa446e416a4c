//! How many logon attempts a second the store keeps, and how fast it lists.
//!
//! `cargo run --release -p pinward-store --example commit_rate [folder]`: the folder decides which
//! disk is measured; a temporary one by default.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use pinward_core::{LengthClass, Lookup, Pattern, Person, UserId};
use pinward_store::{Act, Charged, LogOn, Origin, SetPin, SqliteStore, Store, StoreError, Verdict};

const USERS: i64 = 100_000;
const LEASE: SignedDuration = SignedDuration::from_secs(60);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let temporary = tempfile::tempdir()?;
    let parent = std::env::args_os().nth(1).map(PathBuf::from);
    let dir = tempfile::tempdir_in(parent.as_deref().unwrap_or(temporary.path()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()?;
    runtime.block_on(measure(Arc::new(SqliteStore::create(dir.path())?)))?;
    Ok(())
}

async fn measure(store: Arc<SqliteStore>) -> Result<(), StoreError> {
    let begun = Instant::now();
    for batch in 0..USERS / 1000 {
        let people = (batch * 1000..(batch + 1) * 1000).map(person).collect();
        let _put = store
            .put_people(people, false, &act(Timestamp::UNIX_EPOCH))
            .await?;
    }
    println!("{USERS} people put in {:.2?}", begun.elapsed());

    let begun = Instant::now();
    let (mut after, mut seen) = (None, 0);
    loop {
        let page = store.users_after(after, 1000).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen += page.len();
    }
    println!("{seen} users listed in {:.2?}", begun.elapsed());

    let begun = Instant::now();
    let pattern = Lookup::DisplayPattern(Pattern::parse("* 99999"));
    let found = store.find(&pattern, usize::MAX).await?.len();
    println!("{found} user found by pattern in {:.2?}", begun.elapsed());

    let begun = Instant::now();
    for number in 0..10_000 {
        let _found = store
            .find(&Lookup::Extension(format!("{}", 100_000 + number)), 2)
            .await?;
    }
    println!(
        "one user found by extension in {:.2?}",
        begun.elapsed() / 10_000
    );

    for writers in [1, 8, 64, 256] {
        let pairs = rate(&store, writers).await?;
        println!("{writers:>3} in flight: {pairs:>7.0} charge+settle pairs/s");
    }
    Ok(())
}

async fn rate(store: &Arc<SqliteStore>, writers: i64) -> Result<f64, StoreError> {
    let now = Timestamp::UNIX_EPOCH;
    for user in 1..=writers {
        let _set = store.set_pin(pin_of(user, now)).await?;
    }
    let begun = Instant::now();
    let tasks: Vec<_> = (1..=writers)
        .map(|user| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                let mut pairs = 0_u64;
                while begun.elapsed() < Duration::from_secs(3) {
                    let charged = store.charge(UserId(user), now, LEASE, &log_on()).await?;
                    let Charged::Admitted { attempt, .. } = charged else {
                        break;
                    };
                    let correct = Verdict::Correct { upgraded: None };
                    let _settled = store.settle(attempt, correct, now, &log_on()).await?;
                    pairs += 1;
                }
                Ok::<_, StoreError>(pairs)
            })
        })
        .collect();
    let mut pairs = 0;
    for task in tasks {
        pairs += task.await.map_err(|_ended| StoreError::Closed)??;
    }
    Ok(pairs as f64 / begun.elapsed().as_secs_f64())
}

fn pin_of(user: i64, now: Timestamp) -> SetPin {
    SetPin {
        user: UserId(user),
        verifier: format!("pw1$0123abcd$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2E$aGFzaA{user}"),
        length_class: LengthClass::Five,
        must_change: false,
        expires_override: None,
        if_version: None,
        act: act(now),
    }
}

fn log_on() -> Arc<LogOn> {
    Arc::new(LogOn {
        actor: None,
        action: "LogOn",
        origin: Origin::of("program"),
        subject: "sip:somebody@litwareinc.com".to_owned(),
    })
}

fn act(at: Timestamp) -> Act {
    Act {
        at,
        actor: "measurement".to_owned(),
        action: "Measure",
        origin: Origin::of("program"),
    }
}

fn person(number: i64) -> Person {
    let attribute = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
    Person {
        guid: format!("00000000-0000-4000-8000-{number:012x}"),
        dn: format!("CN=Person {number},OU=Finance,DC=litwareinc,DC=com"),
        display_name: format!("Person {number}"),
        first_name: Some("Person".to_owned()),
        last_name: Some(number.to_string()),
        sam_account_name: format!("person{number}"),
        domain: "LITWAREINC".to_owned(),
        upn: Some(format!("person{number}@litwareinc.com")),
        sip_address: Some(format!("sip:person{number}@litwareinc.com")),
        line_uri: Some(format!("tel:+1425{number:07};ext={}", 100_000 + number)),
        enabled: true,
        registrar_pool: Some("pool.litwareinc.com".to_owned()),
        site: None,
        attributes: BTreeMap::from([
            attribute("title", "Accountant"),
            attribute("department", "Finance"),
            attribute("l", "Redmond"),
        ]),
        when_created: Some(Timestamp::UNIX_EPOCH),
        when_changed: Some(Timestamp::UNIX_EPOCH),
    }
}
