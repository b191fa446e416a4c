//! The policies: their scope tree, one of them, and two side by side.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{Policy, PolicyIdentity};
use pinward_service::{PolicyFigures, Right, SOON};
use serde::Deserialize;

use super::failure::Failure;
use super::layout::{Area, done, may, page};
use super::who::Admin;
use crate::App;
use crate::web::visit::percent;

/// Which policies, and what was done just before.
#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    pub(super) of: String,
    #[serde(default)]
    and: String,
    #[serde(default)]
    pub(super) done: String,
}

/// Where a policy is shown.
pub(super) fn address_of(identity: &PolicyIdentity) -> String {
    format!("/admin/policies/one?of={}", percent(&identity.to_string()))
}

/// The policy that a text names; a text that names none is one that is not there.
pub(super) fn parsed(text: &str) -> Result<PolicyIdentity, Failure> {
    PolicyIdentity::parse(text).map_err(|_| Failure::not_found())
}

/// `GET /admin/policies`
pub(super) async fn tree(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let policies = app.service().policies(&admin.caller).await?;
    let figures = match may(&admin.caller, Right::TestPolicy) {
        true => {
            app.service()
                .policy_figures(&admin.caller, None, SOON)
                .await?
        }
        false => Vec::new(),
    };
    let kind = |wanted: fn(&PolicyIdentity) -> bool| {
        let chosen = policies
            .iter()
            .filter(move |policy| wanted(&policy.identity));
        chosen.collect::<Vec<_>>()
    };
    let global = kind(|identity| matches!(identity, PolicyIdentity::Global));
    let sites = kind(|identity| matches!(identity, PolicyIdentity::Site(_)));
    let tags = kind(|identity| matches!(identity, PolicyIdentity::Tag(_)));
    let body = html! {
        @if which.done == "removed" { (done("The policy is removed.")) }
        p { "The nearest policy governs a user: one granted to them, else that of their site, else the global one." }
        ul.tree {
            li {
                @for policy in &global { (entry(policy, &figures)) }
                @if global.is_empty() { "The company as a whole" }
                ul {
                    @for policy in &sites { li { (entry(policy, &figures)) } }
                    @if !tags.is_empty() {
                        li { "Granted to users" ul { @for policy in &tags { li { (entry(policy, &figures)) } } } }
                    }
                }
            }
        }
        @if may(&admin.caller, Right::CreatePolicy) {
            p { a.button href="/admin/policies/new" { "New policy…" } }
        }
        @if policies.len() > 1 { (compare_form(&policies)) }
    };
    Ok(page(&admin, Area::Policies, "PIN policies", &body))
}

fn entry(policy: &Policy, figures: &[PolicyFigures]) -> Markup {
    let of_this = figures
        .iter()
        .find(|one| one.tally.policy.identity == policy.identity);
    html! {
        a href=(address_of(&policy.identity)) { (policy.identity) }
        @if let Some(figures) = of_this {
            " – " (figures.tally.users) " users, " (figures.tally.pins()) " PINs, "
            (figures.tally.expired) " expired, " (figures.tally.locked) " locked"
        }
        @if let Some(description) = &policy.description { " – " (description) }
    }
}

fn compare_form(policies: &[Policy]) -> Markup {
    let choice = |name: &str, label: &str| {
        html! {
            div.field {
                label for={"compare-" (name)} { (label) }
                select id={"compare-" (name)} name=(name) {
                    @for policy in policies { option value=(policy.identity) { (policy.identity) } }
                }
            }
        }
    };
    html! {
        form.search method="get" action="/admin/policies/compare" {
            (choice("of", "Compare"))
            (choice("and", "with"))
            button type="submit" { "Compare" }
        }
    }
}

/// The properties of a policy in words.
pub(super) fn properties(policy: &Policy) -> [(&'static str, String); 6] {
    let attempts = policy.maximum_logon_attempts;
    [
        (
            "Description",
            policy.description.clone().unwrap_or_default(),
        ),
        ("Fewest digits", policy.min_password_length.to_string()),
        (
            "Earlier PINs that cannot be chosen",
            policy.pin_history_count.to_string(),
        ),
        (
            "Common patterns",
            if policy.allow_common_patterns {
                "allowed"
            } else {
                "refused"
            }
            .to_owned(),
        ),
        (
            "Lifetime",
            match policy.pin_lifetime_days {
                0 => "for ever".to_owned(),
                days => format!("{days} days"),
            },
        ),
        (
            "Failures until a lockout",
            attempts.map_or("by the length of the PIN".to_owned(), |count| {
                count.to_string()
            }),
        ),
    ]
}

/// `GET /admin/policies/one`
pub(super) async fn one(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::ViewPolicy)?;
    let identity = parsed(&which.of)?;
    let policy = app.service().policy(&admin.caller, &identity).await?;
    let reaches = |right| {
        let permit = admin.caller.permit(right);
        permit.is_ok_and(|permit| permit.reaches_policy(&identity))
    };
    let name = percent(&policy.identity.to_string());
    let body = html! {
        @match which.done.as_str() {
            "changed" => (done("The policy is changed.")),
            "created" => (done("The policy is created.")),
            "reset" => (done("The global policy has its first values again.")),
            _ => {}
        }
        dl.facts { @for (property, value) in properties(&policy) { dt { (property) } dd { (value) } } }
        p.actions {
            @if reaches(Right::ChangePolicy) { a.button href={"/admin/policies/edit?of=" (name)} { "Change…" } }
            @if reaches(Right::RemovePolicy) {
                a.button href={"/admin/policies/remove?of=" (name)} {
                    (if identity == PolicyIdentity::Global { "Reset…" } else { "Remove…" })
                }
            }
        }
    };
    Ok(page(
        &admin,
        Area::Policies,
        &format!("Policy {}", policy.identity),
        &body,
    ))
}

/// `GET /admin/policies/compare`
pub(super) async fn compare(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::ViewPolicy)?;
    let one = app
        .service()
        .policy(&admin.caller, &parsed(&which.of)?)
        .await?;
    let other = app
        .service()
        .policy(&admin.caller, &parsed(&which.and)?)
        .await?;
    let (left, right) = (properties(&one), properties(&other));
    let body = html! {
        div.scroll tabindex="0" role="region" aria-label="Both policies" {
            table {
                thead { tr {
                    th scope="col" { "Property" }
                    th scope="col" { (one.identity) }
                    th scope="col" { (other.identity) }
                    th scope="col" { "Differs" }
                } }
                tbody {
                    @for ((property, a), (_, b)) in left.iter().zip(&right) {
                        tr.differs[a != b] {
                            th scope="row" { (property) }
                            td { (a) }
                            td { (b) }
                            td { (if a == b { "" } else { "yes" }) }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&admin, Area::Policies, "Policies side by side", &body))
}
