//! The sites, with their rules and how many users belong to them.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::Membership;

use super::failure::Failure;
use super::layout::{Area, page};
use super::who::Admin;
use crate::App;

/// `GET /admin/sites`
pub(super) async fn list(State(app): State<App>, admin: Admin) -> Result<Response, Failure> {
    let sites = app.service().site_details(&admin.caller).await?;
    let body = html! {
        @if sites.is_empty() { p { "There are no sites within your reach." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Sites" {
                table {
                    thead { tr {
                        th scope="col" { "Site" }
                        th scope="col" { "Name" }
                        th scope="col" { "Who belongs to it" }
                        th.number scope="col" { "Users" }
                    } }
                    tbody {
                        @for details in &sites {
                            tr {
                                th scope="row" { (details.site.id) }
                                td { (details.site.display_name.as_deref().unwrap_or_default()) }
                                td { (rule(&details.membership)) }
                                td.number { (details.users) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&admin, Area::Sites, "Sites", &body))
}

fn rule(membership: &Membership) -> Markup {
    html! {
        @match membership {
            Membership::Directory => "those of whom the directory says so",
            Membership::Units(units) => ul { @for unit in units { li { (unit) } } },
            Membership::Filter(filter) => code { (filter) },
        }
    }
}
