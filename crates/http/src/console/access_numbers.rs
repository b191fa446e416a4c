//! The numbers by which people dial in.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::AccessNumber;
use pinward_service::{AccessNumberChoice, Right};

use super::failure::Failure;
use super::layout::{Area, done_to, may, page, ways};
use super::policies::Which;
use super::who::Admin;
use crate::App;
use crate::web::visit::percent;

/// `GET /admin/access-numbers`
pub(super) async fn list(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let service = app.service();
    let numbers = service
        .access_numbers(&admin.caller, &AccessNumberChoice::All)
        .await?;
    let empty = service.empty_regions(&admin.caller).await?;
    let body = html! {
        (done_to("access number", &which.done))
        @if !empty.is_empty() {
            p.notice.bad { "These sites have no number among their regions: " (empty.join(", ")) "." }
        }
        @if numbers.is_empty() { p { "There are no access numbers within your reach." } }
        @else { (table(&admin, &numbers)) }
        @if may(&admin.caller, Right::CreateAccessNumber) {
            p { a.button href="/admin/access-numbers/new" { "New access number…" } }
        }
    };
    let here = Area::AccessNumbers;
    Ok(page(&admin, here, "Access numbers", &body))
}

fn table(admin: &Admin, numbers: &[AccessNumber]) -> Markup {
    let reaches = |right, number: &AccessNumber| {
        let permit = admin.caller.permit(right);
        permit.is_ok_and(|permit| permit.reaches_site(number.site.as_deref()))
    };
    html! {
        div.scroll tabindex="0" role="region" aria-label="Access numbers" {
            table {
                thead { tr {
                    th scope="col" { "Number" }
                    th scope="col" { "Name" }
                    th scope="col" { "SIP address" }
                    th scope="col" { "Regions" }
                    th scope="col" { "Languages" }
                    th scope="col" { "For" }
                    th scope="col" { span.hidden { "What to do" } }
                } }
                tbody {
                    @for number in numbers {
                        tr {
                            th scope="row" { (number.display_number) }
                            td { (number.display_name.as_deref().unwrap_or_default()) }
                            td { (super::users::bare(Some(&number.primary_uri))) }
                            td { (number.regions.join(", ")) }
                            td {
                                (number.primary_language)
                                @for language in &number.secondary_languages { ", " (language) }
                            }
                            td { (number.site.as_deref().unwrap_or("everybody")) }
                            td {
                                (ways(
                                    &number.primary_uri,
                                    Area::AccessNumbers,
                                    reaches(Right::ChangeAccessNumber, number),
                                    reaches(Right::RemoveAccessNumber, number),
                                ))
                                @if reaches(Right::ChangeAccessNumber, number) && !number.regions.is_empty() {
                                    a.way href={"/admin/access-numbers/order?of=" (percent(&number.primary_uri))}
                                        aria-label={"Order of " (number.primary_uri)} { "Order…" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
