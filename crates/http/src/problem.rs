//! Errors as they are answered to machines: RFC 9457, `application/problem+json`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pinward_service::Refusal;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;

/// After how many seconds to try again where nothing better is known.
const SHORTLY: u64 = 1;

/// An error for whoever calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// The status, as a number.
    pub status: u16,
    /// What kind of problem it is, in the words of HTTP.
    #[schema(value_type = String)]
    pub title: &'static str,
    /// The stable identifier that programs may rely on, e.g. `UserNotFound`.
    #[schema(value_type = String)]
    pub code: &'static str,
    /// What was wrong and what to do, for a person. Never a PIN.
    pub detail: String,
    /// After how many seconds to try again, where that helps.
    #[serde(skip)]
    pub retry_after: Option<u64>,
    /// What was wrong in this program, for its log alone.
    #[serde(skip)]
    pub(crate) cause: Option<Cause>,
}

/// What the log is to be told of a problem. It goes with the answer to `guard.rs`, which does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    code: &'static str,
    text: String,
}

impl Cause {
    pub(crate) fn of(refusal: &impl Refusal) -> Self {
        let (code, text) = (refusal.id(), refusal.to_string());
        Self { code, text }
    }

    pub(crate) fn tell(&self, app: &App) {
        if let Some(more) = app.complaint(self.code) {
            tracing::warn!(code = self.code, error = self.text, more, "no decision");
        }
    }
}

impl Problem {
    /// A problem of this kind.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let again = [
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::TOO_MANY_REQUESTS,
        ];
        Self {
            status: status.as_u16(),
            title: status.canonical_reason().unwrap_or("Error"),
            code,
            detail: detail.into(),
            retry_after: again.contains(&status).then_some(SHORTLY),
            cause: None,
        }
    }

    /// The refusal of a use case.
    pub fn refused(status: StatusCode, refusal: &impl Refusal) -> Self {
        Self::new(status, refusal.id(), refusal.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // A structure of a number and texts is always JSON.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = [
            (header::CONTENT_TYPE, "application/problem+json"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        let mut response = (status, kind, body).into_response();
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }
}
