//! R-GUESS-2: guessing across users is noticed and slowed down, and locks nobody out.

use std::num::NonZeroUsize;
use std::sync::Arc;

use jiff::SignedDuration;
use pinward_core::{Clock, LineUri, Outcome, User};
use pinward_service::{
    Allowance, Answer, Attempt, AuditQuery, Delivery, Door, GuessFigures, GuessLimits, Input,
    NewPin, Service, Source, SprayingLimits,
};
use pinward_testkit::{Kit, SeededEntropy};
use pinward_verifier::{HashParams, KeyRing};

use crate::helpers::{KEN, KEN_EXTENSION, assign};

const LIMITS: GuessLimits = GuessLimits {
    caller: Allowance {
        burst: 3,
        per_hour: 60,
    },
    withheld: Allowance {
        burst: 5,
        per_hour: 60,
    },
    client: Allowance {
        burst: 8,
        per_hour: 60,
    },
    spraying: SprayingLimits {
        users: 4,
        minutes: 60,
    },
};
const PIN: &str = "18723834";

async fn service(kit: &Kit, limits: GuessLimits) -> Service {
    Service::open(
        Arc::clone(&kit.store),
        KeyRing::load(&kit.folder().join("pinward.key")).expect("the keys"),
        HashParams::MINIMUM_FOR_MEASUREMENTS,
        NonZeroUsize::MIN,
        Arc::clone(&kit.clock) as Arc<dyn Clock>,
        Arc::new(SeededEntropy::new(9)),
    )
    .await
    .expect("the service")
    .with_guess_limits(limits)
}

fn from(client: &str, caller: &str) -> Source {
    Source {
        client: Some(client.into()),
        caller: (!caller.is_empty()).then(|| caller.to_owned()),
        ..Source::of(Door::Radius)
    }
}

fn attempt<'a>(source: &Source, who: &'a str, pin: &'a str) -> Attempt<'a> {
    Attempt {
        who,
        pin,
        also_known_as: None,
        source: source.clone(),
        delivery: None,
    }
}

async fn log_on(service: &Service, source: &Source, who: &str, pin: &str) -> Outcome {
    let verdict = service.log_on(&attempt(source, who, pin)).await;
    verdict.expect("a verdict").outcome
}

/// Users with a PIN, not Ken.
async fn others(kit: &Kit, count: usize) -> Vec<User> {
    let mut users = kit.store.users_after(None, 200).await.expect("users");
    users.retain(|user| user.person.enabled && user.person.sam_account_name != "kenmyer");
    users.truncate(count);
    for user in &users {
        let assigned = kit
            .service
            .assign_pin(&kit.administrator(), user, &NewPin::Named("26489153"))
            .await;
        assert!(assigned.is_ok(), "{}", user.person.dn);
    }
    users
}

// R-GUESS-2
#[tokio::test]
async fn a_calling_number_that_guesses_is_slowed_down() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let service = service(&kit, LIMITS).await;
    let stranger = from("gateway", "+1 (206) 555-0100");
    for expected in [
        Outcome::IncorrectPin,
        Outcome::IncorrectPin,
        Outcome::IncorrectPin,
        Outcome::Throttled,
    ] {
        assert_eq!(
            log_on(&service, &stranger, KEN_EXTENSION, "72940001").await,
            expected
        );
    }
    // The same number written otherwise, and an unknown name: it is the source that has to wait.
    let same = from("gateway", "12065550100");
    assert_eq!(
        log_on(&service, &same, KEN_EXTENSION, PIN).await,
        Outcome::Throttled
    );
    assert_eq!(
        log_on(&service, &same, "99999", PIN).await,
        Outcome::Throttled
    );
    // Nobody else, and nobody by another client.
    for other in [from("gateway", "+12065550101"), from("web", "+12065550100")] {
        assert_eq!(
            log_on(&service, &other, KEN_EXTENSION, PIN).await,
            Outcome::Success
        );
    }
    kit.clock.advance_minutes(1);
    assert_eq!(
        log_on(&service, &same, KEN_EXTENSION, PIN).await,
        Outcome::Success
    );
    let figures = service.guess_figures();
    assert_eq!((figures.callers_slowed, figures.clients_slowed), (3, 0));
}

// R-GUESS-2: who knows their PIN uses up nothing
#[tokio::test]
async fn right_pins_are_never_slowed_down() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let service = service(&kit, LIMITS).await;
    for source in [from("gateway", "+12065550100"), from("gateway", "")] {
        for _ in 0..30 {
            assert_eq!(
                log_on(&service, &source, KEN_EXTENSION, PIN).await,
                Outcome::Success
            );
        }
    }
}

