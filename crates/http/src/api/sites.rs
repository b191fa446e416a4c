//! `/api/v1/sites`: the sites, and who belongs to them. Each has an `ETag` of what is set of it; a change or a
//! removal with `If-Match` is made only if that is still what was seen.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use pinward_core::Membership;
use pinward_service::{SiteDetails, SiteError, SiteRequest};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, Names, given, object};
use super::client::Client;
use super::refusal::refused;
use super::stated::Unit;
use crate::seen::{Seen, tagged};
use crate::{App, Problem};

/// Their routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/sites", get(list).post(create))
        .route(
            "/api/v1/sites/{site}",
            get(one).patch(change).delete(remove),
        )
}

/// A site.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SiteEntry {
    /// Its id.
    site_id: String,
    /// What people call it.
    display_name: Option<String>,
    /// The organisational units whose people belong to it.
    ou: Vec<String>,
    /// The LDAP filter that its people match.
    ldap_filter: Option<String>,
    /// How many users within the client's scope belong to it.
    users: u64,
}

impl From<SiteDetails> for SiteEntry {
    fn from(details: SiteDetails) -> Self {
        let (ou, ldap_filter) = match details.membership {
            Membership::Units(units) => (units, None),
            Membership::Filter(filter) => (Vec::new(), Some(filter)),
            _ => (Vec::new(), None),
        };
        Self {
            site_id: details.site.id,
            display_name: details.site.display_name,
            ou,
            ldap_filter,
            users: details.users,
        }
    }
}

/// Lists the sites within the client's scope.
#[utoipa::path(get, path = "/api/v1/sites", tag = "sites", operation_id = "listSites",
    responses((status = 200, body = Vec<SiteEntry>)))]
pub async fn list(State(app): State<App>, client: Client) -> Result<Json<Vec<SiteEntry>>, Problem> {
    let sites = app.service().site_details(client.caller()).await;
    let sites = sites.map_err(|error| refused(&error))?;
    Ok(Json(sites.into_iter().map(SiteEntry::from).collect()))
}

/// What is to be so of a site; what is left out stays as it is.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SiteValues {
    /// What people call it; null takes the name away.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 256)]
    display_name: Option<Option<String>>,
    /// The organisational units whose people belong to it, by their distinguished names; none takes the rule
    /// away. Not with `ldapFilter`.
    #[schema(value_type = Option<Vec<Unit>>, max_items = 256)]
    ou: Option<Vec<String>>,
    /// The LDAP filter that its people match; null takes the rule away. Not with `ou`.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4096)]
    ldap_filter: Option<Option<String>>,
}

impl From<SiteValues> for SiteRequest {
    fn from(values: SiteValues) -> Self {
        Self {
            display_name: values.display_name,
            units: values.ou,
            filter: values.ldap_filter,
        }
    }
}

/// A new site.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSite {
    /// Its id: 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64)]
    site_id: String,
    /// Its values.
    #[serde(default, deserialize_with = "object")]
    values: SiteValues,
}

/// Shows a site.
#[utoipa::path(get, path = "/api/v1/sites/{site}", tag = "sites", operation_id = "getSite",
    params(("site" = String, Path, example = "Redmond", description = "The id")),
    responses((status = 200, body = SiteEntry, headers(("ETag" = String, description = "What identifies this state")))))]
pub async fn one(
    State(app): State<App>,
    client: Client,
    Names(id): Names<String>,
) -> Result<Response, Problem> {
    let site = app.service().site_detail(client.caller(), &id).await;
    let site = site.map_err(|error| refused(&error))?;
    Ok(tagged(StatusCode::OK, site, SiteEntry::from))
}

/// Makes a site and gives it its people.
#[utoipa::path(post, path = "/api/v1/sites", tag = "sites", operation_id = "createSite",
    request_body = NewSite,
    responses((status = 201, body = SiteEntry, headers(("ETag" = String, description = "What identifies this state"))),
        (status = 409, body = crate::Problem)))]
pub async fn create(
    State(app): State<App>,
    client: Client,
    Body(new): Body<NewSite>,
) -> Result<Response, Problem> {
    let (service, request) = (app.service(), new.values.into());
    let created = service.create_site(client.caller(), &new.site_id, &request, |_| ());
    let created = created.await.map_err(|error| refused(&error))?;
    Ok(tagged(StatusCode::CREATED, created.site, SiteEntry::from))
}

/// Changes what is given of a site. Where its rule changes, its people move before this is answered.
#[utoipa::path(patch, path = "/api/v1/sites/{site}", tag = "sites", operation_id = "changeSite",
    params(
        ("site" = String, Path, example = "Redmond", description = "The id"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that was seen")),
    request_body = SiteValues,
    responses((status = 200, body = SiteEntry, headers(("ETag" = String, description = "What identifies this state")))))]
pub async fn change(
    State(app): State<App>,
    client: Client,
    Names(id): Names<String>,
    seen: Seen,
    Body(values): Body<SiteValues>,
) -> Result<Response, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let nothing = SiteRequest::default();
    let now = service.check_site_change(caller, &id, &nothing);
    let seen = seen
        .held(now, SiteError::Overtaken { id: id.clone() })
        .await;
    let seen = seen.map_err(|error| refused(&error))?;
    let request = values.into();
    let changed = service.change_site(caller, &id, &request, seen.as_ref(), |_| ());
    let changed = changed.await.map_err(|error| refused(&error))?;
    Ok(tagged(StatusCode::OK, changed.site, SiteEntry::from))
}

/// Removes a site and its PIN policy.
#[utoipa::path(delete, path = "/api/v1/sites/{site}", tag = "sites", operation_id = "removeSite",
    params(
        ("site" = String, Path, example = "Redmond", description = "The id"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the state that was seen")),
    responses((status = 204)))]
pub async fn remove(
    State(app): State<App>,
    client: Client,
    Names(id): Names<String>,
    seen: Seen,
) -> Result<StatusCode, Problem> {
    let (service, caller) = (app.service(), client.caller());
    let now = service.check_site_removal(caller, &id);
    let seen = seen
        .held(now, SiteError::Overtaken { id: id.clone() })
        .await;
    let seen = seen.map_err(|error| refused(&error))?;
    let removed = service.remove_site(caller, &id, seen.as_ref(), |_| ());
    let _removed = removed.await.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
