//! `POST /api/v1/logon`.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::bench::{Answered, Asked, Bench, EXTENSION, KEN, PIN};

const PATH: &str = "/api/v1/logon";

async fn log_on(bench: &Bench, key: &str, user: &str, pin: &str) -> Answered {
    let body = json!({"user": user, "pin": pin});
    bench.send(key, Method::POST, PATH, body).await
}

// R-AUTH-3, R-AUTH-5
#[tokio::test]
async fn a_trusted_client_is_told_why_not() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let key = bench.client("pbx", "trusted-logon").await;
    for (user, pin, outcome) in [
        (EXTENSION, PIN, "Success"),
        (KEN, PIN, "Success"),
        (EXTENSION, "18723835", "IncorrectPin"),
        (EXTENSION, "", "IncorrectPin"),
        ("99999", PIN, "UserDoesNotExist"),
        ("johnsmith", PIN, "PinNotSet"),
        ("Maria Garcia", PIN, "NonUniqueUser"),
    ] {
        let answered = log_on(&bench, &key, user, pin).await;
        assert_eq!(answered.status, StatusCode::OK, "{answered:?}");
        assert_eq!(answered.text("outcome"), outcome, "{user}");
        let json = answered.json();
        assert_eq!(json["success"], outcome == "Success", "{user}");
        let who = (outcome == "Success").then(|| format!("sip:{KEN}"));
        assert_eq!(json["user"]["identity"].as_str(), who.as_deref());
    }
    let ken = bench.kit.person(KEN).await;
    let administrator = bench.kit.administrator();
    bench
        .kit
        .service
        .lock_pin(&administrator, &ken)
        .await
        .unwrap();
    let answered = log_on(&bench, &key, EXTENSION, PIN).await;
    assert_eq!(answered.text("outcome"), "UserPinAccountLocked");
}

// R-AUTH-5: every no is the same, byte for byte
#[tokio::test]
async fn an_untrusted_client_cannot_tell_one_refusal_from_another() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let key = bench.client("pbx", "logon").await;
    let yes = log_on(&bench, &key, EXTENSION, PIN).await;
    assert_eq!(yes.json()["success"], true);
    assert_eq!(yes.json()["outcome"], Value::Null);
    let locked = bench.kit.person("packerman").await;
    let administrator = bench.kit.administrator();
    bench
        .kit
        .service
        .lock_pin(&administrator, &locked)
        .await
        .unwrap();
    let mut answers = BTreeSet::new();
    for (user, pin) in [
        (EXTENSION, "18723835"),
        (EXTENSION, "no PIN"),
        ("99999", PIN),
        ("packerman", PIN),
        ("johnsmith", PIN),
        ("Maria Garcia", PIN),
        ("", ""),
    ] {
        let no = log_on(&bench, &key, user, pin).await;
        let headers: Vec<_> = no.headers.iter().collect();
        answers.insert(format!("{} {headers:?} {:?}", no.status, no.body));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.contains("false")));
}

// R-LOCK-11
#[tokio::test]
async fn a_repeated_delivery_counts_once_and_gets_the_same_answer() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let key = bench.client("pbx", "trusted-logon").await;
    let other = bench.client("other", "trusted-logon").await;
    let ask = async |key: &str, delivery: &str, pin: &str| {
        bench
            .ask(Asked {
                method: Method::POST,
                path: PATH,
                key,
                body: Some(json!({"user": EXTENSION, "pin": pin})),
                headers: &[("idempotency-key", delivery)],
                ..Asked::default()
            })
            .await
    };
    let first = ask(&key, "call-1", "18723835").await;
    for _ in 0..3 {
        let again = ask(&key, "call-1", "18723835").await;
        assert_eq!(again.body, first.body);
    }
    let failures = async || {
        let ken = bench.kit.person(KEN).await;
        let administrator = bench.kit.administrator();
        let info = bench.kit.service.pin_info(&administrator, &ken).await;
        info.unwrap().local_failures
    };
    assert_eq!(failures().await, 1);
    // Keys of different clients have nothing to do with each other.
    assert_eq!(ask(&other, "call-1", "18723836").await.status, 200);
    assert_eq!(failures().await, 2);
    let reused = ask(&key, "call-1", PIN).await;
    assert_eq!(reused.status, StatusCode::CONFLICT);
    assert_eq!(reused.code().as_deref(), Some("KeyReused"));
    let long = "k".repeat(129);
    for wrong in ["", " ", long.as_str()] {
        let answered = ask(&key, wrong, PIN).await;
        assert_eq!(answered.code().as_deref(), Some("IdempotencyKeyInvalid"));
    }
    assert_eq!(failures().await, 2);
}

// R-AUTH-1, R-SEC-4: the audit log tells from where
#[tokio::test]
async fn what_is_known_of_the_source_is_recorded() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let key = bench.client("pbx", "logon").await;
    let viewer = bench.client("viewer", "role:CsViewOnlyAdministrator").await;
    let body = json!({
        "user": EXTENSION, "pin": PIN, "alsoKnownAs": KEN, "caller": "+14255550100",
        "called": "+14255550199", "conference": "4711", "device": "SEP0011",
    });
    let answered = bench.send(&key, Method::POST, PATH, body).await;
    assert_eq!(answered.json()["success"], true);
    let found = bench
        .get(&viewer, "/api/v1/audit?action=LogOn&limit=1")
        .await;
    let record = &found.json()["records"][0];
    assert_eq!(record["client"], "pbx (192.0.2.7) (SEP0011)");
    assert_eq!(record["callerNumber"], "+14255550100");
    assert_eq!(record["calledNumber"], "+14255550199");
    assert_eq!(record["conference"], "4711");
    assert_eq!(record["door"], "http");
    assert_eq!(record["outcome"], "Success");
    assert!(!found.json().to_string().contains(PIN));
}

// R-SEC-3: what is wrong with a body is told without what stands in it
#[tokio::test]
async fn a_body_that_is_not_as_documented_is_not_repeated() {
    let bench = Bench::new().await;
    let key = bench.client("pbx", "logon").await;
    for body in [
        json!({"user": EXTENSION, "pin": 18_723_834}),
        json!({"user": EXTENSION, "pin": PIN, "18723834": 1}),
        json!({"pin": PIN}),
        json!([PIN]),
        json!(PIN),
    ] {
        let answered = bench.send(&key, Method::POST, PATH, body).await;
        assert_eq!(answered.status, StatusCode::BAD_REQUEST);
        assert_eq!(answered.code().as_deref(), Some("BodyInvalid"));
        assert!(!answered.json().to_string().contains(PIN), "{answered:?}");
    }
    let long = json!({"user": "x".repeat(70_000), "pin": PIN});
    let answered = bench.send(&key, Method::POST, PATH, long).await;
    assert_eq!(answered.status, StatusCode::PAYLOAD_TOO_LARGE);
}
