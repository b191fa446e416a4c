//! Sites and access numbers over the API.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::bench::{Asked, Bench};

const SITES: &str = "/api/v1/sites";
const NUMBERS: &str = "/api/v1/access-numbers";
const OSLO: &str = "/api/v1/access-numbers/sip:oslo@litwareinc.com";

/// The status and the code of each answer.
async fn refusals(bench: &Bench, key: &str, asked: Vec<(Method, String, Value, u16, &str)>) {
    for (method, path, body, status, code) in asked {
        let name = format!("{method} {path} {body}");
        let answered = bench.send(key, method, &path, body).await;
        let found = (answered.status.as_u16(), answered.code());
        assert_eq!(
            found,
            (status, Some(code.to_owned())),
            "{name}: {answered:?}"
        );
    }
}

#[tokio::test]
async fn a_site_is_made_changed_and_removed() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsAdministrator").await;
    let oslo = format!("{SITES}/oslo");
    let new = json!({"siteId": "Oslo", "values": {"ldapFilter": "(displayName=Ken Myer)"}});
    let made = bench.send(&key, Method::POST, SITES, new.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.json()["ldapFilter"], "(displayName=Ken Myer)");
    let values = json!({"displayName": "Oslo, the capital", "ldapFilter": null});
    let changed = bench.send(&key, Method::PATCH, &oslo, values).await;
    let entry = json!({"siteId": "Oslo", "displayName": "Oslo, the capital", "ou": [],
        "ldapFilter": null, "users": 0});
    assert_eq!(
        (changed.status, changed.json()),
        (StatusCode::OK, entry.clone())
    );
    let unnamed = json!({"displayName": null, "ou": ["OU=Oslo,DC=litwareinc,DC=com"]});
    let changed = bench.send(&key, Method::PATCH, &oslo, unnamed).await.json();
    assert_eq!(changed["displayName"], Value::Null);
    assert_eq!(changed["ou"], json!(["OU=Oslo,DC=litwareinc,DC=com"]));
    assert_eq!(bench.get(&key, &oslo).await.json(), changed);
    let both = json!({"ou": ["OU=Oslo,DC=litwareinc,DC=com"], "ldapFilter": "(sn=Myer)"});
    refusals(
        &bench,
        &key,
        vec![
            (Method::POST, SITES.into(), new, 409, "SiteExists"),
            (
                Method::POST,
                SITES.into(),
                json!({"siteId": "a:b"}),
                422,
                "SiteIdInvalid",
            ),
            (Method::PATCH, oslo.clone(), both, 422, "SiteRulesExclusive"),
            (
                Method::PATCH,
                oslo.clone(),
                json!({"ldapFilter": "(("}),
                422,
                "LdapFilterInvalid",
            ),
            (
                Method::PATCH,
                oslo.clone(),
                json!({"ou": ["Oslo"]}),
                422,
                "OuInvalid",
            ),
            (
                Method::PATCH,
                format!("{SITES}/nowhere"),
                json!({}),
                404,
                "SiteNotFound",
            ),
        ],
    )
    .await;
    let removed = bench.send(&key, Method::DELETE, &oslo, Value::Null).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    refusals(
        &bench,
        &key,
        vec![
            (Method::GET, oslo.clone(), Value::Null, 404, "SiteNotFound"),
            (Method::DELETE, oslo, Value::Null, 404, "SiteNotFound"),
        ],
    )
    .await;
}

fn oslo() -> Value {
    json!({"primaryUri": "sip:oslo@litwareinc.com", "displayNumber": "47 21 23 45 67",
        "lineUri": "tel:+4721234567", "primaryLanguage": "nb-NO", "secondaryLanguages": ["en-US"],
        "pool": "atl-cs-001.litwareinc.com", "regions": ["Redmond", "Oslo"]})
}

/// The numbers of a region as its people are shown them.
async fn in_region(bench: &Bench, region: &str) -> Vec<String> {
    let choice = pinward_core::RegionChoice::parse(region);
    let choice = pinward_service::AccessNumberChoice::Region(choice);
    let administrator = bench.kit.administrator();
    let numbers = bench
        .kit
        .service
        .access_numbers(&administrator, &choice)
        .await;
    let numbers = numbers.expect("numbers").into_iter();
    numbers.map(|number| number.primary_uri).collect()
}

