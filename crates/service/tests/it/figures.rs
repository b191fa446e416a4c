//! Figures of logons and PINs, against what happened.

use std::time::Instant;

use pinward_core::{Outcome, SignedDuration};
use pinward_service::{Attempt, Door, LogOnFigures, LogOnStep, Period, Refusal, SOON, Source};
use pinward_store::{Answer, AuditQuery, LogOn, Origin};
use pinward_testkit::Kit;

use crate::helpers::{KEN, KEN_EXTENSION, assign, log_on, log_on_times};
use crate::scopes::scoped;

async fn figures(kit: &Kit, period: Period) -> LogOnFigures {
    let figures = kit
        .service
        .log_on_figures(&kit.administrator(), period)
        .await;
    figures.unwrap()
}

async fn from(kit: &Kit, client: &str, pin: &str) {
    let source = Source {
        client: Some(client.into()),
        ..Source::of(Door::Shell)
    };
    let attempt = Attempt {
        who: KEN_EXTENSION,
        pin,
        also_known_as: None,
        source,
        delivery: None,
    };
    let _verdict = kit.service.log_on(&attempt).await.unwrap();
}

#[tokio::test]
async fn logons_are_counted_where_and_as_they_happened() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let nothing = figures(&kit, Period::Day).await;
    assert_eq!(nothing.steps.len(), 24);
    assert!(nothing.steps.iter().all(|step| step.all() == 0));

    log_on_times(&kit, 2, KEN_EXTENSION, "18723834", Outcome::Success).await;
    kit.clock.advance_minutes(60);
    from(&kit, "10.0.0.1", "99887766").await;
    from(&kit, "10.0.0.2", "99887766").await;
    from(&kit, "10.0.0.2", "99887766").await;
    let day = figures(&kit, Period::Day).await;
    let of = |place: usize, outcome| day.steps[place].of(outcome);
    assert_eq!(of(22, Outcome::Success), 2);
    assert_eq!(of(23, Outcome::IncorrectPin), 3);
    assert_eq!(day.steps.iter().map(LogOnStep::all).sum::<u64>(), 5);
    let sources: Vec<_> = day
        .sources
        .iter()
        .map(|one| (one.client.as_deref(), one.failures))
        .collect();
    assert_eq!(sources, [(Some("10.0.0.2"), 2), (Some("10.0.0.1"), 1)]);

    // A lockout is counted when it begins, refusals of a locked PIN are no further ones.
    while log_on(&kit, KEN_EXTENSION, "99887766").await == Outcome::IncorrectPin {}
    log_on_times(
        &kit,
        3,
        KEN_EXTENSION,
        "18723834",
        Outcome::UserPinAccountLocked,
    )
    .await;
    let day = figures(&kit, Period::Day).await;
    assert_eq!(day.steps[23].lockouts, 1);
    assert_eq!(day.steps[23].of(Outcome::UserPinAccountLocked), 4);
    // The end of a lockout is none either.
    kit.clock.advance_minutes(61);
    log_on_times(&kit, 1, KEN_EXTENSION, "18723834", Outcome::Success).await;
    let day = figures(&kit, Period::Day).await;
    assert_eq!(day.steps.iter().map(|step| step.lockouts).sum::<u64>(), 1);
    for period in [Period::Week, Period::Month] {
        let figures = figures(&kit, period).await;
        let all: u64 = figures.steps.iter().map(LogOnStep::all).sum();
        let seen = day.steps.iter().map(LogOnStep::all).sum::<u64>();
        assert_eq!(all, seen, "{period:?}");
    }
}

#[tokio::test]
async fn what_was_counted_is_the_same_after_a_restart_and_in_another_process() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    for turn in 0..40 {
        kit.clock.advance_minutes(60 * 17);
        log_on_times(
            &kit,
            1 + turn % 3,
            KEN_EXTENSION,
            "18723834",
            Outcome::Success,
        )
        .await;
        if turn % 7 == 0 {
            drop(figures(&kit, Period::Day).await);
        }
    }
    let counted = figures(&kit, Period::Month).await;
    assert!(counted.steps.iter().map(LogOnStep::all).sum::<u64>() > 60);
    let beside = kit.beside().await;
    assert_eq!(figures(&beside, Period::Month).await, counted);
    let kit = kit.restart().await;
    assert_eq!(figures(&kit, Period::Month).await, counted);
}

// R-RBAC-3
#[tokio::test]
async fn figures_reach_as_far_as_the_role() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, "18723834").await;
    let part = scoped(&kit, &["OU:ou=Finance,dc=litwareinc,dc=com"], &["global"]).await;
    let refused = kit.service.log_on_figures(&part, Period::Day).await;
    assert_eq!(refused.unwrap_err().id(), "OutOfScope");
    let administrator = kit.administrator();
    let all = kit.service.pin_figures(&administrator, SOON).await.unwrap();
    let some = kit.service.pin_figures(&part, SOON).await.unwrap();
    assert_eq!(all.users - all.missing, 1);
    assert_eq!(some.users, some.missing);
    assert!(some.users > 0 && some.users < all.users, "{some:?} {all:?}");
}

/// How long figures take over 1,000,000 records, the first time and later.
#[tokio::test]
#[ignore = "a measurement"]
async fn figures_over_a_million_records() {
    let kit = Kit::sample_in(crate::helpers::in_memory()).await;
    let ken = kit.person(KEN).await;
    let mut tasks = tokio::task::JoinSet::new();
    let now = pinward_core::Clock::now(&*kit.clock);
    for worker in 0..64_i64 {
        let (store, user) = (kit.store.clone(), ken.id);
        tasks.spawn(async move {
            for turn in 0..15_625_i64 {
                let outcome = Outcome::ALL[usize::try_from(turn % 4).unwrap()];
                let answer = Answer {
                    outcome,
                    user: Some(user),
                    locked_until: None,
                };
                let log_on = std::sync::Arc::new(LogOn {
                    actor: None,
                    action: "LogOn",
                    origin: Origin {
                        client: Some(format!("10.0.{}.{}", worker, turn % 50).into()),
                        ..Origin::of("test")
                    },
                    subject: "sip:kenmyer@litwareinc.com".to_owned(),
                });
                let at = now - SignedDuration::from_secs(30 * 86_400 - turn * 165);
                store.record_log_on(answer, at, &log_on).await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    for turn in ["the first time", "again"] {
        let began = Instant::now();
        let figures = figures(&kit, Period::Month).await;
        let all: u64 = figures.steps.iter().map(LogOnStep::all).sum();
        println!("{turn}: {:?} for {all} logons", began.elapsed());
    }
    let began = Instant::now();
    let query = AuditQuery {
        user: Some(ken.id),
        newest_first: true,
        ..AuditQuery::default()
    };
    let page = kit.store.audit(&query, None, 20).await.unwrap();
    println!(
        "the last {} of one user: {:?}",
        page.records.len(),
        began.elapsed()
    );
}
