//! What the document says of a value is what the server holds: each limit, one at a time, is broken by a request
//! that is good in all else.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::bench::{Answered, Asked, Bench, KEN};
use super::endpoints::{ENDPOINTS, Endpoint, Needs, document};

/// A value that the document forbids, and where it stands in a body.
struct Broken {
    place: Vec<String>,
    limit: &'static str,
    value: Value,
}

/// What entries of lists and texts of a limited length look like, where any letters would be refused for
/// something else.
fn likely(property: &str, length: usize) -> String {
    let (before, after) = match property {
        "userScopes" => ("OU:ou=", ""),
        "configScopes" => ("site:", ""),
        "ou" => ("ou=", ""),
        "ldapFilter" => ("(cn=", ")"),
        "primaryUri" => ("sip:", "@litwareinc.com"),
        _ => ("", ""),
    };
    let inner = length.saturating_sub(before.len() + after.len());
    format!("{before}{}{after}", "a".repeat(inner))
}

fn entry(property: &str) -> Value {
    match property {
        "cmdlets" => json!("Get-CsUser"),
        "configScopes" | "userScopes" => json!("global"),
        "ou" => json!("ou=Finance,dc=litwareinc,dc=com"),
        "secondaryLanguages" => json!("fr-FR"),
        "scriptModules" | "regions" => json!("one"),
        "pins" => json!({"user": KEN}),
        other => panic!("what does an entry of {other} look like?"),
    }
}

/// The schema itself, behind references and beside null.
fn plain<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let found = document.pointer(reference.trim_start_matches('#'));
        return plain(document, found.expect(reference));
    }
    let choices = ["oneOf", "anyOf", "allOf"].iter();
    let choices = choices
        .filter_map(|name| schema[*name].as_array())
        .flatten();
    let mut choices = choices.filter(|one| one["type"] != "null");
    match choices.next() {
        Some(choice) => plain(document, choice),
        None => schema,
    }
}

/// Every value that a schema forbids by a limit.
fn broken(document: &Value, schema: &Value, place: &[String], found: &mut Vec<Broken>) {
    let schema = plain(document, schema);
    let name = place.iter().rev().find(|step| *step != "0");
    let name = name.map_or("", String::as_str);
    let mut add = |limit: &'static str, value: Value| {
        let place = place.to_vec();
        found.push(Broken {
            place,
            limit,
            value,
        });
    };
    let size = |limit: &str| schema[limit].as_u64().and_then(|n| usize::try_from(n).ok());
    if let Some(most) = size("maxLength") {
        add("maxLength", likely(name, most + 1).into());
    }
    if let Some(least) = size("minLength").filter(|least| *least > 0) {
        add("minLength", "a".repeat(least - 1).into());
    }
    if let Some(most) = size("maxItems") {
        add("maxItems", vec![entry(name); most + 1].into());
    }
    if let Some(least) = schema["minimum"].as_i64() {
        add("minimum", (least - 1).into());
    }
    if let Some(most) = schema["maximum"].as_i64() {
        add("maximum", (most + 1).into());
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        assert_eq!(pattern, "^[!-~]+$", "what breaks this pattern?");
        add("pattern", "a b".into());
    }
    if schema["type"] == "object" {
        add("type", json!([]));
        if schema["additionalProperties"] == false {
            add("additionalProperties", json!({"unknown": 1}));
        }
        for required in schema["required"].as_array().into_iter().flatten() {
            add("required", required.clone());
        }
    }
    for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
        let place = [place, std::slice::from_ref(property)].concat();
        broken(document, schema, &place, found);
    }
    if schema["items"].is_object() {
        let place = [place, &["0".to_owned()]].concat();
        broken(document, &schema["items"], &place, found);
    }
}

/// Breaks the limit in a body that is good.
fn spoil(body: &mut Value, one: &Broken) {
    let value = one.value.clone();
    match one.limit {
        "additionalProperties" => {
            let place = [&one.place[..], &["unknown".to_owned()]].concat();
            put(body, &place, value["unknown"].clone());
        }
        "required" => {
            let pointer: String = one.place.iter().map(|step| format!("/{step}")).collect();
            let object = body.pointer_mut(&pointer).and_then(Value::as_object_mut);
            let object = object.expect("an object");
            assert!(object.remove(value.as_str().expect("a name")).is_some());
        }
        _ => put(body, &one.place, value),
    }
}

