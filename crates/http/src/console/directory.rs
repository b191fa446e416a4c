//! How it stands with the sources that people are synchronised with.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use pinward_service::SourceStatus;

use super::failure::Failure;
use super::layout::{Area, maybe_time, page};
use super::who::Admin;
use crate::App;

/// `GET /admin/directory`
pub(super) async fn status(State(app): State<App>, admin: Admin) -> Result<Response, Failure> {
    let sources = app.service().sources(&admin.caller).await?;
    let body = html! {
        @if sources.is_empty() {
            p { "People were never synchronised with a source, or your roles reach a part of the company only." }
        }
        @for source in &sources { (section(source)) }
    };
    Ok(page(&admin, Area::Directory, "Directory", &body))
}

fn section(source: &SourceStatus) -> Markup {
    let counts = [
        ("People", source.users),
        ("Enabled", source.enabled),
        ("Gone", source.gone),
        ("Numbers and addresses that several have", source.conflicts),
    ];
    html! {
        section {
            h2 { (source.name) " (" (source.kind) ")" }
            dl.facts {
                dt { "Last result" } dd { (source.last_result.as_deref().unwrap_or("–")) }
                dt { "Last tried" } dd { (maybe_time(source.last_attempt, "never")) }
                dt { "Everybody read" } dd { (maybe_time(source.last_full, "never")) }
                dt { "Changes read" } dd { (maybe_time(source.last_increment, "never")) }
                @for (name, count) in counts { dt { (name) } dd { (count) } }
            }
        }
    }
}
