//! Making, changing and removing a site. A removal is asked about before it is done.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{Membership, SiteError as Malformed};
use pinward_service::{Right, SiteDetails, SiteError, SiteRequest};

use super::failure::Failure;
use super::form::{self, Form, Question, choice, each_line, lines, text};
use super::layout::Area;
use super::policies::Which;
use super::who::{Admin, Filled, Sent};
use crate::App;
use crate::seen::{Seen, Stateful};

const NEW: &str = "/admin/sites/new";
const EDIT: &str = "/admin/sites/edit";
const REMOVE: &str = "/admin/sites/remove";

/// What stands in the form of a site.
#[derive(Default)]
struct Fields {
    of: String,
    seen: String,
    display_name: String,
    rule: String,
    units: String,
    filter: String,
}

impl Fields {
    fn put(sent: &impl Filled) -> Self {
        let field = |name| sent.field(name).to_owned();
        Self {
            of: field("of"),
            seen: field("seen"),
            display_name: field("display_name"),
            rule: field("rule"),
            units: field("units"),
            filter: field("filter"),
        }
    }

    fn of(details: &SiteDetails) -> Self {
        let mut fields = Self {
            of: details.site.id.clone(),
            seen: details.tag(),
            display_name: details.site.display_name.clone().unwrap_or_default(),
            ..Self::default()
        };
        match &details.membership {
            Membership::Directory => {}
            Membership::Units(units) => {
                "units".clone_into(&mut fields.rule);
                fields.units = units.join("\n");
            }
            Membership::Filter(filter) => {
                "filter".clone_into(&mut fields.rule);
                fields.filter.clone_from(filter);
            }
        }
        fields
    }

    /// What says who belongs to it, as far as the chosen rule looks at it.
    fn says(&self) -> (&str, Vec<String>) {
        match self.rule.as_str() {
            "units" => ("units", each_line(&self.units)),
            "filter" => ("filter", vec![self.filter.trim().to_owned()]),
            _ => ("", Vec::new()),
        }
    }

    /// What is asked for: the rule only where it is another one than before, as it moves people.
    fn request(&self, before: &Self) -> Result<SiteRequest, Failure> {
        let mut request = SiteRequest {
            display_name: Some(Some(self.display_name.clone())),
            ..SiteRequest::default()
        };
        if self.says() == before.says() {
            return Ok(request);
        }
        match self.says() {
            ("units", units) if units.is_empty() => {
                return Err(Failure::malformed("name at least one organisational unit"));
            }
            ("filter", _) => request.filter = Some(Some(self.filter.clone())),
            (_, units) => request.units = Some(units),
        }
        Ok(request)
    }

    fn inputs(&self, new: bool) -> Markup {
        let rules = [
            ("", "those of whom the directory says so"),
            ("units", "also those of organisational units"),
            ("filter", "also those whom an LDAP filter matches"),
        ];
        html! {
            @if new { (text("of", "Id", &self.of)) }
            @else { (form::what(&self.of, &self.seen)) }
            (text("display_name", "Name; empty for none", &self.display_name))
            (choice("rule", "Who belongs to it", rules, &self.rule))
            (lines("units", "Organisational units, one a line: OU=Tacoma,DC=litwareinc,DC=com", &self.units))
            (text("filter", "LDAP filter: (physicalDeliveryOfficeName=Tacoma)", &self.filter))
        }
    }
}

fn new_form(admin: &Admin) -> Form<'_> {
    Form {
        admin,
        here: Area::Sites,
        title: "New site",
        action: NEW,
        button: "Create",
    }
}

/// `GET /admin/sites/new`
pub(super) async fn ask_new(State(_app): State<App>, admin: Admin) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::CreateSite)?;
    let kept = admin.kept();
    let fields = kept.as_ref().map_or_else(Fields::default, Fields::put);
    Ok(new_form(&admin).show(kept.as_ref(), &fields.inputs(true)))
}

/// `POST /admin/sites/new`
pub(super) async fn create(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::CreateSite)?;
    sent.proven(NEW)?;
    let fields = Fields::put(&sent);
    match make(&app, admin, &fields).await {
        Ok(()) => Ok(Area::Sites.after("created")),
        Err(failure) => new_form(admin).again(&fields.inputs(true), failure),
    }
}

async fn make(app: &App, admin: &Admin, fields: &Fields) -> Result<(), Failure> {
    let request = fields.request(&Fields::default())?;
    let (service, caller, id) = (
        Arc::clone(app.service()),
        admin.caller.clone(),
        fields.of.clone(),
    );
    to_the_end(async move {
        let made = service.create_site(&caller, &id, &request, |_| {}).await;
        made.map(drop)
    })
    .await
}

