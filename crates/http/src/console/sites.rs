//! The sites, with their rules and how many users belong to them.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::Membership;
use pinward_service::Right;

use super::failure::Failure;
use super::layout::{Area, done_to, may, page_with, refused, ways};
use super::policies::Which;
use super::who::Admin;
use crate::App;

/// `GET /admin/sites`
pub(super) async fn list(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    show(&app, &admin, StatusCode::OK, &done_to("site", &which.done)).await
}

/// The list with a refusal at its top.
pub(super) async fn show_refused(
    app: &App,
    admin: &Admin,
    failure: Failure,
) -> Result<Response, Failure> {
    let told = failure.of_the_names().of_the_input()?;
    show(app, admin, told.status, &refused(&told)).await
}

async fn show(
    app: &App,
    admin: &Admin,
    status: StatusCode,
    said: &Markup,
) -> Result<Response, Failure> {
    let sites = app.service().site_details(&admin.caller).await?;
    let reaches = |right, id: &str| {
        let permit = admin.caller.permit(right);
        permit.is_ok_and(|permit| permit.reaches_site(Some(id)))
    };
    let body = html! {
        (said)
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
    Ok(page_with(status, admin, Area::Sites, "Sites", &body))
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
