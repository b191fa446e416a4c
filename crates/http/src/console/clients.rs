//! The programs that use the API.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{Client, ClientKey};
use pinward_service::Right;

use super::failure::Failure;
use super::layout::{Area, done_to, may, maybe_time, page, time, ways};
use super::policies::Which;
use super::who::Admin;
use crate::App;
use crate::web::visit::percent;

/// `GET /admin/clients`
pub(super) async fn list(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let clients = app.service().clients(&admin.caller).await?;
    let body = html! {
        (done_to("API client", &which.done))
        @if clients.is_empty() { p { "There are no API clients within your reach." } }
        @for client in &clients { (section(&admin, client)) }
        @if may(&admin.caller, Right::AddClient) { p { a.button href="/admin/clients/new" { "New client…" } } }
    };
    Ok(page(&admin, Area::Clients, "API clients", &body))
}

fn section(admin: &Admin, client: &Client) -> Markup {
    let [change, remove] =
        [Right::ChangeClient, Right::RemoveClient].map(|right| may(&admin.caller, right));
    let networks: Vec<String> = client.networks.iter().map(ToString::to_string).collect();
    html! {
        section.card {
            h2 { (client.name) }
            dl.facts {
                dt { "May do" } dd { (client.rights) }
                dt { "From" } dd { (if networks.is_empty() { "anywhere".to_owned() } else { networks.join(", ") }) }
                dt { "Ends" } dd { (maybe_time(client.expires, "never")) }
                dt { "Requests" }
                dd { (client.limits.per_second) " a second, " (client.limits.at_once) " at once" }
                @for key in &client.keys {
                    dt { (kind(key)) " " code { (key.start) "…" } }
                    dd {
                        "made " (time(key.made))
                        @if let Some(end) = key.ends { ", ends " (time(end)) }
                    }
                }
            }
            p {
                (ways(&client.name, Area::Clients, change, remove))
                @if change {
                    a.way href={"/admin/clients/rotate?of=" (percent(&client.name))} aria-label={"Another key for " (client.name)} { "Another key…" }
                }
            }
        }
    }
}

fn kind(key: &ClientKey) -> &'static str {
    match key.is_certificate() {
        true => "Certificate",
        false => "Key",
    }
}
