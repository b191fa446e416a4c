//! The HTTP door: the API, the users' page and the administrators' console, and the server that carries
//! them.
//!
//! [`router`] is everything that is answered, over an [`App`]; [`Server`] puts it behind listeners.
//! To add a page or an endpoint: a route in `api/`, `web/` or `console/`. Handlers take `State<App>` and,
//! where they need to know who is at the other end, [`Peer`].

mod api;
mod app;
mod connection;
mod console;
mod health;
mod peer;
mod problem;
mod server;
mod settings;
mod web;

use axum::Router;

pub use app::{App, Parts};
pub use connection::Connection;
pub use peer::Peer;
pub use problem::Problem;
pub use server::{Listen, ListenError, Server, TlsConfig, TlsError};
pub use settings::Settings;

/// Everything that is answered over HTTP.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(health::routes())
        .merge(api::routes())
        .merge(web::routes())
        .merge(console::routes())
        .with_state(app)
}
