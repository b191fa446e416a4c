//! `/api/v1/users`: who there is.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use pinward_core::{User, UserId};
use pinward_service::{Caller, Right, UserQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Names, Params, up_to};
use super::client::Client;
use super::paging;
use super::refusal::refused;
use crate::{App, Problem};

/// Their routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/users", get(list))
        .route("/api/v1/users/{user}", get(one))
}

/// The one user whom a name means, as far as a right reaches.
pub async fn named(app: &App, caller: &Caller, right: Right, name: &str) -> Result<User, Problem> {
    let found = app.service().find_person(caller, right, name).await;
    found.map_err(|error| refused(&error))
}

/// Which users are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UsersQuery {
    /// Part of a name, an address or a number.
    #[serde(default, deserialize_with = "up_to::<256, _, _>")]
    #[param(max_length = 256)]
    search: Option<String>,
    /// Users of this site only.
    #[serde(default, deserialize_with = "up_to::<256, _, _>")]
    #[param(max_length = 256)]
    site: Option<String>,
    /// How many in this part of the list; 100 where it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Where the part before this one said to go on.
    next: Option<i64>,
}

/// A part of the users.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserPage {
    /// The users. There may be fewer than asked for, even none, where `next` says to go on.
    users: Vec<UserEntry>,
    /// Where to go on; null at the end of the list.
    next: Option<i64>,
}

/// A user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserEntry {
    /// The SIP address.
    identity: Option<String>,
    /// The GUID in the directory.
    guid: String,
    /// The name that people know.
    display_name: String,
    /// The user principal name.
    user_principal_name: Option<String>,
    /// `DOMAIN\name`.
    account: String,
    /// The distinguished name.
    distinguished_name: String,
    /// The line: `tel:+14255551219;ext=51219`.
    line_uri: Option<String>,
    /// Whether they may have a PIN at all.
    enabled: bool,
    /// The site to which they belong.
    site: Option<String>,
    /// The per-user policy that was granted to them.
    pin_policy: Option<String>,
}

impl From<User> for UserEntry {
    fn from(user: User) -> Self {
        let person = user.person;
        Self {
            identity: person.sip_address,
            guid: person.guid,
            display_name: person.display_name,
            user_principal_name: person.upn,
            account: format!("{}\\{}", person.domain, person.sam_account_name),
            distinguished_name: person.dn,
            line_uri: person.line_uri,
            enabled: person.enabled,
            site: person.site,
            pin_policy: user.pin_policy,
        }
    }
}

/// Lists the users within the client's scope, in no particular order.
#[utoipa::path(get, path = "/api/v1/users", tag = "users", params(UsersQuery),
    operation_id = "listUsers", responses((status = 200, body = UserPage)))]
pub async fn list(
    State(app): State<App>,
    client: Client,
    Params(query): Params<UsersQuery>,
) -> Result<Json<UserPage>, Problem> {
    let query = UserQuery {
        search: query.search,
        site: query.site,
        after: query.next.map(UserId),
        limit: paging::limit(query.limit)?,
    };
    let list = app.service().list_users(client.caller(), &query).await;
    let list = list.map_err(|error| refused(&error))?;
    Ok(Json(UserPage {
        users: list.users.into_iter().map(UserEntry::from).collect(),
        next: list.next.map(|id| id.0),
    }))
}

/// Shows a user.
#[utoipa::path(get, path = "/api/v1/users/{user}", tag = "users", operation_id = "getUser",
    params(("user" = String, Path,
        description = "SIP address, user principal name, domain\\logon, display name or distinguished name")),
    responses((status = 200, body = UserEntry), (status = 409, body = crate::Problem)))]
pub async fn one(
    State(app): State<App>,
    client: Client,
    Names(user): Names<String>,
) -> Result<Json<UserEntry>, Problem> {
    let user = named(&app, client.caller(), Right::ViewUsers, &user).await?;
    Ok(Json(user.into()))
}
