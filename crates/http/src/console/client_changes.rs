//! Adding, changing and removing a client of the API.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{Client, ClientLimits, ClientPatch, Network, Timestamp};
use pinward_service::{ClientSecret, NewClient, Right};

use super::client_proof::{self, known, seen, shown_once};
use super::failure::Failure;
use super::form::{self, Form, Question, choice, each_line, lines, number, text, whole};
use super::layout::Area;
use super::policies::Which;
use super::who::{Admin, Filled, Sent};
use crate::App;
use crate::seen::Stateful;

const NEW: &str = "/admin/clients/new";
const EDIT: &str = "/admin/clients/edit";
const REMOVE: &str = "/admin/clients/remove";

/// What stands in the form of a client.
struct Fields {
    of: String,
    seen: String,
    rights: String,
    networks: String,
    expires: String,
    per_second: String,
    at_once: String,
    certificate: String,
}

impl Fields {
    fn put(sent: &impl Filled) -> Self {
        let field = |name| sent.field(name).to_owned();
        Self {
            of: field("of"),
            seen: field("seen"),
            rights: field("rights"),
            networks: field("networks"),
            expires: field("expires"),
            per_second: field("per_second"),
            at_once: field("at_once"),
            certificate: field("certificate"),
        }
    }

    fn empty() -> Self {
        let limits = ClientLimits::default();
        Self {
            of: String::new(),
            seen: String::new(),
            rights: "logon".to_owned(),
            networks: String::new(),
            expires: String::new(),
            per_second: limits.per_second.to_string(),
            at_once: limits.at_once.to_string(),
            certificate: String::new(),
        }
    }

    fn of(client: &Client) -> Self {
        let networks: Vec<_> = client.networks.iter().map(Network::to_string).collect();
        Self {
            of: client.name.clone(),
            seen: client.tag(),
            rights: client.rights.to_string(),
            networks: networks.join("\n"),
            expires: client.expires.map(day).unwrap_or_default(),
            per_second: client.limits.per_second.to_string(),
            at_once: client.limits.at_once.to_string(),
            certificate: String::new(),
        }
    }

    fn patch(&self) -> Result<ClientPatch, Failure> {
        let rights = self.rights.parse();
        let networks = each_line(&self.networks);
        let networks: Result<Vec<Network>, _> = networks.iter().map(|one| one.parse()).collect();
        let malformed = |error: &dyn ToString| Failure::malformed(error.to_string());
        Ok(ClientPatch {
            rights: Some(rights.map_err(|error| malformed(&error))?),
            networks: Some(networks.map_err(|error| malformed(&error))?),
            expires: Some(self.end()?),
            per_second: Some(whole("Requests a second", &self.per_second)?),
            at_once: Some(whole("Requests at the same time", &self.at_once)?),
        })
    }

    fn end(&self) -> Result<Option<Timestamp>, Failure> {
        if self.expires.is_empty() {
            return Ok(None);
        }
        match format!("{}T00:00:00Z", self.expires).parse() {
            Ok(end) => Ok(Some(end)),
            Err(_) => Err(Failure::malformed(format!(
                "“{}” is no day; write it like 2027-01-31",
                self.expires
            ))),
        }
    }

    async fn inputs(&self, app: &App, admin: &Admin, new: bool) -> Result<Markup, Failure> {
        let roles = app.service().roles(&admin.caller).await?;
        let roles: Vec<_> = roles
            .iter()
            .map(|role| format!("role:{}", role.identity))
            .collect();
        let plain = [
            ("logon", "have logons decided, and be told yes or no"),
            ("trusted-logon", "have logons decided, and be told why not"),
            ("nothing", "nothing"),
        ];
        let plain = plain
            .into_iter()
            .filter(|(name, _)| *name != "nothing" || self.rights == *name);
        let rights = plain.chain(roles.iter().map(|role| (role.as_str(), role.as_str())));
        Ok(html! {
            @if new { (text("of", "Name", &self.of)) }
            @else { (form::what(&self.of, &self.seen)) }
            (choice("rights", "It may", rights, &self.rights))
            (lines("networks", "Networks that it comes from, one a line: 10.20.0.0/16; empty: any", &self.networks))
            (text("expires", "Day (UTC) on which it ends: 2027-01-31; empty: never", &self.expires))
            (number("per_second", "Requests a second", &self.per_second, 1))
            (number("at_once", "Requests at the same time", &self.at_once, 1))
            @if new { (client_proof::input(&self.certificate)) }
        })
    }
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn new_form(admin: &Admin) -> Form<'_> {
    Form {
        admin,
        here: Area::Clients,
        title: "New API client",
        action: NEW,
        button: "Add",
    }
}

