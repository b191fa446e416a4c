//! `pinward client`: the programs that use the API.

use anyhow::{Result, bail};
use pinward_core::{
    Client, ClientKey, ClientLimits, ClientPatch, ClientRights, Clock, Fingerprint, Network,
    SignedDuration,
};
use pinward_service::{Caller, ClientSecret, NewClient, ProvenBy, Service};
use serde_json::{Value, json};

use crate::args::{ClientAction, ClientSettings};
use crate::run::say;
use crate::system::SystemClock;

/// Does what was asked and says what came of it.
pub async fn act(service: &Service, caller: &Caller, action: &ClientAction) -> Result<()> {
    match action {
        ClientAction::Add {
            name,
            rights,
            certificate,
            settings,
            json,
        } => {
            let new = NewClient {
                proven_by: proven_by(*certificate),
                ..new_client(name, rights, settings)?
            };
            let (client, secret) = service.add_client(caller, &new).await?;
            show(&client, secret.as_ref(), *json)
        }
        ClientAction::List { json } => list(&service.clients(caller).await?, *json),
        ClientAction::Set {
            name,
            rights,
            settings,
        } => {
            let patch = patch(rights.as_ref(), settings);
            if patch == ClientPatch::default() {
                bail!("say what to change; `pinward client set --help` lists what can be changed");
            }
            let client = service.change_client(caller, name, &patch, None).await?;
            say(&line(&client))
        }
        ClientAction::Rotate {
            name,
            certificate,
            overlap,
            json,
        } => {
            let proven_by = proven_by(*certificate);
            let rotated = service.rotate_client(caller, name, proven_by, *overlap, None);
            let (client, secret) = rotated.await?;
            show(&client, secret.as_ref(), *json)
        }
        ClientAction::Remove { name } => {
            service.remove_client(caller, name, None).await?;
            say(&format!(
                "The client {name} is removed; its keys hold no longer."
            ))
        }
    }
}

fn new_client(name: &str, rights: &ClientRights, settings: &ClientSettings) -> Result<NewClient> {
    let patch = patch(None, settings);
    let default = ClientLimits::default();
    if *rights == ClientRights::Nothing {
        bail!("a new client needs rights: logon, trusted-logon or role:<name>");
    }
    Ok(NewClient {
        name: name.to_owned(),
        rights: rights.clone(),
        networks: patch.networks.unwrap_or_default(),
        expires: patch.expires.flatten(),
        limits: ClientLimits {
            per_second: patch.per_second.unwrap_or(default.per_second),
            at_once: patch.at_once.unwrap_or(default.at_once),
        },
        proven_by: ProvenBy::Key,
    })
}

fn proven_by(certificate: Option<Fingerprint>) -> ProvenBy {
    certificate.map_or(ProvenBy::Key, ProvenBy::Certificate)
}

fn patch(rights: Option<&ClientRights>, settings: &ClientSettings) -> ClientPatch {
    let networks = match settings.any_network {
        true => Some(Vec::new()),
        false => (!settings.network.is_empty()).then(|| settings.network.clone()),
    };
    let expires = match settings.never_expires {
        true => Some(None),
        false => settings.expires.map(Some),
    };
    ClientPatch {
        rights: rights.cloned(),
        networks,
        expires,
        per_second: settings.per_second,
        at_once: settings.at_once,
    }
}

/// The key, where one was made, on standard output, where a program can take it from.
fn show(client: &Client, secret: Option<&ClientSecret>, as_json: bool) -> Result<()> {
    if as_json {
        let mut shown = described(client);
        if let Some(secret) = secret {
            shown["key"] = secret.reveal().into();
        }
        return say(&shown.to_string());
    }
    say(&line(client))?;
    if let Some(secret) = secret {
        say(&format!("Key: {}", secret.reveal()))?;
    }
    for old in &client.keys {
        if let Some(ends) = old.ends {
            say(&format!("The {} holds until {ends}.", named(old)))?;
        }
    }
    match secret {
        Some(_) => {
            say("The key is shown this once and kept nowhere: store it where the client reads it.")
        }
        None => say(
            "Its certificate must be of an authority in client_authorities of [server] in pinward.toml.",
        ),
    }
}

