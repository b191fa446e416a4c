//! `/api/v1/directory`: the sources that people are synchronised with.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use pinward_service::SourceStatus;
use serde::Serialize;
use utoipa::ToSchema;

use super::client::Client;
use super::refusal::refused;
use crate::{App, Problem};

/// Its route.
pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/directory", get(status))
}

/// A source of people.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceEntry {
    /// Its name.
    identity: String,
    /// `File` or `Ldap`.
    kind: String,
    /// People of the source, those who are gone included.
    users: u64,
    /// Those of them who are enabled.
    enabled: u64,
    /// Those of them who are gone.
    gone: u64,
    /// Numbers and addresses that several users have.
    conflicts: u64,
    /// What came of the last reading.
    last_result: Option<String>,
    /// When a reading last ended.
    last_attempt: Option<String>,
    /// When everybody was last read.
    last_full: Option<String>,
    /// When what had changed was last read.
    last_increment: Option<String>,
}

impl From<SourceStatus> for SourceEntry {
    fn from(source: SourceStatus) -> Self {
        Self {
            identity: source.name,
            kind: source.kind,
            users: source.users,
            enabled: source.enabled,
            gone: source.gone,
            conflicts: source.conflicts,
            last_result: source.last_result,
            last_attempt: source.last_attempt.map(|at| at.to_string()),
            last_full: source.last_full.map(|at| at.to_string()),
            last_increment: source.last_increment.map(|at| at.to_string()),
        }
    }
}

/// Says how the sources of the directory stand.
#[utoipa::path(get, path = "/api/v1/directory", tag = "directory", operation_id = "directoryStatus",
    responses((status = 200, body = Vec<SourceEntry>)))]
pub async fn status(
    State(app): State<App>,
    client: Client,
) -> Result<Json<Vec<SourceEntry>>, Problem> {
    let sources = app.service().sources(client.caller()).await;
    let sources = sources.map_err(|error| refused(&error))?;
    Ok(Json(sources.into_iter().map(SourceEntry::from).collect()))
}
