//! The API, `/api/v1`: machines call the use cases.
//!
//! To add an endpoint: a handler in the file of its resource that takes [`client::Client`] and makes one
//! call on the service, its route in that file, its name in the document below; then a row in the table of
//! `tests/it/api/endpoints.rs`.

mod access_numbers;
mod audit;
mod body;
mod bulk;
mod client;
mod directory;
mod document;
mod grants;
mod keys;
mod limits;
pub mod log_on;
mod paging;
mod pins;
mod policies;
mod refusal;
mod roles;
mod sites;
mod stated;
mod users;

use axum::Router;

use crate::App;

pub use limits::Limits;

/// Where it is.
pub const ROOT: &str = "/api/";

/// Its routes.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(log_on::routes())
        .merge(users::routes())
        .merge(pins::routes())
        .merge(policies::routes())
        .merge(grants::routes())
        .merge(roles::routes())
        .merge(sites::routes())
        .merge(access_numbers::routes())
        .merge(audit::routes())
        .merge(directory::routes())
        .merge(bulk::routes())
        .merge(document::routes())
        .merge(keys::routes())
}
