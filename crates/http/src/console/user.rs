//! A user's sheet.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{LockState, PolicyIdentity, Timestamp, User, UserId};
use pinward_service::{AuditQuery, AuditRecord, PinInfo, PolicySource, Right};
use serde::Deserialize;

use super::failure::Failure;
use super::layout::{Area, done, fact, may, maybe_time, page, refused, time};
use super::users::bare;
use super::who::{Admin, Named};
use crate::App;

/// Attempts shown.
const RECENT: usize = 15;

/// What was done just before.
#[derive(Deserialize)]
pub(super) struct Note {
    #[serde(default)]
    done: String,
}

/// `GET /admin/users/{id}`
pub(super) async fn sheet(
    State(app): State<App>,
    admin: Admin,
    Named(id): Named,
    Query(note): Query<Note>,
) -> Result<Response, Failure> {
    let user = app.service().person(&admin.caller, UserId(id)).await?;
    let said = match note.done.as_str() {
        "set" => done("The PIN is set."),
        "locked" => done("The PIN is locked."),
        "unlocked" => done("The PIN is unlocked, and both counts are 0."),
        "granted" => done("The policy is granted."),
        "role-granted" => done("The role is granted."),
        "role-taken" => done("The role is taken back."),
        "proven" if admin.is_fresh(app.clock().now()) => {
            done("Your password is confirmed. Nothing is done yet: begin again.")
        }
        "ungranted" => done("The grant is taken back."),
        _ => html! {},
    };
    show(&app, &admin, &user, &said).await
}

/// The sheet with something said at its top.
pub(super) async fn show(
    app: &App,
    admin: &Admin,
    user: &User,
    said: &Markup,
) -> Result<Response, Failure> {
    let body = html! {
        (said)
        (facts(user))
        (pin(app, admin, user).await?)
        (super::pin::actions(admin, user))
        (super::grant::section(app, admin, user).await?)
        (super::holdings::section(app, admin, user).await?)
        (attempts(app, admin, user).await?)
    };
    Ok(page(admin, Area::Users, &user.person.display_name, &body))
}

/// The sheet with a refusal at its top, where it is about what was put in.
pub(super) async fn show_refused(
    app: &App,
    admin: &Admin,
    user: &User,
    failure: Failure,
) -> Result<Response, Failure> {
    let told = failure.of_the_input()?;
    let mut response = show(app, admin, user, &refused(&told)).await?;
    *response.status_mut() = told.status;
    Ok(response)
}

fn facts(user: &User) -> Markup {
    let person = &user.person;
    let attribute = |name: &str| {
        let values = person.attributes.get(name);
        values.map(|values| values.join(", ")).unwrap_or_default()
    };
    let shown = [
        (
            "SIP address",
            bare(person.sip_address.as_deref()).to_owned(),
        ),
        ("Line", bare(person.line_uri.as_deref()).to_owned()),
        (
            "Logon name",
            format!("{}\\{}", person.domain, person.sam_account_name),
        ),
        ("Distinguished name", person.dn.clone()),
        ("Site", person.site.clone().unwrap_or_default()),
        ("Department", attribute("department")),
        ("Title", attribute("title")),
    ];
    html! {
        section aria-labelledby="person" {
            h2 id="person" { "Person" }
            dl.facts {
                @for (name, value) in shown.iter().filter(|(_, value)| !value.is_empty()) {
                    (fact(name, &html! { (value) }))
                }
                (fact("Enabled", &html! { (if person.enabled { "yes" } else { "no" }) }))
            }
        }
    }
}

