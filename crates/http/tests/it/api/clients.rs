//! Which clients are let in, and how much they may ask for.

use axum::http::StatusCode;
use pinward_core::{ClientLimits, ClientPatch, SignedDuration};
use pinward_service::ProvenBy;

use super::bench::{Asked, Bench};

#[tokio::test]
async fn networks_expiry_and_rotation_hold() {
    let bench = Bench::new().await;
    let key = bench.client("desk", "role:CsHelpDesk").await;
    let (service, administrator) = (&bench.kit.service, bench.kit.administrator());
    let from = async |key: &str, from: &str| {
        let asked = Asked {
            path: "/api/v1/sites",
            key,
            from,
            ..Asked::default()
        };
        let answered = bench.ask(asked).await;
        (answered.status.as_u16(), answered.code())
    };
    let problem = |status, code: &str| (status, Some(code.to_owned()));
    let now = pinward_core::Clock::now(&*bench.kit.clock);
    let patch = ClientPatch {
        networks: Some(vec!["10.0.0.0/8".parse().unwrap()]),
        expires: Some(now.checked_add(SignedDuration::from_mins(90)).ok()),
        ..ClientPatch::default()
    };
    assert_eq!(from(&key, "192.0.2.7").await.0, 200);
    service
        .change_client(&administrator, "desk", &patch, None)
        .await
        .unwrap();
    assert_eq!(
        from(&key, "192.0.2.7").await,
        problem(403, "AddressNotAllowed")
    );
    assert_eq!(from(&key, "10.1.1.1").await.0, 200);

    let hour = SignedDuration::from_mins(60);
    let rotated = service.rotate_client(&administrator, "desk", ProvenBy::Key, hour, None);
    let new = rotated.await.unwrap().1.unwrap().reveal().to_owned();
    for key in [&key, &new] {
        assert_eq!(from(key, "10.1.1.1").await.0, 200);
    }
    bench.kit.clock.advance_minutes(60);
    assert_eq!(from(&key, "10.1.1.1").await, problem(401, "KeyNotAccepted"));
    assert_eq!(from(&new, "10.1.1.1").await.0, 200);
    bench.kit.clock.advance_minutes(30);
    assert_eq!(from(&new, "10.1.1.1").await, problem(401, "ClientExpired"));
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_ask_again() {
    let bench = Bench::new().await;
    let limits = ClientLimits {
        per_second: 3,
        at_once: 9,
    };
    let key = bench.limited("desk", "role:CsHelpDesk", limits).await;
    let mut refused = 0;
    for _ in 0..20 {
        let answered = bench.get(&key, "/api/v1/sites").await;
        if answered.status == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(answered.headers["retry-after"], "1");
            assert_eq!(answered.code().as_deref(), Some("TooManyRequests"));
            refused += 1;
        }
    }
    assert!(refused > 5, "{refused} of 20");
    let other = bench.client("other", "role:CsHelpDesk").await;
    assert_eq!(bench.get(&other, "/api/v1/sites").await.status, 200);
}
