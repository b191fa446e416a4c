//! Whether the program is alive, and whether it can decide logons: for load balancers and monitoring.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::App;

/// `/healthz` and `/readyz`.
pub fn routes() -> Router<App> {
    Router::new()
        // That this is answered at all says that the program is alive.
        .route("/healthz", get(async || answer(StatusCode::OK, "ok\n")))
        .route("/readyz", get(ready))
}

/// What exactly is missing stands in the log: this is answered to everybody.
async fn ready(State(app): State<App>) -> impl IntoResponse {
    if app.is_leaving() {
        return answer(StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match app.service().ready().await {
        Ok(()) => answer(StatusCode::OK, "ready\n"),
        Err(error) => {
            if let Some(more) = app.complaint("http: not ready") {
                tracing::warn!(%error, more, "not ready");
            }
            answer(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}

fn answer(status: StatusCode, text: &'static str) -> impl IntoResponse {
    (status, [(header::CACHE_CONTROL, "no-store")], text)
}
