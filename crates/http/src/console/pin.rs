//! Assigning, locking and unlocking the PIN of a user.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use pinward_core::{SignedDuration, User, UserId};
use pinward_service::{Assigned, NewPin, Right, Terms};

use super::failure::Failure;
use super::layout::{Area, page};
use super::user::{reaches, show_refused};
use super::who::{Admin, Filled, Named, Sent};
use crate::App;

/// What may be done, as far as the roles reach this user.
pub(super) fn actions(admin: &Admin, user: &User) -> Markup {
    if !user.person.enabled {
        return html! {};
    }
    let [assign, lock, unlock] = [Right::AssignPin, Right::LockPin, Right::UnlockPin]
        .map(|right| reaches(admin, right, user));
    html! {
        @if assign || lock || unlock {
            section aria-labelledby="actions" {
                h2 id="actions" { "What to do" }
                div.actions {
                    @if unlock {
                        form method="post" action={"/admin/users/" (user.id.0) "/unlock"} {
                            (admin.token())
                            button type="submit" { "Unlock the PIN" }
                        }
                    }
                    @if lock { a.button.plain href={"/admin/users/" (user.id.0) "/lock"} { "Lock the PIN…" } }
                }
                @if assign { (assign_form(admin, user)) }
            }
        }
    }
}

fn assign_form(admin: &Admin, user: &User) -> Markup {
    html! {
        form.sheet method="post" action={"/admin/users/" (user.id.0) "/pin"} autocomplete="off" {
            (admin.token())
            fieldset {
                legend { "Assign a PIN" }
                div.field {
                    label for="new-pin" { "PIN; leave it empty to have one generated" }
                    input id="new-pin" name="pin" type="password" inputmode="numeric" autocomplete="off"
                        maxlength="24";
                }
                div.field {
                    label for="days" { "Expires after days; leave it empty for what the policy says" }
                    input id="days" name="days" type="number" min="1" max="999";
                }
                div.check {
                    input id="must-change" name="must_change" type="checkbox" value="yes";
                    label for="must-change" { "The user must choose another PIN before it opens anything" }
                }
                button type="submit" { "Assign" }
            }
        }
    }
}

/// For how long and for what the PIN is to be good.
fn terms(sent: &Sent) -> Result<Terms, Failure> {
    let days = sent.field("days");
    let expires_in = match days.is_empty() {
        true => None,
        false => {
            let days: u16 = days
                .parse()
                .map_err(|_| Failure::malformed("the days are no whole number"))?;
            Some(SignedDuration::from_hours(24 * i64::from(days)))
        }
    };
    Ok(Terms {
        must_change: sent.says_yes("must_change"),
        expires_in,
    })
}

/// `POST /admin/users/{id}/pin`
pub(super) async fn assign(
    State(app): State<App>,
    Named(id): Named,
    sent: Sent,
) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::AssignPin)?;
    admin.proven(&format!("/admin/users/{id}?done=proven"))?;
    let user = app.service().person(&admin.caller, UserId(id)).await?;
    let named = sent.field("pin");
    let new = match named.is_empty() {
        true => NewPin::Generated,
        false => NewPin::Named(named),
    };
    let terms = match terms(&sent) {
        Ok(terms) => terms,
        Err(failure) => return show_refused(&app, admin, &user, failure).await,
    };
    let assigned = app
        .service()
        .assign_pin_on(&terms, &admin.caller, &user, &new)
        .await;
    match assigned {
        Ok(assigned) if named.is_empty() => Ok(shown_once(admin, &user, &assigned)),
        Ok(_named) => Ok(to_sheet(id, "set")),
        Err(error) => show_refused(&app, admin, &user, error.into()).await,
    }
}

/// The only page that ever has a PIN on it.
fn shown_once(admin: &Admin, user: &User, assigned: &Assigned) -> Response {
    let body = html! {
        p { "The PIN of " strong { (assigned.identity) } " is:" }
        p.pin {
            output id="generated" { (assigned.pin.reveal().as_str()) }
            " "
            button type="button" data-copy="generated" hidden { "Copy" }
        }
        p { "It is shown this once and cannot be read again. Tell it to nobody but its user." }
        p { a.button href={"/admin/users/" (user.id.0)} { "Done" } }
    };
    page(admin, Area::Users, "A new PIN", &body)
}

/// `GET /admin/users/{id}/lock`: the question.
pub(super) async fn ask_lock(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named,
) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::LockPin)?;
    let user = app.service().person(&admin.caller, UserId(id)).await?;
    app.service().check_lock(&admin.caller, &user).await?;
    let body = html! {
        p { "Lock the PIN of " strong { (user.person.display_name) } "?" }
        p { "Nobody can sign in with it by telephone, and it cannot be set, until somebody unlocks it." }
        form.actions method="post" action={"/admin/users/" (id) "/lock"} {
            (admin.token())
            button.danger type="submit" { "Lock the PIN" }
            a.button.plain href={"/admin/users/" (id)} { "Leave it" }
        }
    };
    Ok(page(&admin, Area::Users, "Lock a PIN", &body))
}

/// `POST /admin/users/{id}/lock`
pub(super) async fn lock(
    State(app): State<App>,
    Named(id): Named,
    sent: Sent,
) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::LockPin)?;
    let user = app.service().person(&admin.caller, UserId(id)).await?;
    match app.service().lock_pin(&admin.caller, &user).await {
        Ok(()) => Ok(to_sheet(id, "locked")),
        Err(error) => show_refused(&app, admin, &user, error.into()).await,
    }
}

/// `POST /admin/users/{id}/unlock`
pub(super) async fn unlock(
    State(app): State<App>,
    Named(id): Named,
    sent: Sent,
) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::UnlockPin)?;
    let user = app.service().person(&admin.caller, UserId(id)).await?;
    match app.service().unlock_pin(&admin.caller, &user).await {
        Ok(()) => Ok(to_sheet(id, "unlocked")),
        Err(error) => show_refused(&app, admin, &user, error.into()).await,
    }
}

/// Back to the sheet, with what was done.
pub(super) fn to_sheet(id: i64, done: &str) -> Response {
    Redirect::to(&format!("/admin/users/{id}?done={done}")).into_response()
}
