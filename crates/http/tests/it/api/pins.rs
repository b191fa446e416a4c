//! PINs over the API.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::bench::{Bench, EXTENSION, PIN};

const KENS: &str = "/api/v1/users/kenmyer/pin";

#[tokio::test]
async fn a_pin_is_set_made_locked_and_unlocked() {
    let bench = Bench::new().await;
    let key = bench.client("portal", "role:CsUserAdministrator").await;
    let pbx = bench.client("pbx", "trusted-logon").await;
    let outcome = async |pin: &str| {
        let body = json!({"user": EXTENSION, "pin": pin});
        let answered = bench.send(&pbx, Method::POST, "/api/v1/logon", body).await;
        answered.text("outcome")
    };
    let set = bench
        .send(&key, Method::PUT, KENS, json!({"pin": PIN}))
        .await;
    assert_eq!(set.status, StatusCode::OK, "{set:?}");
    assert_eq!(
        set.json(),
        json!({"identity": "sip:kenmyer@litwareinc.com"})
    );
    assert_eq!(outcome(PIN).await, "Success");

    let made = bench
        .send(&key, Method::PUT, KENS, json!({"mustChange": true}))
        .await;
    let pin = made.text("pin");
    assert_eq!(outcome(&pin).await, "PinMustBeChanged");
    assert_eq!(outcome(PIN).await, "IncorrectPin");
    let state = bench.get(&key, KENS).await.json();
    assert_eq!(state["mustChange"], true);
    assert_eq!(state["localFailures"], 1);

    let lock = bench
        .send(&key, Method::POST, &format!("{KENS}/lock"), Value::Null)
        .await;
    assert_eq!(lock.status, StatusCode::NO_CONTENT);
    assert_eq!(
        bench.get(&key, KENS).await.text("lockState"),
        "Administrator"
    );
    let locked = bench
        .send(&key, Method::PUT, KENS, json!({"pin": PIN}))
        .await;
    assert_eq!(
        (locked.status, locked.code().as_deref()),
        (StatusCode::CONFLICT, Some("PinLocked"))
    );
    let unlock = bench
        .send(&key, Method::POST, &format!("{KENS}/unlock"), Value::Null)
        .await;
    assert_eq!(unlock.status, StatusCode::NO_CONTENT);

    for (body, code) in [
        (json!({"pin": "1234"}), "PinRefused"),
        (json!({"pin": PIN, "expiresInHours": 0}), "PinExpiryInvalid"),
        (
            json!({"pin": PIN, "expiresInHours": 4_000_000}),
            "PinExpiryInvalid",
        ),
    ] {
        let refused = bench.send(&key, Method::PUT, KENS, body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.code().as_deref(), Some(code));
        assert!(!refused.json().to_string().contains("1234"));
    }
}

#[tokio::test]
async fn the_pins_of_many_are_answered_line_by_line() {
    let bench = Bench::new().await;
    let key = bench.client("portal", "role:CsUserAdministrator").await;
    let body = json!({"pins": [
        {"user": "kenmyer", "pin": PIN},
        {"user": "packerman"},
        {"user": "nobody"},
        {"user": "kenmyer", "pin": "1111"},
        {"user": "johnsmith", "pin": "18723834", "mustChange": true},
    ]});
    let answered = bench.send(&key, Method::POST, "/api/v1/pins", body).await;
    assert_eq!(answered.headers["content-type"], "application/x-ndjson");
    let text = String::from_utf8(answered.body.to_vec()).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line["user"].as_str().unwrap(), line["code"].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("kenmyer", None),
            ("packerman", None),
            ("nobody", Some("UserNotFound")),
            ("kenmyer", Some("PinRefused")),
            ("johnsmith", None),
        ]
    );
    for (index, line) in lines.iter().enumerate() {
        assert_eq!((&line["done"], &line["of"]), (&json!(index + 1), &json!(5)));
        assert_eq!(line["pin"].is_string(), line["user"] == "packerman");
    }
    let desk = bench.client("desk", "role:CsHelpDesk").await;
    let one = json!({"pins": [{"user": "kenmyer"}]});
    let denied = bench.send(&desk, Method::POST, "/api/v1/pins", one).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
}
