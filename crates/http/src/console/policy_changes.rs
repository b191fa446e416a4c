//! Making, changing and removing a policy. A change and a removal are shown with what they would mean
//! before they are made.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use pinward_core::{Policy, PolicyIdentity, PolicyPatch};
use pinward_service::{Foresight, PolicyError, PolicyRemoval, Right, Shift};

use super::failure::Failure;
use super::form::shown_again;
use super::layout::{Area, page, page_with, refused};
use super::policies::{Which, address_of, parsed, properties};
use super::who::{Admin, Filled, Sent};
use crate::App;
use crate::seen::{Seen, Stateful};
use crate::web::visit::percent;

/// What stands in the form of a policy.
struct Fields {
    of: String,
    seen: String,
    description: String,
    min_length: String,
    history: String,
    patterns: String,
    lifetime: String,
    attempts: String,
}

impl Fields {
    fn put(sent: &impl Filled) -> Self {
        let field = |name| sent.field(name).to_owned();
        Self {
            of: field("of"),
            seen: field("seen"),
            description: field("description"),
            min_length: field("min_length"),
            history: field("history"),
            patterns: field("patterns"),
            lifetime: field("lifetime"),
            attempts: field("attempts"),
        }
    }

    fn of_a_new_one() -> Self {
        Self {
            of: String::new(),
            seen: String::new(),
            ..Self::of(&Policy::defaults(PolicyIdentity::Global))
        }
    }

    fn of(policy: &Policy) -> Self {
        Self {
            of: policy.identity.to_string(),
            seen: policy.tag(),
            description: policy.description.clone().unwrap_or_default(),
            min_length: policy.min_password_length.to_string(),
            history: policy.pin_history_count.to_string(),
            patterns: if policy.allow_common_patterns {
                "yes"
            } else {
                ""
            }
            .to_owned(),
            lifetime: policy.pin_lifetime_days.to_string(),
            attempts: policy
                .maximum_logon_attempts
                .map(|count| count.to_string())
                .unwrap_or_default(),
        }
    }

    fn patch(&self) -> Result<PolicyPatch, Failure> {
        let number = |name: &str, text: &str| {
            text.trim()
                .parse::<u64>()
                .map_err(|_| Failure::malformed(format!("“{name}” is no whole number")))
        };
        let description = self.description.trim();
        let attempts = match self.attempts.trim() {
            "" => None,
            text => Some(number("Failures until a lockout", text)?),
        };
        Ok(PolicyPatch {
            description: Some((!description.is_empty()).then(|| description.to_owned())),
            min_password_length: Some(number("Fewest digits", &self.min_length)?),
            pin_history_count: Some(number("Earlier PINs", &self.history)?),
            allow_common_patterns: Some(self.patterns == "yes"),
            pin_lifetime_days: Some(number("Lifetime", &self.lifetime)?),
            maximum_logon_attempts: Some(attempts),
        })
    }

    fn inputs(&self) -> Markup {
        let number = |name: &str, label: &str, value: &str, max: u32| {
            html! {
                div.field {
                    label for=(name) { (label) }
                    input id=(name) name=(name) type="number" min="0" max=(max) value=(value);
                }
            }
        };
        html! {
            div.field {
                label for="description" { "Description" }
                input id="description" name="description" value=(self.description);
            }
            (number("min_length", "Fewest digits (4 to 24)", &self.min_length, 24))
            (number("history", "Earlier PINs that cannot be chosen (0 to 20)", &self.history, 20))
            (number("lifetime", "Lifetime in days (0: for ever, at most 999)", &self.lifetime, 999))
            (number("attempts", "Failures until a lockout (empty: by the length of the PIN)", &self.attempts, 999))
            div.check {
                input id="patterns" name="patterns" type="checkbox" value="yes" checked[self.patterns == "yes"];
                label for="patterns" { "Allow common patterns" }
            }
        }
    }

