//! `/api/v1/audit`: searching the audit log.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use pinward_core::Timestamp;
use pinward_service::{AuditQuery, AuditRecord, Right};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::body::{Params, up_to};
use super::client::Client;
use super::paging;
use super::refusal::refused;
use super::users::named;
use crate::{App, Problem};

/// Its route.
pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/audit", get(search))
}

/// Which records are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditParams {
    /// About this user: any way of naming them.
    #[serde(default, deserialize_with = "up_to::<1024, _, _>")]
    #[param(max_length = 1024)]
    user: Option<String>,
    /// By this actor.
    #[serde(default, deserialize_with = "up_to::<1024, _, _>")]
    #[param(max_length = 1024)]
    actor: Option<String>,
    /// Of this action, such as `LogOn` or `Set-CsClientPin`.
    #[serde(default, deserialize_with = "up_to::<1024, _, _>")]
    #[param(max_length = 1024)]
    action: Option<String>,
    /// With this outcome, such as `IncorrectPin`.
    #[serde(default, deserialize_with = "up_to::<1024, _, _>")]
    #[param(max_length = 1024)]
    outcome: Option<String>,
    /// At this time or later.
    #[param(format = DateTime)]
    after: Option<String>,
    /// Before this time.
    #[param(format = DateTime)]
    before: Option<String>,
    /// The oldest first rather than the newest.
    #[serde(default)]
    oldest_first: bool,
    /// How many in this part of the list; 100 where it is not said.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Where the part before this one said to go on.
    next: Option<i64>,
}

/// A part of the audit log.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditList {
    /// The records.
    records: Vec<AuditEntry>,
    /// Where to go on; null at the end.
    next: Option<i64>,
}

/// A record of the audit log.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its number: each is one more than the one before it.
    sequence: i64,
    /// When it happened.
    time: String,
    /// The way by which it came in, such as `http`.
    door: String,
    /// Who did it; null: nobody but whoever tried to log on.
    actor: Option<String>,
    /// The cmdlet or act.
    action: String,
    /// On whom or what.
    identity: Option<String>,
    /// `Success`, or why not.
    outcome: String,
    /// What changed, from what to what.
    #[schema(value_type = Option<Object>)]
    changes: Option<Value>,
    /// The client's address or name.
    client: Option<String>,
    /// The number that called.
    caller_number: Option<String>,
    /// The number that was called.
    called_number: Option<String>,
    /// The conference.
    conference: Option<String>,
}

impl From<AuditRecord> for AuditEntry {
    fn from(record: AuditRecord) -> Self {
        Self {
            sequence: record.seq,
            time: record.at.to_string(),
            door: record.door,
            actor: record.actor,
            action: record.action,
            identity: record.subject,
            outcome: record.outcome,
            changes: record
                .changes
                .and_then(|changes| serde_json::from_str(&changes).ok()),
            client: record.client,
            caller_number: record.caller,
            called_number: record.called,
            conference: record.conference,
        }
    }
}

fn time(text: Option<String>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let time = text.parse().map(Some);
    time.map_err(|_| {
        let detail = "a time is written as 2026-01-05T09:00:00Z";
        Problem::new(StatusCode::BAD_REQUEST, "QueryInvalid", detail)
    })
}

/// Searches the audit log, the newest records first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditParams), operation_id = "searchAudit",
    responses((status = 200, body = AuditList), (status = 404, body = crate::Problem),
        (status = 409, body = crate::Problem)))]
pub async fn search(
    State(app): State<App>,
    client: Client,
    Params(params): Params<AuditParams>,
) -> Result<Json<AuditList>, Problem> {
    let caller = client.caller();
    let limit = paging::limit(params.limit)?;
    let user = match &params.user {
        Some(user) => Some(named(&app, caller, Right::ViewAudit, user).await?.id),
        None => None,
    };
    let query = AuditQuery {
        user,
        actor: params.actor,
        action: params.action,
        outcome: params.outcome,
        after: time(params.after)?,
        before: time(params.before)?,
        newest_first: !params.oldest_first,
    };
    let service = app.service();
    let list = service.audit_page(caller, &query, params.next, limit).await;
    let list = list.map_err(|error| refused(&error))?;
    Ok(Json(AuditList {
        records: list.records.into_iter().map(AuditEntry::from).collect(),
        next: list.next,
    }))
}
