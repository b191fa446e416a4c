//! Who uses the console: somebody who is signed in and holds a role, and what they put into its forms.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use pinward_core::Timestamp;
use pinward_service::Caller;

use super::failure::Failure;
use crate::App;
use crate::web::Draft;
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

    /// Whether the password was given a short time ago.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        self.member.signed.session.is_fresh(now)
    }

    /// [`Admin::proven`], to go back to a question about the thing of that name.
    pub(super) fn proven_for(&self, question: &str, of: &str) -> Result<(), Failure> {
        self.proven(&about(question, of))
    }

    /// What was put into the form of this page before the password was asked for.
    pub(super) fn kept(&self) -> Option<Kept> {
        self.member.kept().map(Kept)
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let member = Member::from_request_parts(parts, app).await?;
        Self::of(member).map_err(|refusal| *refusal)
    }
}

fn about(page: &str, of: &str) -> String {
    format!("{page}?of={}", percent(of))
}

/// What was put into a form.
pub(super) trait Filled {
    /// A field without blanks around it; empty where there is none.
    fn field(&self, name: &str) -> &str;

    /// Every value of a field that can be there more than once.
    fn all(&self, name: &str) -> Vec<String>;
}

/// What was put into a form before the password was asked for.
pub(super) struct Kept(Arc<Draft>);

impl Filled for Kept {
    fn field(&self, name: &str) -> &str {
        let found = self.0.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.trim())
    }

    fn all(&self, name: &str) -> Vec<String> {
        let found = self.0.fields.iter().filter(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).collect()
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

impl Filled for Sent {
    fn field(&self, name: &str) -> &str {
        self.act.field(name).trim()
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.act.all(name).map(str::to_owned).collect()
    }
}

impl Sent {
    /// [`Admin::proven`], to go back to the form with what was put into it. Only for forms that ask for no
    /// secret.
    pub(super) fn proven(&self, form: &str) -> Result<(), Failure> {
        let proven = self.admin.proven(form);
        if proven.is_err() {
            // A key that was taken for a certificate is kept nowhere.
            let fields = self
                .act
                .fields()
                .filter(|(_, value)| !value.contains("PRIVATE KEY"));
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
            self.admin.member.keep(form, fields.collect());
        }
        proven
    }

    /// [`Sent::proven`], for a form about the thing of that name.
    pub(super) fn proven_for(&self, form: &str, of: &str) -> Result<(), Failure> {
        self.proven(&about(form, of))
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
