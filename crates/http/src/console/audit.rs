//! Searching the audit log.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{Timestamp, UserId};
use pinward_service::{AuditQuery, AuditRecord, Right};
use serde::Deserialize;

use super::failure::Failure;
use super::layout::{Area, page, time};
use super::who::Admin;
use crate::App;
use crate::web::visit::percent;

/// Records on a page.
const PAGE: usize = 50;

/// What is looked for, as it stands in the address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    user: String,
    actor: String,
    action: String,
    outcome: String,
    after: String,
    before: String,
    from: String,
}

impl Search {
    fn query(&self) -> Result<AuditQuery, Failure> {
        let text = |text: &str| {
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Ok(AuditQuery {
            user: number(&self.user)?.map(UserId),
            actor: text(&self.actor),
            action: text(&self.action),
            outcome: text(&self.outcome),
            after: moment(&self.after)?,
            before: moment(&self.before)?,
            newest_first: true,
        })
    }

    /// The address of the records from one on, or from the newest on.
    fn address(&self, from: Option<i64>) -> String {
        let from = from.map(|from| from.to_string()).unwrap_or_default();
        let given = [
            ("user", &self.user),
            ("actor", &self.actor),
            ("action", &self.action),
            ("outcome", &self.outcome),
            ("after", &self.after),
            ("before", &self.before),
            ("from", &from),
        ];
        let given = given.iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<_> = given
            .map(|(name, value)| format!("{name}={}", percent(value)))
            .collect();
        format!("/admin/audit?{}", pairs.join("&"))
    }
}

fn number(text: &str) -> Result<Option<i64>, Failure> {
    match text.trim() {
        "" => Ok(None),
        text => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Failure::malformed(format!("“{text}” is no number"))),
        },
    }
}

/// A time as a browser writes it, `2026-11-22T13:45`, in UTC.
fn moment(text: &str) -> Result<Option<Timestamp>, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let read = text
        .parse::<Timestamp>()
        .or_else(|_| format!("{text}:00Z").parse())
        .or_else(|_| format!("{text}Z").parse());
    match read {
        Ok(moment) => Ok(Some(moment)),
        Err(_) => Err(Failure::malformed(format!(
            "“{text}” is no time; write it like 2026-11-22T13:45"
        ))),
    }
}

/// `GET /admin/audit`
pub(super) async fn search(
    State(app): State<App>,
    admin: Admin,
    Query(search): Query<Search>,
) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::ViewAudit)?;
    let (query, from) = (search.query()?, number(&search.from)?);
    let found = app
        .service()
        .audit_page(&admin.caller, &query, from, PAGE)
        .await?;
    let body = html! {
        (form(&search))
        @if found.records.is_empty() { p { "There are no such records here." } }
        @else { (table(&found.records)) }
        nav.pages aria-label="Pages" {
            @if from.is_some() { a href=(search.address(None)) { "Newest" } }
            " "
            @if let Some(next) = found.next { a href=(search.address(Some(next))) rel="next" { "Older" } }
        }
    };
    Ok(page(&admin, Area::Audit, "Audit log", &body))
}

fn form(search: &Search) -> Markup {
    let field = |name: &str, label: &str, kind: &str, value: &str| {
        html! {
            div.field {
                label for=(name) { (label) }
                input id=(name) name=(name) type=(kind) value=(value);
            }
        }
    };
    html! {
        form.filter method="get" action="/admin/audit" role="search" {
            (field("actor", "By whom", "text", &search.actor))
            (field("action", "What", "text", &search.action))
            (field("outcome", "Outcome", "text", &search.outcome))
            (field("after", "From (UTC)", "datetime-local", &search.after))
            (field("before", "Before (UTC)", "datetime-local", &search.before))
            @if !search.user.is_empty() { input type="hidden" name="user" value=(search.user); }
            button type="submit" { "Search" }
        }
    }
}

fn table(records: &[AuditRecord]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Records" {
            table {
                thead { tr {
                    th.number scope="col" { "No." }
                    th scope="col" { "When" }
                    th scope="col" { "By" }
                    th scope="col" { "What" }
                    th scope="col" { "On" }
                    th scope="col" { "Outcome" }
                    th scope="col" { "From" }
                    th scope="col" { "Changes" }
                } }
                tbody { @for record in records { (row(record)) } }
            }
        }
    }
}

fn row(record: &AuditRecord) -> Markup {
    let subject = record.subject.as_deref().unwrap_or("–");
    html! {
        tr {
            td.number { (record.seq) }
            td { (time(record.at)) }
            td { (record.actor.as_deref().unwrap_or("–")) }
            td { (record.action) }
            td {
                @match record.user {
                    Some(user) => a href={"/admin/users/" (user.0)} { (subject) },
                    None => (subject),
                }
            }
            td { (record.outcome) }
            td { (from(record)) }
            td { @if let Some(changes) = &record.changes { code { (changes) } } }
        }
    }
}

/// Where it came from: the door, and what is known of who was at the other end.
pub(super) fn from(record: &AuditRecord) -> Markup {
    html! {
        (record.door)
        @if let Some(client) = &record.client { " " (client) }
        @if let Some(caller) = &record.caller { ", calling from " (caller) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_browsers_write_them() {
        for text in [
            "2026-11-22T13:45",
            "2026-11-22T13:45:00",
            "2026-11-22T13:45:00Z",
        ] {
            let read = moment(text).ok().flatten().map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), Some("2026-11-22T13:45:00Z"), "{text}");
        }
        assert!(matches!(moment(" "), Ok(None)));
        assert!(moment("yesterday").is_err());
    }

    #[test]
    fn an_address_keeps_what_is_looked_for() {
        let search = Search {
            actor: "a\\b & c".to_owned(),
            ..Search::default()
        };
        let address = search.address(Some(7));
        assert_eq!(address, "/admin/audit?actor=a%5Cb%20%26%20c&from=7");
    }
}
