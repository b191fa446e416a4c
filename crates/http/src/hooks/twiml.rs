//! Requests and answers in TwiML.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use pinward_attendant::{Call, CallOutcome, Ending, Gathering, Said};
use pinward_service::{Door, Source};

use super::calls::Asked;
use super::form::input;
use super::speech::spoken;
use super::turn::{Reply, Told, go_on};
use super::{Hook, Hooks, Secret};

/// Where the requests go.
pub(super) const PATH: &str = "/hooks/twiml";

/// What Twilio tells of callers who withhold their number: words, as they are keyed.
const WITHHELD: [&str; 5] = [
    "266696687",   // ANONYMOUS
    "2562533",     // BLOCKED
    "7378742833",  // RESTRICTED
    "86282452253", // UNAVAILABLE
    "8656696",     // UNKNOWN
];

/// Services that speak TwiML.
pub struct Twiml {
    /// What every hook has. What is said is English.
    pub hook: Hook,
    /// What the service signs its requests with.
    pub secret: Secret,
    /// Where the service reaches this server, such as `https://pins.litwareinc.com`: it signs the address.
    pub public_url: String,
}

/// Answers a request of the telephone service.
pub(super) async fn answer(
    State(hooks): State<Arc<Hooks>>,
    uri: Uri,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let settings = hooks.settings();
    let Some(twiml) = &settings.twiml else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let fields = match hooks.form(request).await {
        Ok(fields) => fields,
        Err(status) => return status.into_response(),
    };
    let target = uri.path_and_query().map_or(PATH, |target| target.as_str());
    let url = format!("{}{target}", twiml.public_url);
    if !twiml.secret.signed(&headers, &url, &fields) {
        let address = format!("{}{PATH}", twiml.public_url);
        hooks.refused(
            "WrongSignature",
            &format!("its signature is not valid for {address}"),
        );
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(name) = fields.name("CallSid") else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let over = ["completed", "busy", "failed", "no-answer", "canceled"];
    if over.contains(&fields.get("CallStatus")) {
        hooks.twiml.hung_up(name);
        return document("");
    }
    let step = match uri.query() {
        None => 0,
        Some(query) => match query.strip_prefix("step=").map(str::parse) {
            Some(Ok(step)) => step,
            _ => return StatusCode::BAD_REQUEST.into_response(),
        },
    };
    let told = Told {
        name,
        step,
        input: input(
            fields.get("Digits"),
            !fields.get("FinishedOnKey").is_empty(),
        ),
        source: Source {
            client: Some("twiml".into()),
            caller: caller(fields.get("From")),
            called: fields.said("To"),
            ..Source::of(Door::Hook)
        },
    };
    let calls = (&*hooks.service, &*hooks.twiml, twiml.hook.most_calls);
    let begin = || Call::new(Arc::clone(&twiml.hook.flow));
    match go_on(calls, told, begin, &gather).await {
        Reply::Asked(asked) => document(&asked),
        Reply::Ended(ending) => document(&end(&ending)),
        Reply::Full => document("<Reject reason=\"busy\"/>"),
        Reply::UnderWay => StatusCode::CONFLICT.into_response(),
        Reply::Unknown => document("<Hangup/>"),
    }
}

/// The number that calls; `None`: it is withheld.
fn caller(from: &str) -> Option<String> {
    let number = from.strip_prefix('+').unwrap_or(from);
    let tells = number.contains(|c: char| c.is_ascii_digit()) && !WITHHELD.contains(&number);
    tells.then(|| from.to_owned())
}

fn document(inner: &str) -> Response {
    let kind = [
        (header::CONTENT_TYPE, "text/xml; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{inner}</Response>");
    (kind, text).into_response()
}

fn gather(gathering: &Gathering, step: u32) -> Asked {
    let most = gathering.most_keys();
    let wait = gathering.wait();
    let text = format!(
        "<Gather input=\"dtmf\" action=\"{PATH}?step={step}\" method=\"POST\" finishOnKey=\"#\" \
         numDigits=\"{}\" timeout=\"{}\" actionOnEmptyResult=\"true\">{}</Gather>",
        most,
        wait.as_secs(),
        say(gathering.say(), gathering.language()),
    );
    Asked {
        text,
        // The time is that of each key.
        keying: wait.saturating_mul(u32::try_from(most).unwrap_or(u32::MAX)),
    }
}

fn end(ending: &Ending) -> String {
    let said = say(&ending.say, ending.language);
    match &ending.outcome {
        CallOutcome::Admitted(admission) => match &admission.conference {
            // Digits, nothing else.
            Some(conference) => format!("{said}<Dial><Conference>{conference}</Conference></Dial>"),
            None => format!("{said}<Hangup/>"),
        },
        _ => format!("{said}<Hangup/>"),
    }
}

fn say(say: &[Said], language: &str) -> String {
    match spoken(say) {
        nothing if nothing.is_empty() => nothing,
        words => format!("<Say language=\"{language}\">{words}</Say>"),
    }
}
