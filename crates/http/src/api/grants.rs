//! `/api/v1/users/{user}/policy`: the per-user policy of a user.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::put;
use pinward_service::Right;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Body, Names};
use super::client::Client;
use super::refusal::refused;
use super::users::named;
use crate::{App, Problem};

/// Its route.
pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/users/{user}/policy", put(grant))
}

/// The policy that a user is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The name of a per-user policy; null takes the grant back.
    // Left out it is no null: a body that says nothing takes nothing back.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(min_length = 1, max_length = 260, required = true)]
    policy: Option<String>,
}

/// Grants a user a per-user policy, or takes the grant back.
#[utoipa::path(put, path = "/api/v1/users/{user}/policy", tag = "policies", operation_id = "grantPolicy",
    params(("user" = String, Path, example = "kenmyer@litwareinc.com", description = "Any way of naming the user")),
    request_body = Grant,
    responses((status = 204), (status = 409, body = crate::Problem)))]
pub async fn grant(
    State(app): State<App>,
    client: Client,
    Names(user): Names<String>,
    Body(grant): Body<Grant>,
) -> Result<StatusCode, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let user = named(&app, caller, Right::GrantPolicy, &user).await?;
    let granted = service
        .grant_policy(caller, &user, grant.policy.as_deref())
        .await;
    granted.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
