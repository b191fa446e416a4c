//! Signing in and out, and proving once more who one is.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use pinward_service::{Refusal, SignIn, SignInError};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::cookie::Cookie;
use super::layout::Frame;
use super::posted::{Act, Posted, token_field};
use super::visit::{Member, Visit, own_path};
use super::words::{Language, with};
use crate::App;

/// Where to go on afterwards.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    to: String,
}

/// The page that signs in.
pub async fn page(visit: Visit, Query(back): Query<Back>) -> Response {
    let to = own_path(&back.to);
    if visit.member.is_some() {
        return Redirect::to(to).into_response();
    }
    show(&visit, to, "", None)
}

fn show(visit: &Visit, to: &str, who: &str, refused: Option<&SignInError>) -> Response {
    let status = refused.map_or(StatusCode::OK, status);
    let told = refused.map(|error| tell(visit.language, error));
    let form = form(visit, to, who, told.as_ref());
    Frame::of(visit, visit.words().sign_in).answer(status, &form)
}

/// The form, on its own page and on the start page. `told` is why one was not let in.
pub fn form(visit: &Visit, to: &str, who: &str, told: Option<&Markup>) -> Markup {
    let words = visit.words();
    let invalid = told.map(|_| "true");
    html! {
        @if let Some(told) = told {
            div.notice.bad role="alert" id="told" { p { (told) } }
        }
        form.card method="post" action="/sign-in" {
            p { (words.sign_in_why) }
            input type="hidden" name="to" value=(to);
            div.field {
                label for="who" { (words.name) }
                input #who type="text" name="who" value=(who) required autocomplete="username"
                    autocapitalize="none" spellcheck="false" dir="ltr" maxlength="512"
                    aria-describedby="who-help" aria-invalid=[invalid];
                p.help #who-help { (words.name_help) }
            }
            (password_field(visit, invalid))
            button { (words.sign_in) }
        }
    }
}

fn password_field(visit: &Visit, invalid: Option<&str>) -> Markup {
    let words = visit.words();
    html! {
        div.field {
            label for="password" { (words.password) }
            input #password type="password" name="password" required dir="ltr" maxlength="1024"
                autocomplete="current-password" aria-describedby="password-help"
                aria-invalid=[invalid];
            p.help #password-help { (words.password_help) }
        }
    }
}

/// Signs in: a new session, whatever session there was.
pub async fn enter(posted: Posted) -> Response {
    let visit = &posted.visit;
    let to = own_path(posted.field("to"));
    let source = visit.source();
    let attempt = SignIn {
        who: posted.field("who"),
        password: Zeroizing::new(posted.field("password").to_owned()),
        source: &source,
        address: visit.peer.address,
    };
    match visit.service().sign_in(&attempt).await {
        Ok(signed_in) => {
            if let Some(earlier) = &visit.member {
                visit.app.sessions().end(&earlier.cookie);
            }
            let (now, entropy) = (visit.now(), visit.app.entropy());
            let cookie = visit.app.sessions().begin(&signed_in.user, now, entropy);
            let line = Cookie::Session.set(&visit.peer, Some(&cookie));
            (AppendHeaders([line]), Redirect::to(to)).into_response()
        }
        Err(error) => {
            log(&visit.app, &error);
            show(visit, to, posted.field("who"), Some(&error))
        }
    }
}

/// Signs out.
pub async fn leave(act: Act) -> Response {
    let visit = &act.member.visit;
    visit.app.sessions().end(&act.member.signed.cookie);
    let line = Cookie::Session.set(&visit.peer, None);
    (AppendHeaders([line]), Redirect::to("/")).into_response()
}

/// The page that asks for the password once more.
pub async fn prove_page(member: Member, Query(back): Query<Back>) -> Response {
    show_prove(&member, own_path(&back.to), None)
}

fn show_prove(member: &Member, to: &str, refused: Option<&SignInError>) -> Response {
    let visit = &member.visit;
    let words = visit.words();
    let status = refused.map_or(StatusCode::OK, status);
    let body = html! {
        @if let Some(error) = refused {
            div.notice.bad role="alert" { p { (tell(visit.language, error)) } }
        }
        form.card method="post" action="/prove" {
            p { (words.prove_why) }
            (token_field(member))
            input type="hidden" name="to" value=(to);
            // Password managers want to know whose password it is.
            input type="hidden" autocomplete="username"
                value=(member.signed.who.user.person.sam_account_name);
            (password_field(visit, refused.map(|_| "true")))
            button { (words.go_on) }
        }
    };
    Frame::of(visit, words.prove_title).answer(status, &body)
}

/// Takes the password once more: the session goes on under a new name.
pub async fn prove(act: Act) -> Response {
    let visit = &act.member.visit;
    let to = own_path(act.field("to"));
    let (source, user) = (visit.source(), &act.member.signed.who.user);
    let attempt = SignIn {
        who: "",
        password: Zeroizing::new(act.field("password").to_owned()),
        source: &source,
        address: visit.peer.address,
    };
    match visit.service().prove_again(user, &attempt).await {
        Ok(()) => {
            let (now, entropy) = (visit.now(), visit.app.entropy());
            let (sessions, earlier) = (visit.app.sessions(), &act.member.signed.cookie);
            let cookie = sessions.renew(earlier, user, now, entropy);
            let line = Cookie::Session.set(&visit.peer, Some(&cookie));
            (AppendHeaders([line]), Redirect::to(to)).into_response()
        }
        Err(error) => {
            log(&visit.app, &error);
            show_prove(&act.member, to, Some(&error))
        }
    }
}

/// Keeps the language that was chosen.
pub async fn language(
    visit: Visit,
    axum::extract::Path(tag): axum::extract::Path<String>,
    Query(back): Query<Back>,
) -> Response {
    let back = Redirect::to(own_path(&back.to));
    match Language::of_tag(&tag) {
        Some(language) => {
            let line = Cookie::Language.set(&visit.peer, Some(language.tag()));
            (AppendHeaders([line]), back).into_response()
        }
        None => back.into_response(),
    }
}

/// What is about the server and not about who signs in goes into the log.
fn log(app: &App, error: &SignInError) {
    let (code, cause) = match error {
        SignInError::Directory(cause) => (cause.id, cause.to_string()),
        SignInError::Unavailable(_) | SignInError::NotSetUp => (error.id(), error.to_string()),
        _ => return,
    };
    if let Some(more) = app.complaint(code) {
        tracing::warn!(code, cause, more, "a password could not be checked");
    }
}

fn status(error: &SignInError) -> StatusCode {
    match error {
        SignInError::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
        SignInError::NotSetUp | SignInError::Directory(_) | SignInError::Unavailable(_) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Why somebody was not let in, in their language.
fn tell(language: Language, error: &SignInError) -> Markup {
    let words = language.words();
    let text = match error {
        SignInError::Wrong => words.in_wrong,
        SignInError::PasswordMissing => words.in_missing,
        SignInError::TooManyTries { until } => {
            let told = with(words.in_too_many, &language.moment(*until));
            return html! { span data-code=(error.id()) { (told) } };
        }
        SignInError::Disabled => words.in_disabled,
        SignInError::Expired => words.in_expired,
        SignInError::PasswordExpired => words.in_password_expired,
        SignInError::MustChange => words.in_must_change,
        SignInError::Locked => words.in_locked,
        SignInError::NotAllowed => words.in_not_allowed,
        SignInError::NotSetUp => words.in_not_set_up,
        SignInError::Directory(_) => words.in_directory,
        SignInError::Unavailable(_) => words.unavailable,
    };
    html! { span data-code=(error.id()) { (text) } }
}
