//! `/api/v1/roles` and `/api/v1/users/{user}/roles`: the roles, and who holds which. Each role has an `ETag`; a
//! change, an update or a removal with `If-Match` is made only if the role is still the one that was seen.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use pinward_core::{ListEdit, Role, RoleChange};
use pinward_service::{NewRole, Right, RoleError, RoleWarning};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, Names, object};
use super::client::Client;
use super::refusal::refused;
use super::stated::{Name, ScopeText};
use super::users::named;
use crate::seen::{Seen, tagged};
use crate::{App, Problem};

/// Their routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/roles", get(list).post(create))
        .route(
            "/api/v1/roles/{role}",
            get(one).patch(change).delete(remove),
        )
        .route("/api/v1/roles/{role}/update", post(update))
        .route("/api/v1/users/{user}/roles", get(held))
        .route(
            "/api/v1/users/{user}/roles/{role}",
            put(grant).delete(revoke),
        )
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
    /// Names of script modules.
    script_modules: Vec<String>,
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
            script_modules: role.script_modules,
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

/// What is to be so of a role of the company's own; what is left out stays as it is.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RoleValues {
    /// The cmdlets that it allows, and with them what the API allows.
    #[schema(value_type = Option<Vec<Name>>, max_items = 256)]
    cmdlets: Option<Vec<String>>,
    /// Names of script modules.
    #[schema(value_type = Option<Vec<Name>>, max_items = 256)]
    script_modules: Option<Vec<String>>,
    /// Scopes over configuration: `global`, `site:<SiteId>`; none reach nothing.
    #[schema(value_type = Option<Vec<ScopeText>>, max_items = 256)]
    config_scopes: Option<Vec<String>>,
    /// Scopes over users: `global`, `site:<SiteId>`, `OU:<distinguished name>`; none reach nobody.
    #[schema(value_type = Option<Vec<ScopeText>>, max_items = 256)]
    user_scopes: Option<Vec<String>>,
}

impl From<RoleValues> for RoleChange {
    fn from(values: RoleValues) -> Self {
        Self {
            cmdlets: values.cmdlets.map(ListEdit::Replace),
            script_modules: values.script_modules.map(ListEdit::Replace),
            config_scopes: values.config_scopes.map(ListEdit::Replace),
            user_scopes: values.user_scopes.map(ListEdit::Replace),
            template_cmdlets: None,
        }
    }
}

/// A new role.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRoleBody {
    /// Its name: 1 to 255 characters.
    #[schema(min_length = 1, max_length = 255)]
    identity: String,
    /// The role that it is made from, with its cmdlets and scopes.
    #[schema(min_length = 1, max_length = 255)]
    template: String,
    /// What is different from the template.
    #[serde(default, deserialize_with = "object")]
    values: RoleValues,
}

/// A role as it is kept, and what may not be meant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptRole {
    /// The role.
    #[serde(flatten)]
    role: RoleEntry,
    /// What may not be meant. It is kept all the same.
    warnings: Vec<Warning>,
}

/// Something that may not be meant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// The stable identifier: `HeldByGroup` where the directory has a group of the role's name, whose people
    /// hold the role as soon as it is made; `NobodyInScope`, `GlobalBesideScopes`, `ReachesNothing`, `NoCmdlets`.
    #[schema(value_type = String)]
    code: &'static str,
    /// What it is, for a person.
    detail: String,
}

impl From<(Role, Vec<RoleWarning>)> for KeptRole {
    fn from((role, warnings): (Role, Vec<RoleWarning>)) -> Self {
        let warning = |warning: RoleWarning| Warning {
            code: warning.id(),
            detail: warning.to_string(),
        };
        Self {
            role: role.into(),
            warnings: warnings.into_iter().map(warning).collect(),
        }
    }
}

/// What a role gained.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gained {
    /// The cmdlets that its template had gained since the role was made or last updated.
    cmdlets: Vec<String>,
}

fn overtaken(identity: &str) -> RoleError {
    let identity = identity.to_owned();
    RoleError::Overtaken { identity }
}

/// Shows a role.
#[utoipa::path(get, path = "/api/v1/roles/{role}", tag = "roles", operation_id = "getRole",
    params(("role" = String, Path, example = "CsHelpDesk", description = "Its name")),
    responses((status = 200, body = RoleEntry, headers(("ETag" = String, description = "What identifies this state")))))]
