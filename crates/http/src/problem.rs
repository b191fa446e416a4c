//! Errors as they are answered to machines: RFC 9457, `application/problem+json`.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use pinward_service::Refusal;
use serde::Serialize;

/// An error for whoever calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The status, as a number.
    pub status: u16,
    /// The stable identifier that scripts may rely on, e.g. `UserNotFound`.
    pub code: &'static str,
    /// What was wrong and what to do, for a person. Never a PIN.
    pub title: String,
}

impl Problem {
    /// A problem of this kind.
    pub fn new(status: StatusCode, code: &'static str, title: impl Into<String>) -> Self {
        Self {
            status: status.as_u16(),
            code,
            title: title.into(),
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
        // A structure of a number and two texts is always JSON.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = [
            (header::CONTENT_TYPE, "application/problem+json"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (status, kind, body).into_response()
    }
}
