//! Who uses the console: somebody who is signed in and holds a role.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use pinward_service::Caller;

use super::failure::Failure;
use crate::App;
use crate::web::layout::Frame;
use crate::web::posted::{Act, token_field};
use crate::web::visit::{Member, percent};
use crate::web::words::Language;

/// Somebody who may open some part of the console.
pub(super) struct Admin {
    member: Member,
    /// What they may do, for the use cases.
    pub(super) caller: Caller,
}

impl Admin {
    fn of(mut member: Member) -> Result<Self, Box<Response>> {
        // There are no translations of the console.
        member.visit.language = Language::English;
        let caller = member.signed.who.caller.clone();
        match super::opens_for(&caller) {
            true => Ok(Self { member, caller }),
            false => Err(Box::new(nothing_to_do(&member))),
        }
    }

    /// Who, and their session.
    pub(super) fn member(&self) -> &Member {
        &self.member
    }

    /// What each form has to hold.
    pub(super) fn token(&self) -> Markup {
        token_field(&self.member)
    }

    /// Lets a dangerous act go on only if the password was given a short time ago.
    pub(super) fn proven(&self, back: &str) -> Result<(), Failure> {
        self.member.proven(back).map_err(Failure::elsewhere)
    }

    /// [`Admin::proven`], to go back to a form for the thing of that name.
    pub(super) fn proven_for(&self, form: &str, of: &str) -> Result<(), Failure> {
        self.proven(&format!("{form}?of={}", percent(of)))
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let member = Member::from_request_parts(parts, app).await?;
        Self::of(member).map_err(|refusal| *refusal)
    }
}

/// The user that the address of a page names.
pub(super) struct Named(pub(super) i64);

impl FromRequestParts<App> for Named {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let id = Path::<i64>::from_request_parts(parts, app).await;
        let Path(id) = id.map_err(|_no_number| Failure::not_found())?;
        Ok(Self(id))
    }
}

/// A form that somebody sent who may open some part of the console.
pub(super) struct Sent {
    /// Who.
    pub(super) admin: Admin,
    act: Act,
}

impl Sent {
    /// A field without blanks around it; empty where there is none.
    pub(super) fn field(&self, name: &str) -> &str {
        self.act.field(name).trim()
    }

    /// Every value of a field that can be there more than once.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.act.all(name).map(str::to_owned).collect()
    }

    /// Whether a box was ticked, or a question answered so.
    pub(super) fn says_yes(&self, name: &str) -> bool {
        self.field(name) == "yes"
    }
}

impl FromRequest<App> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let act = Act::from_request(request, app).await?;
        let admin = Admin::of(act.member.clone()).map_err(|refusal| *refusal)?;
        Ok(Self { admin, act })
    }
}

/// For whoever may open no part at all.
fn nothing_to_do(member: &Member) -> Response {
    let body = html! {
        p { "The console is for those who look after telephone sign-in. You hold no role that opens a part of it." }
        p { "If you should, ask an administrator to grant you one." }
        p { a href="/" { "To your own PIN" } }
    };
    Frame::of(&member.visit, "Not for you")
        .answer(StatusCode::FORBIDDEN, &body)
        .into_response()
}
