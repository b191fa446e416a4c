//! Requests and answers in TwiML.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use pinward_attendant::{
    Call, CallOutcome, Ending, Gathering, Input, Keys, Next, Said, Turn, settle,
};
use pinward_service::{Door, Source};

use super::calls::Found;
use super::{Hooks, PATH};

/// The longest name of a call.
const LONGEST_NAME: usize = 64;

/// Answers a request of the telephone service.
pub(super) async fn answer(
    State(hooks): State<Arc<Hooks>>,
    uri: Uri,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let target = uri.path_and_query().map_or(PATH, |target| target.as_str());
    let url = format!("{}{target}", hooks.public_url);
    if !hooks.secret.signed(&headers, &url, &form) {
        tracing::warn!("a request to {PATH} was refused: its signature is not valid for {url}");
        return StatusCode::FORBIDDEN.into_response();
    }
    let field = |wanted: &str| {
        let found = form.iter().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value.as_str())
    };
    let name = field("CallSid");
    if name.is_empty() || name.len() > LONGEST_NAME {
        return StatusCode::BAD_REQUEST.into_response();
    }
    if ["completed", "busy", "failed", "no-answer", "canceled"].contains(&field("CallStatus")) {
        hooks.calls.forget(name);
        return document("");
    }
    let step = match uri.query() {
        None => 0,
        Some(query) => match query.strip_prefix("step=").map(str::parse) {
            Some(Ok(step)) => step,
            _ => return StatusCode::BAD_REQUEST.into_response(),
        },
    };
    let (next, step) = match hooks.calls.find(name, step) {
        Found::Question(gathering, step) => (
            gathering.take(input(field("Digits"), field("FinishedOnKey"))),
            step,
        ),
        Found::Again(asked) => return document(&asked),
        Found::UnderWay => return StatusCode::CONFLICT.into_response(),
        Found::Nothing if step == 0 => (Call::new(Arc::clone(&hooks.settings)).start(), 1),
        // Whoever cannot go on begins anew: nobody is let in by a call that is not known.
        Found::Nothing => return document("<Hangup/>"),
    };
    let source = Source {
        client: Some("twiml".to_owned()),
        caller: Some(field("From").to_owned()).filter(|number| !number.is_empty()),
        called: Some(field("To").to_owned()).filter(|number| !number.is_empty()),
        ..Source::of(Door::Hook)
    };
    hooks.go_on(name, step, &source, next).await
}

impl Hooks {
    async fn go_on(&self, name: &str, step: u32, source: &Source, next: Next) -> Response {
        match settle(&self.service, source, next).await {
            Turn::Gather(gathering) => {
                let asked = gather(&gathering, step);
                match self.calls.keep(name, step, gathering, &asked) {
                    true => document(&asked),
                    false => {
                        tracing::warn!("a call was refused: there are most_calls calls already");
                        document("<Reject reason=\"busy\"/>")
                    }
                }
            }
            Turn::End(ending) => {
                self.calls.forget(name);
                let outcome = ending.outcome.name();
                tracing::info!(call = name, outcome, "a call was decided");
                document(&end(&ending))
            }
        }
    }
}

/// What the caller keyed.
fn input(digits: &str, finished_on: &str) -> Input {
    match Keys::parse(digits) {
        Ok(_nothing) if digits.is_empty() && finished_on.is_empty() => Input::Nothing,
        Ok(keys) => Input::Keys(keys),
        Err(_not_keys) => Input::Nothing,
    }
}

fn document(inner: &str) -> Response {
    let kind = [
        (header::CONTENT_TYPE, "text/xml; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{inner}</Response>");
    (kind, text).into_response()
}

fn gather(gathering: &Gathering, step: u32) -> String {
    format!(
        "<Gather input=\"dtmf\" action=\"{PATH}?step={step}\" method=\"POST\" finishOnKey=\"#\" \
         numDigits=\"{}\" timeout=\"{}\" actionOnEmptyResult=\"true\">{}</Gather>",
        gathering.most_keys(),
        gathering.wait().as_secs(),
        say(gathering.say(), gathering.language()),
    )
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
    let words: Vec<String> = say.iter().map(spoken).collect();
    match words.is_empty() {
        true => String::new(),
        false => format!("<Say language=\"{language}\">{}</Say>", words.join(" ")),
    }
}

/// What is said, in English: no mark-up is in it.
fn spoken(said: &Said) -> String {
    match said {
        Said::Prompt(prompt) => prompt.english().to_owned(),
        Said::Number(number) => format!("{number}."),
        Said::Digits(digits) => {
            let digits: Vec<String> = digits.chars().map(String::from).collect();
            format!("{}.", digits.join(" "))
        }
        Said::PressFor { key, language } => format!("For {language}, press {key}."),
    }
}
