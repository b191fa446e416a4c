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

// R-LOCK-11: what an assertion shall say is part of the input
#[tokio::test]
async fn a_key_brings_no_other_assertion_than_the_one_it_was_sent_for() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let key = bench.client("pbx", "logon").await;
    let ask = async |delivery: &str, more: Value| {
        let mut body = json!({"user": EXTENSION, "pin": PIN});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        let asked = Asked {
            method: Method::POST,
            path: "/api/v1/logon",
            key: &key,
            body: Some(body),
            headers: &[("idempotency-key", delivery)],
            ..Asked::default()
        };
        let answered = bench.ask(asked).await;
        let given = answered.json()["assertion"].is_string();
        (answered.status.as_u16(), given, answered.code())
    };
    let reused = (409, false, Some("KeyReused".to_owned()));
    let plain = json!({});
    let told = json!({"assertion": true, "audience": "a", "conference": "4711"});
    for (number, (first, other)) in [
        (&plain, json!({"assertion": true})),
        (&plain, json!({"audience": "a"})),
        (&plain, json!({"conference": "4711"})),
        (&told, json!({"audience": "a", "conference": "4712"})),
        (&told, json!({"audience": "a"})),
        (&told, json!({"audience": "b", "conference": "4711"})),
        (&told, json!({"assertion": true, "conference": "4711"})),
        (&told, json!({"conference": "4711"})),
    ]
    .into_iter()
    .enumerate()
    {
        let delivery = format!("call-{number}");
        let given = ask(&delivery, first.clone()).await;
        assert_eq!(given, (200, *first == told, None));
        let told = format!("{first} {other}");
        assert_eq!(ask(&delivery, other).await, reused, "{told}");
    }
    assert_eq!(ask("plain", plain).await, (200, false, None));
    assert_eq!(ask("told", told.clone()).await, (200, true, None));
    let ken = bench.kit.person(KEN).await;
    let administrator = bench.kit.administrator();
    let locked = bench.kit.service.lock_pin(&administrator, &ken).await;
    locked.expect("locked");
    assert_eq!(ask("told", told.clone()).await, (200, true, None));
    // The answer without an assertion is remembered for an hour, that with one for as long as it holds.
    bench.kit.clock.advance_minutes(1);
    let late = ask("plain", json!({"assertion": true})).await;
    assert_eq!(late, reused);
    assert_eq!(ask("told", told).await, (200, false, None));
}

// What others read in an assertion is as it may stand there.
#[tokio::test]
async fn what_an_assertion_says_is_looked_at() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let key = bench.client("pbx", "logon").await;
    let ask = async |name: &str, value: &str| {
        let mut body = json!({"user": EXTENSION, "pin": PIN, "assertion": true});
        body[name] = value.into();
        bench.send(&key, Method::POST, "/api/v1/logon", body).await
    };
    let long = "ü".repeat(1024);
    let longer = "x".repeat(1025);
    for (name, value, claim, said) in [
        ("audience", " a ", "aud", Some("a")),
        ("audience", long.as_str(), "aud", Some(long.as_str())),
        ("conference", " 4711 ", "conference", Some("4711")),
        ("conference", "", "conference", None),
        ("conference", "  ", "conference", None),
    ] {
        let answered = ask(name, value).await.json();
        let assertion = answered["assertion"].as_str().expect("an assertion");
        let claims = checked(assertion, &keys(&bench).await).expect("it holds");
        assert_eq!(claims.get(claim).and_then(Value::as_str), said, "{name}");
    }
    for (name, value) in [
        ("audience", ""),
        ("audience", " "),
        ("audience", "a\nb"),
        ("audience", longer.as_str()),
        ("conference", "4\u{7}7"),
        ("conference", longer.as_str()),
    ] {
        let refused = ask(name, value).await;
        assert_eq!(refused.status.as_u16(), 400, "{name} {value}");
        assert_eq!(refused.code().as_deref(), Some("BodyInvalid"));
    }
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
