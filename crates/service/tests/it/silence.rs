//! A caller who is not trusted with reasons learns nothing but yes or no (R-AUTH-5).

use std::sync::Arc;
use std::time::{Duration, Instant};

use pinward_core::{PolicyPatch, User};
use pinward_service::{Answer, Attempt, Door, Source};
use pinward_testkit::Kit;

use crate::helpers::{KEN, KEN_EXTENSION, assign, policy};

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
        source: Source { door: Door::Shell },
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
