//! `POST /api/v1/logon`: a phone system has a logon decided.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request, State};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router};
use pinward_core::{Outcome, SignedDuration, User};
use pinward_service::{Answer, AssertionTerms, Attempt, ClientVerdict, Delivery, Input, Source};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, up_to};
use super::client::Client;
use super::refusal::refused;
use crate::{App, Problem};

/// How long the answer to an idempotency key is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);
/// The longest value that is taken over into an assertion, in characters.
const LONGEST_CLAIM: usize = 1024;
/// The longest idempotency key.
const LONGEST_KEY: usize = 128;

/// Where logons are sent to.
pub const PATH: &str = "/api/v1/logon";

/// Its route.
pub fn routes() -> Router<App> {
    Router::new().route(PATH, post(log_on))
}

/// What its route does, for a request that was led past the router.
pub async fn decided(app: App, request: Request) -> Result<Response, Infallible> {
    Ok(Handler::call(log_on, request, app).await)
}

/// A logon to decide.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogOnRequest {
    /// A phone number, an extension, or an identity.
    #[serde(deserialize_with = "up_to::<1024, _, _>")]
    #[schema(max_length = 1024)]
    pub user: String,
    /// The PIN as keyed.
    #[serde(deserialize_with = "up_to::<1024, _, _>")]
    #[schema(max_length = 1024, format = Password)]
    pub pin: String,
    /// A further name that must mean the same user.
    #[serde(default, deserialize_with = "up_to::<1024, _, _>")]
    #[schema(max_length = 1024)]
    pub also_known_as: Option<String>,
    /// The number that calls.
    #[serde(default, deserialize_with = "up_to::<1024, _, _>")]
    #[schema(max_length = 1024)]
    pub caller: Option<String>,
    /// The number that was called.
    #[serde(default, deserialize_with = "up_to::<1024, _, _>")]
    #[schema(max_length = 1024)]
    pub called: Option<String>,
    /// The conference that the caller wants to enter; an empty one is none.
    #[serde(default, deserialize_with = "up_to::<1024, _, _>")]
    #[schema(max_length = 1024)]
    pub conference: Option<String>,
    /// The device at which the PIN was keyed.
    #[serde(default, deserialize_with = "up_to::<1024, _, _>")]
    #[schema(max_length = 1024)]
    pub device: Option<String>,
    /// Whether an assertion is wanted, which others can check: see `/.well-known/jwks.json`.
    #[serde(default)]
    pub assertion: bool,
    /// For whom the assertion is; the client itself where it is not said. Where it is, one is wanted.
    #[serde(default, deserialize_with = "up_to::<1024, _, _>")]
    #[schema(min_length = 1, max_length = 1024)]
    pub audience: Option<String>,
}

/// What came of a logon.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogOnAnswer {
    /// Whether the caller is who they say.
    pub success: bool,
    /// Why not, for a client that is trusted with reasons: `IncorrectPin`, `UserPinAccountLocked`,
    /// `PinExpired`, `PinMustBeChanged`, `PinNotSet`, `UserPinAccountDisabled`, `UserDoesNotExist`,
    /// `NonUniqueUser`, `Throttled`; or `Success`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub outcome: Option<&'static str>,
    /// Until when a temporary lockout holds, for a client that is trusted with reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub locked_until: Option<String>,
    /// Who it is, after a success.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user: Option<LoggedOn>,
    /// After a success, where it was wanted: a JWT (EdDSA) that says who logged on. It holds for a minute
    /// unless the configuration says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub assertion: Option<String>,
}

/// Who logged on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoggedOn {
    /// The SIP address.
    pub identity: Option<String>,
    /// The name that people know.
    pub display_name: String,
    /// The line: `tel:+14255551219;ext=51219`.
    pub line_uri: Option<String>,
    /// The GUID in the directory.
    pub guid: String,
}

impl From<&User> for LoggedOn {
    fn from(user: &User) -> Self {
        let person = &user.person;
        Self {
            identity: person.sip_address.clone(),
            display_name: person.display_name.clone(),
            line_uri: person.line_uri.clone(),
            guid: person.guid.clone(),
        }
    }
}

