//! The doors, and where a request comes from.

use std::sync::Arc;

use pinward_store::Origin;

/// The way by which a request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The shell.
    Shell,
    /// A subcommand of the program, such as `pinward import`.
    Program,
    /// What the server does by itself at its times, such as syncs.
    Schedule,
    /// The HTTP API.
    Http,
    /// The pages: the users' page and the console.
    Web,
    /// FastAGI: callers of an Asterisk.
    FastAgi,
    /// RADIUS.
    Radius,
    /// Web hooks: callers of a telephone service.
    Hook,
}

impl Door {
    /// Its name in the audit log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shell => "shell",
            Self::Program => "program",
            Self::Schedule => "schedule",
            Self::Http => "http",
            Self::Web => "web",
            Self::FastAgi => "fastagi",
            Self::Radius => "radius",
            Self::Hook => "hook",
        }
    }
}

/// What a client says of itself is kept up to so many characters.
const LONGEST: usize = 128;

/// What is known of where a request comes from (R-AUTH-1).
#[derive(Clone, Debug)]
pub struct Source {
    /// The way in.
    pub door: Door,
    /// The client's address, or the name of a client that is known.
    pub client: Option<Arc<str>>,
    /// Which of the client's devices it came in by, such as a gateway and its port.
    pub device: Option<String>,
    /// The number that calls.
    pub caller: Option<String>,
    /// The number that was called.
    pub called: Option<String>,
    /// The conference that the caller wants to enter.
    pub conference: Option<String>,
}

impl Source {
    /// A source of which only the door is known.
    #[must_use]
    pub fn of(door: Door) -> Self {
        Self {
            door,
            client: None,
            device: None,
            caller: None,
            called: None,
            conference: None,
        }
    }

    /// As it stands in the audit log: the client with its device.
    pub(crate) fn origin(&self) -> Origin {
        let client = match (&self.client, &self.device) {
            (Some(client), Some(device)) => Some(format!("{client} ({device})").into()),
            (None, Some(device)) => Some(device.as_str().into()),
            (client, None) => client.clone(),
        };
        let kept = |text: &Option<String>| text.as_deref().map(|text| beginning(text).to_owned());
        Origin {
            client: client.map(|client| match beginning(&client) {
                all if all.len() == client.len() => client,
                beginning => beginning.into(),
            }),
            caller: kept(&self.caller),
            called: kept(&self.called),
            conference: kept(&self.conference),
            ..Origin::of(self.door.name())
        }
    }
}

/// As much of a text as is kept.
fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(LONGEST).map(|(end, _)| end);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}
