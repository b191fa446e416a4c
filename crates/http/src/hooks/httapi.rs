//! Requests and answers of FreeSWITCH's mod_httapi.
//!
//! The module posts what it knows of a call; the answer says what to do and what to post along from then on:
//! the number of the question ([`STEP`]). Keys come as [`DIGITS`] when they match the binding of the question,
//! else the field is missing. At the end the channel variables are set on which the dialplan decides, and the
//! call goes back to it. Until then, and where this server is away, `PINWARD_RESULT` lets nobody in.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pinward_attendant::{Call, CallOutcome, Ending, Gathering, Said};
use pinward_core::Network;
use pinward_service::{Door, Source};

use super::calls::Asked;
use super::form::input;
use super::speech::spoken;
use super::turn::{Reply, Told, go_on};
use super::{Hook, HookPassword, Hooks};
use crate::{Connection, Peer};

/// Where the requests go.
pub(super) const PATH: &str = "/hooks/httapi";
/// The parameter with the number of the question.
const STEP: &str = "pinward_step";
/// The parameter with what was keyed.
const DIGITS: &str = "pinward_digits";
/// The parameter with the conference, where the dialplan knows it.
const CONFERENCE: &str = "pinward_conference";
/// An entry may take so many times what a key may: the module knows no time for the first key alone.
const KEYS_IN_TIME: u32 = 3;

/// FreeSWITCH.
pub struct Httapi {
    /// What every hook has.
    pub hook: Hook,
    /// With which it proves itself.
    pub password: HookPassword,
    /// Only from these networks.
    pub networks: Vec<Network>,
    /// How callers are spoken to.
    pub voice: Voice,
    /// Whether the caller's number, as FreeSWITCH tells it, is offered as the one to sign in with.
    pub trust_caller_number: bool,
}

/// How callers are spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// English, read out by an engine of FreeSWITCH.
    Speech {
        /// The engine, such as `flite`.
        engine: String,
        /// Its voice, such as `slt`.
        voice: String,
    },
    /// A folder of recordings below FreeSWITCH's sounds, with a folder for each language in it.
    Recordings(String),
}

/// Answers a request of the module.
pub(super) async fn answer(
    State(hooks): State<Arc<Hooks>>,
    connection: Option<Extension<Connection>>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let settings = hooks.settings();
    let Some(httapi) = &settings.httapi else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let connection = connection.map(|Extension(it)| it).unwrap_or_default();
    let peer = Peer::of(&connection, &headers, &hooks.server.borrow());
    let near = peer.address.is_some_and(|address| {
        let mut networks = httapi.networks.iter();
        networks.any(|network| network.contains(address))
    });
    if !near {
        hooks.refused(
            "UnknownNetwork",
            "it is not from one of the networks of [httapi]",
        );
        return StatusCode::FORBIDDEN.into_response();
    }
    if !httapi.password.is_in(&headers) {
        hooks.refused("WrongPassword", "its password is not that of [httapi]");
        let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"Pinward\"")];
        return (StatusCode::UNAUTHORIZED, ask).into_response();
    }
    let fields = match hooks.form(request).await {
        Ok(fields) => fields,
        Err(status) => return status.into_response(),
    };
    let step = match fields.get(STEP) {
        "" => Ok(0),
        step => step.parse(),
    };
    let (Some(name), Ok(step)) = (fields.name("session_id"), step) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if fields.get("exiting") == "true" {
        hooks.httapi.hung_up(name);
        return document("", "<break/>");
    }
    let caller = fields.said("Caller-Caller-ID-Number");
    let begin = || {
        let mut call = Call::new(Arc::clone(&httapi.hook.flow));
        if let Some(number) = caller.as_deref().filter(|_| httapi.trust_caller_number) {
            call = call.from_number(number);
        }
        match fields.get(CONFERENCE) {
            "" => call,
            conference => call.to_conference(conference),
        }
    };
    let told = Told {
        name,
        step,
        input: input(fields.get(DIGITS), false),
        source: Source {
            client: peer.address.map(|address| address.to_string().into()),
            device: fields.said("hostname"),
            caller: caller.clone(),
            called: fields.said("Caller-Destination-Number"),
            ..Source::of(Door::Hook)
        },
    };
    let calls = (&*hooks.service, &*hooks.httapi, httapi.hook.most_calls);
    let ask = |gathering: &Gathering, step: u32| Asked {
        text: httapi.voice.gather(gathering, step),
        keying: gathering.wait() * KEYS_IN_TIME,
    };
    match go_on(calls, told, begin, &ask).await {
        Reply::Asked(asked) => xml(asked),
        Reply::Ended(ending) => httapi.voice.end(&ending),
        Reply::Full => over("Unavailable", ""),
        Reply::UnderWay => StatusCode::CONFLICT.into_response(),
        Reply::Unknown => over("Undecided", ""),
    }
}

