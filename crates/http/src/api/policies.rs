//! `/api/v1/policies`: PIN policies. Each has an `ETag`; a change or a removal with `If-Match` is made only
//! if the policy is still the one that was seen.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use pinward_core::{Policy, PolicyIdentity, PolicyPatch};
use pinward_service::PolicyError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, Names, given, object};
use super::client::Client;
use super::refusal::refused;
use crate::seen::{Seen, tagged};
use crate::{App, Problem};

/// Their routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/policies", get(list).post(create))
        .route(
            "/api/v1/policies/{policy}",
            get(one).patch(change).delete(remove),
        )
}

/// A PIN policy.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyEntry {
    /// `Global`, `Site:<SiteId>` or `Tag:<name>`.
    identity: String,
    /// Text for administrators.
    description: Option<String>,
    /// Fewest digits of a PIN.
    min_password_length: u32,
    /// How many of the most recent PINs a user may not choose.
    pin_history_count: u32,
    /// Whether common patterns are allowed.
    allow_common_patterns: bool,
    /// Days after which a PIN expires; 0 for never.
    pin_lifetime: u32,
    /// Failed logons before a temporary lockout; null: by the length of the PIN.
    maximum_logon_attempts: Option<u32>,
}

impl From<Policy> for PolicyEntry {
    fn from(policy: Policy) -> Self {
        Self {
            identity: policy.identity.to_string(),
            description: policy.description,
            min_password_length: policy.min_password_length,
            pin_history_count: policy.pin_history_count,
            allow_common_patterns: policy.allow_common_patterns,
            pin_lifetime: policy.pin_lifetime_days,
            maximum_logon_attempts: policy.maximum_logon_attempts,
        }
    }
}

/// What is to be so in a policy; what is left out stays as it is, or has its default in a new one.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PolicyValues {
    /// Text for administrators; null takes it away.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 1024)]
    description: Option<Option<String>>,
    /// Fewest digits of a PIN.
    #[schema(minimum = 4, maximum = 24)]
    min_password_length: Option<u64>,
    /// How many of the most recent PINs a user may not choose.
    #[schema(minimum = 0, maximum = 20)]
    pin_history_count: Option<u64>,
    /// Whether common patterns are allowed.
    allow_common_patterns: Option<bool>,
    /// Days after which a PIN expires; 0 for never.
    #[schema(minimum = 0, maximum = 999)]
    pin_lifetime: Option<u64>,
    /// Failed logons before a temporary lockout; null: by the length of the PIN.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 999)]
    maximum_logon_attempts: Option<Option<u64>>,
}

impl From<PolicyValues> for PolicyPatch {
    fn from(values: PolicyValues) -> Self {
        Self {
            description: values.description,
            min_password_length: values.min_password_length,
            pin_history_count: values.pin_history_count,
            allow_common_patterns: values.allow_common_patterns,
            pin_lifetime_days: values.pin_lifetime,
            maximum_logon_attempts: values.maximum_logon_attempts,
        }
    }
}

/// A new policy.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPolicy {
    /// `site:<SiteId>`, or the name of a per-user policy.
    #[schema(min_length = 1, max_length = 260)]
    identity: String,
    /// Its values.
    #[serde(default, deserialize_with = "object")]
    values: PolicyValues,
}

fn identity(text: &str) -> Result<PolicyIdentity, Problem> {
    let parsed = PolicyIdentity::parse(text);
    parsed.map_err(|error| {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Problem::new(status, "PolicyNameInvalid", error.to_string())
    })
}

/// Lists the policies within the client's scope.
#[utoipa::path(get, path = "/api/v1/policies", tag = "policies", operation_id = "listPolicies",
    responses((status = 200, body = Vec<PolicyEntry>)))]
pub async fn list(
    State(app): State<App>,
    client: Client,
) -> Result<Json<Vec<PolicyEntry>>, Problem> {
    let policies = app.service().policies(client.caller()).await;
    let policies = policies.map_err(|error| refused(&error))?;
    Ok(Json(policies.into_iter().map(PolicyEntry::from).collect()))
}

