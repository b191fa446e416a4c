//! Adding, changing and removing a client of the API, and giving it another key. A key is on one page, once.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{Client, ClientLimits, ClientPatch, Network, SignedDuration, Timestamp};
use pinward_service::{ClientError, ClientSecret, NewClient, ProvenBy, Right};

use super::failure::Failure;
use super::form::{Form, Question, choice, each_line, lines, number, text, whole};
use super::layout::{Area, page};
use super::policies::Which;
use super::who::{Admin, Sent};
use crate::App;

const NEW: &str = "/admin/clients/new";
const EDIT: &str = "/admin/clients/edit";
const ROTATE: &str = "/admin/clients/rotate";
const REMOVE: &str = "/admin/clients/remove";

/// What stands in the form of a client.
struct Fields {
    of: String,
    rights: String,
    networks: String,
    expires: String,
    per_second: String,
    at_once: String,
}

impl Fields {
    fn sent(sent: &Sent) -> Self {
        let field = |name| sent.field(name).to_owned();
        Self {
            of: field("of"),
            rights: field("rights"),
            networks: field("networks"),
            expires: field("expires"),
            per_second: field("per_second"),
            at_once: field("at_once"),
        }
    }

    fn empty() -> Self {
        let limits = ClientLimits::default();
        Self {
            of: String::new(),
            rights: "logon".to_owned(),
            networks: String::new(),
            expires: String::new(),
            per_second: limits.per_second.to_string(),
            at_once: limits.at_once.to_string(),
        }
    }

    fn of(client: &Client) -> Self {
        let networks: Vec<_> = client.networks.iter().map(Network::to_string).collect();
        Self {
            of: client.name.clone(),
            rights: client.rights.to_string(),
            networks: networks.join("\n"),
            expires: client.expires.map(day).unwrap_or_default(),
            per_second: client.limits.per_second.to_string(),
            at_once: client.limits.at_once.to_string(),
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
            @else { input type="hidden" name="of" value=(self.of); }
            (choice("rights", "It may", rights, &self.rights))
            (lines("networks", "Networks that it comes from, one a line: 10.20.0.0/16; empty: any", &self.networks))
            (text("expires", "Day (UTC) on which it ends: 2027-01-31; empty: never", &self.expires))
            (number("per_second", "Requests a second", &self.per_second, 1))
            (number("at_once", "Requests at the same time", &self.at_once, 1))
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
    let inputs = Fields::empty().inputs(&app, &admin, true).await?;
    Ok(new_form(&admin).show(&inputs))
}

/// `POST /admin/clients/new`
pub(super) async fn create(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::AddClient)?;
    admin.proven(NEW)?;
    let fields = Fields::sent(&sent);
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
        proven_by: ProvenBy::Key,
    };
    Ok(app.service().add_client(&admin.caller, &new).await?)
}

/// The only page that ever has the key on it.
fn shown_once(admin: &Admin, client: &Client, secret: Option<&ClientSecret>) -> Response {
    let body = html! {
        p { "The key of " strong { (client.name) } " is:" }
        p {
            output.key id="generated" { (secret.map_or("", ClientSecret::reveal)) }
            " "
            button type="button" data-copy="generated" hidden { "Copy" }
        }
        p { "It is shown this once and kept nowhere: store it where the client reads it." }
        p { a.button href="/admin/clients" { "Done" } }
    };
    page(admin, Area::Clients, "A new key", &body)
}

/// The client of that name.
async fn known(app: &App, admin: &Admin, name: &str) -> Result<Client, Failure> {
    let clients = app.service().clients(&admin.caller).await?;
    let found = clients.into_iter().find(|client| client.name == name);
    let name = name.to_owned();
    found.ok_or_else(|| ClientError::NotFound { name }.into())
}

/// `GET /admin/clients/edit`
pub(super) async fn ask_edit(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::ChangeClient)?;
    let client = known(&app, &admin, &which.of).await?;
    let inputs = Fields::of(&client).inputs(&app, &admin, false).await?;
    Ok(edit_form(&admin, &format!("Change client {}", client.name)).show(&inputs))
}

/// `POST /admin/clients/edit`
pub(super) async fn edit(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::ChangeClient)?;
    let fields = Fields::sent(&sent);
    admin.proven_for(EDIT, &fields.of)?;
    let before = known(&app, admin, &fields.of).await?;
    match change(&app, admin, &fields, &before).await {
        Ok(()) => Ok(Area::Clients.after("changed")),
        Err(failure) => {
            let inputs = fields.inputs(&app, admin, false).await?;
            let title = format!("Change client {}", fields.of);
            edit_form(admin, &title).again(&inputs, failure)
        }
    }
}

async fn change(app: &App, admin: &Admin, fields: &Fields, before: &Client) -> Result<(), Failure> {
    let mut patch = fields.patch()?;
    // The form has days alone: an end within one stays as it is.
    if fields.expires == Fields::of(before).expires {
        patch.expires = None;
    }
    // A client whose role is gone may do nothing until it is given something else.
    if patch.rights.as_ref() == Some(&before.rights) {
        patch.rights = None;
    }
    let service = app.service();
    service
        .change_client(&admin.caller, &before.name, &patch)
        .await?;
    Ok(())
}

/// `GET /admin/clients/rotate`: the question.
pub(super) async fn ask_rotation(
    State(app): State<App>,
    admin: Admin,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let _permit = admin.caller.permit(Right::ChangeClient)?;
    let client = known(&app, &admin, &which.of).await?;
    let title = format!("Another key for {}", client.name);
    Ok(rotation_form(&admin, &title).show(&rotation_inputs(&client.name, "24")))
}

fn rotation_form<'a>(admin: &'a Admin, title: &'a str) -> Form<'a> {
    Form {
        admin,
        here: Area::Clients,
        title,
        action: ROTATE,
        button: "Make a key",
    }
}

fn rotation_inputs(name: &str, hours: &str) -> Markup {
    html! {
        input type="hidden" name="of" value=(name);
        (number("hours", "Hours for which the old key holds still; 0 where it was lost", hours, 0))
    }
}

/// `POST /admin/clients/rotate`
pub(super) async fn rotate(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::ChangeClient)?;
    let (name, hours) = (sent.field("of"), sent.field("hours"));
    admin.proven_for(ROTATE, name)?;
    let _known = known(&app, admin, name).await?;
    match another_key(&app, admin, name, hours).await {
        Ok((client, secret)) => Ok(shown_once(admin, &client, secret.as_ref())),
        Err(failure) => {
            let title = format!("Another key for {name}");
            rotation_form(admin, &title).again(&rotation_inputs(name, hours), failure)
        }
    }
}

async fn another_key(
    app: &App,
    admin: &Admin,
    name: &str,
    hours: &str,
) -> Result<(Client, Option<ClientSecret>), Failure> {
    let hours: u16 = whole("Hours", hours)?;
    let overlap = SignedDuration::from_hours(hours.into());
    let service = app.service();
    Ok(service
        .rotate_client(&admin.caller, name, ProvenBy::Key, overlap)
        .await?)
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
        with: &[("of", &client.name)],
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
    app.service().remove_client(&admin.caller, name).await?;
    Ok(Area::Clients.after("removed"))
}
