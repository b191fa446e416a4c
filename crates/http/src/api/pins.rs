//! `/api/v1/users/{user}/pin`: how it stands with a PIN, setting, locking and unlocking it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use pinward_core::{LockState, SignedDuration};
use pinward_service::{NewPin, PinInfo, Right, Terms};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, Names};
use super::client::Client;
use super::refusal::refused;
use super::users::named;
use crate::{App, Problem};

/// Their routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/users/{user}/pin", get(info).put(assign))
        .route("/api/v1/users/{user}/pin/lock", post(lock))
        .route("/api/v1/users/{user}/pin/unlock", post(unlock))
}

/// How it stands with a PIN.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PinState {
    /// The user's SIP address.
    identity: String,
    /// Whether there is a PIN.
    is_pin_set: bool,
    /// Whether any lock holds.
    is_locked_out: bool,
    /// `None`, `Temporary`, `Permanent` or `Administrator`.
    #[schema(value_type = String)]
    lock_state: &'static str,
    /// Until when a temporary lockout holds.
    locked_until: Option<String>,
    /// When the PIN was last set.
    last_pin_change_time: Option<String>,
    /// When it expires or expired.
    pin_expiration_time: Option<String>,
    /// Whether another one has to be chosen before it opens anything.
    must_change: bool,
    /// Failed logons in the current window.
    local_failures: u32,
    /// Failed logons since the last unlock.
    global_failures: u32,
    /// The policy that governs the user.
    effective_policy: String,
}

impl From<PinInfo> for PinState {
    fn from(info: PinInfo) -> Self {
        let (lock_state, locked_until) = match info.lock_state {
            LockState::None => ("None", None),
            LockState::Temporary { until } => ("Temporary", Some(until.to_string())),
            LockState::Permanent => ("Permanent", None),
            LockState::Administrator => ("Administrator", None),
        };
        Self {
            identity: info.identity,
            is_pin_set: info.is_pin_set,
            is_locked_out: info.is_locked_out,
            lock_state,
            locked_until,
            last_pin_change_time: info.last_pin_change.map(|at| at.to_string()),
            pin_expiration_time: info.pin_expiration.map(|at| at.to_string()),
            must_change: info.must_change,
            local_failures: info.local_failures,
            global_failures: info.global_failures,
            effective_policy: info.effective_policy.to_string(),
        }
    }
}

/// A PIN to assign.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PinRequest {
    /// The PIN; null or left out: one is made and answered.
    #[schema(max_length = 1024, format = Password)]
    pub pin: Option<String>,
    /// It opens nothing until its user has chosen another one.
    #[serde(default)]
    pub must_change: bool,
    /// It expires after so many hours, or earlier where the policy says so.
    #[schema(minimum = 1, maximum = 23976)]
    pub expires_in_hours: Option<u32>,
}

impl PinRequest {
    /// For how long and for what it is good.
    pub fn terms(&self) -> Terms {
        let hours = |hours: u32| SignedDuration::from_hours(hours.into());
        Terms {
            must_change: self.must_change,
            expires_in: self.expires_in_hours.map(hours),
        }
    }
}

/// A PIN that was assigned.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PinAnswer {
    /// The user's SIP address.
    pub identity: String,
    /// The PIN, where one was made: shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pin: Option<String>,
}

/// Says how it stands with a user's PIN.
#[utoipa::path(get, path = "/api/v1/users/{user}/pin", tag = "PINs", operation_id = "getPin",
    params(("user" = String, Path, example = "kenmyer@litwareinc.com", description = "Any way of naming the user")),
    responses((status = 200, body = PinState), (status = 409, body = crate::Problem)))]
pub async fn info(
    State(app): State<App>,
    client: Client,
    Names(user): Names<String>,
) -> Result<Json<PinState>, Problem> {
    let user = named(&app, client.caller(), Right::ViewPin, &user).await?;
    let info = app.service().pin_info(client.caller(), &user).await;
    Ok(Json(info.map_err(|error| refused(&error))?.into()))
}

/// Sets a user's PIN, or has one made.
#[utoipa::path(put, path = "/api/v1/users/{user}/pin", tag = "PINs", operation_id = "setPin",
    params(("user" = String, Path, example = "kenmyer@litwareinc.com", description = "Any way of naming the user")),
    request_body = PinRequest,
    responses((status = 200, body = PinAnswer), (status = 409, body = crate::Problem)))]
pub async fn assign(
    State(app): State<App>,
    client: Client,
    Names(user): Names<String>,
    Body(request): Body<PinRequest>,
) -> Result<Json<PinAnswer>, Problem> {
    let user = named(&app, client.caller(), Right::AssignPin, &user).await?;
    let new = match &request.pin {
        Some(pin) => NewPin::Named(pin),
        None => NewPin::Generated,
    };
    let terms = request.terms();
    let service = app.service();
    let assigned = service.assign_pin_on(&terms, client.caller(), &user, &new);
    let assigned = assigned.await.map_err(|error| refused(&error))?;
    let made = request.pin.is_none();
    Ok(Json(PinAnswer {
        identity: assigned.identity,
        pin: made.then(|| assigned.pin.reveal().to_string()),
    }))
}

/// Locks a user's PIN until it is unlocked.
#[utoipa::path(post, path = "/api/v1/users/{user}/pin/lock", tag = "PINs", operation_id = "lockPin",
    params(("user" = String, Path, example = "kenmyer@litwareinc.com", description = "Any way of naming the user")),
    responses((status = 204), (status = 409, body = crate::Problem)))]
pub async fn lock(
    State(app): State<App>,
    client: Client,
    Names(user): Names<String>,
) -> Result<StatusCode, Problem> {
    let user = named(&app, client.caller(), Right::LockPin, &user).await?;
    let locked = app.service().lock_pin(client.caller(), &user).await;
    locked.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends every lock of a user's PIN and sets the counts of failures to 0.
#[utoipa::path(post, path = "/api/v1/users/{user}/pin/unlock", tag = "PINs", operation_id = "unlockPin",
    params(("user" = String, Path, example = "kenmyer@litwareinc.com", description = "Any way of naming the user")),
    responses((status = 204), (status = 409, body = crate::Problem)))]
pub async fn unlock(
    State(app): State<App>,
    client: Client,
    Names(user): Names<String>,
) -> Result<StatusCode, Problem> {
    let user = named(&app, client.caller(), Right::UnlockPin, &user).await?;
    let unlocked = app.service().unlock_pin(client.caller(), &user).await;
    unlocked.map_err(|error| refused(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
