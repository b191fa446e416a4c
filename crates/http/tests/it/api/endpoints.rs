//! Each endpoint and each role: what is allowed is what the lists of the roles say (R-RBAC-2, R-RBAC-4).

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use pinward_core::standard_roles;
use serde_json::{Value, json};

use super::bench::{Bench, EXTENSION, PIN};

/// An endpoint as the document names it, the cmdlet that a role needs for it, and a request that means
/// something.
pub struct Endpoint {
    pub method: &'static str,
    pub path: &'static str,
    pub needs: Needs,
    query: &'static str,
    pub body: fn() -> Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Cmdlet(&'static str),
    /// A client for logons.
    LogOn,
    /// Not even a key.
    Nothing,
}

const fn row(
    method: &'static str,
    path: &'static str,
    cmdlet: &'static str,
    body: fn() -> Value,
) -> Endpoint {
    Endpoint {
        method,
        path,
        needs: Needs::Cmdlet(cmdlet),
        query: "",
        body,
    }
}

fn none() -> Value {
    Value::Null
}

pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: "POST",
        path: "/api/v1/logon",
        needs: Needs::LogOn,
        query: "",
        body: || json!({"user": EXTENSION, "pin": PIN}),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/openapi.json",
        needs: Needs::Nothing,
        query: "",
        body: none,
    },
    Endpoint {
        method: "GET",
        path: "/.well-known/jwks.json",
        needs: Needs::Nothing,
        query: "",
        body: none,
    },
    row("GET", "/api/v1/users", "Get-CsUser", none),
    row("GET", "/api/v1/users/{user}", "Get-CsUser", none),
    row(
        "GET",
        "/api/v1/users/{user}/pin",
        "Get-CsClientPinInfo",
        none,
    ),
    row(
        "PUT",
        "/api/v1/users/{user}/pin",
        "Set-CsClientPin",
        || json!({"pin": PIN}),
    ),
    row(
        "POST",
        "/api/v1/users/{user}/pin/lock",
        "Lock-CsClientPin",
        none,
    ),
    row(
        "POST",
        "/api/v1/users/{user}/pin/unlock",
        "Unlock-CsClientPin",
        none,
    ),
    row(
        "POST",
        "/api/v1/pins",
        "Set-CsClientPin",
        || json!({"pins": [{"user": EXTENSION}]}),
    ),
    row(
        "PUT",
        "/api/v1/users/{user}/policy",
        "Grant-CsPinPolicy",
        || json!({"policy": null}),
    ),
    row("GET", "/api/v1/policies", "Get-CsPinPolicy", none),
    row(
        "POST",
        "/api/v1/policies",
        "New-CsPinPolicy",
        || json!({"identity": "Brief"}),
    ),
    row("GET", "/api/v1/policies/{policy}", "Get-CsPinPolicy", none),
    row(
        "PATCH",
        "/api/v1/policies/{policy}",
        "Set-CsPinPolicy",
        || json!({"minPasswordLength": 6}),
    ),
    row(
        "DELETE",
        "/api/v1/policies/{policy}",
        "Remove-CsPinPolicy",
        none,
    ),
    row("GET", "/api/v1/roles", "Get-CsAdminRole", none),
    row(
        "POST",
        "/api/v1/roles",
        "New-CsAdminRole",
        || json!({"identity": "Desk", "template": "CsHelpDesk"}),
    ),
    row("GET", "/api/v1/roles/{role}", "Get-CsAdminRole", none),
    row(
        "PATCH",
        "/api/v1/roles/{role}",
        "Set-CsAdminRole",
        || json!({"userScopes": ["site:Redmond"]}),
    ),
    row(
        "POST",
        "/api/v1/roles/{role}/update",
        "Update-CsAdminRole",
        none,
    ),
    row("DELETE", "/api/v1/roles/{role}", "Remove-CsAdminRole", none),
    row(
        "GET",
        "/api/v1/users/{user}/roles",
        "Get-CsAdminRoleAssignment",
        none,
    ),
    row(
        "PUT",
        "/api/v1/users/{user}/roles/{role}",
        "Grant-CsAdminRole",
        none,
    ),
    row(
        "DELETE",
        "/api/v1/users/{user}/roles/{role}",
        "Revoke-CsAdminRole",
        none,
    ),
    row("GET", "/api/v1/sites", "Get-CsSite", none),
    row(
        "GET",
        "/api/v1/access-numbers",
        "Get-CsDialInConferencingAccessNumber",
        none,
    ),
    row(
        "POST",
        "/api/v1/access-numbers",
        "New-CsDialInConferencingAccessNumber",
        || {
            json!({"primaryUri": "sip:oslo@litwareinc.com", "displayNumber": "47 1234",
                "lineUri": "tel:+4721234567", "primaryLanguage": "nb-NO",
                "pool": "atl-cs-001.litwareinc.com", "regions": ["Oslo"]})
        },
    ),
    row(
        "GET",
        "/api/v1/access-numbers/{number}",
        "Get-CsDialInConferencingAccessNumber",
        none,
    ),
    row(
        "PATCH",
        "/api/v1/access-numbers/{number}",
        "Set-CsDialInConferencingAccessNumber",
        || json!({"displayName": "Oslo"}),
    ),
    row(
        "PUT",
        "/api/v1/access-numbers/{number}/regions/{region}",
        "Set-CsDialInConferencingAccessNumber",
        || json!({"priority": 0}),
    ),
    row(
        "DELETE",
        "/api/v1/access-numbers/{number}",
        "Remove-CsDialInConferencingAccessNumber",
        none,
    ),
    row(
        "POST",
        "/api/v1/sites",
        "New-CsSite",
        || json!({"siteId": "Oslo"}),
    ),
    row("GET", "/api/v1/sites/{site}", "Get-CsSite", none),
    row(
        "PATCH",
        "/api/v1/sites/{site}",
        "Set-CsSite",
        || json!({"displayName": "Oslo, the capital"}),
    ),
    row("DELETE", "/api/v1/sites/{site}", "Remove-CsSite", none),
    row("GET", "/api/v1/audit", "Get-CsPinAudit", none),
    row("GET", "/api/v1/directory", "Get-CsDirectoryStatus", none),
];

