//! The span of a request, for traces. It names the route and not the address: an address holds what people
//! wrote into it.

use axum::extract::Request;
use axum::http::HeaderMap;
use pinward_service::SPANS;
use pinward_traces::follow;
use tracing::Span;
use tracing::field::Empty;

/// Asked by machines every few seconds.
const PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// The span of a request that is being answered, among its extensions, where there is one.
#[derive(Clone)]
pub struct RequestSpan(Span);

impl RequestSpan {
    /// Says which client of the API asks.
    pub fn client(&self, name: &str) {
        self.0.record("pinward.client", name);
    }
}

/// Makes the span of a request, and a child of the one that the request names where callers are followed.
pub fn begin(request: &mut Request, method: &'static str, route: &str, follow: bool) -> Span {
    if PROBES.contains(&route) {
        return Span::none();
    }
    let span = tracing::info_span!(
        target: SPANS,
        "request",
        otel.kind = "server",
        otel.name = format!("{method} {route}").trim_end(),
        http.request.method = method,
        http.route = (!route.is_empty()).then_some(route),
        http.response.status_code = Empty,
        pinward.client = Empty,
        otel.status_code = Empty,
        "error.type" = Empty,
    );
    if !span.is_disabled() {
        if follow {
            follow_caller(&span, request.headers());
        }
        request.extensions_mut().insert(RequestSpan(span.clone()));
    }
    span
}

/// A request that is to be answered. Where it is not, because whoever asked is gone, its span says so.
pub struct Unanswered(Span);

impl Unanswered {
    /// The request of this span.
    pub fn new(span: &Span) -> Self {
        Self(span.clone())
    }

    /// Says how it was answered.
    pub fn answered(&mut self, status: u16) {
        let span = std::mem::replace(&mut self.0, Span::none());
        span.record("http.response.status_code", status);
        if status >= 500 {
            span.record("otel.status_code", "ERROR");
        }
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        self.0.record("error.type", "CallerGone");
        self.0.record("otel.status_code", "ERROR");
    }
}

fn follow_caller(span: &Span, headers: &HeaderMap) {
    let mut parents = headers.get_all("traceparent").iter();
    // Of several nobody knows which.
    if let (Some(parent), None) = (parents.next(), parents.next()) {
        follow(span, parent.as_bytes());
    }
}
