//! The sites, with their rules and how many users belong to them.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::Membership;
use pinward_service::Right;

use super::failure::Failure;
use super::layout::{Area, done_to, may, page, ways};
use super::policies::Which;
use super::who::Admin;
use crate::App;

/// `GET /admin/sites`
pub(super) async fn list(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let sites = app.service().site_details(&admin.caller).await?;
    let reaches = |right, id: &str| {
        let permit = admin.caller.permit(right);
        permit.is_ok_and(|permit| permit.reaches_site(Some(id)))
    };
    let body = html! {
        (done_to("site", &which.done))
        @if sites.is_empty() { p { "There are no sites within your reach." } }
        @else {
            div.scroll tabindex="0" role="region" aria-label="Sites" {
                table {
                    thead { tr {
                        th scope="col" { "Site" }
                        th scope="col" { "Name" }
                        th scope="col" { "Who belongs to it" }
                        th.number scope="col" { "Users" }
                        th scope="col" { span.hidden { "What to do" } }
                    } }
                    tbody {
                        @for details in &sites {
                            @let id = &details.site.id;
                            tr {
                                th scope="row" { (id) }
                                td { (details.site.display_name.as_deref().unwrap_or_default()) }
                                td { (rule(&details.membership)) }
                                td.number { (details.users) }
                                td { (ways(id, Area::Sites, reaches(Right::ChangeSite, id), reaches(Right::RemoveSite, id))) }
                            }
                        }
                    }
                }
            }
        }
        @if may(&admin.caller, Right::CreateSite) { p { a.button href="/admin/sites/new" { "New site…" } } }
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