fn xml(document: String) -> Response {
    let kind = [
        (header::CONTENT_TYPE, "text/xml; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (kind, document).into_response()
}

fn text(before: &str, work: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <document type=\"text/freeswitch-httapi\">{before}<work>{work}</work></document>"
    )
}

fn document(before: &str, work: &str) -> Response {
    xml(text(before, work))
}

/// Back to the dialplan. A later call of the module in the same session begins anew.
fn over(result: &str, said: &str) -> Response {
    let before = format!(
        "<params><{STEP}>0</{STEP}></params>\
         <variables><PINWARD_RESULT>{result}</PINWARD_RESULT></variables>"
    );
    document(&before, &format!("{said}<break/>"))
}

/// One thing that FreeSWITCH does: its tag and its attributes.
type Piece = (&'static str, String);

impl Voice {
    fn gather(&self, gathering: &Gathering, step: u32) -> String {
        let mut pieces = self.pieces(gathering.say(), gathering.language());
        let (tag, attributes) = pieces
            .pop()
            .unwrap_or_else(|| ("playback", "file=\"silence_stream://10\"".to_owned()));
        let wait = gathering.wait().as_millis();
        let entry = (gathering.wait() * KEYS_IN_TIME).as_millis();
        let most = gathering.most_keys();
        let asking = format!(
            "{}<{tag} {attributes} name=\"{DIGITS}\" digit-timeout=\"{wait}\" input-timeout=\"{entry}\">\
             <bind>~^(\\*|[0-9*]*#|[0-9*]{{{most}}})$</bind></{tag}>",
            played(&pieces),
        );
        let undecided = match step {
            1 => "<variables><PINWARD_RESULT>Undecided</PINWARD_RESULT></variables>",
            _ => "",
        };
        text(
            &format!("<params><{STEP}>{step}</{STEP}></params>{undecided}"),
            &asking,
        )
    }

    fn end(&self, ending: &Ending) -> Response {
        let said = played(&self.pieces(&ending.say, ending.language));
        let CallOutcome::Admitted(admission) = &ending.outcome else {
            return over(ending.outcome.name(), &said);
        };
        let person = &admission.user.person;
        let sip = person.sip_address.as_deref().unwrap_or_default();
        let conference = admission.conference.as_deref().unwrap_or_default();
        // Last: whoever reads it finds the others set.
        let variables: String = [
            ("PINWARD_SIP", sip),
            ("PINWARD_DISPLAYNAME", &person.display_name),
            ("PINWARD_CONFERENCE", conference),
            ("PINWARD_RESULT", ending.outcome.name()),
        ]
        .into_iter()
        .map(|(name, value)| format!("<{name}>{}</{name}>", escaped(value)))
        .collect();
        let before =
            format!("<params><{STEP}>0</{STEP}></params><variables>{variables}</variables>");
        document(&before, &format!("{said}<break/>"))
    }

    /// What is said.
    fn pieces(&self, say: &[Said], language: &str) -> Vec<Piece> {
        match self {
            Self::Speech { .. } if say.is_empty() => Vec::new(),
            Self::Speech { engine, voice } => {
                let words = spoken(say);
                let how = format!("engine=\"{engine}\" voice=\"{voice}\" text=\"{words}\"");
                vec![("speak", how)]
            }
            Self::Recordings(folder) => {
                let one = |said| recorded(folder, said, language);
                say.iter().flat_map(one).collect()
            }
        }
    }
}

fn played(pieces: &[Piece]) -> String {
    let one = |(tag, attributes): &Piece| format!("<{tag} {attributes}/>");
    pieces.iter().map(one).collect()
}

/// One thing that is said, from recordings.
fn recorded(folder: &str, said: &Said, language: &str) -> Vec<Piece> {
    let file = |language: &str, name: &str| {
        let file = format!("file=\"{folder}/{language}/{name}.wav\"");
        ("playback", file)
    };
    let number = |language: &str, method: &str, text: &str| {
        let language = language.split('-').next().unwrap_or(language);
        let how = "type=\"number\"";
        let say = format!("language=\"{language}\" {how} method=\"{method}\" text=\"{text}\"");
        ("say", say)
    };
    match said {
        Said::Prompt(prompt) => vec![file(language, prompt.name())],
        Said::Number(value) => vec![number(language, "pronounced", &value.to_string())],
        Said::Digits(digits) => vec![number(language, "iterated", digits)],
        Said::PressFor { key, language } => vec![
            file(language, "press-for-language"),
            number(language, "pronounced", &key.to_string()),
        ],
    }
}

/// As text in XML. What a dialplan could take for the name of a variable is left out.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '$' => {}
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
    text
}
