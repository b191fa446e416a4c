//! Making, changing and removing a role of the company's own. What may not be meant is asked about first.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{ListEdit, Role, RoleChange, standard_role};
use pinward_service::{NewRole, Right, RoleError, RoleWarning};

use super::failure::Failure;
use super::form::{self, Form, Question, choice, each_line, lines, text};
use super::layout::Area;
use super::policies::Which;
use super::who::{Admin, Filled, Sent};
use crate::App;
use crate::seen::{Seen, Stateful};

const NEW: &str = "/admin/roles/new";
const EDIT: &str = "/admin/roles/edit";
const REMOVE: &str = "/admin/roles/remove";

/// What stands in the form of a role.
struct Fields {
    of: String,
    seen: String,
    template: String,
    users: String,
    configuration: String,
    cmdlets: Vec<String>,
}

impl Fields {
    fn put(sent: &impl Filled) -> Self {
        let field = |name| sent.field(name).to_owned();
        Self {
            of: field("of"),
            seen: field("seen"),
            template: field("template"),
            users: field("users"),
            configuration: field("configuration"),
            cmdlets: sent.all("cmdlet"),
        }
    }

    fn empty() -> Self {
        Self {
            of: String::new(),
            seen: String::new(),
            template: "CsHelpDesk".to_owned(),
            users: "global".to_owned(),
            configuration: "global".to_owned(),
            cmdlets: Vec::new(),
        }
    }

    fn of(role: &Role) -> Self {
        Self {
            of: role.identity.clone(),
            seen: role.tag(),
            template: role.template.clone().unwrap_or_default(),
            users: role.user_scopes.join("\n"),
            configuration: role.config_scopes.join("\n"),
            cmdlets: role.cmdlets.clone(),
        }
    }

    fn scopes(&self) -> RoleChange {
        RoleChange {
            user_scopes: Some(ListEdit::Replace(each_line(&self.users))),
            config_scopes: Some(ListEdit::Replace(each_line(&self.configuration))),
            ..RoleChange::default()
        }
    }

    fn new_role(&self) -> NewRole {
        NewRole {
            identity: self.of.clone(),
            template: self.template.clone(),
            change: self.scopes(),
        }
    }

    fn change(&self) -> RoleChange {
        RoleChange {
            cmdlets: Some(ListEdit::Replace(self.cmdlets.clone())),
            ..self.scopes()
        }
    }

    fn reach(&self) -> Markup {
        html! {
            (lines("users", "Users that it reaches, one a line: global, site:Redmond, OU:OU=Finance,DC=litwareinc,DC=com", &self.users))
            (lines("configuration", "Configuration that it reaches, one a line: global, site:Redmond", &self.configuration))
        }
    }

    async fn new_inputs(&self, app: &App, admin: &Admin) -> Result<Markup, Failure> {
        let roles = app.service().roles(&admin.caller).await?;
        let names = roles
            .iter()
            .map(|role| (role.identity.as_str(), role.identity.as_str()));
        Ok(html! {
            (text("of", "Name", &self.of))
            (choice("template", "Made from, with its cmdlets", names, &self.template))
            (self.reach())
        })
    }

    /// With the cmdlets that a role can have, and those that this one `held` before.
    fn inputs(&self, held: &[String]) -> Markup {
        let mut all = standard_role("CsAdministrator")
            .map(Role::delegable)
            .unwrap_or_default();
        let more = held.iter().filter(|name| !all.contains(name));
        let more: Vec<_> = more.cloned().collect();
        all.extend(more);
        html! {
            (form::what(&self.of, &self.seen))
            (self.reach())
            fieldset {
                legend { "Cmdlets, with what each is for in the console and the API" }
                div.names {
                    @for name in &all {
                        div.check {
                            input id={"may-" (name)} name="cmdlet" type="checkbox" value=(name)
                                checked[self.cmdlets.contains(name)];
                            label for={"may-" (name)} { (name) }
                        }
                    }
                }
            }
        }
    }

    /// The same, not to be seen, for the question.
    fn hidden(&self) -> Vec<(&str, &str)> {
        let plain = [
            ("of", self.of.as_str()),
            ("seen", &self.seen),
            ("template", &self.template),
            ("users", &self.users),
            ("configuration", &self.configuration),
            ("sure", "yes"),
        ];
        let cmdlets = self.cmdlets.iter().map(|name| ("cmdlet", name.as_str()));
        plain.into_iter().chain(cmdlets).collect()
    }
}

/// What the administrator may not have meant, and whether to do it.
fn doubt(admin: &Admin, fields: &Fields, action: &str, warnings: &[RoleWarning]) -> Response {
    let question = Question {
        admin,
        here: Area::Roles,
        title: &format!("The role {}", fields.of),
        action,
        with: &fields.hidden(),
        button: "Do it all the same",
    };
    question.ask(&html! { ul { @for warning in warnings { li.warn { (warning) } } } })
}

fn new_form(admin: &Admin) -> Form<'_> {
    Form {
        admin,
        here: Area::Roles,
        title: "New role",
        action: NEW,
        button: "Create",
    }
}