/// Moving people goes on to its end, whether or not the browser waits for it.
async fn to_the_end(
    work: impl Future<Output = Result<(), SiteError>> + Send + 'static,
) -> Result<(), Failure> {
    match tokio::spawn(work).await {
        Ok(done) => Ok(done?),
        Err(_ended) => Err(Failure::broken_off()),
    }
}

/// `GET /admin/sites/edit`
pub(super) async fn ask_edit(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let site = as_it_is(&app, &admin, &which.of).await?;
    let kept = admin.kept();
    let fields = kept.as_ref().map_or_else(|| Fields::of(&site), Fields::put);
    let title = format!("Change site {}", fields.of);
    Ok(edit_form(&admin, &title).show(kept.as_ref(), &fields.inputs(false)))
}

async fn as_it_is(app: &App, admin: &Admin, id: &str) -> Result<SiteDetails, Failure> {
    let nothing = SiteRequest::default();
    let service = app.service();
    let checked = service.check_site_change(&admin.caller, id, &nothing);
    checked.await.map_err(nowhere)
}

/// A text that no site can be called is one that is not there.
fn nowhere(error: SiteError) -> Failure {
    match error {
        SiteError::Malformed(Malformed::Id { .. }) => Failure::not_found(),
        error => error.into(),
    }
}

fn edit_form<'a>(admin: &'a Admin, title: &'a str) -> Form<'a> {
    Form {
        admin,
        here: Area::Sites,
        title,
        action: EDIT,
        button: "Change",
    }
}

/// `POST /admin/sites/edit`
pub(super) async fn edit(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::ChangeSite)?;
    let fields = Fields::put(&sent);
    sent.proven_for(EDIT, &fields.of)?;
    let before = as_it_is(&app, admin, &fields.of).await?;
    match change(&app, admin, &fields, before).await {
        Ok(()) => Ok(Area::Sites.after("changed")),
        Err(failure) => {
            let title = format!("Change site {}", fields.of);
            let failure = failure.with_the_way(EDIT, &fields.of);
            edit_form(admin, &title).again(&fields.inputs(false), failure)
        }
    }
}

async fn change(
    app: &App,
    admin: &Admin,
    fields: &Fields,
    before: SiteDetails,
) -> Result<(), Failure> {
    let request = fields.request(&Fields::of(&before))?;
    let id = before.site.id.clone();
    let seen = seen(&fields.seen, before)?;
    let (service, caller) = (Arc::clone(app.service()), admin.caller.clone());
    to_the_end(async move {
        let changed = service.change_site(&caller, &id, &request, seen.as_ref(), |_| {});
        changed.await.map(drop)
    })
    .await
}

/// The site, if it is set as when a form was made for it.
fn seen(tag: &str, now: SiteDetails) -> Result<Option<SiteDetails>, SiteError> {
    let id = now.site.id.clone();
    let overtaken = SiteError::Overtaken { id };
    Seen::field(tag).is(now, overtaken)
}

/// `GET /admin/sites/remove`: the question.
pub(super) async fn ask_removal(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let service = app.service();
    let site = service.check_site_removal(&admin.caller, &which.of);
    let site = site.await.map_err(nowhere)?;
    let question = Question {
        admin: &admin,
        here: Area::Sites,
        title: "Remove a site",
        action: REMOVE,
        with: &[("of", &site.site.id), ("seen", &site.tag())],
        button: "Remove the site",
    };
    Ok(question.ask(&html! {
        p { "Remove the site " strong { (site.site.id) } ", to which " strong { (site.users) } " users belong?" }
        p {
            "Its PIN policy goes with it: its users are governed by the policy that was granted to them, or by the \
             global one, or by that of another site whose rule means them."
        }
    }))
}

/// `POST /admin/sites/remove`
pub(super) async fn remove(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::RemoveSite)?;
    let id = sent.field("of").to_owned();
    admin.proven_for(REMOVE, &id)?;
    let (service, caller) = (Arc::clone(app.service()), admin.caller.clone());
    let now = service.check_site_removal(&caller, &id).await;
    let now = now.map_err(nowhere)?;
    let seen = seen(sent.field("seen"), now)?;
    to_the_end(async move {
        let removed = service.remove_site(&caller, &id, seen.as_ref(), |_| {});
        removed.await.map(drop)
    })
    .await?;
    Ok(Area::Sites.after("removed"))
}