// R-GUESS-2: guessing in parallel does not pass the allowance
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_guesses_do_not_pass_the_allowance() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let service = Arc::new(service(&kit, LIMITS).await);
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let service = Arc::clone(&service);
            tokio::spawn(async move {
                log_on(
                    &service,
                    &from("gateway", "+12065550100"),
                    KEN_EXTENSION,
                    "72940001",
                )
                .await
            })
        })
        .collect();
    let mut evaluated = 0;
    for task in tasks {
        evaluated += usize::from(task.await.expect("it ends") == Outcome::IncorrectPin);
    }
    assert_eq!(evaluated, 3);
}

// R-GUESS-2: whoever calls from their own telephone is not held up by a client that guesses
#[tokio::test]
async fn a_client_that_guesses_does_not_hold_up_users_at_their_own_telephones() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let service = service(&kit, LIMITS).await;
    for number in 0..8 {
        let source = from("gateway", &format!("+1206555{number:04}"));
        let outcome = log_on(&service, &source, KEN_EXTENSION, "72940001").await;
        assert_eq!(outcome, Outcome::IncorrectPin);
    }
    let stranger = from("gateway", "+12065559999");
    assert_eq!(
        log_on(&service, &stranger, KEN_EXTENSION, PIN).await,
        Outcome::Throttled
    );
    assert_eq!(
        log_on(&service, &from("gateway", ""), KEN_EXTENSION, PIN).await,
        Outcome::Throttled
    );
    for own in ["+14255551219", "tel:+1 425 555 1219", "51219"] {
        assert_eq!(
            log_on(&service, &from("gateway", own), KEN_EXTENSION, PIN).await,
            Outcome::Success
        );
    }
    assert_eq!(
        log_on(&service, &from("other", ""), KEN_EXTENSION, PIN).await,
        Outcome::Success
    );
    assert_eq!(service.guess_figures().clients_slowed, 2);
}

// R-GUESS-2: callers who withhold their number share an allowance; it is not that of the others
#[tokio::test]
async fn callers_without_a_number_have_an_allowance_of_their_own() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let service = service(&kit, LIMITS).await;
    for (turn, number) in ["", "anonymous", "", "Restricted", "", "", "anonymous"]
        .into_iter()
        .enumerate()
    {
        let outcome = log_on(&service, &from("gateway", number), "99999", PIN).await;
        let expected = match turn {
            0..5 => Outcome::UserDoesNotExist,
            _ => Outcome::Throttled,
        };
        assert_eq!(outcome, expected, "{turn}");
    }
    // Neither callers with a number nor those of another client wait for them.
    for other in [from("gateway", "+12065550100"), from("other", "")] {
        assert_eq!(
            log_on(&service, &other, KEN_EXTENSION, PIN).await,
            Outcome::Success
        );
    }
    assert_eq!(service.guess_figures().callers_slowed, 2);
    assert_eq!(service.guess_figures().clients_slowed, 0);
}

// R-GUESS-2: whoever writes the own number of each user that they try is slowed down like everybody
#[tokio::test]
async fn made_up_own_numbers_are_not_free() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let mut users = others(&kit, 40).await;
    users.retain(|user| user.person.line_uri.is_some());
    users.truncate(10);
    let service = service(&kit, LIMITS).await;
    let mut evaluated = 0;
    for user in &users {
        let line = user.person.line_uri.as_deref().and_then(LineUri::parse);
        let line = line.expect("a line");
        let own = line.number.or(line.extension).expect("digits");
        let own = from("gateway", &own);
        let outcome = log_on(&service, &own, &user.person.dn, "72940001").await;
        evaluated += usize::from(outcome == Outcome::IncorrectPin);
    }
    assert!(users.len() > 8, "more than the allowance");
    assert_eq!(evaluated, 8, "the allowance of the client");
    // Two of them share a number, whose own allowance may come first.
    let figures = service.guess_figures();
    assert!(figures.clients_slowed > 0, "{figures:?}");
    let slowed = usize::try_from(figures.clients_slowed + figures.callers_slowed);
    assert_eq!(slowed, Ok(users.len() - 8));
    // It holds up nobody who calls from elsewhere.
    let elsewhere = from("gateway", "+12065550100");
    assert_eq!(
        log_on(&service, &elsewhere, KEN_EXTENSION, PIN).await,
        Outcome::Success
    );
}

