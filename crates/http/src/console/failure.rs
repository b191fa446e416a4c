//! What is answered where a page cannot be shown.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use pinward_service::Refusal;

use super::layout::Area;
use crate::web::layout::Frame;
use crate::web::visit::{Visit, percent};
use crate::web::words::Language;

/// Why there is no page.
pub(super) enum Failure {
    /// For a reason that is told.
    Told(Told),
    /// The way leads elsewhere first.
    Elsewhere(Redirect),
}

/// A refusal in words.
#[derive(Clone)]
pub(super) struct Told {
    /// The status.
    pub(super) status: StatusCode,
    /// The stable identifier.
    pub(super) id: &'static str,
    /// What was wrong and what to do.
    pub(super) text: String,
    /// Where it is shown as it is by now, where it was changed in the meantime.
    pub(super) now: Option<String>,
}

impl Told {
    fn not_found() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            id: "PageNotFound",
            text: "there is nothing at this address".to_owned(),
            now: None,
        }
    }
}

impl Failure {
    fn told(status: StatusCode, id: &'static str, text: impl Into<String>) -> Self {
        let (text, now) = (text.into(), None);
        Self::Told(Told {
            status,
            id,
            text,
            now,
        })
    }

    /// There is nothing under this address.
    pub(super) fn not_found() -> Self {
        Self::Told(Told::not_found())
    }

    /// What was put in cannot be read.
    pub(super) fn malformed(text: impl Into<String>) -> Self {
        Self::told(StatusCode::UNPROCESSABLE_ENTITY, "InputInvalid", text)
    }

    /// The program ends, or what did it came to grief.
    pub(super) fn broken_off() -> Self {
        let text = "it was broken off; look what came of it, and do the rest again";
        Self::told(StatusCode::SERVICE_UNAVAILABLE, "BrokenOff", text)
    }

    /// The way leads elsewhere first.
    pub(super) fn elsewhere(way: Redirect) -> Self {
        Self::Elsewhere(way)
    }

    /// What to tell on the page of what the form is about, where something that the form names may not be there.
    pub(super) fn of_the_names(self) -> Self {
        match self {
            Self::Told(told) if told.status == StatusCode::NOT_FOUND => {
                Self::told(StatusCode::UNPROCESSABLE_ENTITY, told.id, told.text)
            }
            other => other,
        }
    }

    /// With the way to the form for the thing of that name as it is by now, where it was changed in the meantime.
    pub(super) fn with_the_way(mut self, form: &str, of: &str) -> Self {
        if let Self::Told(told) = &mut self
            && told.id.ends_with("Overtaken")
        {
            told.now = Some(format!("{form}?of={}", percent(of)));
        }
        self
    }

    /// What to tell on the page with the form, where something has to be put in otherwise; else the failure
    /// is the answer.
    pub(super) fn of_the_input(self) -> Result<Told, Self> {
        match self {
            Self::Told(told) if told.status == StatusCode::UNPROCESSABLE_ENTITY => Ok(told),
            other => Err(other),
        }
    }
}

impl<E: Refusal> From<E> for Failure {
    fn from(refusal: E) -> Self {
        let id = refusal.id();
        Self::told(status_of(id), id, refusal.to_string())
    }
}

fn status_of(id: &str) -> StatusCode {
    match id {
        "AccessDenied" | "OutOfScope" => StatusCode::FORBIDDEN,
        "StoreUnavailable" | "VerifierUnavailable" | "KeyFileUnusable" | "Busy" | "TooSlow" => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ if id.ends_with("NotFound") => StatusCode::NOT_FOUND,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Elsewhere(way) => way.into_response(),
            // Told by `tell`, which knows who is to be told.
            Self::Told(told) => {
                let mut response = told.status.into_response();
                response.extensions_mut().insert(told);
                response
            }
        }
    }
}

/// Makes a page of a failure.
pub(super) async fn tell(mut visit: Visit, request: Request, next: Next) -> Response {
    let area = Area::at(request.uri().path());
    let mut response = next.run(request).await;
    let told = match response.extensions_mut().remove::<Told>() {
        Some(told) => told,
        // An address that says the same thing twice: the framework's word for it is no page.
        None if response.status() == StatusCode::BAD_REQUEST => Told::not_found(),
        None => return response,
    };
    if told.status.is_server_error()
        && let Some(more) = visit.app.complaint("http: no page of the console")
    {
        tracing::warn!(
            code = told.id,
            more,
            "a page of the console could not be shown"
        );
    }
    let title = match told.status {
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::SERVICE_UNAVAILABLE => "Not now",
        _ => "That did not work",
    };
    let body = html! {
        (super::layout::refused(&told))
        p {
            @match area {
                // Where somebody may not be, the list may be closed to them too.
                Some(area) if told.status != StatusCode::FORBIDDEN => a href=(area.path()) { "Back to: " (area.name()) },
                _ => a href="/admin" { "Back to the console" },
            }
        }
    };
    visit.language = Language::English;
    Frame::of(&visit, title).answer(told.status, &body)
}