/// Has a logon decided.
///
/// An unknown user, a wrong PIN and a locked one are no errors: the answer is 200 with `success` false. A
/// client that is not trusted with reasons gets the same answer for each refusal. A request with the same
/// `Idempotency-Key` and body within an hour is the same attempt: it gets the same answer and counts once.
/// Where an assertion is wanted that is so for as long as an assertion holds.
#[utoipa::path(
    post, path = "/api/v1/logon", tag = "logon", request_body = LogOnRequest,
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 128, pattern = "^[!-~]+$",
        description = "What identifies the attempt: a new one for each, the same for its repetitions")),
    responses((status = 200, body = LogOnAnswer), (status = 409, body = crate::Problem))
)]
pub async fn log_on(
    State(app): State<App>,
    client: Client,
    key: IdempotencyKey,
    Body(request): Body<LogOnRequest>,
) -> Result<Json<LogOnAnswer>, Problem> {
    let request = request.checked()?;
    let wanted = request.assertion || request.audience.is_some();
    let settings = wanted.then(|| app.settings());
    // Nobody gets an assertion for having been right an hour ago.
    let life = settings.as_ref().map_or(REMEMBERED, |settings| {
        SignedDuration::try_from(settings.assertions.life).unwrap_or_default()
    });
    let asked = [
        if wanted { "assertion" } else { "" },
        request.audience.as_deref().unwrap_or_default(),
    ];
    let attempt = Attempt {
        who: &request.user,
        pin: &request.pin,
        also_known_as: request.also_known_as.as_deref(),
        source: request.source(client.access.source()),
        delivery: key.checked()?.map(|key| Delivery {
            client: client.caller().name(),
            key,
            life,
            input: Input::Keyed(&asked),
        }),
    };
    let service = app.service();
    let verdict = service.client_log_on(&client.access, &attempt).await;
    let verdict = verdict.map_err(|error| refused(&error))?;
    let assertion = settings.and_then(|settings| {
        let terms = AssertionTerms {
            issuer: settings.issuer(),
            audience: request.audience.as_deref(),
            conference: request.conference.as_deref(),
            life,
        };
        service.assertion(&client.access, &verdict, &terms)
    });
    Ok(Json(LogOnAnswer {
        assertion,
        ..LogOnAnswer::from(verdict)
    }))
}

/// A value that an assertion may say.
fn claim(name: &str, given: &str) -> Result<String, Problem> {
    let value = given.trim();
    let length = value.chars().count();
    if (1..=LONGEST_CLAIM).contains(&length) && !value.contains(char::is_control) {
        return Ok(value.to_owned());
    }
    Err(Problem::new(
        StatusCode::BAD_REQUEST,
        "BodyInvalid",
        format!("{name} is 1 to {LONGEST_CLAIM} characters, none of them a control character"),
    ))
}

impl LogOnRequest {
    /// What was sent, with what others will read in an assertion as it may stand there.
    fn checked(self) -> Result<Self, Problem> {
        let audience = self.audience.map(|given| claim("audience", &given));
        let conference = self.conference.filter(|given| !given.trim().is_empty());
        let conference = conference.map(|given| claim("conference", &given));
        Ok(Self {
            audience: audience.transpose()?,
            conference: conference.transpose()?,
            ..self
        })
    }

    /// From where it comes, as far as the client knows.
    fn source(&self, came_from: &Source) -> Source {
        Source {
            device: self.device.clone(),
            caller: self.caller.clone(),
            called: self.called.clone(),
            conference: self.conference.clone(),
            ..came_from.clone()
        }
    }
}

impl From<ClientVerdict> for LogOnAnswer {
    fn from(verdict: ClientVerdict) -> Self {
        let (outcome, locked_until, user) = match verdict {
            ClientVerdict::Told(verdict) => {
                let success = verdict.outcome == Outcome::Success;
                let until = verdict.locked_until.map(|until| until.to_string());
                let user = verdict.user.filter(|_| success);
                (Some((success, verdict.outcome.name())), until, user)
            }
            ClientVerdict::YesOrNo(Answer::Success(user)) => (None, None, Some(user)),
            ClientVerdict::YesOrNo(Answer::Refused) => (None, None, None),
        };
        Self {
            success: outcome.map_or(user.is_some(), |(success, _)| success),
            outcome: outcome.map(|(_, name)| name),
            locked_until,
            user: user.as_deref().map(LoggedOn::from),
            assertion: None,
        }
    }
}

/// What identifies an attempt and its repetitions, where the client says it.
pub struct IdempotencyKey(Option<HeaderValue>);

impl FromRequestParts<App> for IdempotencyKey {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.get("idempotency-key").cloned()))
    }
}

impl IdempotencyKey {
    fn checked(&self) -> Result<Option<&str>, Problem> {
        let Some(value) = &self.0 else {
            return Ok(None);
        };
        let key = value.to_str().unwrap_or_default().trim();
        let plain = key.bytes().all(|octet| octet.is_ascii_graphic());
        match plain && (1..=LONGEST_KEY).contains(&key.len()) {
            true => Ok(Some(key)),
            false => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "IdempotencyKeyInvalid",
                format!(
                    "an Idempotency-Key is 1 to {LONGEST_KEY} characters of ASCII, without blanks"
                ),
            )),
        }
    }
}