async fn ask(bench: &Bench, endpoint: &Endpoint, key: &str) -> super::bench::Answered {
    let path = endpoint.path.replace("{user}", "kenmyer%40litwareinc.com");
    let path = path.replace("{policy}", "global") + endpoint.query;
    let path = path.replace("{role}", "CsHelpDesk");
    let path = path.replace("{site}", "Oslo").replace("{region}", "Oslo");
    let path = path.replace("{number}", "sip:oslo@litwareinc.com");
    let method = Method::from_bytes(endpoint.method.as_bytes()).unwrap();
    bench.send(key, method, &path, (endpoint.body)()).await
}

pub async fn document(bench: &Bench) -> Value {
    let document = bench.get("", "/api/v1/openapi.json").await;
    assert_eq!(document.status, StatusCode::OK);
    document.json()
}

// R-RBAC-4: an endpoint that is missing in the table fails here
#[tokio::test]
async fn the_document_and_the_table_name_the_same_endpoints() {
    let bench = Bench::new().await;
    let document = document(&bench).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut documented = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            documented.insert((method.to_uppercase(), path.clone()));
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')));
            // R-SEC-3: no PIN is ever part of an address.
            let parameters = operation["parameters"].as_array();
            for parameter in parameters.into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap().to_lowercase();
                assert!(name != "pin", "{path}");
            }
        }
    }
    let listed = ENDPOINTS.iter();
    let listed = listed.map(|row| (row.method.to_owned(), row.path.to_owned()));
    assert_eq!(documented, listed.collect());
}

// R-RBAC-2, R-RBAC-4
#[tokio::test]
async fn each_endpoint_is_open_to_the_roles_whose_cmdlets_say_so() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let document = document(&bench).await;
    for role in standard_roles() {
        let rights = format!("role:{}", role.identity);
        let key = bench.client(&role.identity, &rights).await;
        for endpoint in ENDPOINTS {
            let answered = ask(&bench, endpoint, &key).await;
            let allowed = match endpoint.needs {
                Needs::Cmdlet(cmdlet) => role.allows(cmdlet),
                Needs::LogOn => false,
                Needs::Nothing => true,
            };
            let name = format!("{} {} {}", role.identity, endpoint.method, endpoint.path);
            let denied = answered.status == StatusCode::FORBIDDEN;
            assert_eq!(denied, !allowed, "{name}: {answered:?}");
            assert!(answered.status.as_u16() < 500, "{name}: {answered:?}");
            let method = endpoint.method.to_lowercase();
            let responses = &document["paths"][endpoint.path][method]["responses"];
            let status = answered.status.as_str();
            assert!(responses[status].is_object(), "{name}: {status}");
        }
    }
}

