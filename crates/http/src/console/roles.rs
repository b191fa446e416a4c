//! The roles, with what they allow and how far they reach.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::html;
use pinward_service::Right;

use super::failure::Failure;
use super::layout::{Area, done_to, may, page, ways};
use super::policies::Which;
use super::role_update;
use super::who::Admin;
use crate::App;

/// `GET /admin/roles`
pub(super) async fn list(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let roles = app.service().roles(&admin.caller).await?;
    let outdated = role_update::outdated(&app, &admin).await?;
    let [change, remove] =
        [Right::ChangeRole, Right::RemoveRole].map(|right| may(&admin.caller, right));
    let body = html! {
        (done_to("role", &which.done))
        @for role in &roles {
            section {
                h2 { (role.identity) }
                dl.facts {
                    dt { "Kind" }
                    dd {
                        @match &role.template {
                            Some(template) => { "made from " (template) }
                            None => "standard",
                        }
                    }
                    dt { "Users" } dd { (role.user_scopes.join(", ")) }
                    dt { "Configuration" } dd { (role.config_scopes.join(", ")) }
                }
                details {
                    summary { (role.cmdlets.len()) " cmdlets" }
                    ul.names { @for cmdlet in &role.cmdlets { li { (cmdlet) } } }
                }
                @if !role.is_standard {
                    p {
                        (ways(&role.identity, Area::Roles, change, remove))
                        (role_update::way(role, &outdated))
                    }
                }
            }
        }
        @if may(&admin.caller, Right::CreateRole) { p { a.button href="/admin/roles/new" { "New role…" } } }
    };
    Ok(page(&admin, Area::Roles, "Roles", &body))
}
