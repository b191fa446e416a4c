//! A caller who is not trusted with reasons learns nothing but yes or no (R-AUTH-5).

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use pinward_core::{Clock, PolicyPatch, User};
use pinward_service::{
    Answer, Attempt, Delivery, Door, Input, LogOnError, Refusal, Service, Source,
};
use pinward_testkit::{Kit, SeededEntropy};
use pinward_verifier::{HashParams, KeyRing};

use crate::helpers::{KEN, KEN_EXTENSION, assign, failures, in_memory, policy};

/// So many times everybody is asked, and then Ken, who has the PIN, is unlocked again.
const TURNS: usize = 400;
const ROUNDS: usize = 5;
/// How far apart the distributions of two classes may lie: the largest difference of their cumulative shares
/// (Kolmogorov–Smirnov). Two samples of 2,000 from one distribution differ by more than 0.085 once in a million
/// times; the rest is room for what a busy machine does to one class and not to the next.
const BOUND: f64 = 0.12;
const IN_FLIGHT: usize = 64;

/// Between two samples, each sorted.
fn largest_difference(one: &[Duration], other: &[Duration]) -> f64 {
    let share = |times: &[Duration], at: Duration| {
        times.partition_point(|time| *time <= at) as f64 / times.len() as f64
    };
    // Compared in whole milliseconds: what a network would let through at best.
    let longest = one[one.len() - 1].max(other[other.len() - 1]).as_millis() as u64;
    (0..=longest)
        .map(Duration::from_millis)
        .map(|at| (share(one, at) - share(other, at)).abs())
        .fold(0.0, f64::max)
}

