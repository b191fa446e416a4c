//! By what a client of the API proves who it is: a key that is made here, which is on one page, once; or a
//! certificate that it has already. And giving it another one.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use pinward_core::{Client, SignedDuration};
use pinward_service::{ClientError, ClientSecret, ProvenBy, Right};

use super::failure::Failure;
use super::form::{self, Form, lines, number, whole};
use super::layout::{Area, page};
use super::policies::Which;
use super::who::{Admin, Filled, Sent};
use crate::App;
use crate::seen::{Seen, Stateful};
use crate::server::fingerprint;

const ROTATE: &str = "/admin/clients/rotate";

/// The field for a certificate.
pub(super) fn input(certificate: &str) -> Markup {
    let label = "Its certificate (PEM), or the SHA-256 fingerprint of it; empty: it is given a key";
    lines("certificate", label, certificate)
}

/// What stands in that field.
pub(super) fn read(app: &App, certificate: &str) -> Result<ProvenBy, Failure> {
    if certificate.is_empty() {
        return Ok(ProvenBy::Key);
    }
    if let Ok(fingerprint) = certificate.parse() {
        return Ok(ProvenBy::Certificate(fingerprint));
    }
    let read = fingerprint(certificate.as_bytes(), app.clock().now());
    let read = read.map_err(|error| Failure::malformed(error.to_string()))?;
    Ok(ProvenBy::Certificate(read))
}

/// The only page that ever has the key on it; or what to do about the certificate.
pub(super) fn shown_once(
    admin: &Admin,
    client: &Client,
    secret: Option<&ClientSecret>,
) -> Response {
    let (title, told) = match secret {
        Some(secret) => ("A new key", key(client, secret)),
        None => ("A new certificate", certificate(client)),
    };
    let body = html! {
        (told)
        p { a.button href=(Area::Clients.path()) { "Done" } }
    };
    page(admin, Area::Clients, title, &body)
}

fn key(client: &Client, secret: &ClientSecret) -> Markup {
    html! {
        p { "The key of " strong { (client.name) } " is:" }
        p {
            output.key id="generated" { (secret.reveal()) }
            " "
            button type="button" data-copy="generated" hidden { "Copy" }
        }
        p { "It is shown this once and kept nowhere: store it where the client reads it." }
    }
}

fn certificate(client: &Client) -> Markup {
    html! {
        p { strong { (client.name) } " proves itself by its certificate from now on." }
        p {
            "The certificate must be of an authority in " code { "client_authorities" } " of "
            code { "[server]" } " in " code { "pinward.toml" } "."
        }
    }
}

/// The client of that name.
pub(super) async fn known(app: &App, admin: &Admin, name: &str) -> Result<Client, Failure> {
    let clients = app.service().clients(&admin.caller).await?;
    let found = clients.into_iter().find(|client| client.name == name);
    let name = name.to_owned();
    found.ok_or_else(|| ClientError::NotFound { name }.into())
}

/// The client, if it is the one that a form was made for.
pub(super) fn seen(tag: &str, now: Client) -> Result<Option<Client>, ClientError> {
    let name = now.name.clone();
    let overtaken = ClientError::Overtaken { name };
    Seen::field(tag).is(now, overtaken)
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
    let kept = admin.kept();
    let inputs = match &kept {
        Some(kept) => put(kept),
        None => inputs(&client.name, &client.tag(), "24", ""),
    };
    Ok(rotation(&admin, &title).show(kept.as_ref(), &inputs))
}

fn rotation<'a>(admin: &'a Admin, title: &'a str) -> Form<'a> {
    Form {
        admin,
        here: Area::Clients,
        title,
        action: ROTATE,
        button: "Give it another",
    }
}

fn inputs(name: &str, seen: &str, hours: &str, certificate: &str) -> Markup {
    let label = "Hours for which the old key or certificate holds still; 0 where it was lost";
    html! {
        (form::what(name, seen))
        (number("hours", label, hours, 0))
        (input(certificate))
    }
}

fn put(sent: &impl Filled) -> Markup {
    let field = |name| sent.field(name);
    inputs(
        field("of"),
        field("seen"),
        field("hours"),
        field("certificate"),
    )
}

/// `POST /admin/clients/rotate`
pub(super) async fn rotate(State(app): State<App>, sent: Sent) -> Result<Response, Failure> {
    let admin = &sent.admin;
    let _permit = admin.caller.permit(Right::ChangeClient)?;
    let name = sent.field("of");
    sent.proven_for(ROTATE, name)?;
    let now = known(&app, admin, name).await?;
    match another(&app, &sent, now).await {
        Ok((client, secret)) => Ok(shown_once(admin, &client, secret.as_ref())),
        Err(failure) => {
            let title = format!("Another key for {name}");
            let failure = failure.with_the_way(ROTATE, name);
            rotation(admin, &title).again(&put(&sent), failure)
        }
    }
}

async fn another(
    app: &App,
    sent: &Sent,
    now: Client,
) -> Result<(Client, Option<ClientSecret>), Failure> {
    let hours: u16 = whole("Hours", sent.field("hours"))?;
    let overlap = SignedDuration::from_hours(hours.into());
    let proven_by = read(app, sent.field("certificate"))?;
    let name = now.name.clone();
    // Sent twice it would end the key that is in use, which was to hold still.
    let seen = seen(sent.field("seen"), now)?;
    let (service, caller) = (app.service(), &sent.admin.caller);
    Ok(service
        .rotate_client(caller, &name, proven_by, overlap, seen.as_ref())
        .await?)
}
