//! The programs that use the API.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::Client;

use super::failure::Failure;
use super::layout::{Area, maybe_time, page, time};
use super::who::Admin;
use crate::App;

/// `GET /admin/clients`
pub(super) async fn list(State(app): State<App>, admin: Admin) -> Result<Response, Failure> {
    let clients = app.service().clients(&admin.caller).await?;
    let body = html! {
        @if clients.is_empty() { p { "There are no API clients within your reach." } }
        @for client in &clients { (section(client)) }
    };
    Ok(page(&admin, Area::Clients, "API clients", &body))
}

fn section(client: &Client) -> Markup {
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
                    dt { "Key " code { (key.start) "…" } }
                    dd {
                        "made " (time(key.made))
                        @if let Some(end) = key.ends { ", ends " (time(end)) }
                    }
                }
            }
        }
    }
}
