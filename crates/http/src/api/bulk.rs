//! `POST /api/v1/pins`: the PINs of many users, with a line of answer for each as it is done.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body as HttpBody, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use hyper::body::Frame;
use pinward_service::{NewPin, Right};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use utoipa::ToSchema;

use super::body::{Body, objects};
use super::client::Client;
use super::pins::PinRequest;
use super::refusal::refused;
use super::users::named;
use crate::{App, Problem};

/// The most users in one request.
const MOST: usize = 10_000;
/// Longer bodies are refused.
const LONGEST_BODY: usize = 4 << 20;
/// How many are worked on at the same time.
const AT_ONCE: usize = 4;

/// Its route.
pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/pins", post(assign_all))
}

/// The PINs of many users.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PinsRequest {
    /// One entry for each user, at most 10,000.
    #[serde(deserialize_with = "objects")]
    #[schema(max_items = 10000)]
    pins: Vec<PinOf>,
}

/// The PIN of one of many users.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PinOf {
    /// Any way of naming the user.
    #[schema(max_length = 1024)]
    user: String,
    /// The PIN; null or left out: one is made and answered.
    #[schema(max_length = 1024, format = Password)]
    pin: Option<String>,
    /// It opens nothing until its user has chosen another one.
    #[serde(default)]
    must_change: bool,
    /// It expires after so many hours, or earlier where the policy says so.
    #[schema(minimum = 1, maximum = 23976)]
    expires_in_hours: Option<u32>,
}

/// What came of one of many users: one line of the answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PinDone {
    /// The name as given.
    user: String,
    /// Whether the PIN was assigned.
    success: bool,
    /// The PIN, where one was made: shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pin: Option<String>,
    /// The stable identifier of why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    code: Option<&'static str>,
    /// Why not, for a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
    /// How many are done.
    done: usize,
    /// How many there are.
    of: usize,
}

/// The lines of an answer as they come.
struct Lines(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Lines {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let line = self.0.poll_recv(cx);
        line.map(|line| line.map(|line| Ok(Frame::data(line))))
    }
}

/// Sets the PINs of many users.
///
/// The answer has one line of JSON for each user, in their order, as soon as it is done. What is refused for
/// one user stops no other. Whoever goes away before the end has what was answered, and at most a few more.
#[utoipa::path(post, path = "/api/v1/pins", tag = "PINs", operation_id = "setPins",
    request_body = PinsRequest,
    responses((status = 200, body = PinDone, content_type = "application/x-ndjson")))]
pub async fn assign_all(
    State(app): State<App>,
    client: Client,
    Body(request): Body<PinsRequest, LONGEST_BODY>,
) -> Result<Response, Problem> {
    // Whoever may not at all is told so once, and not for each user.
    let _permit = client.caller().permit(Right::AssignPin).map_err(|denied| {
        let status = StatusCode::FORBIDDEN;
        Problem::new(status, "AccessDenied", denied.to_string())
    })?;
    if request.pins.len() > MOST {
        let detail = format!("one request takes the PINs of up to {MOST} users");
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        return Err(Problem::new(status, "BodyTooLong", detail));
    }
    let (lines, answer) = mpsc::channel(AT_ONCE);
    let tasks = app.tasks().clone();
    tasks.spawn(work(app, Arc::new(client), request.pins, lines));
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((kind, HttpBody::new(Lines(answer))).into_response())
}

/// Several at a time, answered in order, until all are done, nobody listens or the program stops.
async fn work(app: App, client: Arc<Client>, pins: Vec<PinOf>, lines: mpsc::Sender<Bytes>) {
    let of = pins.len();
    let mut waiting = pins.into_iter();
    let mut running: VecDeque<JoinHandle<PinDone>> = VecDeque::new();
    let mut done = 0;
    loop {
        while running.len() < AT_ONCE && !lines.is_closed() && !app.stopping().is_cancelled() {
            let Some(next) = waiting.next() else { break };
            running.push_back(tokio::spawn(assign(app.clone(), Arc::clone(&client), next)));
        }
        let Some(first) = running.pop_front() else {
            return;
        };
        // Whatever panicked was logged; its line is missing, so that the number of lines tells.
        let Ok(result) = first.await else { continue };
        done += 1;
        let line = PinDone { done, of, ..result };
        let mut text = serde_json::to_vec(&line).unwrap_or_default();
        text.push(b'\n');
        if lines.send(text.into()).await.is_err() {
            return;
        }
    }
}

async fn assign(app: App, client: Arc<Client>, row: PinOf) -> PinDone {
    let request = PinRequest {
        pin: row.pin,
        must_change: row.must_change,
        expires_in_hours: row.expires_in_hours,
    };
    let result = assigned(&app, &client, &row.user, &request).await;
    if let Err(Problem {
        cause: Some(cause), ..
    }) = &result
    {
        cause.tell(&app);
    }
    let (pin, problem) = match result {
        Ok(pin) => (pin, None),
        Err(problem) => (None, Some(problem)),
    };
    PinDone {
        user: row.user,
        success: problem.is_none(),
        pin,
        code: problem.as_ref().map(|problem| problem.code),
        detail: problem.map(|problem| problem.detail),
        done: 0,
        of: 0,
    }
}

/// The PIN that was made.
async fn assigned(
    app: &App,
    client: &Client,
    user: &str,
    request: &PinRequest,
) -> Result<Option<String>, Problem> {
    let caller = client.caller();
    let user = named(app, caller, Right::AssignPin, user).await?;
    let new = match &request.pin {
        Some(pin) => NewPin::Named(pin),
        None => NewPin::Generated,
    };
    let terms = request.terms();
    let assigned = app.service().assign_pin_on(&terms, caller, &user, &new);
    let assigned = assigned.await.map_err(|error| refused(&error))?;
    let made = request.pin.is_none();
    Ok(made.then(|| assigned.pin.reveal().to_string()))
}
