//! `/api/v1/openapi.json`: what there is, made from the handlers themselves.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::{
    access_numbers, audit, bulk, directory, grants, keys, log_on, pins, policies, roles, sites,
    users,
};
use crate::{App, Problem};

/// Its route.
pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/openapi.json", get(serve))
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pinward",
        description = "PIN sign-in for telephones: logons, PINs, policies, roles, audit."
    ),
    paths(
        log_on::log_on,
        keys::keys,
        users::list,
        users::one,
        pins::info,
        pins::assign,
        pins::lock,
        pins::unlock,
        bulk::assign_all,
        policies::list,
        policies::one,
        policies::create,
        policies::change,
        policies::remove,
        grants::grant,
        roles::list,
        roles::create,
        roles::one,
        roles::change,
        roles::update,
        roles::remove,
        roles::held,
        roles::grant,
        roles::revoke,
        sites::list,
        sites::create,
        sites::one,
        sites::change,
        sites::remove,
        access_numbers::list,
        access_numbers::create,
        access_numbers::one,
        access_numbers::change,
        access_numbers::remove,
        access_numbers::reorder,
        audit::search,
        directory::status,
        serve
    ),
    components(schemas(Problem))
)]
struct Document;

/// The document.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| {
    let mut document = serde_json::to_value(Document::openapi()).unwrap_or_default();
    complete(&mut document);
    Bytes::from(document.to_string())
});

/// Shows this document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "API", operation_id = "openApi",
    responses((status = 200, description = "The document", body = Object)), security(()))]
async fn serve() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/json")],
        DOCUMENT.clone(),
    )
}

/// What every endpoint can answer: whoever has no key, may not, asks for too much, or finds the store
/// unable to decide.
const ALWAYS: &[(&str, &str)] = &[
    ("400", "The request is not as documented"),
    (
        "401",
        "There is no key or certificate of a client that holds",
    ),
    ("403", "The client may not"),
    ("429", "The client asks for more than it may"),
    ("503", "No decision could be reached"),
];
/// What an endpoint with a name in its address can answer.
const NAMED: &[(&str, &str)] = &[("404", "There is nothing of that name within reach")];
/// What an endpoint with a body can answer.
const WITH_BODY: &[(&str, &str)] = &[
    ("408", "The body took too long to arrive"),
    ("413", "The body is too long"),
    ("415", "The body is not JSON"),
];
/// What an endpoint with `If-Match` can answer.
const SEEN: &[(&str, &str)] = &[("412", "It is no longer as it was seen")];
/// What an endpoint that is told names or values can answer.
const JUDGED: &[(&str, &str)] = &[("422", "The values are refused")];

/// Adds what all endpoints have in common: the problems, and the key or certificate of a client.
fn complete(document: &mut Value) {
    document["components"]["securitySchemes"]["key"] = json!({
        "type": "http",
        "scheme": "bearer",
        "description": "The key of a client, as `pinward client add` makes it",
    });
    document["components"]["securitySchemes"]["certificate"] = json!({
        "type": "mutualTLS",
        "description": "The certificate of a client, as `pinward client add --certificate` names it",
    });
    document["security"] = json!([{"key": []}, {"certificate": []}]);
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    for (path, methods) in paths {
        let Some(methods) = methods.as_object_mut() else {
            continue;
        };
        for operation in methods.values_mut() {
            // What needs no key is refused to nobody.
            if operation.get("security").is_some() {
                continue;
            }
            let mut problems = ALWAYS.to_vec();
            if path.contains('{') {
                problems.extend_from_slice(NAMED);
                problems.extend_from_slice(JUDGED);
            }
            let parameters = operation["parameters"].as_array();
            let is_if_match = |parameter: &Value| parameter["name"] == "If-Match";
            if parameters.is_some_and(|all| all.iter().any(is_if_match)) {
                problems.extend_from_slice(SEEN);
            }
            if operation.get("requestBody").is_some() {
                problems.extend_from_slice(WITH_BODY);
                problems.extend_from_slice(JUDGED);
            }
            if let Some(responses) = operation["responses"].as_object_mut() {
                add(responses, &problems);
            }
        }
    }
}

/// Every problem is told alike, those that the endpoint names itself too.
fn add(responses: &mut Map<String, Value>, problems: &[(&str, &str)]) {
    let content = json!({
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    });
    for (status, description) in problems {
        let known = responses.entry(*status).or_insert_with(|| json!({}));
        known["description"] = (*description).into();
    }
    for (status, response) in responses {
        if status.starts_with(['4', '5']) {
            response["content"] = content.clone();
        }
    }
}
