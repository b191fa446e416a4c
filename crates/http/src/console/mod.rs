//! The administrators' console, `/admin`: one file for each page.
//!
//! A page asks the service and shows what it answers; what the roles do not allow is not shown, and the
//! service refuses it where it is asked for all the same. No rule and no permission is decided here.
//!
//! To add a page: its file, a line in the list below, and a row in the table of
//! `tests/it/console/table.rs`, which says who may open it.

mod access_numbers;
mod audit;
mod client_changes;
mod client_proof;
mod clients;
mod dashboard;
mod directory;
mod failure;
mod form;
mod grant;
mod holdings;
mod layout;
mod number_changes;
mod number_order;
mod pin;
mod policies;
mod policy_changes;
mod role_changes;
mod role_update;
mod roles;
mod site_changes;
mod sites;
mod svg;
mod user;
mod users;
mod who;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing;
use pinward_service::Caller;

use crate::App;

/// The list, so that what is answered and [`PATHS`] cannot differ.
macro_rules! pages {
    ($($method:ident $path:literal => $page:path;)+) => {
        /// Everything in the console that needs somebody who is signed in: method and path.
        pub const PATHS: &[(&str, &str)] = &[$((stringify!($method), $path)),+];

        fn pages() -> Router<App> {
            Router::new()$(.route($path, routing::$method($page)))+
        }
    };
}

pages! {
    get "/admin" => dashboard::first;
    get "/admin/dashboard" => dashboard::dashboard;
    get "/admin/users" => users::search;
    get "/admin/users/found" => users::found;
    get "/admin/users/{id}" => user::sheet;
    post "/admin/users/{id}/pin" => pin::assign;
    get "/admin/users/{id}/lock" => pin::ask_lock;
    post "/admin/users/{id}/lock" => pin::lock;
    post "/admin/users/{id}/unlock" => pin::unlock;
    post "/admin/users/{id}/policy" => grant::grant;
    get "/admin/policies" => policies::tree;
    get "/admin/policies/one" => policies::one;
    get "/admin/policies/compare" => policies::compare;
    get "/admin/policies/new" => policy_changes::ask_new;
    post "/admin/policies/new" => policy_changes::create;
    get "/admin/policies/edit" => policy_changes::ask_edit;
    post "/admin/policies/edit" => policy_changes::edit;
    get "/admin/policies/remove" => policy_changes::ask_removal;
    post "/admin/policies/remove" => policy_changes::remove;
    post "/admin/users/{id}/roles/grant" => holdings::grant;
    post "/admin/users/{id}/roles/revoke" => holdings::revoke;
    get "/admin/sites" => sites::list;
    get "/admin/sites/new" => site_changes::ask_new;
    post "/admin/sites/new" => site_changes::create;
    get "/admin/sites/edit" => site_changes::ask_edit;
    post "/admin/sites/edit" => site_changes::edit;
    get "/admin/sites/remove" => site_changes::ask_removal;
    post "/admin/sites/remove" => site_changes::remove;
    get "/admin/roles" => roles::list;
    get "/admin/roles/new" => role_changes::ask_new;
    post "/admin/roles/new" => role_changes::create;
    get "/admin/roles/edit" => role_changes::ask_edit;
    post "/admin/roles/edit" => role_changes::edit;
    get "/admin/roles/update" => role_update::ask;
    post "/admin/roles/update" => role_update::update;
    get "/admin/roles/remove" => role_changes::ask_removal;
    post "/admin/roles/remove" => role_changes::remove;
    get "/admin/clients" => clients::list;
    get "/admin/clients/new" => client_changes::ask_new;
    post "/admin/clients/new" => client_changes::create;
    get "/admin/clients/edit" => client_changes::ask_edit;
    post "/admin/clients/edit" => client_changes::edit;
    get "/admin/clients/rotate" => client_proof::ask_rotation;
    post "/admin/clients/rotate" => client_proof::rotate;
    get "/admin/clients/remove" => client_changes::ask_removal;
    post "/admin/clients/remove" => client_changes::remove;
    get "/admin/access-numbers" => access_numbers::list;
    get "/admin/access-numbers/new" => number_changes::ask_new;
    post "/admin/access-numbers/new" => number_changes::create;
    get "/admin/access-numbers/edit" => number_changes::ask_edit;
    post "/admin/access-numbers/edit" => number_changes::edit;
    get "/admin/access-numbers/order" => number_order::ask;
    post "/admin/access-numbers/order" => number_order::change;
    get "/admin/access-numbers/remove" => number_changes::ask_removal;
    post "/admin/access-numbers/remove" => number_changes::remove;
    get "/admin/audit" => audit::search;
    get "/admin/directory" => directory::status;
}

/// Whether somebody may open any part of it.
pub fn opens_for(caller: &Caller) -> bool {
    layout::Area::of(caller).next().is_some()
}

/// Its routes.
pub fn routes(app: &App) -> Router<App> {
    pages().layer(from_fn_with_state(app.clone(), failure::tell))
}
