//! The start page: access numbers and keys for everybody, their PIN for whoever is signed in.

mod keys;
mod numbers;
mod own;
mod refused;

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use pinward_service::{ChoosePinError, Proof, Refusal};
use serde::Deserialize;

use self::refused::Refused;
use super::layout::{Frame, failure};
use super::posted::Act;
use super::sign_in;
use super::visit::{Member, Visit};

/// What the address says.
#[derive(Deserialize)]
pub struct Asked {
    /// A PIN was just set.
    done: Option<String>,
}

/// What is told at the head of the page.
enum Told {
    Nothing,
    Done,
    Refused(Refused),
}

/// The page as it is.
pub async fn page(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let told = match asked.done {
        Some(_) => Told::Done,
        None => Told::Nothing,
    };
    show(&visit, StatusCode::OK, told).await
}

/// Sets the PIN that somebody chose.
pub async fn choose(act: Act) -> Result<Response, Redirect> {
    act.member.proven("/")?;
    let visit = &act.member.visit;
    let (pin, again) = (act.field("pin"), act.field("again"));
    if pin != again {
        let told = Told::Refused(Refused::Differ);
        return Ok(show(visit, StatusCode::UNPROCESSABLE_ENTITY, told).await);
    }
    let (user, source) = (&act.member.signed.who.user, visit.source());
    let chosen = visit
        .service()
        .choose_pin(user, Proof::Password, pin, &source);
    let chosen = chosen.await;
    let (status, refused) = match chosen {
        Ok(()) => return Ok(Redirect::to("/?done").into_response()),
        Err(ChoosePinError::Refused(rules)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Refused::Rules(rules))
        }
        Err(ChoosePinError::UsedBefore(count)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Refused::UsedBefore(count))
        }
        // The page says so where it tells how it stands with the PIN.
        Err(ChoosePinError::Locked | ChoosePinError::NotEnabled | ChoosePinError::Superseded) => {
            return Ok(show(visit, StatusCode::CONFLICT, Told::Nothing).await);
        }
        Err(ChoosePinError::Unavailable(error)) => {
            if let Some(more) = visit.app.complaint("http: no PIN set") {
                tracing::warn!(code = error.id(), %error, more, "a PIN could not be set");
            }
            (StatusCode::SERVICE_UNAVAILABLE, Refused::Unavailable)
        }
    };
    Ok(show(visit, status, Told::Refused(refused)).await)
}

async fn show(visit: &Visit, status: StatusCode, told: Told) -> Response {
    let words = visit.words();
    let user = visit.member.as_ref().map(|signed| &signed.who.user);
    let own = match user {
        Some(user) => match visit.service().own_pin(user).await {
            Ok(own) => own,
            Err(error) => return unavailable(visit, &error),
        },
        None => None,
    };
    let regions = match visit.service().dial_in_regions(user).await {
        Ok(regions) => regions,
        Err(error) => return unavailable(visit, &error),
    };
    let body = html! {
        p.quiet { (words.home_intro) }
        @match (&visit.member, &own) {
            (Some(signed), Some(own)) => {
                @let member = Member { visit: visit.clone(), signed: std::sync::Arc::clone(signed) };
                (own::part(&member, own, &told))
            }
            _ => {
                section aria-labelledby="sign-in" {
                    h2 #sign-in { (words.sign_in) }
                    (sign_in::form(visit, "/", "", None))
                }
            }
        }
        div.columns {
            (numbers::part(words, &regions))
            (keys::part(words))
        }
    };
    Frame::of(visit, words.home).answer(status, &body)
}

fn unavailable(visit: &Visit, error: &pinward_service::Unavailable) -> Response {
    if let Some(more) = visit.app.complaint("http: no start page") {
        tracing::warn!(code = error.id(), %error, more, "the start page could not be shown");
    }
    let what = visit.words().unavailable;
    failure(visit, StatusCode::SERVICE_UNAVAILABLE, what)
}
