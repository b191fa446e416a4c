//! The roles, with what they allow and how far they reach.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::failure::Failure;
use super::layout::{Area, page};
use super::who::Admin;
use crate::App;

/// `GET /admin/roles`
pub(super) async fn list(State(app): State<App>, admin: Admin) -> Result<Response, Failure> {
    let roles = app.service().roles(&admin.caller).await?;
    let body = html! {
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
            }
        }
    };
    Ok(page(&admin, Area::Roles, "Roles", &body))
}
