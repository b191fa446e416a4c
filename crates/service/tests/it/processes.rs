//! Several processes with the whole product on one data folder, killed at random (R-LOCK-10), and
//! one attempt delivered to all of them (R-LOCK-11).
//!
//! The other processes are this test binary again, told by variables what to do.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use jiff::SignedDuration;
use pinward_core::{Clock, Entropy, PolicyPatch, Timestamp, User};
use pinward_service::{Attempt, Delivery, Door, Input, Refusal, Service, Source};
use pinward_store::SqliteStore;
use pinward_testkit::{Kit, SeededEntropy};
use pinward_verifier::{HashParams, KeyRing};

use crate::helpers::{assign, log_on};

const ROLE: &str = "PINWARD_SERVICE_TEST_ROLE";
const FOLDER: &str = "PINWARD_SERVICE_TEST_FOLDER";
const TIME: &str = "PINWARD_SERVICE_TEST_TIME";
const PROCESSES: usize = 8;
const ROUNDS: u64 = 100;
const LIMIT: u32 = 20;
/// Attempts of one process for one user at a time.
const AT_ONCE: usize = 2;

const RIGHT: &str = "18723834";
const WRONG: &str = "72940001";

/// Who gets which PINs: wrong ones, right ones, both by turns.
const GUESSED: &str = "litwareinc\\kenmyer";
const RIGHTFUL: &str = "Pilar Ackerman";
const MIXED: &str = "Denise Smith";
const PEOPLE: [&str; 3] = [GUESSED, RIGHTFUL, MIXED];

struct Standing(Timestamp);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Another process, which does not outlive the test.
struct Other(Child);