fn edit_form<'a>(admin: &'a Admin, title: &'a str) -> Form<'a> {
    Form {
        admin,
        here: Area::Roles,
        title,
        action: EDIT,
        button: "Change",
    }
}

/// `GET /admin/roles/new`
pub(super) async fn ask_new(State(app): State<App>, admin: Admin) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::CreateRole)?;
    let kept = admin.kept();
    let fields = kept.as_ref().map_or_else(Fields::empty, Fields::put);
    let inputs = fields.new_inputs(&app, &admin).await?;
    Ok(new_form(&admin).show(kept.as_ref(), &inputs))
}

/// `POST /admin/roles/new`: where there is something to warn of, first without `sure`, then with it.
pub(super) async fn create(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::CreateRole)?;
    sent.proven(NEW)?;
    let fields = Fields::put(&sent);
    match make(&app, &sent, &fields).await {
        Ok(response) => Ok(response),
        Err(failure) => {
            let inputs = fields.new_inputs(&app, admin).await?;
            new_form(admin).again(&inputs, failure)
        }
    }
}

async fn make(app: &App, sent: &Sent, fields: &Fields) -> Result<Response, Failure> {
    let (service, admin, new) = (app.service(), &sent.admin, fields.new_role());
    let (_role, warnings) = service.check_new_role(&admin.caller, &new).await?;
    if !warnings.is_empty() && !sent.says_yes("sure") {
        return Ok(doubt(admin, fields, NEW, &warnings));
    }
    service.create_role(&admin.caller, &new).await?;
    Ok(Area::Roles.after("created"))
}

/// `GET /admin/roles/edit`
pub(super) async fn ask_edit(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let role = as_it_is(&app, &admin, &which.of).await?;
    let title = format!("Change role {}", role.identity);
    let kept = admin.kept();
    let fields = kept.as_ref().map_or_else(|| Fields::of(&role), Fields::put);
    Ok(edit_form(&admin, &title).show(kept.as_ref(), &fields.inputs(&role.cmdlets)))
}

async fn as_it_is(app: &App, admin: &Admin, name: &str) -> Result<Role, Failure> {
    let nothing = RoleChange::default();
    let checked = app
        .service()
        .check_role_change(&admin.caller, name, &nothing);
    let (role, _warnings) = checked.await?;
    Ok(role)
}

/// The role, if it is the one that a form was made for.
fn seen(tag: &str, now: Role) -> Result<Option<Role>, RoleError> {
    let identity = now.identity.clone();
    let overtaken = RoleError::Overtaken { identity };
    Seen::field(tag).is(now, overtaken)
}

/// `POST /admin/roles/edit`: where there is something to warn of, first without `sure`, then with it.
pub(super) async fn edit(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::ChangeRole)?;
    let fields = Fields::put(&sent);
    sent.proven_for(EDIT, &fields.of)?;
    let before = as_it_is(&app, admin, &fields.of).await?;
    let held = before.cmdlets.clone();
    match change(&app, &sent, &fields, before).await {
        Ok(response) => Ok(response),
        Err(failure) => {
            let title = format!("Change role {}", fields.of);
            let failure = failure.with_the_way(EDIT, &fields.of);
            edit_form(admin, &title).again(&fields.inputs(&held), failure)
        }
    }
}

async fn change(
    app: &App,
    sent: &Sent,
    fields: &Fields,
    before: Role,
) -> Result<Response, Failure> {
    let seen = seen(&fields.seen, before)?;
    let (service, admin, change) = (app.service(), &sent.admin, fields.change());
    let (_role, warnings) = service
        .check_role_change(&admin.caller, &fields.of, &change)
        .await?;
    if !warnings.is_empty() && !sent.says_yes("sure") {
        return Ok(doubt(admin, fields, EDIT, &warnings));
    }
    service
        .change_role(&admin.caller, &fields.of, &change, seen.as_ref())
        .await?;
    Ok(Area::Roles.after("changed"))
}

/// `GET /admin/roles/remove`: the question.
pub(super) async fn ask_removal(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let service = app.service();
    let role = service.check_role_removal(&admin.caller, &which.of).await?;
    let question = Question {
        admin: &admin,
        here: Area::Roles,
        title: "Remove a role",
        action: REMOVE,
        with: &[("of", &role.identity), ("seen", &role.tag())],
        button: "Remove the role",
    };
    Ok(question.ask(&html! {
        p { "Remove the role " strong { (role.identity) } "? It is taken back from everybody who holds it, and API clients \
            that have it may do nothing until they are given other rights." }
    }))
}

/// `POST /admin/roles/remove`
pub(super) async fn remove(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::RemoveRole)?;
    let name = sent.field("of");
    admin.proven_for(REMOVE, name)?;
    let service = app.service();
    let now = service.check_role_removal(&admin.caller, name).await?;
    let seen = seen(sent.field("seen"), now)?;
    service
        .remove_role(&admin.caller, name, seen.as_ref())
        .await?;
    Ok(Area::Roles.after("removed"))
}
