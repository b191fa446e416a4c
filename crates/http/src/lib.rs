//! The HTTP door: the API, the users' page and the administrators' console, and the server that carries
//! them.
//!
//! [`router`] is everything that is answered, over an [`App`]; [`Server`] puts it behind listeners. Around each
//! handler stands `guard.rs`: time limits, panics, counts.
//! To add a page or an endpoint: a route in `api/`, `web/` or `console/`. Handlers take `State<App>` and,
//! where they need to know who is at the other end, [`Peer`].

mod api;
mod app;
mod connection;
mod console;
mod guard;
mod health;
mod hooks;
mod in_time;
mod metrics;
mod peer;
mod problem;
mod routes;
mod seen;
mod server;
mod settings;
mod spans;
mod to_the_end;
mod traffic;
mod web;

use axum::Router;
use axum::http::StatusCode;

use self::guard::Guard;

pub use app::{App, Parts};
pub use connection::Connection;
pub use console::PATHS as CONSOLE_PATHS;
pub use hooks::{Hook, HookParts, HookPassword, HookSettings, Hooks, Httapi, Secret, Twiml, Voice};
pub use peer::Peer;
pub use problem::Problem;
pub use routes::Routes;
pub use server::{CertificateError, Listen, ListenError, Server, TlsConfig, TlsError, fingerprint};
pub use settings::{Assertions, Limits, Settings};

/// Everything that is answered over HTTP. A route that reads a body says how long it may be: `api::body::Body` does, and
/// `web::guarded` for forms; without a word it would be the framework's 2 MB.
pub fn router(app: App) -> Router {
    everything(app, Router::new())
}

/// What [`router`] answers, and the web hooks of telephone systems.
pub fn router_with_hooks(app: App, hooks: Hooks) -> Router {
    everything(app, hooks.routes())
}

fn everything(app: App, hooks: Router<App>) -> Router {
    let pages = web::routes().merge(console::routes(&app));
    let routes = Router::new()
        .merge(health::routes())
        .merge(api::routes())
        .merge(hooks)
        .merge(web::guarded(&app, pages))
        .fallback(web::missing);
    guarded(routes, app)
}

/// What monitoring asks for. It belongs behind a listener that the public does not reach.
pub fn monitoring(app: App) -> Router {
    let routes = health::routes().merge(metrics::routes());
    guarded(routes.fallback(missing), app)
}

/// What monitoring is answered where there is nothing.
async fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "NotFound", "There is no such page.")
}

fn guarded(routes: Router<App>, app: App) -> Router {
    routes
        .method_not_allowed_fallback(async || {
            let title = "This cannot be done here: the method is not one of those in Allow.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", title)
        })
        .layer(Guard::new(app.clone()))
        .with_state(app)
}
