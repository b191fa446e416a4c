//! Making, changing and removing an access number. A removal is asked about before it is done.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{AccessNumber, AccessNumberPatch, LANGUAGES};
use pinward_service::{AccessNumberError, NewScope, Right};

use super::failure::Failure;
use super::form::{self, Form, Question, choice, each_line, lines, text};
use super::layout::Area;
use super::policies::Which;
use super::who::{Admin, Filled, Sent};
use crate::App;
use crate::seen::{Seen, Stateful};

const NEW: &str = "/admin/access-numbers/new";
const EDIT: &str = "/admin/access-numbers/edit";
const REMOVE: &str = "/admin/access-numbers/remove";

/// What stands in the form of a number.
struct Fields {
    of: String,
    seen: String,
    display_number: String,
    line: String,
    display_name: String,
    language: String,
    languages: String,
    regions: String,
    pool: String,
    provider: String,
    scope: String,
}

impl Fields {
    fn put(sent: &impl Filled) -> Self {
        let field = |name| sent.field(name).to_owned();
        Self {
            of: field("of"),
            seen: field("seen"),
            display_number: field("display_number"),
            line: field("line"),
            display_name: field("display_name"),
            language: field("language"),
            languages: field("languages"),
            regions: field("regions"),
            pool: field("pool"),
            provider: field("provider"),
            scope: field("scope"),
        }
    }

    fn empty() -> Self {
        Self {
            of: "sip:".to_owned(),
            seen: String::new(),
            display_number: String::new(),
            line: "tel:+".to_owned(),
            display_name: String::new(),
            language: "en-US".to_owned(),
            languages: String::new(),
            regions: String::new(),
            pool: String::new(),
            provider: String::new(),
            scope: String::new(),
        }
    }

    fn of(number: &AccessNumber) -> Self {
        Self {
            of: number.primary_uri.clone(),
            seen: number.tag(),
            display_number: number.display_number.clone(),
            line: number.line_uri.clone(),
            display_name: number.display_name.clone().unwrap_or_default(),
            language: number.primary_language.clone(),
            languages: number.secondary_languages.join("\n"),
            regions: number.regions.join("\n"),
            pool: number.pool.clone().unwrap_or_default(),
            provider: number.hosting_provider.clone().unwrap_or_default(),
            scope: match number.site {
                Some(_) => "site",
                None => "",
            }
            .to_owned(),
        }
    }

    fn scope(&self) -> NewScope {
        match self.scope.as_str() {
            "site" => NewScope::SiteOfPool,
            _ => NewScope::Global,
        }
    }

    fn number(&self) -> AccessNumber {
        AccessNumber {
            primary_uri: self.of.clone(),
            display_name: given(&self.display_name),
            display_number: self.display_number.clone(),
            line_uri: self.line.clone(),
            primary_language: self.language.clone(),
            secondary_languages: each_line(&self.languages),
            pool: given(&self.pool),
            hosting_provider: given(&self.provider),
            regions: each_line(&self.regions),
            site: None,
        }
    }

    fn patch(&self) -> AccessNumberPatch {
        AccessNumberPatch {
            display_name: Some(given(&self.display_name)),
            display_number: Some(self.display_number.clone()),
            line_uri: Some(self.line.clone()),
            primary_language: Some(self.language.clone()),
            secondary_languages: Some(each_line(&self.languages)),
            regions: Some(each_line(&self.regions)),
            site: None,
        }
    }

    fn inputs(&self, new: bool) -> Markup {
        let scopes = [("", "everybody"), ("site", "the site of its pool")];
        let languages = LANGUAGES.iter().map(|tag| (*tag, *tag));
        html! {
            @if new { (text("of", "SIP address, which never changes", &self.of)) }
            @else { (form::what(&self.of, &self.seen)) }
            (text("display_number", "Number as it is shown: 1-800-555-1235", &self.display_number))
            (text("line", "The number itself: tel:+18005551235", &self.line))
            (text("display_name", "Name; empty for none", &self.display_name))
            (choice("language", "Language", languages, &self.language))
            (lines("languages", "Further languages, at most four, one a line: fr-FR", &self.languages))
            (lines("regions", "Regions, one a line", &self.regions))
            @if new {
                (text("pool", "Full name of its pool", &self.pool))
                (text("provider", "Full name of the hosting provider's proxy, where it has no pool", &self.provider))
            }
            (choice("scope", "For", scopes, &self.scope))
        }
    }
}

/// A text, where there is one.
fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn new_form(admin: &Admin) -> Form<'_> {
    Form {
        admin,
        here: Area::AccessNumbers,
        title: "New access number",
        action: NEW,
        button: "Create",
    }
}

