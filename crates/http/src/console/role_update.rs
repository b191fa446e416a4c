//! Bringing a role of the company's own up to its template.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::Role;
use pinward_service::{OutdatedRole, Right};

use super::failure::Failure;
use super::form::Question;
use super::layout::{Area, may};
use super::policies::Which;
use super::who::{Admin, Sent};
use crate::App;
use crate::web::visit::percent;

const UPDATE: &str = "/admin/roles/update";

/// The roles whose templates have gained cmdlets, for whoever may take these over.
pub(super) async fn outdated(app: &App, admin: &Admin) -> Result<Vec<OutdatedRole>, Failure> {
    match may(&admin.caller, Right::UpdateRole) {
        true => Ok(app.service().outdated_roles(&admin.caller, None).await?),
        false => Ok(Vec::new()),
    }
}

/// The way to it, for a role that is one of them.
pub(super) fn way(role: &Role, outdated: &[OutdatedRole]) -> Markup {
    let name = &role.identity;
    html! {
        @if outdated.iter().any(|one| one.role.identity == *name) {
            a.way href={(UPDATE) "?of=" (percent(name))} aria-label={"Update " (name)} { "Update…" }
        }
    }
}

/// `GET /admin/roles/update`: the question.
pub(super) async fn ask(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let service = app.service();
    let outdated = service
        .outdated_roles(&admin.caller, Some(&which.of))
        .await?;
    let question = Question {
        admin: &admin,
        here: Area::Roles,
        title: "Update a role",
        action: UPDATE,
        with: &[("of", &which.of)],
        button: "Update the role",
    };
    Ok(question.ask(&html! {
        @for one in &outdated {
            p { "The template of " strong { (one.role.identity) } " has gained since:" }
            ul { @for cmdlet in &one.gains { li { (cmdlet) } } }
            p { "Whoever holds the role may do this too then." }
        }
        @if outdated.is_empty() { p { "The template of " strong { (which.of) } " has gained nothing since." } }
    }))
}

/// `POST /admin/roles/update`
pub(super) async fn update(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::UpdateRole)?;
    let name = sent.field("of");
    admin.proven_for(UPDATE, name)?;
    let service = app.service();
    for outdated in service.outdated_roles(&admin.caller, Some(name)).await? {
        service.update_role(&admin.caller, &outdated).await?;
    }
    Ok(Area::Roles.after("changed"))
}
