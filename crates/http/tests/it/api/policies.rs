//! Policies over the API, and what two who change one at the same time are told.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::bench::{Answered, Asked, Bench};

async fn change(bench: &Bench, key: &str, tag: &str, body: Value) -> Answered {
    bench
        .ask(Asked {
            method: Method::PATCH,
            path: "/api/v1/policies/Brief",
            key,
            body: Some(body),
            headers: &[("if-match", tag)],
            ..Asked::default()
        })
        .await
}

fn tag(answered: &Answered) -> String {
    answered.headers["etag"].to_str().unwrap().to_owned()
}

// R-POL-8
#[tokio::test]
async fn a_policy_is_made_changed_and_removed() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsServerAdministrator").await;
    let new =
        json!({"identity": "Brief", "values": {"minPasswordLength": 7, "description": "short"}});
    let made = bench
        .send(&key, Method::POST, "/api/v1/policies", new.clone())
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.text("identity"), "Tag:Brief");
    let again = bench
        .send(&key, Method::POST, "/api/v1/policies", new)
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    let seen = bench.get(&key, "/api/v1/policies/tag:brief").await;
    assert_eq!(tag(&seen), tag(&made));
    let first = change(
        &bench,
        &key,
        &tag(&seen),
        json!({"minPasswordLength": 8, "description": null}),
    )
    .await;
    assert_eq!(first.status, StatusCode::OK, "{first:?}");
    assert_eq!(first.json()["minPasswordLength"], 8);
    assert_eq!(first.json()["description"], Value::Null);
    assert_ne!(tag(&first), tag(&seen));
    // Whoever still has the old one in hand changes nothing.
    let late = change(&bench, &key, &tag(&seen), json!({"minPasswordLength": 9})).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(late.code().as_deref(), Some("PolicyOvertaken"));
    let any = format!("\"x\", {}", tag(&first));
    for good in [any.as_str(), "*"] {
        let changed = change(&bench, &key, good, json!({"pinHistoryCount": 3})).await;
        assert_eq!(changed.status, StatusCode::OK);
        if good == "*" {
            assert_eq!(changed.json()["minPasswordLength"], 8);
        }
    }
    let invalid = change(&bench, &key, "*", json!({"minPasswordLength": 3})).await;
    assert_eq!(invalid.status, StatusCode::UNPROCESSABLE_ENTITY);

    let path = "/api/v1/policies/Brief";
    let remove = async |tag: &str| {
        bench
            .ask(Asked {
                method: Method::DELETE,
                path,
                key: &key,
                headers: &[("if-match", tag)],
                ..Asked::default()
            })
            .await
    };
    let late = remove(&tag(&first)).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(late.code().as_deref(), Some("PolicyOvertaken"));
    let seen = bench.get(&key, path).await;
    assert_eq!(seen.status, StatusCode::OK);
    assert_eq!(remove(&tag(&seen)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(bench.get(&key, path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(remove("*").await.status, StatusCode::NOT_FOUND);
}

// R-POL-8: of all who change what they have seen, one does
#[tokio::test]
async fn of_many_at_once_one_changes_what_it_has_seen() {
    let bench = std::sync::Arc::new(Bench::new().await);
    let key = bench.client("admin", "role:CsServerAdministrator").await;
    let new = json!({"identity": "Brief"});
    let made = bench
        .send(&key, Method::POST, "/api/v1/policies", new)
        .await;
    let seen = tag(&made);
    let mut tasks = Vec::new();
    for length in 6..14 {
        let (bench, key, seen) = (std::sync::Arc::clone(&bench), key.clone(), seen.clone());
        tasks.push(tokio::spawn(async move {
            let body = json!({"minPasswordLength": length});
            change(&bench, &key, &seen, body).await.status
        }));
    }
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap().as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
}

// R-POL-4
#[tokio::test]
async fn a_grant_is_given_and_taken_back() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsAdministrator").await;
    let new = json!({"identity": "Brief"});
    bench
        .send(&key, Method::POST, "/api/v1/policies", new)
        .await;
    let path = "/api/v1/users/kenmyer/policy";
    for (policy, status, governs) in [
        (json!("Brief"), 204, "Tag:Brief"),
        (json!("None"), 404, "Tag:Brief"),
        (json!("global"), 422, "Tag:Brief"),
        (Value::Null, 204, "Site:Redmond"),
    ] {
        let body = json!({"policy": policy});
        let answered = bench.send(&key, Method::PUT, path, body).await;
        assert_eq!(answered.status.as_u16(), status, "{policy}: {answered:?}");
        let state = bench.get(&key, "/api/v1/users/kenmyer/pin").await;
        assert_eq!(state.text("effectivePolicy"), governs);
    }
}