pub async fn one(
    State(app): State<App>,
    client: Client,
    Names(identity): Names<String>,
) -> Result<Response, Problem> {
    let role = app.service().role_named(client.caller(), &identity).await;
    let role = role.map_err(|error| refused(&error))?;
    Ok(tagged(StatusCode::OK, role, RoleEntry::from))
}

/// Makes a role of the company's own from another one.
#[utoipa::path(post, path = "/api/v1/roles", tag = "roles", operation_id = "createRole",
    request_body = NewRoleBody,
    responses((status = 201, body = KeptRole, headers(("ETag" = String, description = "What identifies this state"))),
        (status = 404, body = crate::Problem), (status = 409, body = crate::Problem)))]
pub async fn create(
    State(app): State<App>,
    client: Client,
    Body(new): Body<NewRoleBody>,
) -> Result<Response, Problem> {
    let new = NewRole {
        identity: new.identity,
        template: new.template,
        change: new.values.into(),
    };
    let created = app.service().create_role(client.caller(), &new).await;
    let (role, warnings) = created.map_err(|error| refused(&error))?;
    let kept = |role| KeptRole::from((role, warnings));
    Ok(tagged(StatusCode::CREATED, role, kept))
}

/// Changes what is given of a role of the company's own. Standard roles cannot be changed.
#[utoipa::path(patch, path = "/api/v1/roles/{role}", tag = "roles", operation_id = "changeRole",
    params(
        ("role" = String, Path, example = "Desk", description = "Its name"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that was seen")),
    request_body = RoleValues,
    responses((status = 200, body = KeptRole, headers(("ETag" = String, description = "What identifies this state"))),
        (status = 409, body = crate::Problem)))]
pub async fn change(
    State(app): State<App>,
    client: Client,
    Names(identity): Names<String>,
    seen: Seen,
    Body(values): Body<RoleValues>,
) -> Result<Response, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let nothing = RoleChange::default();
    let now = async {
        let checked = service.check_role_change(caller, &identity, &nothing);
        checked.await.map(|(role, _warnings)| role)
    };
    let seen = seen.held(now, overtaken(&identity)).await;
    let seen = seen.map_err(|error| refused(&error))?;
    let change = values.into();
    let changed = service.change_role(caller, &identity, &change, seen.as_ref());
    let (role, warnings) = changed.await.map_err(|error| refused(&error))?;
    let kept = |role| KeptRole::from((role, warnings));
    Ok(tagged(StatusCode::OK, role, kept))
}

/// Gives a role of the company's own the cmdlets that its template has gained.
#[utoipa::path(post, path = "/api/v1/roles/{role}/update", tag = "roles", operation_id = "updateRole",
    params(
        ("role" = String, Path, example = "Desk", description = "Its name"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that was seen")),
    responses((status = 200, body = Gained), (status = 409, body = crate::Problem)))]
pub async fn update(
    State(app): State<App>,
    client: Client,
    Names(identity): Names<String>,
    seen: Seen,
) -> Result<Json<Gained>, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let outdated = service.check_role_update(caller, &identity).await;
    let outdated = outdated.map_err(|error| refused(&error))?;
    let seen = seen.is(outdated.role.clone(), overtaken(&identity));
    let seen = seen.map_err(|error| refused(&error))?;
    if !outdated.gains.is_empty() {
        let updated = service.update_role(caller, &outdated, seen.as_ref());
        updated.await.map_err(|error| refused(&error))?;
    }
    Ok(Json(Gained {
        cmdlets: outdated.gains,
    }))
}

/// Removes a role of the company's own, and takes it back from everybody who holds it.
#[utoipa::path(delete, path = "/api/v1/roles/{role}", tag = "roles", operation_id = "removeRole",
    params(
        ("role" = String, Path, example = "Desk", description = "Its name"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that was seen")),
    responses((status = 204), (status = 409, body = crate::Problem)))]
pub async fn remove(
    State(app): State<App>,
    client: Client,
    Names(identity): Names<String>,
    seen: Seen,
) -> Result<StatusCode, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let now = service.check_role_removal(caller, &identity);
    let seen = seen.held(now, overtaken(&identity)).await;
    let seen = seen.map_err(|error| refused(&error))?;
    let removed = service.remove_role(caller, &identity, seen.as_ref());
    removed.await.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the names of the roles that a user holds, as far as the client may know of them.
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
