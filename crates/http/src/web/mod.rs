//! The users' dial-in page.

use axum::Router;

use crate::App;

/// Its routes.
pub fn routes() -> Router<App> {
    Router::new()
}
