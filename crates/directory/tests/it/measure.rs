//! How long a large directory takes. Not a test: run with
//! `cargo nextest run --release -p pinward-directory --run-ignored only measure --no-capture`.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ldap3::Mod;
use pinward_core::Outcome;
use pinward_directory::ldap::{LdapSource, Mapping, Preset};
use pinward_service::{Attempt, Door, NewPin, Source, SyncOptions, SyncReport};
use pinward_testkit::{For, Kit};

use crate::slapd::{BASE, Slapd, is_there, settings};

const PEOPLE: usize = 100_000;

fn people() -> String {
    let mut all = String::new();
    for number in 0..PEOPLE {
        write!(
            all,
            "dn: cn=User {number},{BASE}\nobjectClass: inetOrgPerson\ncn: User {number}\nsn: {number}\n\
             uid: u{number}\nmail: u{number}@litwareinc.com\ntelephoneNumber: +1 425 {number:07}\n\
             title: Manager\nl: Redmond\ndepartmentNumber: 7\n\n"
        )
        .unwrap();
    }
    all
}

/// The most memory the process ever had, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}

async fn timed(kit: &Kit, source: &mut LdapSource, what: &str) -> SyncReport {
    let begun = Instant::now();
    let options = SyncOptions::of("slapd", "Ldap");
    let report = kit
        .service
        .sync(&kit.administrator(), source, &options, &mut |_| true)
        .await
        .unwrap();
    println!(
        "{what}: {:.2} s, {:?}, peak {} MiB",
        begun.elapsed().as_secs_f32(),
        report.figures,
        peak()
    );
    report
}

/// Logs on one after the other until told to stop: how many, and the 50th and 99th percentile.
async fn log_on(kit: &Kit, stop: &AtomicBool) -> (usize, Duration, Duration) {
    let mut took = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let attempt = Attempt {
            who: "u1@litwareinc.com",
            pin: "18723834",
            also_known_as: None,
            source: Source::of(Door::Shell),
            delivery: None,
        };
        let begun = Instant::now();
        let came = kit.service.log_on(&attempt).await.unwrap();
        took.push(begun.elapsed());
        assert_eq!(came.outcome, Outcome::Success);
    }
    took.sort();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100];
    (took.len(), at(50), at(99))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn measure_a_large_directory() {
    if !is_there() {
        return;
    }
    let text = people();
    let mut slapd = Slapd::start(&text, For::This).await;
    drop(text);
    let kit = Arc::new(Kit::without_people().await);
    println!("peak {} MiB before", peak());
    let mapping = Mapping::of(Preset::Openldap).unwrap();
    let how = settings(vec![slapd.ldaps()], slapd.trust());
    let mut source = LdapSource::new(how, vec![BASE.to_owned()], mapping).unwrap();
    let _first = timed(&kit, &mut source, "first full reading").await;

    let mut admin = slapd.admin().await;
    for turn in 1..=2 {
        for number in 0..10 {
            let title = format!("Title {turn}");
            let change = Mod::Replace("title", HashSet::from([title.as_str()]));
            let name = format!("cn=User {number},{BASE}");
            let done = admin.modify(&name, vec![change]).await.unwrap();
            done.success().unwrap();
        }
        let report = timed(&kit, &mut source, &format!("increment {turn}")).await;
        assert_eq!(report.figures.updated, 10);
    }

    let user = kit.person("u1@litwareinc.com").await;
    let pin = NewPin::Named("18723834");
    let administrator = kit.administrator();
    let assigned = kit.service.assign_pin(&administrator, &user, &pin).await;
    assigned.unwrap();
    let logons = |stop: &Arc<AtomicBool>| {
        let (kit, stop) = (Arc::clone(&kit), Arc::clone(stop));
        tokio::spawn(async move { log_on(&kit, &stop).await })
    };
    let stop = Arc::new(AtomicBool::new(false));
    let alone = logons(&stop);
    tokio::time::sleep(Duration::from_secs(5)).await;
    stop.store(true, Ordering::SeqCst);
    println!("logons alone: {:?}", alone.await.unwrap());

    let stop = Arc::new(AtomicBool::new(false));
    let beside = logons(&stop);
    let begun = Instant::now();
    let options = SyncOptions {
        full: true,
        ..SyncOptions::of("slapd", "Ldap")
    };
    let report = kit
        .service
        .sync(&administrator, &mut source, &options, &mut |_| true)
        .await;
    assert_eq!(report.unwrap().unchanged as usize, PEOPLE);
    let took = begun.elapsed().as_secs_f32();
    stop.store(true, Ordering::SeqCst);
    println!(
        "logons beside a full reading of {took:.1} s: {:?}",
        beside.await.unwrap()
    );

    slapd.kill();
    let stop = Arc::new(AtomicBool::new(false));
    let down = logons(&stop);
    let failed = kit
        .service
        .sync(&administrator, &mut source, &options, &mut |_| true)
        .await;
    assert!(failed.is_err());
    tokio::time::sleep(Duration::from_secs(5)).await;
    stop.store(true, Ordering::SeqCst);
    println!(
        "logons while the directory is down: {:?}",
        down.await.unwrap()
    );
}
