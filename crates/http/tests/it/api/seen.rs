//! What is changed or removed only as it was seen: every resource with an `ETag`.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::bench::{Answered, Asked, Bench};

/// A resource, and two changes of it.
struct Row {
    all: &'static str,
    one: &'static str,
    new: Value,
    first: Value,
    second: Value,
    overtaken: &'static str,
}

fn rows() -> Vec<Row> {
    vec![
        Row {
            all: "/api/v1/policies",
            one: "/api/v1/policies/tag:brief",
            new: json!({"identity": "Brief"}),
            first: json!({"minPasswordLength": 7}),
            second: json!({"minPasswordLength": 8}),
            overtaken: "PolicyOvertaken",
        },
        // Named as nobody wrote it: the site is called Paris.
        Row {
            all: "/api/v1/policies",
            one: "/api/v1/policies/site:PARIS",
            new: json!({"identity": "site:paris"}),
            first: json!({"minPasswordLength": 7}),
            second: json!({"minPasswordLength": 8}),
            overtaken: "PolicyOvertaken",
        },
        Row {
            all: "/api/v1/sites",
            one: "/api/v1/sites/oslo",
            new: json!({"siteId": "Oslo"}),
            first: json!({"displayName": "Kristiania"}),
            second: json!({"ldapFilter": "(displayName=Ken Myer)"}),
            overtaken: "SiteOvertaken",
        },
        Row {
            all: "/api/v1/access-numbers",
            one: "/api/v1/access-numbers/SIP:oslo@litwareinc.com",
            new: json!({"primaryUri": "sip:oslo@litwareinc.com", "displayNumber": "47 21 23 45 67",
                "lineUri": "tel:+4721234567", "primaryLanguage": "nb-NO",
                "pool": "atl-cs-001.litwareinc.com"}),
            first: json!({"displayName": "Oslo"}),
            second: json!({"regions": ["Oslo"]}),
            overtaken: "AccessNumberOvertaken",
        },
        Row {
            all: "/api/v1/roles",
            one: "/api/v1/roles/desk",
            new: json!({"identity": "Desk", "template": "CsHelpDesk"}),
            first: json!({"userScopes": ["site:Redmond"]}),
            second: json!({"cmdlets": ["Get-CsUser"]}),
            overtaken: "RoleOvertaken",
        },
    ]
}

fn tag(answered: &Answered) -> String {
    answered.headers["etag"].to_str().unwrap().to_owned()
}

/// What was answered of the thing itself.
fn state(answered: &Answered) -> Value {
    let mut json = answered.json();
    json.as_object_mut().unwrap().remove("warnings");
    json
}

// R-POL-8
#[tokio::test]
async fn of_two_who_saw_the_same_one_changes_it_or_removes_it() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsAdministrator").await;
    for row in rows() {
        let made = bench.send(&key, Method::POST, row.all, row.new).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}: {made:?}", row.all);
        let ask = async |method: Method, tag: &str, body: Option<Value>| {
            bench
                .ask(Asked {
                    method,
                    path: row.one,
                    key: &key,
                    body,
                    headers: &[("if-match", tag)],
                    ..Asked::default()
                })
                .await
        };
        let overtaken = |answered: &Answered| {
            let found = (answered.status.as_u16(), answered.code());
            assert_eq!(found, (412, Some(row.overtaken.to_owned())), "{}", row.one);
        };
        let seen = tag(&made);
        let kept = bench.get(&key, row.one).await;
        assert_eq!(tag(&kept), seen, "{}", row.one);
        assert_eq!(kept.json(), state(&made), "{}", row.one);
        let first = ask(Method::PATCH, &seen, Some(row.first.clone())).await;
        assert_eq!(first.status, StatusCode::OK, "{}: {first:?}", row.one);
        let late = ask(Method::PATCH, &seen, Some(row.second.clone())).await;
        overtaken(&late);
        overtaken(&ask(Method::DELETE, &seen, None).await);
        let now = bench.get(&key, row.one).await;
        assert_eq!(now.json(), state(&first), "{}", row.one);
        assert_eq!(tag(&now), tag(&first), "{}", row.one);
        let any = format!("\"x\", {}", tag(&now));
        let second = ask(Method::PATCH, &any, Some(row.second.clone())).await;
        assert_eq!(second.status, StatusCode::OK, "{}: {second:?}", row.one);
        overtaken(&ask(Method::DELETE, &tag(&now), None).await);
        // A weak tag is none of ours.
        overtaken(&ask(Method::DELETE, &format!("W/{}", tag(&second)), None).await);
        let removed = ask(Method::DELETE, &tag(&second), None).await;
        assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", row.one);
        for tag in [tag(&second).as_str(), "*"] {
            let again = ask(Method::DELETE, tag, None).await;
            assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", row.one);
        }
    }
}