// R-GUESS-2: one PIN at many users is noticed, recorded without the PIN, and costs its sources more;
// a user whose PIN it is gets in all the same
#[tokio::test]
async fn spraying_is_noticed_and_refuses_nobody_elsewhere() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let users = others(&kit, 6).await;
    let service = service(&kit, LIMITS).await;
    let mut slowed = 0;
    for (number, user) in users.iter().enumerate() {
        let source = from("gateway", &format!("+1206555{number:04}"));
        let outcome = log_on(&service, &source, &user.person.dn, PIN).await;
        assert_eq!(
            outcome,
            Outcome::IncorrectPin,
            "each from a number of its own"
        );
        let again = log_on(&service, &source, &user.person.dn, "72940001").await;
        slowed += usize::from(again == Outcome::Throttled);
        kit.clock.advance_minutes(5);
    }
    assert_eq!(slowed, 3, "since the fourth user the PIN is known");
    assert_eq!(service.guess_figures().sprayings, 1);
    let own = from("gateway", "+12065558888");
    assert_eq!(
        log_on(&service, &own, KEN_EXTENSION, PIN).await,
        Outcome::Success
    );
    let (administrator, query) = (kit.administrator(), AuditQuery::default());
    let mut pages = kit
        .service
        .audit(&administrator, query)
        .expect("it may be seen");
    let mut alerts = Vec::new();
    loop {
        let page = pages.next().await.expect("a page");
        if page.is_empty() {
            break;
        }
        alerts.extend(
            page.into_iter()
                .filter(|record| record.action == "PinSpraying"),
        );
    }
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].outcome, "Detected");
    assert_eq!(alerts[0].client.as_deref(), Some("gateway"));
    let subject = alerts[0].subject.as_deref().expect("what it is about");
    assert_eq!(subject, "one wrong PIN at 4 users within 60 minutes");
}

// R-AUTH-5, R-GUESS-2: a silent answer does not tell that the source has to wait
#[tokio::test]
async fn callers_without_reasons_are_not_told() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let service = service(&kit, LIMITS).await;
    let stranger = from("gateway", "+12065550100");
    for turn in 0..5 {
        let attempt = attempt(&stranger, KEN_EXTENSION, "72940001");
        let answer = service.log_on_silently(&attempt).await;
        assert!(matches!(answer, Ok(Answer::Refused)), "{turn}");
    }
    let right = attempt(&stranger, KEN_EXTENSION, PIN);
    let answer = service.log_on_silently(&right).await;
    assert!(matches!(answer, Ok(Answer::Refused)));
    assert_eq!(service.guess_figures().callers_slowed, 3);
}

// R-LOCK-11: a repetition costs nothing, and is answered as the first time also when there is nothing left
#[tokio::test]
async fn repetitions_cost_nothing() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let service = service(&kit, LIMITS).await;
    let stranger = from("gateway", "+12065550100");
    let deliver = async |key: &'static str| {
        let attempt = Attempt {
            delivery: Some(Delivery {
                client: "gateway",
                key,
                life: SignedDuration::from_secs(60),
                input: Input::Octets(key.as_bytes()),
            }),
            ..attempt(&stranger, KEN_EXTENSION, "72940001")
        };
        service.log_on(&attempt).await.expect("a verdict").outcome
    };
    for key in ["a", "a", "a", "a", "b", "c", "a"] {
        assert_eq!(deliver(key).await, Outcome::IncorrectPin, "{key}");
    }
    assert_eq!(deliver("d").await, Outcome::Throttled);
    assert_eq!(deliver("d").await, Outcome::Throttled);
    assert_eq!(deliver("a").await, Outcome::IncorrectPin);
    assert_eq!(crate::helpers::failures(&kit, KEN).await, (3, 3));
}

#[tokio::test]
async fn nothing_is_limited_where_the_configuration_says_so() {
    let kit = Kit::sample().await;
    let none = Allowance {
        burst: 0,
        per_hour: 0,
    };
    let limits = GuessLimits {
        caller: none,
        withheld: none,
        client: none,
        spraying: SprayingLimits {
            users: 0,
            minutes: 0,
        },
    };
    let service = service(&kit, limits).await;
    let stranger = from("gateway", "+12065550100");
    for _ in 0..100 {
        assert_eq!(
            log_on(&service, &stranger, "99999", PIN).await,
            Outcome::UserDoesNotExist
        );
    }
    assert_eq!(service.guess_figures(), GuessFigures::default());
}
