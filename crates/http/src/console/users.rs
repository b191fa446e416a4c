//! Searching users as somebody types.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::User;
use pinward_service::FoundPeople;
use serde::Deserialize;

use super::failure::Failure;
use super::layout::{Area, fragment, page};
use super::who::Admin;
use crate::App;

/// What is looked for.
#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
}

/// `GET /admin/users`
pub(super) async fn search(
    State(app): State<App>,
    admin: Admin,
    Query(search): Query<Search>,
) -> Result<Response, Failure> {
    let found = app
        .service()
        .search_people(&admin.caller, &search.q)
        .await?;
    let body = html! {
        form.search method="get" action="/admin/users" role="search" {
            div.field {
                label for="q" { "Name, address, number or extension" }
                input id="q" name="q" type="search" value=(search.q) autocomplete="off" autofocus
                    data-search="/admin/users/found" data-into="found";
            }
            button type="submit" { "Search" }
        }
        div id="found" role="status" { (listed(&search.q, &found)) }
    };
    Ok(page(&admin, Area::Users, "Users", &body))
}

/// `GET /admin/users/found`: the same list without the page, for the script.
pub(super) async fn found(
    State(app): State<App>,
    admin: Admin,
    Query(search): Query<Search>,
) -> Result<Response, Failure> {
    let found = app
        .service()
        .search_people(&admin.caller, &search.q)
        .await?;
    Ok(fragment(listed(&search.q, &found)))
}

fn listed(text: &str, found: &FoundPeople) -> Markup {
    html! {
        @if found.people.is_empty() {
            @if text.trim().is_empty() {
                p { "Type the beginning of a name or of a number." }
            } @else {
                p { "Nobody is found for “" (text) "”." }
            }
        } @else {
            div.scroll tabindex="0" role="region" aria-label="People found" {
                table {
                    thead { tr {
                        th scope="col" { "Name" }
                        th scope="col" { "SIP address" }
                        th scope="col" { "Line" }
                        th scope="col" { "Site" }
                        th scope="col" { "Enabled" }
                    } }
                    tbody { @for user in &found.people { (row(user)) } }
                }
            }
            @if found.more { p { "There are more. Type more to find them." } }
        }
    }
}

fn row(user: &User) -> Markup {
    let person = &user.person;
    html! {
        tr {
            th scope="row" { a href={"/admin/users/" (user.id.0)} { (person.display_name) } }
            td { (bare(person.sip_address.as_deref())) }
            td { (bare(person.line_uri.as_deref())) }
            td { (person.site.as_deref().unwrap_or_default()) }
            td { (if person.enabled { "yes" } else { "no" }) }
        }
    }
}

/// Without the scheme, as people write it.
pub(super) fn bare(uri: Option<&str>) -> &str {
    let uri = uri.unwrap_or_default();
    uri.split_once(':').map_or(uri, |(_, rest)| rest)
}
