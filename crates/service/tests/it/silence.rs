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

use crate::helpers::{KEN, KEN_EXTENSION, assign, failures, policy};

/// How far apart the distributions of two classes may lie: the largest difference of their
/// cumulative shares (Kolmogorov–Smirnov). Two samples of 400 from one distribution differ by
/// more than 0.115 once in a hundred times.
const BOUND: f64 = 0.15;
const SAMPLES: usize = 400;
const IN_FLIGHT: usize = 64;

async fn answer(kit: &Kit, who: &str, pin: &str) -> (bool, Duration) {
    let attempt = Attempt {
        who,
        pin,
        also_known_as: None,
        source: Source::of(Door::Shell),
        delivery: None,
    };
    let start = Instant::now();
    let answer = kit
        .service
        .log_on_silently(&attempt)
        .await
        .expect("an answer");
    (matches!(answer, Answer::Success(_)), start.elapsed())
}

fn largest_difference(one: &mut [Duration], other: &mut [Duration]) -> f64 {
    one.sort_unstable();
    other.sort_unstable();
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_classes_of_refusals_cannot_be_told_apart_by_time() {
    let kit = Arc::new(Kit::sample().await);
    assign(&kit, KEN, "18723834").await;
    let generous = PolicyPatch {
        maximum_logon_attempts: Some(Some(999)),
        ..PolicyPatch::default()
    };
    policy(&kit, "site:Redmond", generous).await;
    let locked = assign(&kit, "Pilar Ackerman", "383042650").await;
    kit.service
        .lock_pin(&kit.administrator(), &locked)
        .await
        .expect("locked");
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
        everybody
            .iter()
            .find(|user| which(user))
            .expect("somebody")
            .person
            .dn
            .clone()
    };
    let disabled = dn_of(&|user| !user.person.enabled);
    let no_pin = dn_of(&|user| user.person.enabled && user.person.display_name.ends_with(" Smith"));
    let classes = [
        ("wrong PIN", KEN_EXTENSION.to_owned()),
        ("unknown user", "sip:nobody@litwareinc.com".to_owned()),
        ("locked", "Pilar Ackerman".to_owned()),
        ("disabled", disabled),
        ("no PIN", no_pin),
    ];
    assert!(
        answer(&kit, KEN_EXTENSION, "18723834").await.0,
        "the right PIN still opens"
    );
    // The classes are mixed, so that whatever else the machine does meets them all alike.
    let gate = Arc::new(tokio::sync::Semaphore::new(IN_FLIGHT));
    let mut tasks = Vec::new();
    for sample in 0..SAMPLES {
        for (class, (_, who)) in classes.iter().enumerate() {
            let permit = Arc::clone(&gate).acquire_owned().await.expect("open");
            let (kit, who) = (Arc::clone(&kit), who.clone());
            // The failures of the one who has a PIN would lock it in the end.
            if class == 0 && sample % 300 == 299 {
                let ken = kit.person(KEN).await;
                kit.service
                    .unlock_pin(&kit.administrator(), &ken)
                    .await
                    .expect("unlocked");
            }
            tasks.push(tokio::spawn(async move {
                let answered = answer(&kit, &who, "72940618").await;
                drop(permit);
                (class, answered)
            }));
        }
    }
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); classes.len()];
    for task in tasks {
        let (class, (success, took)) = task.await.expect("it ends");
        assert!(!success, "{}", classes[class].0);
        times[class].push(took);
    }
    let (wrong, others) = times.split_first_mut().expect("classes");
    for (other, (name, _)) in others.iter_mut().zip(&classes[1..]) {
        let difference = largest_difference(wrong, other);
        println!("wrong PIN and {name}: {difference:.3}");
        assert!(
            difference < BOUND,
            "wrong PIN and {name} differ by {difference:.3}"
        );
    }
}

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
    // Ken's verifier is made anew, so that checking it is slow too.
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
    let service = Arc::new(service);
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