#[tokio::test]
async fn an_access_number_is_made_changed_moved_and_removed() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsAdministrator").await;
    let made = bench.send(&key, Method::POST, NUMBERS, oslo()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let shown = bench.get(&key, OSLO).await.json();
    assert_eq!(made.json(), shown);
    for (name, value) in oslo().as_object().expect("values") {
        assert_eq!(&shown[name], value, "{name}");
    }
    let values = json!({"displayName": "Oslo", "secondaryLanguages": []});
    let changed = bench.send(&key, Method::PATCH, OSLO, values).await.json();
    assert_eq!(
        (&changed["displayName"], &changed["secondaryLanguages"]),
        (&json!("Oslo"), &json!([]))
    );
    assert_eq!(changed["lineUri"], shown["lineUri"]);
    let values = json!({"displayName": null, "scopeToSite": true});
    let changed = bench.send(&key, Method::PATCH, OSLO, values).await.json();
    assert_eq!(changed["displayName"], Value::Null);
    assert!(changed["site"].is_string(), "{changed}");
    let values = json!({"scopeToSite": false});
    let changed = bench.send(&key, Method::PATCH, OSLO, values).await.json();
    assert_eq!(changed["site"], Value::Null);

    let before = in_region(&bench, "Redmond").await;
    assert!(before.len() > 1 && before.last().is_some_and(|last| last.contains("oslo")));
    let first = json!({"priority": 0});
    let place = format!("{OSLO}/regions/redmond");
    let moved = bench.send(&key, Method::PUT, &place, first.clone());
    assert_eq!(moved.await.status, StatusCode::NO_CONTENT);
    assert!(in_region(&bench, "Redmond").await[0].contains("oslo"));
    let now = bench.get(&key, OSLO).await;
    let now = now.headers["etag"].to_str().unwrap();
    for (tag, status) in [("\"another\"", 412), (now, 204)] {
        let asked = Asked {
            method: Method::PUT,
            path: &place,
            key: &key,
            body: Some(json!({"priority": 1})),
            headers: &[("if-match", tag)],
            ..Asked::default()
        };
        assert_eq!(bench.ask(asked).await.status.as_u16(), status, "{tag}");
        let first = in_region(&bench, "Redmond").await[0].contains("oslo");
        assert_eq!(first, status == 412, "{tag}");
    }

    let with = |name: &str, value: Value| {
        let mut body = oslo();
        body["primaryUri"] = "sip:other@litwareinc.com".into();
        body["lineUri"] = "tel:+4721234568".into();
        body[name] = value;
        body
    };
    let wrong = |name, value| {
        let body = with(name, value);
        (
            Method::POST,
            NUMBERS.to_owned(),
            body,
            422,
            "AccessNumberInvalid",
        )
    };
    let line = || json!("tel:+4721234567");
    refusals(
        &bench,
        &key,
        vec![
            (
                Method::POST,
                NUMBERS.into(),
                oslo(),
                409,
                "AccessNumberExists",
            ),
            (
                Method::POST,
                NUMBERS.into(),
                with("lineUri", line()),
                409,
                "LineUriTaken",
            ),
            wrong("primaryUri", json!("oslo@")),
            wrong("primaryLanguage", json!("no")),
            wrong("pool", Value::Null),
            wrong("hostingProvider", json!("proxy.example.com")),
            (
                Method::PATCH,
                OSLO.into(),
                json!({"lineUri": "21"}),
                422,
                "AccessNumberInvalid",
            ),
            (
                Method::PUT,
                format!("{OSLO}/regions/Paris"),
                first,
                404,
                "RegionNotOfNumber",
            ),
            (
                Method::GET,
                format!("{NUMBERS}/sip:no@litwareinc.com"),
                Value::Null,
                404,
                "AccessNumberNotFound",
            ),
        ],
    )
    .await;
    let removed = bench.send(&key, Method::DELETE, OSLO, Value::Null).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(bench.get(&key, OSLO).await.status, StatusCode::NOT_FOUND);
}
