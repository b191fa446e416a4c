//! The API, `/api/v1`.

use axum::Router;

use crate::App;

/// Its routes.
pub fn routes() -> Router<App> {
    Router::new()
}
