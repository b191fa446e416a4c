//! The roles that a user holds: giving one and taking it back.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{User, UserId};
use pinward_service::{Right, RoleGrantError};

use super::failure::Failure;
use super::form::choice;
use super::layout::may;
use super::pin::to_sheet;
use super::user::{reaches, show_refused};
use super::who::{Admin, Filled, Named, Sent};
use crate::App;

/// What the sheet says of them.
pub(super) async fn section(app: &App, admin: &Admin, user: &User) -> Result<Markup, Failure> {
    if !reaches(admin, Right::ViewAssignments, user) {
        return Ok(html! {});
    }
    let held = app.service().role_assignment(&admin.caller, user).await?;
    Ok(html! {
        section aria-labelledby="roles" {
            h2 id="roles" { "Roles" }
            @if held.is_empty() { p { "None." } }
            @else { ul { @for role in &held { li { (role) } } } }
            @if may(&admin.caller, Right::GrantRole) { (grant_form(app, admin, user).await?) }
            @if may(&admin.caller, Right::RevokeRole) && !held.is_empty() { (revoke_form(admin, user, &held)) }
        }
    })
}

async fn grant_form(app: &App, admin: &Admin, user: &User) -> Result<Markup, Failure> {
    let roles = match may(&admin.caller, Right::ViewRoles) {
        true => app.service().roles(&admin.caller).await?,
        false => Vec::new(),
    };
    let names = roles
        .iter()
        .map(|role| (role.identity.as_str(), role.identity.as_str()));
    Ok(html! {
        form.search method="post" action={"/admin/users/" (user.id.0) "/roles/grant"} {
            (admin.token())
            (choice("role", "Role", names, ""))
            button type="submit" { "Grant the role" }
        }
    })
}

fn revoke_form(admin: &Admin, user: &User, held: &[String]) -> Markup {
    let names = held.iter().map(|role| (role.as_str(), role.as_str()));
    html! {
        form.search method="post" action={"/admin/users/" (user.id.0) "/roles/revoke"} {
            (admin.token())
            (choice("held", "Role held", names, ""))
            button.plain type="submit" { "Take it back" }
        }
    }
}

/// `POST /admin/users/{id}/roles/grant`
pub(super) async fn grant(
    State(app): State<App>,
    Named(id): Named,
    sent: Sent,
) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::GrantRole)?;
    admin.proven(&format!("/admin/users/{id}?done=proven"))?;
    let user = app.service().person(&admin.caller, UserId(id)).await?;
    let role = sent.field("role");
    let granted = app.service().grant_role(&admin.caller, &user, role).await;
    told(&app, admin, &user, granted, "role-granted").await
}

/// `POST /admin/users/{id}/roles/revoke`
pub(super) async fn revoke(
    State(app): State<App>,
    Named(id): Named,
    sent: Sent,
) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::RevokeRole)?;
    admin.proven(&format!("/admin/users/{id}?done=proven"))?;
    let user = app.service().person(&admin.caller, UserId(id)).await?;
    let role = sent.field("held");
    let taken = app.service().revoke_role(&admin.caller, &user, role).await;
    told(&app, admin, &user, taken, "role-taken").await
}

async fn told(
    app: &App,
    admin: &Admin,
    user: &User,
    came_of: Result<(), RoleGrantError>,
    done: &str,
) -> Result<Response, Failure> {
    match came_of {
        Ok(()) => Ok(to_sheet(user.id.0, done)),
        Err(error) => {
            let failure = Failure::from(error).of_the_names();
            show_refused(app, admin, user, failure).await
        }
    }
}
