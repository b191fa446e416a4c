//! `/api/v1/access-numbers`: the numbers by which people dial in.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use pinward_core::AccessNumber;
use pinward_service::AccessNumberChoice;
use serde::Serialize;
use utoipa::ToSchema;

use super::client::Client;
use super::refusal::refused;
use crate::{App, Problem};

/// Their route.
pub fn routes() -> Router<App> {
    Router::new().route("/access-numbers", get(list))
}

/// An access number.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessNumberEntry {
    /// Its SIP address.
    primary_uri: String,
    /// What people call it.
    display_name: Option<String>,
    /// The number as it is shown to people.
    display_number: String,
    /// The number itself.
    line_uri: String,
    /// The language of announcements.
    primary_language: String,
    /// Languages that a caller may choose instead.
    secondary_languages: Vec<String>,
    /// The pool.
    pool: Option<String>,
    /// The hosting provider's proxy.
    hosting_provider: Option<String>,
    /// The regions whose people are shown it.
    regions: Vec<String>,
    /// The site whose people are shown it; null: everybody's.
    site: Option<String>,
}

impl From<AccessNumber> for AccessNumberEntry {
    fn from(number: AccessNumber) -> Self {
        Self {
            primary_uri: number.primary_uri,
            display_name: number.display_name,
            display_number: number.display_number,
            line_uri: number.line_uri,
            primary_language: number.primary_language,
            secondary_languages: number.secondary_languages,
            pool: number.pool,
            hosting_provider: number.hosting_provider,
            regions: number.regions,
            site: number.site,
        }
    }
}

/// Lists the access numbers by SIP address.
#[utoipa::path(get, path = "/api/v1/access-numbers", tag = "access numbers", operation_id = "listAccessNumbers",
    responses((status = 200, body = Vec<AccessNumberEntry>)))]
pub async fn list(
    State(app): State<App>,
    client: Client,
) -> Result<Json<Vec<AccessNumberEntry>>, Problem> {
    let all = AccessNumberChoice::All;
    let numbers = app.service().access_numbers(client.caller(), &all).await;
    let numbers = numbers.map_err(|error| refused(&error))?;
    Ok(Json(
        numbers.into_iter().map(AccessNumberEntry::from).collect(),
    ))
}