fn edit_form<'a>(admin: &'a Admin, title: &'a str) -> Form<'a> {
    Form {
        admin,
        here: Area::Clients,
        title,
        action: EDIT,
        button: "Change",
    }
}

/// `GET /admin/clients/new`
pub(super) async fn ask_new(State(app): State<App>, admin: Admin) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::AddClient)?;
    let kept = admin.kept();
    let fields = kept.as_ref().map_or_else(Fields::empty, Fields::put);
    let inputs = fields.inputs(&app, &admin, true).await?;
    Ok(new_form(&admin).show(kept.as_ref(), &inputs))
}

/// `POST /admin/clients/new`
pub(super) async fn create(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::AddClient)?;
    sent.proven(NEW)?;
    let fields = Fields::put(&sent);
    match add(&app, admin, &fields).await {
        Ok((client, secret)) => Ok(shown_once(admin, &client, secret.as_ref())),
        Err(failure) => {
            let inputs = fields.inputs(&app, admin, true).await?;
            new_form(admin).again(&inputs, failure)
        }
    }
}

async fn add(
    app: &App,
    admin: &Admin,
    fields: &Fields,
) -> Result<(Client, Option<ClientSecret>), Failure> {
    let patch = fields.patch()?;
    let limits = ClientLimits::default();
    let new = NewClient {
        name: fields.of.clone(),
        rights: patch.rights.unwrap_or(pinward_core::ClientRights::LogOn),
        networks: patch.networks.unwrap_or_default(),
        expires: patch.expires.flatten(),
        limits: ClientLimits {
            per_second: patch.per_second.unwrap_or(limits.per_second),
            at_once: patch.at_once.unwrap_or(limits.at_once),
        },
        proven_by: client_proof::read(app, &fields.certificate)?,
    };
    Ok(app.service().add_client(&admin.caller, &new).await?)
}

/// `GET /admin/clients/edit`
pub(super) async fn ask_edit(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::ChangeClient)?;
    let client = known(&app, &admin, &which.of).await?;
    let kept = admin.kept();
    let fields = kept
        .as_ref()
        .map_or_else(|| Fields::of(&client), Fields::put);
    let inputs = fields.inputs(&app, &admin, false).await?;
    let title = format!("Change client {}", client.name);
    Ok(edit_form(&admin, &title).show(kept.as_ref(), &inputs))
}

/// `POST /admin/clients/edit`
pub(super) async fn edit(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::ChangeClient)?;
    let fields = Fields::put(&sent);
    sent.proven_for(EDIT, &fields.of)?;
    let before = known(&app, admin, &fields.of).await?;
    match change(&app, admin, &fields, before).await {
        Ok(()) => Ok(Area::Clients.after("changed")),
        Err(failure) => {
            let inputs = fields.inputs(&app, admin, false).await?;
            let title = format!("Change client {}", fields.of);
            let failure = failure.with_the_way(EDIT, &fields.of);
            edit_form(admin, &title).again(&inputs, failure)
        }
    }
}

async fn change(app: &App, admin: &Admin, fields: &Fields, before: Client) -> Result<(), Failure> {
    let mut patch = fields.patch()?;
    // The form has days alone: an end within one stays as it is.
    if fields.expires == Fields::of(&before).expires {
        patch.expires = None;
    }
    // A client whose role is gone may do nothing until it is given something else.
    if patch.rights.as_ref() == Some(&before.rights) {
        patch.rights = None;
    }
    let seen = seen(&fields.seen, before)?;
    let service = app.service();
    service
        .change_client(&admin.caller, &fields.of, &patch, seen.as_ref())
        .await?;
    Ok(())
}

/// `GET /admin/clients/remove`: the question.
pub(super) async fn ask_removal(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::RemoveClient)?;
    let client = known(&app, &admin, &which.of).await?;
    let question = Question {
        admin: &admin,
        here: Area::Clients,
        title: "Remove an API client",
        action: REMOVE,
        with: &[("of", &client.name), ("seen", &client.tag())],
        button: "Remove the client",
    };
    Ok(question.ask(&html! {
        p { "Remove the client " strong { (client.name) } "? Its keys hold no longer, from its next request on." }
    }))
}

/// `POST /admin/clients/remove`
pub(super) async fn remove(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::RemoveClient)?;
    let name = sent.field("of");
    admin.proven_for(REMOVE, name)?;
    let now = known(&app, admin, name).await?;
    let seen = seen(sent.field("seen"), now)?;
    app.service()
        .remove_client(&admin.caller, name, seen.as_ref())
        .await?;
    Ok(Area::Clients.after("removed"))
}