/// A key or a certificate, without the key itself.
fn named(key: &ClientKey) -> String {
    match key.is_certificate() {
        true => format!("certificate {}", key.start),
        false => format!("key {}…", key.start),
    }
}

fn list(clients: &[Client], as_json: bool) -> Result<()> {
    if as_json {
        let clients: Vec<Value> = clients.iter().map(described).collect();
        return say(&json!(clients).to_string());
    }
    for client in clients {
        say(&line(client))?;
    }
    Ok(())
}

/// A client on one line.
fn line(client: &Client) -> String {
    let networks: Vec<String> = client.networks.iter().map(Network::to_string).collect();
    let from = match networks.is_empty() {
        true => "from anywhere".to_owned(),
        false => format!("from {}", networks.join(", ")),
    };
    let until = client
        .expires
        .map_or_else(String::new, |end| format!(", until {end}"));
    let keys: Vec<String> = client
        .keys
        .iter()
        .map(|key| match key.ends {
            None => named(key),
            Some(end) => format!("{} until {end}", named(key)),
        })
        .collect();
    format!(
        "{}: {}, {from}{until}, {} requests/s, {} at once, {}",
        client.name,
        client.rights,
        client.limits.per_second,
        client.limits.at_once,
        keys.join(", ")
    )
}

fn described(client: &Client) -> Value {
    let networks: Vec<String> = client.networks.iter().map(Network::to_string).collect();
    let keys: Vec<Value> = client
        .keys
        .iter()
        .map(|key| {
            json!({
                "kind": if key.is_certificate() { "certificate" } else { "key" },
                "start": key.start,
                "made": key.made.to_string(),
                "ends": key.ends.map(|end| end.to_string()),
            })
        })
        .collect();
    json!({
        "name": client.name,
        "rights": client.rights.to_string(),
        "networks": networks,
        "expires": client.expires.map(|end| end.to_string()),
        "perSecond": client.limits.per_second,
        "atOnce": client.limits.at_once,
        "keys": keys,
    })
}

/// A certificate on the command line: its fingerprint, or a PEM file.
pub fn certificate(text: &str) -> Result<Fingerprint, String> {
    if let Ok(fingerprint) = text.parse() {
        return Ok(fingerprint);
    }
    let pem = std::fs::read(text)
        .map_err(|error| format!("it is no fingerprint, and no file can be read there: {error}"))?;
    pinward_http::fingerprint(&pem, SystemClock.now()).map_err(|error| error.to_string())
}

/// A length of time on the command line: `90m`, `12h`, `7d`, or `0`.
pub fn overlap(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "a length of time is written as 90m, 12h, 7d or 0".to_owned();
    let text = text.trim();
    if text == "0" {
        return Ok(SignedDuration::ZERO);
    }
    let (number, minutes) = match text.strip_suffix('m') {
        Some(number) => (number, 1),
        None => match text.strip_suffix('h') {
            Some(number) => (number, 60),
            None => (text.strip_suffix('d').ok_or_else(wrong)?, 24 * 60),
        },
    };
    let number: u32 = number.parse().map_err(|_| wrong())?;
    Ok(SignedDuration::from_mins(i64::from(number) * minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        for (text, minutes) in [
            ("0", Some(0)),
            ("90m", Some(90)),
            ("12h", Some(720)),
            ("7d", Some(10_080)),
            ("4294967295d", Some(4_294_967_295 * 1440)),
            ("7", None),
            ("-1h", None),
            ("h", None),
            ("", None),
        ] {
            let read = overlap(text).ok().map(|read| read.as_mins());
            assert_eq!(read, minutes, "{text}");
        }
    }
}
