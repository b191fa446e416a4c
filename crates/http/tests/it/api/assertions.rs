//! Assertions: who checks one with the published keys learns who logged on.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};

use super::bench::{Asked, Bench, EXTENSION, KEN, PIN};

async fn log_on(bench: &Bench, key: &str, pin: &str) -> Value {
    let body = json!({"user": EXTENSION, "pin": pin, "conference": "4711", "assertion": true});
    let answered = bench.send(key, Method::POST, "/api/v1/logon", body).await;
    answered.json()
}

async fn keys(bench: &Bench) -> Vec<Value> {
    let set = bench.get("", "/.well-known/jwks.json").await;
    set.json()["keys"].as_array().expect("keys").clone()
}

/// The claims of an assertion, checked as anybody would.
fn checked(assertion: &str, keys: &[Value]) -> Option<Value> {
    let (signed, signature) = assertion.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let part = |part: &str| serde_json::from_slice(&BASE64.decode(part).ok()?).ok();
    let head: Value = part(head)?;
    assert_eq!(
        (&head["alg"], &head["typ"]),
        (&json!("EdDSA"), &json!("JWT"))
    );
    let key = keys.iter().find(|key| key["kid"] == head["kid"])?;
    assert_eq!(
        (&key["kty"], &key["crv"]),
        (&json!("OKP"), &json!("Ed25519"))
    );
    let public = BASE64.decode(key["x"].as_str()?).ok()?;
    let public = UnparsedPublicKey::new(&ED25519, public);
    let signature = BASE64.decode(signature).ok()?;
    public.verify(signed.as_bytes(), &signature).ok()?;
    part(claims)
}

#[tokio::test]
async fn whoever_trusts_the_published_keys_learns_who_logged_on() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    for rights in ["logon", "trusted-logon"] {
        let key = bench.client(rights, rights).await;
        let answered = log_on(&bench, &key, PIN).await;
        let assertion = answered["assertion"].as_str().expect("an assertion");
        let claims = checked(assertion, &keys(&bench).await).expect("it holds");
        assert_eq!(claims["sub"], json!(format!("sip:{KEN}")));
        assert_eq!(claims["name"], json!("Ken Myer"));
        assert_eq!(
            (&claims["aud"], &claims["amr"]),
            (&json!(rights), &json!(["pin"]))
        );
        assert_eq!(
            (&claims["iss"], &claims["conference"]),
            (&json!("pinward"), &json!("4711"))
        );
        let now = pinward_core::Clock::now(&*bench.kit.clock).as_second();
        assert_eq!(
            (&claims["iat"], &claims["exp"]),
            (&json!(now), &json!(now + 60))
        );
        let said: Vec<_> = claims.as_object().expect("claims").keys().collect();
        let all = "iss sub aud iat exp jti amr name phone_number conference";
        assert_eq!(said, all.split(' ').collect::<Vec<_>>());
        let other = log_on(&bench, &key, PIN).await;
        assert_ne!(
            other["assertion"], answered["assertion"],
            "each has an id of its own"
        );
        let forged = assertion.replacen('.', ".A", 1);
        assert!(checked(&forged, &keys(&bench).await).is_none());
        assert_eq!(
            log_on(&bench, &key, "18723835").await.get("assertion"),
            None
        );
    }
}

// R-SEC-2: keys rotate, and nobody notices
#[tokio::test]
async fn after_a_rotation_both_keys_hold_for_an_hour() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let key = bench.client("pbx", "logon").await;
    let assertion = async || {
        let answered = log_on(&bench, &key, PIN).await;
        answered["assertion"]
            .as_str()
            .expect("an assertion")
            .to_owned()
    };
    let before = assertion().await;
    bench.kit.clock.advance_minutes(1);
    let rotated = bench
        .kit
        .service
        .rotate_key(&bench.kit.administrator())
        .await;
    rotated.expect("another key");
    let after = assertion().await;
    let both = keys(&bench).await;
    assert_eq!(both.len(), 2);
    assert!(checked(&before, &both).is_some() && checked(&after, &both).is_some());
    bench.kit.clock.advance_minutes(60);
    let one = keys(&bench).await;
    assert_eq!(one.len(), 1);
    assert!(checked(&before, &one).is_none() && checked(&after, &one).is_some());
}

#[tokio::test]
async fn it_is_given_where_it_is_wanted_and_for_whom() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let key = bench.client("pbx", "logon").await;
    for (wanted, audience) in [
        (json!({}), None),
        (json!({"assertion": false}), None),
        (json!({"assertion": true}), Some("pbx")),
        (
            json!({"audience": "conference.litwareinc.com"}),
            Some("conference.litwareinc.com"),
        ),
    ] {
        let mut body = json!({"user": EXTENSION, "pin": PIN});
        for (name, value) in wanted.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answered = bench.send(&key, Method::POST, "/api/v1/logon", body).await;
        let assertion = answered.json()["assertion"].as_str().map(str::to_owned);
        let claims = match assertion {
            Some(assertion) => checked(&assertion, &keys(&bench).await).expect("it holds"),
            None => Value::Null,
        };
        assert_eq!(claims["aud"].as_str(), audience, "{wanted}");
        assert_eq!(claims.get("conference"), None);
    }
}

// R-LOCK-11: a delivery that is repeated later is a logon of its own
#[tokio::test]
async fn nobody_gets_one_for_having_been_right_long_ago() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let key = bench.client("pbx", "logon").await;
    let ask = async || {
        let asked = Asked {
            method: Method::POST,
            path: "/api/v1/logon",
            key: &key,
            body: Some(json!({"user": EXTENSION, "pin": PIN, "assertion": true})),
            headers: &[("idempotency-key", "call-1")],
            ..Asked::default()
        };
        bench.ask(asked).await.json()["assertion"].is_string()
    };
    assert!(ask().await);
    let (service, administrator) = (&bench.kit.service, bench.kit.administrator());
    let ken = bench.kit.person(KEN).await;
    service
        .lock_pin(&administrator, &ken)
        .await
        .expect("locked");
    assert!(ask().await, "the same delivery has the same answer");
    bench.kit.clock.advance_minutes(1);
    assert!(!ask().await);
}

// R-SEC-2: another process rotates the keys
#[tokio::test]
async fn nothing_is_signed_with_a_key_that_was_replaced_elsewhere() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let key = bench.client("pbx", "logon").await;
    let beside = bench.kit.beside().await;
    bench.kit.clock.advance_minutes(1);
    let rotated = beside.service.rotate_key(&bench.kit.administrator()).await;
    let rotated = rotated.expect("another key");
    let answered = log_on(&bench, &key, PIN).await;
    let assertion = answered["assertion"].as_str().expect("an assertion");
    let head = assertion.split('.').next().expect("a head");
    let head: Value = serde_json::from_slice(&BASE64.decode(head).unwrap()).unwrap();
    assert_eq!(head["kid"], json!(rotated));
    assert!(checked(assertion, &keys(&bench).await).is_some());
}