fn edit_form<'a>(admin: &'a Admin, title: &'a str) -> Form<'a> {
    Form {
        admin,
        here: Area::AccessNumbers,
        title,
        action: EDIT,
        button: "Change",
    }
}

/// `GET /admin/access-numbers/new`
pub(super) async fn ask_new(State(_app): State<App>, admin: Admin) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::CreateAccessNumber)?;
    let kept = admin.kept();
    let fields = kept.as_ref().map_or_else(Fields::empty, Fields::put);
    Ok(new_form(&admin).show(kept.as_ref(), &fields.inputs(true)))
}

/// `POST /admin/access-numbers/new`
pub(super) async fn create(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::CreateAccessNumber)?;
    sent.proven(NEW)?;
    let fields = Fields::put(&sent);
    let created =
        app.service()
            .create_access_number(&admin.caller, fields.number(), fields.scope());
    match created.await {
        Ok(_number) => Ok(Area::AccessNumbers.after("created")),
        Err(error) => new_form(admin).again(&fields.inputs(true), error.into()),
    }
}

/// `GET /admin/access-numbers/edit`
pub(super) async fn ask_edit(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let number = as_it_is(&app, &admin, &which.of).await?;
    let title = format!("Change {}", number.display_number);
    let kept = admin.kept();
    let fields = kept
        .as_ref()
        .map_or_else(|| Fields::of(&number), Fields::put);
    Ok(edit_form(&admin, &title).show(kept.as_ref(), &fields.inputs(false)))
}

/// The number, for whoever may change it.
pub(super) async fn as_it_is(app: &App, admin: &Admin, uri: &str) -> Result<AccessNumber, Failure> {
    let nothing = AccessNumberPatch::default();
    let number = app
        .service()
        .check_access_number_change(&admin.caller, uri, &nothing, None);
    Ok(number.await?)
}

/// `POST /admin/access-numbers/edit`
pub(super) async fn edit(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::ChangeAccessNumber)?;
    let fields = Fields::put(&sent);
    sent.proven_for(EDIT, &fields.of)?;
    let before = as_it_is(&app, admin, &fields.of).await?;
    match change(&app, admin, &fields, before).await {
        Ok(()) => Ok(Area::AccessNumbers.after("changed")),
        Err(failure) => {
            let title = format!("Change {}", fields.display_number);
            let failure = failure.with_the_way(EDIT, &fields.of);
            edit_form(admin, &title).again(&fields.inputs(false), failure)
        }
    }
}

async fn change(
    app: &App,
    admin: &Admin,
    fields: &Fields,
    before: AccessNumber,
) -> Result<(), Failure> {
    // Asked for only where it is another one: the site of a pool may have become another.
    let scope = (fields.scope() != Fields::of(&before).scope()).then(|| fields.scope());
    let seen = seen(&fields.seen, before)?;
    let (service, patch, of) = (app.service(), fields.patch(), &fields.of);
    let changed = service.change_access_number(&admin.caller, of, &patch, scope, seen.as_ref());
    changed.await?;
    Ok(())
}

/// The number, if it is the one that a form was made for.
pub(super) fn seen(
    tag: &str,
    now: AccessNumber,
) -> Result<Option<AccessNumber>, AccessNumberError> {
    let uri = now.primary_uri.clone();
    let overtaken = AccessNumberError::Overtaken { uri };
    Seen::field(tag).is(now, overtaken)
}

/// `GET /admin/access-numbers/remove`: the question.
pub(super) async fn ask_removal(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let service = app.service();
    let number = service
        .check_access_number_removal(&admin.caller, &which.of)
        .await?;
    let question = Question {
        admin: &admin,
        here: Area::AccessNumbers,
        title: "Remove an access number",
        action: REMOVE,
        with: &[("of", &number.primary_uri), ("seen", &number.tag())],
        button: "Remove the number",
    };
    Ok(question.ask(&html! {
        p { "Remove " strong { (number.display_number) } ", " (number.primary_uri) "?" }
        p { "It is no longer shown to people. Whoever dials it is connected as long as the telephone system does so." }
    }))
}

/// `POST /admin/access-numbers/remove`
pub(super) async fn remove(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::RemoveAccessNumber)?;
    let uri = sent.field("of");
    admin.proven_for(REMOVE, uri)?;
    let service = app.service();
    let now = service
        .check_access_number_removal(&admin.caller, uri)
        .await?;
    let seen = seen(sent.field("seen"), now)?;
    service
        .remove_access_number(&admin.caller, uri, seen.as_ref())
        .await?;
    Ok(Area::AccessNumbers.after("removed"))
}
