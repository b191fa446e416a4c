//! Bringing a role of the company's own up to its template.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::Role;
use pinward_service::{OutdatedRole, Right, RoleError};

use super::failure::Failure;
use super::form::Question;
use super::layout::{Area, may};
use super::policies::Which;
use super::who::{Admin, Filled, Sent};
use crate::App;
use crate::seen::{Seen, Stateful};
use crate::web::visit::percent;

const UPDATE: &str = "/admin/roles/update";

/// The roles whose templates have gained cmdlets, for whoever may take these over.
pub(super) async fn outdated(app: &App, admin: &Admin) -> Result<Vec<OutdatedRole>, Failure> {
    match may(&admin.caller, Right::UpdateRole) {
        true => Ok(app.service().outdated_roles(&admin.caller).await?),
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
    let outdated = service.check_role_update(&admin.caller, &which.of).await?;
    let name = &outdated.role.identity;
    let question = Question {
        admin: &admin,
        here: Area::Roles,
        title: "Update a role",
        action: UPDATE,
        with: &[("of", name), ("seen", &outdated.tag())],
        button: "Update the role",
    };
    Ok(question.ask(&html! {
        @if outdated.gains.is_empty() { p { "The template of " strong { (name) } " has gained nothing since." } }
        @else {
            p { "The template of " strong { (name) } " has gained since:" }
            ul { @for cmdlet in &outdated.gains { li { (cmdlet) } } }
            p { "Whoever holds the role may do this too then." }
        }
    }))
}

/// `POST /admin/roles/update`
pub(super) async fn update(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::UpdateRole)?;
    let name = sent.field("of");
    admin.proven_for(UPDATE, name)?;
    let service = app.service();
    let now = service.check_role_update(&admin.caller, name).await?;
    // The template may have gained more since the question was shown, so what the role would gain counts too.
    let identity = now.role.identity.clone();
    let overtaken = RoleError::Overtaken { identity };
    let seen = Seen::field(sent.field("seen")).is(now.clone(), overtaken)?;
    if !now.gains.is_empty() {
        let seen = seen.map(|seen| seen.role);
        service
            .update_role(&admin.caller, &now, seen.as_ref())
            .await?;
    }
    Ok(Area::Roles.after("changed"))
}
