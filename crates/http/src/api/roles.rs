//! `/api/v1/roles` and `/api/v1/users/{user}/roles`: the roles, and who holds which.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, put};
use axum::{Json, Router};
use pinward_core::Role;
use pinward_service::Right;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::Names;
use super::client::Client;
use super::refusal::refused;
use super::users::named;
use crate::{App, Problem};

/// Their routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/roles", get(list))
        .route("/users/{user}/roles", get(held))
        .route("/users/{user}/roles/{role}", put(grant).delete(revoke))
}

/// A role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleEntry {
    /// Its name.
    identity: String,
    /// Its SID.
    sid: String,
    /// Whether it comes with the product.
    is_standard_role: bool,
    /// The cmdlets that it allows, and with them what the API allows.
    cmdlets: Vec<String>,
    /// Scopes over configuration.
    config_scopes: Vec<String>,
    /// Scopes over users.
    user_scopes: Vec<String>,
    /// The role that it was made from.
    template_name: Option<String>,
}

impl From<Role> for RoleEntry {
    fn from(role: Role) -> Self {
        Self {
            identity: role.identity,
            sid: role.sid,
            is_standard_role: role.is_standard,
            cmdlets: role.cmdlets,
            config_scopes: role.config_scopes,
            user_scopes: role.user_scopes,
            template_name: role.template,
        }
    }
}

/// Lists the roles, the standard ones first.
#[utoipa::path(get, path = "/api/v1/roles", tag = "roles", operation_id = "listRoles",
    responses((status = 200, body = Vec<RoleEntry>)))]
pub async fn list(State(app): State<App>, client: Client) -> Result<Json<Vec<RoleEntry>>, Problem> {
    let roles = app.service().roles(client.caller()).await;
    let roles = roles.map_err(|error| refused(&error))?;
    Ok(Json(roles.into_iter().map(RoleEntry::from).collect()))
}

/// Lists the names of the roles that a user holds.
#[utoipa::path(get, path = "/api/v1/users/{user}/roles", tag = "roles", operation_id = "listRolesOfUser",
    params(("user" = String, Path, example = "kenmyer@litwareinc.com", description = "Any way of naming the user")),
    responses((status = 200, body = Vec<String>), (status = 409, body = crate::Problem)))]
pub async fn held(
    State(app): State<App>,
    client: Client,
    Names(user): Names<String>,
) -> Result<Json<Vec<String>>, Problem> {
    let user = named(&app, client.caller(), Right::ViewAssignments, &user).await?;
    let held = app.service().role_assignment(client.caller(), &user).await;
    Ok(Json(held.map_err(|error| refused(&error))?))
}

/// Grants a user a role; again is no error.
#[utoipa::path(put, path = "/api/v1/users/{user}/roles/{role}", tag = "roles", operation_id = "grantRole",
    params(("user" = String, Path, example = "kenmyer@litwareinc.com", description = "Any way of naming the user"),
        ("role" = String, Path, example = "CsHelpDesk", description = "The role")),
    responses((status = 204), (status = 409, body = crate::Problem)))]
pub async fn grant(
    State(app): State<App>,
    client: Client,
    Names((user, role)): Names<(String, String)>,
) -> Result<StatusCode, Problem> {
    let user = named(&app, client.caller(), Right::GrantRole, &user).await?;
    let granted = app
        .service()
        .grant_role(client.caller(), &user, &role)
        .await;
    granted.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a role back that was granted to a user.
#[utoipa::path(delete, path = "/api/v1/users/{user}/roles/{role}", tag = "roles", operation_id = "revokeRole",
    params(("user" = String, Path, example = "kenmyer@litwareinc.com", description = "Any way of naming the user"),
        ("role" = String, Path, example = "CsHelpDesk", description = "The role")),
    responses((status = 204), (status = 409, body = crate::Problem)))]
pub async fn revoke(
    State(app): State<App>,
    client: Client,
    Names((user, role)): Names<(String, String)>,
) -> Result<StatusCode, Problem> {
    let user = named(&app, client.caller(), Right::RevokeRole, &user).await?;
    let revoked = app
        .service()
        .revoke_role(client.caller(), &user, &role)
        .await;
    revoked.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
