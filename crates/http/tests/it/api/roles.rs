//! Roles of the company's own over the API.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::bench::{Answered, Asked, Bench, KEN};
use crate::browser::JOHN;
use crate::outdated::{outdate, put_into_group};

const ROLES: &str = "/api/v1/roles";
const DESK: &str = "/api/v1/roles/redmond%20desk";

fn desk() -> Value {
    json!({"identity": "Redmond desk", "template": "CsHelpDesk",
        "values": {"userScopes": ["site:Redmond"]}})
}

// R-RBAC-1
#[tokio::test]
async fn a_role_is_made_changed_held_and_removed() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsAdministrator").await;
    let made = bench.send(&key, Method::POST, ROLES, desk()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let template = bench.get(&key, "/api/v1/roles/cshelpdesk").await.json();
    for (name, value) in [
        ("identity", json!("Redmond desk")),
        ("isStandardRole", json!(false)),
        ("templateName", json!("CsHelpDesk")),
        ("userScopes", json!(["site:Redmond"])),
        ("configScopes", json!(["global"])),
        ("cmdlets", template["cmdlets"].clone()),
    ] {
        assert_eq!(made.json()[name], value, "{name}");
    }
    let mut kept = made.json();
    assert_eq!(kept["warnings"].take(), json!([]));
    kept.as_object_mut().unwrap().remove("warnings");
    assert_eq!(bench.get(&key, DESK).await.json(), kept);

    let values = json!({"cmdlets": ["Get-CsUser", "unlock-csclientpin"], "userScopes": ["global"]});
    let changed = bench.send(&key, Method::PATCH, DESK, values).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    let changed = changed.json();
    assert_eq!(
        changed["cmdlets"],
        json!(["Get-CsUser", "Unlock-CsClientPin"])
    );
    assert_eq!(changed["userScopes"], json!(["global"]));
    assert_eq!(changed["configScopes"], json!(["global"]));

    let held = format!("/api/v1/users/{JOHN}/roles");
    let granted = format!("{held}/Redmond%20desk");
    let granted = bench.send(&key, Method::PUT, &granted, Value::Null).await;
    assert_eq!(granted.status, StatusCode::NO_CONTENT);
    assert_eq!(bench.get(&key, &held).await.json(), json!(["Redmond desk"]));
    let removed = bench.send(&key, Method::DELETE, DESK, Value::Null).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(bench.get(&key, DESK).await.status, StatusCode::NOT_FOUND);
    assert_eq!(bench.get(&key, &held).await.json(), json!([]));
}

// R-RBAC-1
#[tokio::test]
async fn what_may_not_be_meant_is_told() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsAdministrator").await;
    put_into_group(&bench.kit, "Reception", &[KEN, JOHN]).await;
    let codes = |answered: &Answered| -> Vec<String> {
        let json = answered.json();
        let warnings = json["warnings"].as_array().expect("a list");
        let code = |one: &Value| one["code"].as_str().unwrap().to_owned();
        warnings.iter().map(code).collect()
    };
    let new = json!({"identity": "reception", "template": "CsHelpDesk"});
    let made = bench.send(&key, Method::POST, ROLES, new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(codes(&made), ["HeldByGroup"]);
    let detail = made.json()["warnings"][0]["detail"].clone();
    let detail = detail.as_str().unwrap();
    assert!(detail.contains("2 of its people hold the role"), "{detail}");
    let role = format!("{ROLES}/reception");
    for (values, expected) in [
        (json!({"cmdlets": ["Get-CsUser"]}), &[][..]),
        (json!({"cmdlets": []}), &["NoCmdlets"]),
        (
            json!({"userScopes": ["OU:ou=Moon,dc=com"], "configScopes": []}),
            &["NobodyInScope", "ReachesNothing", "NoCmdlets"],
        ),
    ] {
        let changed = bench.send(&key, Method::PATCH, &role, values).await;
        assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
        assert_eq!(codes(&changed), expected);
    }
}