/// The body with that value in that place.
fn put(body: &mut Value, place: &[String], value: Value) {
    match place {
        [] => *body = value,
        [first, rest @ ..] if first == "0" => {
            if !body.is_array() {
                *body = json!([null]);
            }
            put(&mut body[0], rest, value);
        }
        [first, rest @ ..] => put(&mut body[first], rest, value),
    }
}

async fn seeded() -> (Bench, String, String) {
    let bench = Bench::new().await;
    bench.ken_has_a_pin().await;
    let all = bench.client("all", "role:CsAdministrator").await;
    let number = json!({
        "primaryUri": "sip:seeded@litwareinc.com", "displayNumber": "9", "lineUri": "tel:+99",
        "primaryLanguage": "en-US", "pool": "atl-cs-001.litwareinc.com", "regions": ["Seeded"],
    });
    for (path, body) in [
        (
            "roles",
            json!({"identity": "Seeded", "template": "CsHelpDesk"}),
        ),
        ("policies", json!({"identity": "Seeded"})),
        ("sites", json!({"siteId": "Seeded"})),
        ("access-numbers", number),
    ] {
        let path = format!("/api/v1/{path}");
        let made = bench.send(&all, Method::POST, &path, body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    }
    let log_on = bench.client("telephones", "trusted-logon").await;
    (bench, all, log_on)
}

async fn ask(
    bench: &Bench,
    endpoint: &Endpoint,
    keys: (&str, &str),
    (query, body, headers): (&str, Value, &[(&str, &str)]),
) -> Answered {
    let mut path = endpoint.path.replace("{user}", "kenmyer%40litwareinc.com");
    path = path.replace("{number}", "sip:seeded@litwareinc.com");
    for name in ["{policy}", "{role}", "{site}", "{region}"] {
        path = path.replace(name, "Seeded");
    }
    let asked = Asked {
        method: Method::from_bytes(endpoint.method.as_bytes()).unwrap(),
        path: &(path + query),
        key: match endpoint.needs {
            Needs::LogOn => keys.1,
            Needs::Cmdlet(_) | Needs::Nothing => keys.0,
        },
        body: Some(body).filter(|body| !body.is_null()),
        headers,
        ..Asked::default()
    };
    bench.ask(asked).await
}

#[tokio::test]
async fn every_limit_of_the_document_is_held() {
    let (bench, all, log_on) = seeded().await;
    let keys = (all.as_str(), log_on.as_str());
    let document = document(&bench).await;
    let mut tried = 0;
    for endpoint in ENDPOINTS {
        let name = format!("{} {}", endpoint.method, endpoint.path);
        let operation = &document["paths"][endpoint.path][endpoint.method.to_lowercase()];
        let mut of_body = Vec::new();
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        broken(&document, schema, &[], &mut of_body);
        for one in &of_body {
            let mut body = (endpoint.body)();
            spoil(&mut body, one);
            let answered = ask(&bench, endpoint, keys, ("", body, &[])).await;
            // Of many users each is answered for itself.
            let row_refused = answered.headers["content-type"] == "application/x-ndjson"
                && answered.json()["success"] == false;
            let held = row_refused || matches!(answered.status.as_u16(), 400 | 404 | 413 | 422);
            let place = one.place.join(".");
            assert!(held, "{name}: {place} {}: {answered:?}", one.limit);
        }
        tried += of_body.len();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter_name = parameter["name"].as_str().unwrap();
            let mut of_it = Vec::new();
            broken(&document, &parameter["schema"], &[], &mut of_it);
            for one in &of_it {
                let value = match &one.value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                let query = format!("?{parameter_name}={value}");
                let header = [(parameter_name, value.as_str())];
                let (query, headers) = match parameter["in"].as_str() {
                    Some("query") => (query.as_str(), &[][..]),
                    Some("header") => ("", &header[..]),
                    other => panic!("{name}: a limit in {other:?}"),
                };
                let body = (endpoint.body)();
                let answered = ask(&bench, endpoint, keys, (query, body, headers)).await;
                let refused = StatusCode::BAD_REQUEST;
                assert_eq!(answered.status, refused, "{name}: {parameter_name}");
            }
            tried += of_it.len();
        }
        // What the values are put into is no reason for a refusal.
        if !of_body.is_empty() {
            let answered = ask(&bench, endpoint, keys, ("", (endpoint.body)(), &[])).await;
            assert!(answered.status.is_success(), "{name}: {answered:?}");
        }
    }
    assert!(tried > 100, "only {tried} limits");
}
