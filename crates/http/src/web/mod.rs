//! The users' page, and what all pages for people rest on: sessions, forms, layout, languages.
//!
//! To add a page, also to the console:
//!
//! 1. A handler that takes a [`visit::Visit`] (anybody) or a [`visit::Member`] (whoever is signed in; others are led to
//!    the form that signs in, and back). `member.signed.who.caller` is the caller for the use cases: it has the roles
//!    that the user holds at this moment, and the service says what they may do.
//! 2. It answers with [`layout::Frame`]: `Frame::of(&visit, title).answer(StatusCode::OK, &html! { … })`. The
//!    title becomes the heading; `nav`, `wide` and `assets` are there for the console. [`layout::failure`]
//!    tells why something did not work.
//! 3. A form is `method="post"` with [`posted::token_field`] in it. Its handler takes a [`posted::Act`], which
//!    is there only if the form was sent by a page of ours for this session; `act.field("name")` is what was typed. It
//!    answers with `Redirect::to(…)`, so that loading the page again does not repeat the act.
//! 4. What is dangerous begins with `act.member.proven("/where/it/was/begun")?` in a handler that returns
//!    `Result<Response, Redirect>`: the password has to have been given within the last minutes. A form without
//!    secrets is kept meanwhile (`Member::keep`), and its page shows what was put in (`Member::kept`).
//! 5. The route is added to a router that goes through [`guarded`], which adds the headers that keep
//!    browsers from doing anything else than was meant. There is neither style nor script within a page:
//!    both are files, listed in `assets.rs`, and there are no `style=` attributes.

pub mod assets;
mod cookie;
mod headers;
mod home;
pub mod layout;
pub mod posted;
mod session;
mod sign_in;
pub mod visit;
pub mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use self::visit::Visit;
use crate::{App, Problem};

pub use session::{Draft, Sessions};

/// The longest form, in octets.
const LONGEST_FORM: usize = 64 << 10;

/// Its routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::page))
        .route("/pin", post(home::choose))
        .route("/sign-in", get(sign_in::page).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/prove", get(sign_in::prove_page).post(sign_in::prove))
        .route("/language/{tag}", get(sign_in::language))
        .route("/assets/{name}", get(assets::get))
}

/// What is answered where there is nothing.
pub async fn missing(visit: Visit, uri: Uri, headers: HeaderMap) -> Response {
    if let Some(page) = without_slash(&uri) {
        return Redirect::permanent(&page).into_response();
    }
    let wants = headers.get(header::ACCEPT);
    let wants = wants.and_then(|wants| wants.to_str().ok());
    if !wants.is_some_and(|wants| wants.contains("text/html")) {
        let what = "There is no such page.";
        return Problem::new(StatusCode::NOT_FOUND, "NotFound", what).into_response();
    }
    let what = visit.words().not_found;
    let mut page = layout::failure(&visit, StatusCode::NOT_FOUND, what);
    headers::put(&visit.peer, &mut page);
    page
}

/// The page of the console that is meant by its address with a slash at the end.
fn without_slash(uri: &Uri) -> Option<String> {
    let path = uri.path();
    let page = path.trim_end_matches('/');
    let of_the_console = page == "/admin" || page.starts_with("/admin/");
    (of_the_console && page != path).then(|| match uri.query() {
        Some(query) => format!("{page}?{query}"),
        None => page.to_owned(),
    })
}

/// Pages as browsers have to treat them, with forms that are no longer than that.
pub fn guarded(app: &App, pages: Router<App>) -> Router<App> {
    let treated = from_fn_with_state(app.clone(), headers::add);
    pages.layer((treated, DefaultBodyLimit::max(LONGEST_FORM)))
}