/// Somebody of each class of refusals, as a caller could name them.
async fn classes(kit: &Kit) -> [(&'static str, String); CLASSES] {
    assign(kit, KEN, "18723834").await;
    let generous = PolicyPatch {
        maximum_logon_attempts: Some(Some(999)),
        ..PolicyPatch::default()
    };
    policy(kit, "site:Redmond", generous).await;
    let locked = assign(kit, PILAR, "383042650").await;
    let done = kit.service.lock_pin(&kit.administrator(), &locked).await;
    done.expect("locked");
    let mut everybody = Vec::new();
    let mut pages = kit.service.people(&kit.administrator()).expect("people");
    loop {
        let page = pages.next().await.expect("a page");
        if page.is_empty() {
            break;
        }
        everybody.extend(page);
    }
    let dn_of = |which: &dyn Fn(&User) -> bool| {
        let user = everybody.iter().find(|user| which(user));
        user.expect("somebody").person.dn.clone()
    };
    let no_pin = dn_of(&|user| user.person.enabled && user.person.display_name.ends_with(" Smith"));
    [
        ("wrong PIN", KEN_EXTENSION.to_owned()),
        ("unknown user", UNKNOWN.to_owned()),
        ("locked", PILAR.to_owned()),
        ("disabled", dn_of(&|user| !user.person.enabled)),
        ("no PIN", no_pin),
    ]
}

const CLASSES: usize = 5;

/// The classes in another order each time, so that none is always first and none always behind the same other:
/// whatever else the machine does meets them all alike.
fn order(turn: usize) -> [usize; CLASSES] {
    let stride = 1 + turn / CLASSES % (CLASSES - 1);
    std::array::from_fn(|place| (turn + place * stride) % CLASSES)
}

// R-AUTH-5
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_classes_of_refusals_cannot_be_told_apart_by_time() {
    let kit = Kit::sample_in(in_memory()).await;
    let classes = classes(&kit).await;
    let service = hashing(&kit, A_FEW_MILLISECONDS, 2).await;
    let gate = Arc::new(tokio::sync::Semaphore::new(IN_FLIGHT));
    let mut times: [Vec<Duration>; CLASSES] = Default::default();
    for _ in 0..ROUNDS {
        let mut tasks = Vec::new();
        for class in (0..TURNS).flat_map(order) {
            let permit = Arc::clone(&gate).acquire_owned().await.expect("open");
            let (service, who) = (Arc::clone(&service), classes[class].1.clone());
            tasks.push(tokio::spawn(async move {
                let start = Instant::now();
                let answer = ask(&service, &who, "72940618", None).await;
                let took = start.elapsed();
                drop(permit);
                (class, answer, took)
            }));
        }
        for task in tasks {
            let (class, answer, took) = task.await.expect("it ends");
            let refused = matches!(answer, Ok(Answer::Refused));
            assert!(refused, "{}: {answer:?}", classes[class].0);
            times[class].push(took);
        }
        // Each wrong PIN was evaluated.
        let turns = u32::try_from(TURNS).expect("a few");
        assert_eq!(failures(&kit, KEN).await, (turns, turns));
        let ken = kit.person(KEN).await;
        let unlocked = kit.service.unlock_pin(&kit.administrator(), &ken).await;
        unlocked.expect("unlocked");
    }
    for class in &mut times {
        assert_eq!(class.len(), ROUNDS * TURNS);
        class.sort_unstable();
    }
    for one in 0..CLASSES {
        for other in one + 1..CLASSES {
            let difference = largest_difference(&times[one], &times[other]);
            let about = format!(
                "{} and {}: {difference:.3}",
                classes[one].0, classes[other].0
            );
            println!("{about}");
            assert!(difference < BOUND, "{about}");
        }
    }
}

/// A hash that takes long enough to be seen from afar, thousands of times.
const A_FEW_MILLISECONDS: HashParams = HashParams {
    memory_kib: 7 * 1024,
    passes: 1,
    lanes: 1,
};
/// A hash that takes much longer than everything around it.
const SLOW: HashParams = HashParams {
    memory_kib: 65_536,
    passes: 4,
    lanes: 1,
};
const UNKNOWN: &str = "sip:nobody@litwareinc.com";
const PILAR: &str = "Pilar Ackerman";

/// The service over a kit's store, with one lane of slow hashes; Pilar is locked.
async fn slow(kit: &Kit) -> Arc<Service> {
    assign(kit, KEN, "18723834").await;
    let locked = assign(kit, PILAR, "383042650").await;
    kit.service
        .lock_pin(&kit.administrator(), &locked)
        .await
        .expect("locked");
    hashing(kit, SLOW, 1).await
}

/// The service over a kit's store, with so many lanes of such hashes.
async fn hashing(kit: &Kit, params: HashParams, lanes: usize) -> Arc<Service> {
    let service = Service::open(
        Arc::clone(&kit.store),
        KeyRing::load(&kit.folder().join("pinward.key")).expect("the keys"),
        params,
        NonZeroUsize::new(lanes).expect("some"),
        Arc::clone(&kit.clock) as Arc<dyn Clock>,
        Arc::new(SeededEntropy::new(9)),
    )
    .await
    .expect("the service");
    let service = Arc::new(service);
    // Ken's verifier is made anew, so that checking it costs as much.
    assert!(matches!(
        ask(&service, KEN_EXTENSION, "18723834", None).await,
        Ok(Answer::Success(_))
    ));
    service
}

async fn ask(
    service: &Service,
    who: &str,
    pin: &str,
    key: Option<&str>,
) -> Result<Answer, LogOnError> {
    let delivery = key.map(|key| Delivery {
        client: "gateway",
        key,
        life: SignedDuration::from_hours(1),
        input: Input::Keyed(&[]),
    });
    let attempt = Attempt {
        who,
        pin,
        also_known_as: None,
        source: Source::of(Door::Shell),
        delivery,
    };
    service.log_on_silently(&attempt).await
}

type Asked = (&'static str, &'static str, Option<&'static str>);

/// Asks all at once; each answer with the time it took.
async fn together(
    service: &Arc<Service>,
    asked: impl IntoIterator<Item = Asked>,
) -> Vec<(Result<Answer, LogOnError>, Duration)> {
    let tasks: Vec<_> = asked
        .into_iter()
        .map(|(who, pin, key)| {
            let service = Arc::clone(service);
            tokio::spawn(async move {
                let started = Instant::now();
                let answer = ask(&service, who, pin, key).await;
                (answer, started.elapsed())
            })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("it ends"));
    }
    answers
}

// R-AUTH-5: what costs no hash must not make the hashes of others look quick
#[tokio::test]
async fn nobody_can_make_the_evaluations_look_quick() {
    let kit = Kit::sample().await;
    let service = slow(&kit).await;
    let started = Instant::now();
    let first = ask(&service, KEN_EXTENSION, "72940618", Some("a")).await;
    assert!(matches!(first, Ok(Answer::Refused)));
    let evaluation = started.elapsed();
    assert!(evaluation > Duration::from_millis(40), "{evaluation:?}");
    // A repeated delivery of what is no PIN costs no hash at all.
    let repeated = [(KEN_EXTENSION, "12ab", Some("b")); 300];
    let not_pins = [(KEN_EXTENSION, "12ab", None); 20];
    for (answer, _) in together(&service, repeated.into_iter().chain(not_pins)).await {
        assert!(matches!(answer, Ok(Answer::Refused)));
    }
    for who in [PILAR, UNKNOWN] {
        for pin in ["72940618", "12ab"] {
            let started = Instant::now();
            let answer = ask(&service, who, pin, None).await;
            assert!(matches!(answer, Ok(Answer::Refused)));
            let took = started.elapsed();
            assert!(took > evaluation / 2, "{who}: {took:?} of {evaluation:?}");
        }
    }
}

// R-AUTH-5: also the first answer after a start
#[tokio::test]
async fn the_first_answer_is_not_quick_either() {
    let kit = Kit::sample().await;
    drop(slow(&kit).await);
    for (who, pin) in [(UNKNOWN, "12ab"), (PILAR, "12ab"), (PILAR, "72940618")] {
        let service = Service::open(
            Arc::clone(&kit.store),
            KeyRing::load(&kit.folder().join("pinward.key")).expect("the keys"),
            SLOW,
            NonZeroUsize::MIN,
            Arc::clone(&kit.clock) as Arc<dyn Clock>,
            Arc::new(SeededEntropy::new(9)),
        )
        .await
        .expect("the service");
        let started = Instant::now();
        let answer = ask(&service, who, pin, None).await;
        assert!(matches!(answer, Ok(Answer::Refused)));
        let took = started.elapsed();
        assert!(took > Duration::from_millis(40), "{who}: {took:?}");
    }
}

// R-AUTH-5, R-AUTH-7: a full queue tells nobody's state
#[tokio::test]
async fn a_full_queue_answers_everybody_alike() {
    let kit = Kit::sample().await;
    let service = slow(&kit).await;
    let earlier = ask(&service, PILAR, "72940618", Some("locked")).await;
    assert!(matches!(earlier, Ok(Answer::Refused)));
    let earlier = ask(&service, UNKNOWN, "72940618", Some("unknown")).await;
    assert!(matches!(earlier, Ok(Answer::Refused)));
    // More than may wait for one lane at this cost: what tells a delivery is hashed before all else.
    let crowd: Vec<_> = (0..120)
        .map(|number| {
            let (service, key) = (Arc::clone(&service), format!("crowd {number}"));
            tokio::spawn(async move { ask(&service, UNKNOWN, "72940618", Some(&key)).await })
        })
        .collect();
    tokio::task::yield_now().await;
    let classes = [
        (KEN_EXTENSION, "72940618", None, "Busy"),
        (PILAR, "72940618", None, "Busy"),
        (UNKNOWN, "72940618", None, "Busy"),
        (KEN_EXTENSION, "12ab", None, "Refused"),
        (PILAR, "12ab", None, "Refused"),
        (UNKNOWN, "12ab", None, "Refused"),
        // To know a delivery again takes a hash, whoever is meant (R-SEC-1).
        (PILAR, "72940618", Some("locked"), "Busy"),
        (UNKNOWN, "72940618", Some("unknown"), "Busy"),
        (KEN_EXTENSION, "72940618", Some("new"), "Busy"),
    ];
    let asked = classes.map(|(who, pin, key, _)| (who, pin, key));
    let answers = together(&service, asked).await;
    for (task, (answer, took)) in classes.iter().zip(answers) {
        let said = match &answer {
            Ok(Answer::Refused) => "Refused",
            Ok(Answer::Success(_)) => "Success",
            Err(error) => error.id(),
        };
        assert_eq!(said, task.3, "{task:?}");
        assert!(took > Duration::from_millis(40), "{task:?}: {took:?}");
    }
    for task in crowd {
        task.abort();
    }
    // What was not evaluated is not counted; what could not be a PIN is, once.
    assert_eq!(failures(&kit, KEN).await, (1, 1));
}