    /// The same, not to be seen, for the question.
    fn hidden(&self) -> Markup {
        let all = [
            ("of", &self.of),
            ("seen", &self.seen),
            ("description", &self.description),
            ("min_length", &self.min_length),
            ("history", &self.history),
            ("patterns", &self.patterns),
            ("lifetime", &self.lifetime),
            ("attempts", &self.attempts),
        ];
        html! { @for (name, value) in all { input type="hidden" name=(name) value=(value); } }
    }
}

fn form(admin: &Admin, fields: &Fields, new: bool, said: &Markup, status: StatusCode) -> Response {
    let title = match new {
        true => "New policy".to_owned(),
        false => format!("Change policy {}", fields.of),
    };
    let body = html! {
        (said)
        form.sheet method="post" action=(if new { "/admin/policies/new" } else { "/admin/policies/edit" }) {
            (admin.token())
            @if new {
                div.field {
                    label for="of" { "Name: site:<SiteId> for a site, else what it is granted by" }
                    input id="of" name="of" value=(fields.of) required;
                }
            } @else {
                input type="hidden" name="of" value=(fields.of);
                input type="hidden" name="seen" value=(fields.seen);
            }
            (fields.inputs())
            button type="submit" { (if new { "Create" } else { "Go on…" }) }
        }
    };
    page_with(status, admin, Area::Policies, &title, &body)
}

/// The form again, with what is wrong.
fn again(admin: &Admin, fields: &Fields, new: bool, failure: Failure) -> Result<Response, Failure> {
    let told = failure.of_the_names().of_the_input()?;
    Ok(form(admin, fields, new, &refused(&told), told.status))
}

/// `GET /admin/policies/new`
pub(super) async fn ask_new(State(_app): State<App>, admin: Admin) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::CreatePolicy)?;
    let kept = admin.kept();
    let fields = kept.as_ref().map_or_else(Fields::of_a_new_one, Fields::put);
    let said = shown_again(kept.as_ref());
    Ok(form(&admin, &fields, true, &said, StatusCode::OK))
}

/// `POST /admin/policies/new`
pub(super) async fn create(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::CreatePolicy)?;
    sent.proven("/admin/policies/new")?;
    let fields = Fields::put(&sent);
    match make(&app, admin, &fields).await {
        Ok(identity) => Ok(to_policy(&identity, "created")),
        Err(failure) => again(admin, &fields, true, failure),
    }
}

async fn make(app: &App, admin: &Admin, fields: &Fields) -> Result<PolicyIdentity, Failure> {
    let identity =
        PolicyIdentity::parse(&fields.of).map_err(|error| Failure::malformed(error.to_string()))?;
    let service = app.service();
    let policy = service.new_policy(&admin.caller, &identity, &fields.patch()?)?;
    let created = service.create_policy(&admin.caller, &policy).await?;
    Ok(created.identity)
}

/// `GET /admin/policies/edit`
pub(super) async fn ask_edit(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let policy = as_it_is(&app, &admin, &which.of).await?;
    let kept = admin.kept();
    let fields = kept
        .as_ref()
        .map_or_else(|| Fields::of(&policy), Fields::put);
    let said = shown_again(kept.as_ref());
    Ok(form(&admin, &fields, false, &said, StatusCode::OK))
}

async fn as_it_is(app: &App, admin: &Admin, of: &str) -> Result<Policy, Failure> {
    let _permit = admin.caller.permit(Right::ChangePolicy)?;
    let (identity, nothing) = (parsed(of)?, PolicyPatch::default());
    let service = app.service();
    Ok(service
        .check_change(&admin.caller, &identity, &nothing)
        .await?)
}

/// The policy, if it is the one that a form was made for.
fn seen(tag: &str, now: Policy) -> Result<Option<Policy>, PolicyError> {
    let identity = now.identity.clone();
    let overtaken = PolicyError::Overtaken { identity };
    Seen::field(tag).is(now, overtaken)
}

/// `POST /admin/policies/edit`: first without `sure`, then with it.
pub(super) async fn edit(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::ChangePolicy)?;
    let fields = Fields::put(&sent);
    sent.proven_for("/admin/policies/edit", &fields.of)?;
    let before = as_it_is(&app, admin, &fields.of).await?;
    match change(&app, &sent, &fields, before).await {
        Ok(response) => Ok(response),
        Err(failure) => {
            let failure = failure.with_the_way("/admin/policies/edit", &fields.of);
            again(admin, &fields, false, failure)
        }
    }
}