async fn pin(app: &App, admin: &Admin, user: &User) -> Result<Markup, Failure> {
    if !reaches(admin, Right::ViewPin, user) {
        return Ok(html! {});
    }
    let info = app.service().pin_info(&admin.caller, user).await?;
    Ok(html! {
        section aria-labelledby="pin" {
            h2 id="pin" { "PIN" }
            dl.facts {
                (fact("State", &state(user, &info, app.clock().now())))
                (fact("Set", &maybe_time(info.last_pin_change, "never")))
                @if info.is_pin_set {
                    (fact("Expires", &maybe_time(info.pin_expiration, "never")))
                }
                (fact("Failed logons", &html! {
                    (info.local_failures) " in a row lately, " (info.global_failures) " since the last unlock"
                }))
                (fact("Policy", &html! {
                    (policy_link(admin, &info.effective_policy)) ", " (origin(&info.effective_policy))
                }))
            }
        }
    })
}

/// The state in words, with what ends a lock.
fn state(user: &User, info: &PinInfo, now: Timestamp) -> Markup {
    let expired = info.pin_expiration.filter(|end| *end <= now);
    html! {
        @match info.lock_state {
            LockState::None => {
                @if !user.person.enabled { "The person is not enabled, so there is no PIN." }
                @else if !info.is_pin_set { "There is no PIN yet." }
                @else if let Some(end) = expired { strong { "Expired " (time(end)) } ". Another one has to be set." }
                @else if info.must_change { "Good only for choosing another PIN." }
                @else { "Set, and not locked." }
            }
            LockState::Temporary { until } => {
                strong { "Locked out until " (time(until)) } ", after too many wrong PINs. It ends by itself."
            }
            LockState::Permanent => {
                strong { "Locked" } ", after too many wrong PINs since the last unlock. It does not end by itself."
            }
            LockState::Administrator => {
                strong { "Locked by an administrator" } ". It does not end by itself."
            }
        }
    }
}

/// Where the policy comes from.
fn origin(policy: &PolicyIdentity) -> &'static str {
    match PolicySource::of(policy) {
        PolicySource::Granted => "granted to this user",
        PolicySource::Site => "that of the user's site",
        PolicySource::Global => "the global one, as there is no nearer one",
    }
}

/// The name of a policy, with a way to it for those who may see it.
fn policy_link(admin: &Admin, identity: &PolicyIdentity) -> Markup {
    let sees = admin
        .caller
        .permit(Right::ViewPolicy)
        .is_ok_and(|permit| permit.reaches_policy(identity));
    html! {
        @if sees {
            a href=(super::policies::address_of(identity)) { (identity) }
        } @else {
            (identity)
        }
    }
}

async fn attempts(app: &App, admin: &Admin, user: &User) -> Result<Markup, Failure> {
    if !reaches(admin, Right::ViewAudit, user) {
        return Ok(html! {});
    }
    let query = AuditQuery {
        user: Some(user.id),
        newest_first: true,
        ..AuditQuery::default()
    };
    let found = app
        .service()
        .audit_page(&admin.caller, &query, None, RECENT)
        .await?;
    Ok(html! {
        section aria-labelledby="recent" {
            h2 id="recent" { "Recently" }
            @if found.records.is_empty() { p { "Nothing is recorded." } }
            @else { (recent(&found.records)) }
            @if found.next.is_some() {
                p { a href={"/admin/audit?user=" (user.id.0)} { "All records about this user" } }
            }
        }
    })
}

fn recent(records: &[AuditRecord]) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Recent attempts and changes" {
            table {
                thead { tr {
                    th scope="col" { "When" }
                    th scope="col" { "What" }
                    th scope="col" { "Outcome" }
                    th scope="col" { "From" }
                    th scope="col" { "By" }
                } }
                tbody {
                    @for record in records {
                        tr {
                            td { (time(record.at)) }
                            td { (record.action) }
                            td { (record.outcome) }
                            td { (super::audit::from(record)) }
                            td { (record.actor.as_deref().unwrap_or("–")) }
                        }
                    }
                }
            }
        }
    }
}

/// Whether a right reaches somebody, so that what it is for can be shown.
pub(super) fn reaches(admin: &Admin, right: Right, user: &User) -> bool {
    may(&admin.caller, right)
        && admin
            .caller
            .permit(right)
            .is_ok_and(|permit| permit.reaches(&user.person))
}