/// Shows a policy.
#[utoipa::path(get, path = "/api/v1/policies/{policy}", tag = "policies", operation_id = "getPolicy",
    params(("policy" = String, Path, example = "global", description = "`global`, `site:<SiteId>`, or the name of a per-user policy")),
    responses((status = 200, body = PolicyEntry, headers(("ETag" = String, description = "What identifies this state")))))]
pub async fn one(
    State(app): State<App>,
    client: Client,
    Names(name): Names<String>,
) -> Result<Response, Problem> {
    let identity = identity(&name)?;
    let policy = app.service().policy(client.caller(), &identity).await;
    let policy = policy.map_err(|error| refused(&error))?;
    Ok(tagged(StatusCode::OK, policy, PolicyEntry::from))
}

/// Makes a policy.
#[utoipa::path(post, path = "/api/v1/policies", tag = "policies", operation_id = "createPolicy",
    request_body = NewPolicy,
    responses(
        (status = 201, body = PolicyEntry, headers(("ETag" = String, description = "What identifies this state"))),
        (status = 404, body = crate::Problem), (status = 409, body = crate::Problem)))]
pub async fn create(
    State(app): State<App>,
    client: Client,
    Body(new): Body<NewPolicy>,
) -> Result<Response, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let identity = identity(&new.identity)?;
    let policy = service.new_policy(caller, &identity, &new.values.into());
    let policy = policy.map_err(|error| refused(&error))?;
    let created = service.create_policy(caller, &policy).await;
    let created = created.map_err(|error| refused(&error))?;
    Ok(tagged(StatusCode::CREATED, created, PolicyEntry::from))
}

/// Changes what is given of a policy.
#[utoipa::path(patch, path = "/api/v1/policies/{policy}", tag = "policies", operation_id = "changePolicy",
    params(
        ("policy" = String, Path, example = "global", description = "`global`, `site:<SiteId>`, or the name of a per-user policy"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that was seen")),
    request_body = PolicyValues,
    responses(
        (status = 200, body = PolicyEntry, headers(("ETag" = String, description = "What identifies this state")))))]
pub async fn change(
    State(app): State<App>,
    client: Client,
    Names(name): Names<String>,
    seen: Seen,
    Body(values): Body<PolicyValues>,
) -> Result<Response, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let identity = identity(&name)?;
    let nothing = PolicyPatch::default();
    let now = service.check_change(caller, &identity, &nothing);
    let seen = seen.held(now, overtaken(&identity)).await;
    let seen = seen.map_err(|error| refused(&error))?;
    let patch = values.into();
    let changed = service.change_policy(caller, &identity, &patch, seen.as_ref());
    let changed = changed.await.map_err(|error| refused(&error))?;
    Ok(tagged(StatusCode::OK, changed, PolicyEntry::from))
}

fn overtaken(identity: &PolicyIdentity) -> PolicyError {
    let identity = identity.clone();
    PolicyError::Overtaken { identity }
}

/// Removes a policy; the global one gets its defaults back.
#[utoipa::path(delete, path = "/api/v1/policies/{policy}", tag = "policies", operation_id = "removePolicy",
    params(
        ("policy" = String, Path, example = "global", description = "`global`, `site:<SiteId>`, or the name of a per-user policy"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that was seen")),
    responses((status = 204)))]
pub async fn remove(
    State(app): State<App>,
    client: Client,
    Names(name): Names<String>,
    seen: Seen,
) -> Result<StatusCode, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let identity = identity(&name)?;
    let now = service.check_removal(caller, &identity);
    let seen = seen.held(now, overtaken(&identity)).await;
    let seen = seen.map_err(|error| refused(&error))?;
    let removed = service.remove_policy(caller, &identity, seen.as_ref());
    let _removal = removed.await.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
