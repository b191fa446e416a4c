//! `/api/v1/sites`: the sites.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use pinward_core::Membership;
use pinward_service::SiteDetails;
use serde::Serialize;
use utoipa::ToSchema;

use super::client::Client;
use super::refusal::refused;
use crate::{App, Problem};

/// Their route.
pub fn routes() -> Router<App> {
    Router::new().route("/sites", get(list))
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