impl Other {
    fn begin(role: &str, kit: &Kit) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args([
                "processes::in_another_process",
                "--exact",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(ROLE, role)
            .env(FOLDER, kit.folder())
            .env(TIME, kit.clock.now().as_millisecond().to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// What it says, as (who, outcome), until its end or until it has said `most`, when it is
    /// killed: what it could still say before that is heard too.
    fn heard(&mut self, most: usize) -> Vec<(String, String)> {
        let mut output = BufReader::new(self.0.stdout.take().unwrap());
        let (mut heard, mut line) = (Vec::new(), String::new());
        while output.read_line(&mut line).unwrap() > 0 {
            // The last line may be cut where the process died.
            if let Some(said) = line
                .strip_suffix('\n')
                .and_then(|line| line.strip_prefix("> "))
            {
                let (who, outcome) = said.split_once(" = ").unwrap();
                heard.push((who.to_owned(), outcome.to_owned()));
                if heard.len() == most {
                    // SIGKILL
                    self.0.kill().unwrap();
                }
            }
            line.clear();
        }
        heard
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

async fn say(service: &Service, who: &str, pin: &str, key: Option<&str>) {
    let delivery = key.map(|key| Delivery {
        client: "gateway",
        key,
        life: SignedDuration::from_mins(10),
        input: Input::Keyed(&[]),
    });
    let attempt = Attempt {
        who,
        pin,
        also_known_as: None,
        source: Source::of(Door::Shell),
        delivery,
    };
    let right = if pin == RIGHT { "right" } else { "wrong" };
    match service.log_on(&attempt).await {
        Ok(verdict) => println!("> {who} = {right} {}", verdict.outcome),
        Err(error) => println!("> {who} = {right} {}: {error}", error.id()),
    }
}

/// What the other processes do. In an ordinary run there is nothing to do.
#[tokio::test]
async fn in_another_process() {
    let (Ok(role), Ok(folder), Ok(time)) = (
        std::env::var(ROLE),
        std::env::var(FOLDER),
        std::env::var(TIME),
    ) else {
        return;
    };
    let folder = Path::new(&folder);
    let time = Timestamp::from_millisecond(time.parse().unwrap()).unwrap();
    let service = Service::open(
        Arc::new(SqliteStore::open(folder).unwrap()),
        KeyRing::load(&folder.join("pinward.key")).unwrap(),
        HashParams::MINIMUM_FOR_MEASUREMENTS,
        NonZeroUsize::MIN,
        Arc::new(Standing(time)),
        Arc::new(SeededEntropy::new(u64::from(std::process::id()))),
    )
    .await
    .unwrap();
    let service = Arc::new(service);
    println!();
    if role == "deliver" {
        for number in 0..20 {
            say(&service, GUESSED, WRONG, Some(&format!("key {number}"))).await;
        }
        return;
    }
    let mut tasks = Vec::new();
    for (who, pins) in PEOPLE
        .into_iter()
        .zip([[WRONG; 2], [RIGHT; 2], [RIGHT, WRONG]])
    {
        for _ in 0..AT_ONCE {
            let service = Arc::clone(&service);
            // Until somebody ends it.
            tasks.push(tokio::spawn(async move {
                for pin in pins.into_iter().cycle() {
                    say(&service, who, pin, None).await;
                    // One thread does all: nobody is to have it alone.
                    tokio::task::yield_now().await;
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
}

async fn limited() -> Kit {
    let kit = Kit::sample_in(crate::helpers::in_memory()).await;
    let patch = PolicyPatch {
        maximum_logon_attempts: Some(Some(u64::from(LIMIT))),
        ..PolicyPatch::default()
    };
    for policy in kit.store.policies().await.unwrap() {
        let changed = kit
            .store
            .change_policy(&policy.identity, &patch, None, &kit.act())
            .await;
        assert!(matches!(changed, Ok(pinward_store::Changed::Done(_))));
    }
    for who in PEOPLE {
        assign(&kit, who, RIGHT).await;
    }
    kit
}

async fn global_failures(kit: &Kit, user: &User) -> u32 {
    let status = kit.store.pin_status(user.id, kit.clock.now()).await;
    status.unwrap().unwrap().counters.global
}

// R-LOCK-10: overshoot 0, no answered failure lost, no right PIN refused for being one of many.
#[tokio::test]
async fn a_hundred_rounds_of_killed_processes() {
    let kit = limited().await;
    let mut people = Vec::new();
    for who in PEOPLE {
        people.push(kit.person(who).await);
    }
    let random = SeededEntropy::new(42);
    let (mut answers, mut locks) = (0, 0);
    for round in 0..ROUNDS {
        let mut before = Vec::new();
        for user in &people {
            before.push(global_failures(&kit, user).await);
        }
        let mut others: Vec<_> = (0..PROCESSES)
            .map(|_| {
                let mut byte = [0];
                random.fill(&mut byte);
                (Other::begin("endless", &kit), 1 + usize::from(byte[0]) % 60)
            })
            .collect();
        let heard: Vec<_> = std::thread::scope(|scope| {
            let listening: Vec<_> = others
                .iter_mut()
                .map(|(other, most)| scope.spawn(|| other.heard(*most)))
                .collect();
            let all = listening.into_iter().flat_map(|one| one.join().unwrap());
            all.collect()
        });
        drop(others);
        answers += heard.len();
        let mut said: HashMap<(&str, &str), u32> = HashMap::new();
        for (who, outcome) in &heard {
            *said.entry((who, outcome)).or_default() += 1;
        }
        let mut count = |who, outcome| said.remove(&(who, outcome)).unwrap_or_default();
        let wrong = PEOPLE.map(|who| count(who, "wrong IncorrectPin"));
        let locked = count(GUESSED, "wrong UserPinAccountLocked");
        for (who, outcome) in [
            (RIGHTFUL, "right Success"),
            (MIXED, "right Success"),
            (MIXED, "right UserPinAccountLocked"),
            (MIXED, "wrong UserPinAccountLocked"),
        ] {
            let _as_it_should = count(who, outcome);
        }
        assert!(said.is_empty(), "round {round}: {said:?}");
        // The leases of those who died run out, and their attempts count.
        kit.clock.advance_minutes(2);
        for (place, user) in people.iter().enumerate() {
            let counted = global_failures(&kit, user).await - before[place];
            assert!(
                counted >= wrong[place],
                "round {round}: of {} failures that were answered to {} only {counted} count",
                wrong[place],
                PEOPLE[place]
            );
            let died = u32::try_from(PROCESSES * AT_ONCE).unwrap();
            assert!(
                counted <= wrong[place] + died,
                "round {round}: {counted} count, {} were answered",
                wrong[place]
            );
        }
        let evaluated = global_failures(&kit, &people[0]).await - before[0];
        assert!(evaluated <= LIMIT, "round {round}: {evaluated} evaluated");
        if locked > 0 {
            assert_eq!(evaluated, LIMIT, "round {round}: locked before the limit");
            locks += 1;
        }
        // The next round begins afresh, an hour's lockout later.
        kit.clock.advance_minutes(120);
        for who in [RIGHTFUL, MIXED] {
            assert_eq!(log_on(&kit, who, RIGHT).await.name(), "Success");
        }
        let unlocked = kit
            .service
            .unlock_pin(&kit.administrator(), &people[0])
            .await;
        unlocked.unwrap();
    }
    println!("{ROUNDS} rounds, {answers} answers, {locks} rounds until the lock");
    assert!(
        locks > ROUNDS / 10,
        "the limit was hardly ever reached: {locks}"
    );
}

// R-LOCK-11: one attempt delivered to all processes at once is evaluated and counted once.
#[tokio::test]
async fn one_attempt_delivered_to_many_processes_counts_once() {
    let kit = limited().await;
    let ken = kit.person(GUESSED).await;
    let mut others: Vec<_> = (0..PROCESSES)
        .map(|_| Other::begin("deliver", &kit))
        .collect();
    for other in &mut others {
        let expected = (GUESSED.to_owned(), "wrong IncorrectPin".to_owned());
        assert_eq!(other.heard(usize::MAX), vec![expected; 20]);
    }
    assert_eq!(global_failures(&kit, &ken).await, 20);
}
