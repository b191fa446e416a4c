//! The HTTP door.

use axum::Router;
use axum::routing::get;

/// Everything that is answered over HTTP.
#[must_use]
pub fn router() -> Router {
    // That this is answered at all says that the program is alive.
    Router::new().route("/healthz", get(async || "ok\n"))
}
