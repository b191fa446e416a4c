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
use pinward_service::{
    Attempt, Door, NewPin, Source, SyncError, SyncOptions, SyncReport, in_background,
};
use pinward_testkit::{For, Kit};
use tokio::task::JoinHandle;

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

/// Synchronises as the server does.
async fn sync(
    kit: &Arc<Kit>,
    mut source: LdapSource,
    full: bool,
) -> (LdapSource, Result<SyncReport, SyncError>) {
    let kit = Arc::clone(kit);
    let done = in_background(move || async move {
        let options = SyncOptions {
            full,
            ..SyncOptions::of("slapd", "Ldap")
        };
        let (service, administrator) = (&kit.service, kit.administrator());
        let came = service
            .sync(&administrator, &mut source, &options, &mut |_| true)
            .await;
        (source, came)
    });
    done.await.unwrap()
}

async fn timed(kit: &Arc<Kit>, source: LdapSource, what: &str) -> (LdapSource, SyncReport) {
    let begun = Instant::now();
    let (source, report) = sync(kit, source, false).await;
    let report = report.unwrap();
    println!(
        "{what}: {:.2} s, {:?}, peak {} MiB",
        begun.elapsed().as_secs_f32(),
        report.figures,
        peak()
    );
    (source, report)
}

/// Logs on one after the other until told to stop: how many, and the 50th and 99th percentile.
async fn log_on(kit: &Kit, who: &str, stop: &AtomicBool) -> (usize, Duration, Duration) {
    let mut took = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let attempt = Attempt {
            who,
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

/// Logons meanwhile.
struct Logons {
    stop: Arc<AtomicBool>,
    task: JoinHandle<(usize, Duration, Duration)>,
}

impl Logons {
    fn begin(kit: &Arc<Kit>, who: &'static str) -> Logons {
        let stop = Arc::new(AtomicBool::new(false));
        let (kit, stopped) = (Arc::clone(kit), Arc::clone(&stop));
        Logons {
            stop,
            task: tokio::spawn(async move { log_on(&kit, who, &stopped).await }),
        }
    }

    async fn end(self, what: &str) {
        self.stop.store(true, Ordering::SeqCst);
        println!("logons {what}: {:?}", self.task.await.unwrap());
    }
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
    let cheap = Arc::new(Kit::without_people().await);
    println!("peak {} MiB before", peak());
    let mapping = Mapping::of(Preset::Openldap).unwrap();
    let how = settings(vec![slapd.ldaps()], slapd.trust());
    let source = LdapSource::new(how, vec![BASE.to_owned()], mapping).unwrap();
    let (mut source, _first) = timed(&cheap, source, "first full reading").await;

    let mut admin = slapd.admin().await;
    for turn in 1..=2 {
        for number in 0..10 {
            let title = format!("Title {turn}");
            let change = Mod::Replace("title", HashSet::from([title.as_str()]));
            let name = format!("cn=User {number},{BASE}");
            let done = admin.modify(&name, vec![change]).await.unwrap();
            done.success().unwrap();
        }
        let report;
        (source, report) = timed(&cheap, source, &format!("increment {turn}")).await;
        assert_eq!(report.figures.updated, 10);
    }

    let dear = Arc::new(cheap.at_full_cost().await);
    let [first, second] = ["u1@litwareinc.com", "u2@litwareinc.com"];
    for (kit, who, cost) in [
        (&cheap, first, "at the cheapest hash"),
        (&dear, second, "at full cost"),
    ] {
        let user = kit.person(who).await;
        let administrator = kit.administrator();
        let pin = NewPin::Named("18723834");
        let assigned = kit.service.assign_pin(&administrator, &user, &pin).await;
        assigned.unwrap();
        let logons = Logons::begin(kit, who);
        tokio::time::sleep(Duration::from_secs(10)).await;
        logons.end(&format!("alone {cost}")).await;

        let logons = Logons::begin(kit, who);
        let begun = Instant::now();
        let report;
        (source, report) = sync(kit, source, true).await;
        assert_eq!(report.unwrap().unchanged as usize, PEOPLE);
        let took = begun.elapsed().as_secs_f32();
        let what = format!("beside a full reading of {took:.1} s {cost}");
        logons.end(&what).await;
    }

    slapd.kill();
    let logons = Logons::begin(&cheap, first);
    let (_source, failed) = sync(&cheap, source, true).await;
    assert!(failed.is_err());
    tokio::time::sleep(Duration::from_secs(5)).await;
    logons.end("while the directory is down").await;
}