// R-RBAC-4: a logon-only key can do nothing else; no key and a wrong one nothing at all
#[tokio::test]
async fn a_key_for_logons_opens_nothing_else() {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    for rights in ["logon", "trusted-logon"] {
        let key = bench.client(rights, rights).await;
        for endpoint in ENDPOINTS {
            let answered = ask(&bench, endpoint, &key).await;
            let expected = match endpoint.needs {
                Needs::Cmdlet(_) => StatusCode::FORBIDDEN,
                Needs::LogOn | Needs::Nothing => StatusCode::OK,
            };
            let name = format!("{rights} {} {}", endpoint.method, endpoint.path);
            assert_eq!(answered.status, expected, "{name}: {answered:?}");
        }
    }
    for key in ["", "pinward_0", "pinward_"] {
        for endpoint in ENDPOINTS.iter().filter(|row| row.needs != Needs::Nothing) {
            let answered = ask(&bench, endpoint, key).await;
            assert_eq!(answered.status, StatusCode::UNAUTHORIZED);
            assert_eq!(answered.headers["www-authenticate"], "Bearer");
            assert_eq!(answered.headers["content-type"], "application/problem+json");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsAdministrator").await;
    for (method, path, status, code) in [
        ("GET", "/api/v1/nothing", 404, "NotFound"),
        ("DELETE", "/api/v1/users", 405, "MethodNotAllowed"),
        ("GET", "/api/v1/users/nobody", 404, "UserNotFound"),
        ("GET", "/api/v1/users/Maria%20Garcia", 409, "UserNotUnique"),
        ("GET", "/api/v1/users/*", 409, "UserNotUnique"),
        ("GET", "/api/v1/users/%ff", 400, "AddressInvalid"),
        ("GET", "/api/v1/users?limit=0", 400, "QueryInvalid"),
        ("GET", "/api/v1/users?limit=x", 400, "QueryInvalid"),
        ("GET", "/api/v1/users?unknown=1", 400, "QueryInvalid"),
        ("GET", "/api/v1/audit?after=yesterday", 400, "QueryInvalid"),
        ("GET", "/api/v1/policies/site:", 422, "PolicyNameInvalid"),
        ("GET", "/api/v1/policies/none", 404, "PolicyNotFound"),
        ("PUT", "/api/v1/users/kenmyer/pin", 415, "NotJson"),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answered = bench.send(&key, method, path, Value::Null).await;
        assert_eq!(answered.status.as_u16(), status, "{path}: {answered:?}");
        assert_eq!(answered.code().as_deref(), Some(code), "{path}");
        assert_eq!(answered.headers["cache-control"], "no-store", "{path}");
        assert_eq!(answered.json()["status"], status);
        if status == 405 {
            assert_eq!(answered.headers["allow"], "GET,HEAD");
        }
    }
}

#[tokio::test]
async fn a_text_that_is_too_long_is_named() {
    let bench = Bench::new().await;
    let key = bench.client("admin", "role:CsAdministrator").await;
    for (path, said) in [
        (
            "users?search=",
            "the parameter search of the query is not as documented: expected at most 256 characters;",
        ),
        (
            "users?site=",
            "the parameter site of the query is not as documented: expected at most 256 characters;",
        ),
        (
            "audit?actor=",
            "the parameter actor of the query is not as documented: expected at most 1024 characters;",
        ),
    ] {
        let path = format!("/api/v1/{path}{}", "x".repeat(1025));
        let answered = bench.send(&key, Method::GET, &path, Value::Null).await;
        assert_eq!(answered.code().as_deref(), Some("QueryInvalid"), "{said}");
        let problem = answered.json();
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.starts_with(said), "{detail}");
    }
}

#[tokio::test]
async fn users_come_in_parts() {
    let bench = Bench::new().await;
    let key = bench.client("desk", "role:CsHelpDesk").await;
    let (mut found, mut next) = (BTreeSet::new(), String::new());
    loop {
        let part = bench
            .get(&key, &format!("/api/v1/users?limit=300{next}"))
            .await;
        let part = part.json();
        for user in part["users"].as_array().unwrap() {
            assert!(
                found.insert(user["guid"].as_str().unwrap().to_owned()),
                "twice"
            );
        }
        match part["next"].as_i64() {
            Some(after) => next = format!("&next={after}"),
            None => break,
        }
    }
    let mut all = bench.kit.service.users(&bench.kit.administrator()).unwrap();
    let mut count = 0;
    loop {
        let page = all.next().await.unwrap();
        if page.is_empty() {
            break;
        }
        count += page.len();
    }
    assert_eq!(found.len(), count);
    for (query, expected) in [
        ("search=KENMYER", vec!["Ken Myer"]),
        ("search=51219", vec!["Ken Myer"]),
        ("search=ken%20myer&site=Redmond", vec!["Ken Myer"]),
        ("search=ken%20myer&site=Paris", vec![]),
    ] {
        let part = bench
            .get(&key, &format!("/api/v1/users?{query}"))
            .await
            .json();
        let names = part["users"].as_array().unwrap().iter();
        let names: Vec<_> = names.map(|user| user["displayName"].clone()).collect();
        assert_eq!(names, expected, "{query}");
    }
}