async fn change(
    app: &App,
    sent: &Sent,
    fields: &Fields,
    before: Policy,
) -> Result<Response, Failure> {
    let (service, admin, patch) = (app.service(), &sent.admin, fields.patch()?);
    let identity = &before.identity.clone();
    let seen = seen(&fields.seen, before)?;
    if sent.says_yes("sure") {
        let changed = service.change_policy(&admin.caller, identity, &patch, seen.as_ref());
        changed.await?;
        return Ok(to_policy(identity, "changed"));
    }
    let foresight = service
        .foresee_change(&admin.caller, identity, &patch)
        .await?;
    let (action, button) = ("/admin/policies/edit", "Change it");
    Ok(question(
        admin,
        &foresight,
        action,
        button,
        &fields.hidden(),
    ))
}

/// What it would mean, and whether to do it.
fn question(
    admin: &Admin,
    foresight: &Foresight,
    action: &str,
    button: &str,
    hidden: &Markup,
) -> Response {
    let now = &foresight.now;
    let body = html! {
        p { "The policy " strong { (now.policy.identity) } " governs " strong { (now.users) } " users, of whom "
            (now.pins()) " have a PIN." }
        @for shift in &foresight.then { (meaning(&now.policy, shift)) }
        form.actions method="post" action=(action) {
            (admin.token())
            (hidden)
            input type="hidden" name="sure" value="yes";
            button type="submit" { (button) }
            a.button.plain href=(address_of(&now.policy.identity)) { "Leave it" }
        }
    };
    page(admin, Area::Policies, "What it would mean", &body)
}

fn meaning(before: &Policy, shift: &Shift) -> Markup {
    let figures = [
        ("PINs expire at once", shift.expired),
        ("PINs expire within a week", shift.expiring),
        ("PINs that have expired are good again", shift.revived),
        (
            "users would be locked out at their next logon",
            shift.locked,
        ),
    ];
    html! {
        h2 { (shift.users) " users under " (shift.policy.identity) }
        table {
            thead { tr { th scope="col" { "Property" } th scope="col" { "Now" } th scope="col" { "Then" } } }
            tbody {
                @for ((property, a), (_, b)) in properties(before).iter().zip(&properties(&shift.policy)) {
                    tr.differs[a != b] { th scope="row" { (property) } td { (a) } td { (b) } }
                }
            }
        }
        ul { @for (what, count) in figures { li.warn[count > 0] { (count) " " (what) } } }
    }
}

/// `GET /admin/policies/remove`
pub(super) async fn ask_removal(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::RemovePolicy)?;
    let identity = parsed(&which.of)?;
    let foresight = app
        .service()
        .foresee_removal(&admin.caller, &identity)
        .await?;
    let hidden = html! {
        input type="hidden" name="of" value=(identity);
        input type="hidden" name="seen" value=(foresight.now.policy.tag());
    };
    let button = match identity {
        PolicyIdentity::Global => "Reset it",
        _ => "Remove it",
    };
    Ok(question(
        &admin,
        &foresight,
        "/admin/policies/remove",
        button,
        &hidden,
    ))
}

/// `POST /admin/policies/remove`
pub(super) async fn remove(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::RemovePolicy)?;
    let of = sent.field("of");
    let identity = parsed(of)?;
    admin.proven_for("/admin/policies/remove", of)?;
    let service = app.service();
    let now = service.check_removal(&admin.caller, &identity).await?;
    let seen = seen(sent.field("seen"), now)?;
    let removed = service.remove_policy(&admin.caller, &identity, seen.as_ref());
    match removed.await? {
        PolicyRemoval::Removed => Ok(Area::Policies.after("removed")),
        PolicyRemoval::Reset => Ok(to_policy(&identity, "reset")),
    }
}

fn to_policy(identity: &PolicyIdentity, done: &str) -> Response {
    let name = percent(&identity.to_string());
    Redirect::to(&format!("/admin/policies/one?of={name}&done={done}")).into_response()
}