// R-RBAC-5
#[tokio::test]
async fn what_cannot_be_a_role_is_refused() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsAdministrator").await;
    let made = bench.send(&key, Method::POST, ROLES, desk()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let before = bench.get(&key, ROLES).await.json();
    let standard = || format!("{ROLES}/cshelpdesk");
    let nowhere = || format!("{ROLES}/Nothing");
    let named = |name: &str| json!({"identity": name, "template": "CsHelpDesk"});
    let from = |template: &str| json!({"identity": "New", "template": template});
    let reaching = |scope: &str| json!({"userScopes": [scope]});
    let post = |body| (Method::POST, ROLES.to_owned(), body);
    let patch = |body| (Method::PATCH, DESK.to_owned(), body);
    let nothing = || Value::Null;
    for ((method, path, body), status, code) in [
        (post(desk()), 409, "RoleExists"),
        (post(named("CsHelpDesk")), 422, "RoleNameInvalid"),
        (post(named("a*")), 422, "RoleNameInvalid"),
        (post(from("Nothing")), 404, "TemplateNotFound"),
        (patch(reaching("Finance")), 422, "RoleInvalid"),
        (patch(reaching("site:Moon")), 404, "SiteNotFound"),
        (
            patch(json!({"configScopes": ["OU:DC=com"]})),
            422,
            "RoleInvalid",
        ),
        (
            patch(json!({"cmdlets": ["Grant-CsAdminRole"]})),
            422,
            "RoleInvalid",
        ),
        (
            patch(json!({"cmdlets": ["Get-Nothing"]})),
            422,
            "RoleInvalid",
        ),
        (patch(json!({"identity": "Other"})), 400, "BodyInvalid"),
        (
            (Method::PATCH, standard(), reaching("global")),
            409,
            "RoleIsStandard",
        ),
        (
            (Method::DELETE, standard(), nothing()),
            409,
            "RoleIsStandard",
        ),
        (
            (Method::POST, standard() + "/update", nothing()),
            409,
            "RoleIsStandard",
        ),
        ((Method::GET, nowhere(), nothing()), 404, "RoleNotFound"),
        (
            (Method::PATCH, nowhere(), reaching("global")),
            404,
            "RoleNotFound",
        ),
        ((Method::DELETE, nowhere(), nothing()), 404, "RoleNotFound"),
    ] {
        let name = format!("{method} {path} {body}");
        let answered = bench.send(&key, method, &path, body).await;
        let found = (answered.status.as_u16(), answered.code());
        assert_eq!(found, (status, Some(code.to_owned())), "{name}");
    }
    assert_eq!(bench.get(&key, ROLES).await.json(), before);
}

// R-RBAC-1
#[tokio::test]
async fn a_role_is_brought_up_to_its_template() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsAdministrator").await;
    let made = bench.send(&key, Method::POST, ROLES, desk()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let update_path = format!("{DESK}/update");
    let update = async || {
        bench
            .send(&key, Method::POST, &update_path, Value::Null)
            .await
    };
    let tag = |answered: &Answered| answered.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(update().await.json(), json!({"cmdlets": []}));
    let gained = outdate(&bench.kit, "Redmond desk").await;
    let seen = async |tag: &str| {
        let asked = Asked {
            method: Method::POST,
            path: &update_path,
            key: &key,
            headers: &[("if-match", tag)],
            ..Asked::default()
        };
        let answered = bench.ask(asked).await;
        (answered.status.as_u16(), answered.code())
    };
    let overtaken = (412, Some("RoleOvertaken".to_owned()));
    assert_eq!(seen(&tag(&made)).await, overtaken);
    let now = bench.get(&key, DESK).await;
    assert_eq!(seen(&tag(&now)).await, (200, None));
    // It is another role by then.
    assert_eq!(seen(&tag(&now)).await, overtaken);
    assert_eq!(outdate(&bench.kit, "Redmond desk").await, gained);
    assert_eq!(update().await.json(), json!({"cmdlets": [gained]}));
    let cmdlets = bench.get(&key, DESK).await.json()["cmdlets"].clone();
    assert_eq!(cmdlets, made.json()["cmdlets"]);
}
