//! The web hooks of telephone services: signed requests, one for each question.

use std::num::NonZeroU8;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pinward_attendant::{AskConference, Settings};
use pinward_core::Clock;
use pinward_http::{Hook, HookParts, HookSettings, Hooks, Secret, Twiml};
use pinward_service::{GuessLimits, NewPin, Terms};
use pinward_testkit::Kit;
use ring::hmac;
use tokio::sync::watch;
use tower::ServiceExt;
use tracing::Subscriber;
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry;
use tracing_subscriber::registry::LookupSpan;

const TOKEN: &str = "6e1f0f7ad4c3";
const URL: &str = "https://pins.litwareinc.com";
const PIN: &str = "18723834";

struct Service {
    kit: Kit,
    watch: Pin<Box<dyn Future<Output = ()> + Send>>,
    routes: Router,
}

/// What is answered by the hooks of a product.
pub fn routes(kit: &Kit, settings: HookSettings) -> Router {
    hooks(kit, settings).routes()
}

/// The hooks of a product, as they are configured.
fn hooks(kit: &Kit, settings: HookSettings) -> Hooks {
    let settings = watch::Sender::new(Arc::new(settings)).subscribe();
    let server = watch::Sender::new(Arc::default()).subscribe();
    Hooks::new(HookParts {
        service: Arc::clone(&kit.service),
        settings,
        server,
        clock: Arc::clone(&kit.clock) as Arc<dyn Clock>,
    })
}

impl Service {
    async fn new(terms: Terms, most_calls: usize) -> Self {
        Self::waiting(Duration::from_secs(6), terms, most_calls).await
    }

    /// Each key may take so long.
    async fn waiting(wait: Duration, terms: Terms, most_calls: usize) -> Self {
        Self::on(Kit::sample().await, wait, terms, most_calls).await
    }

    async fn on(kit: Kit, wait: Duration, terms: Terms, most_calls: usize) -> Self {
        let settings = Settings {
            conference: AskConference::Required,
            attempts: NonZeroU8::new(2).expect("two"),
            wait,
            ..Settings::default()
        };
        let twiml = Twiml {
            hook: Hook {
                flow: Arc::new(settings),
                most_calls,
            },
            secret: Secret::new(TOKEN).expect("a token"),
            public_url: URL.to_owned(),
        };
        let settings = HookSettings {
            twiml: Some(Arc::new(twiml)),
            httapi: None,
        };
        let hooks = hooks(&kit, settings);
        let (watch, routes) = (Box::pin(hooks.watch()), hooks.routes());
        let service = Self { kit, watch, routes };
        service.assign(terms, PIN).await;
        service
    }

    /// A minute passes in which nobody asks anything.
    async fn quiet_minute(&mut self) {
        self.kit.clock.advance_minutes(1);
        tokio::time::pause();
        let minute = tokio::time::timeout(Duration::from_secs(61), &mut self.watch);
        assert!(minute.await.is_err(), "it goes on");
        tokio::time::resume();
    }

    /// How many callers are known to have hung up.
    fn hung_up(&self) -> u64 {
        let calls = self.kit.service.calls();
        let hung_up = calls.iter().filter(|it| it.what == "HungUp");
        hung_up.map(|it| it.count).sum()
    }

    /// An administrator gives Ken a PIN.
    async fn assign(&self, terms: Terms, pin: &str) {
        let ken = self.kit.person("litwareinc\\kenmyer").await;
        let (caller, pin) = (self.kit.administrator(), NewPin::Named(pin));
        let assigned = self.kit.service.assign_pin_on(&terms, &caller, &ken, &pin);
        assert!(assigned.await.is_ok(), "Ken gets a PIN");
    }

    /// Sends a form, signed with this token; the status and the body of the answer.
    async fn send(
        &self,
        token: &str,
        target: &str,
        fields: &[(&str, &str)],
    ) -> (StatusCode, String) {
        let mut sorted = fields.to_vec();
        sorted.sort_unstable();
        let mut text = format!("{URL}{target}");
        let mut form = String::new();
        for (name, value) in sorted {
            text.push_str(name);
            text.push_str(value);
            form.push_str(&format!(
                "{name}={}&",
                value.replace('+', "%2B").replace('#', "%23")
            ));
        }
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
        let signature = STANDARD.encode(hmac::sign(&key, text.as_bytes()));
        let request = Request::post(target)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-twilio-signature", signature)
            .body(Body::from(form.trim_end_matches('&').to_owned()))
            .expect("a request");
        let answer = self
            .routes
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 65_536).await.expect("a body");
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    /// The request that answers question `step` of a call; 0 begins it.
    async fn keyed(&self, call: &str, step: u32, digits: &str) -> String {
        self.keyed_by("+14255550100", call, step, digits).await
    }

    async fn keyed_by(&self, from: &str, call: &str, step: u32, digits: &str) -> String {
        let target = match step {
            0 => "/hooks/twiml".to_owned(),
            _ => format!("/hooks/twiml?step={step}"),
        };
        let mut fields = vec![("CallSid", call), ("From", from), ("To", "+14255550700")];
        if !digits.is_empty() {
            fields.extend([("Digits", digits), ("FinishedOnKey", "#")]);
        }
        let (status, body) = self.send(TOKEN, &target, &fields).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    /// A call of which every question is answered; the last answer.
    async fn call(&self, call: &str, keyed: &[&str]) -> String {
        let mut answer = self.keyed(call, 0, "").await;
        for (step, digits) in (1..).zip(keyed) {
            let action = format!("action=\"/hooks/twiml?step={step}\"");
            assert!(answer.contains(&action), "{answer}");
            answer = self.keyed(call, step, digits).await;
        }
        answer
    }
}

#[tokio::test]
async fn the_right_pin_reaches_the_conference_and_nothing_else_does() {
    let service = Service::new(Terms::default(), 10).await;
    let joined = "<Dial><Conference>4711</Conference></Dial>";
    let admitted = service.call("CA1", &["4711", "51219", PIN]).await;
    assert!(admitted.contains(joined), "{admitted}");
    for (call, keyed) in [
        ("CA2", vec!["4711", "51219", "1", "51219", "2"]),
        ("CA3", vec!["4711", "59999", PIN, "59999", PIN]),
        ("CA4", vec!["", "", ""]),
        ("CA5", vec!["4711", "51219", "1", "51219", "2"]),
    ] {
        let refused = service.call(call, &keyed).await;
        assert!(refused.ends_with("<Hangup/></Response>"), "{refused}");
        assert!(!refused.contains("<Dial>"), "{refused}");
        // The call is over: nothing more can be keyed.
        let after = service.keyed(call, 3, PIN).await;
        assert!(after.contains("<Response><Hangup/></Response>"), "{after}");
    }
}

#[tokio::test]
async fn nothing_is_answered_without_a_valid_signature() {
    let service = Service::new(Terms::default(), 10).await;
    let fields = [("CallSid", "CA1")];
    for token in ["", "another"] {
        let (status, body) = service.send(token, "/hooks/twiml", &fields).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert_eq!(body, "");
    }
    let (status, _) = service.send(TOKEN, "/hooks/twiml", &[]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, _) = service.send(TOKEN, "/hooks/twiml?step=x", &fields).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let long = "a".repeat(64 * 1024);
    let (status, _) = service
        .send(TOKEN, "/hooks/twiml", &[("Digits", &long)])
        .await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let dropped = service.kit.service.dropped();
    let dropped: Vec<_> = dropped.iter().map(|it| (it.what, it.count)).collect();
    assert_eq!(dropped, [("UnreadableForm", 1), ("WrongSignature", 2)]);
}

// R-LOCK-11
#[tokio::test]
async fn a_request_that_is_repeated_gets_the_same_answer() {
    let service = Service::new(Terms::default(), 10).await;
    let first = service.keyed("CA1", 0, "").await;
    assert_eq!(service.keyed("CA1", 0, "").await, first);
    service.keyed("CA1", 1, "4711").await;
    service.keyed("CA1", 2, "51219").await;
    // The one wrong PIN is checked once: the second attempt of the call is still there.
    let refused = service.keyed("CA1", 3, "1").await;
    assert_eq!(service.keyed("CA1", 3, "1").await, refused);
    assert_eq!(service.keyed("CA1", 3, "1").await, refused);
    service.keyed("CA1", 4, "51219").await;
    let admitted = service.keyed("CA1", 5, PIN).await;
    assert!(admitted.contains("<Conference>4711<"), "{admitted}");
    // An answer to a question that was never asked goes nowhere.
    service.keyed("CA2", 0, "").await;
    let lost = service.keyed("CA2", 9, PIN).await;
    assert!(lost.contains("<Response><Hangup/>"), "{lost}");
}

#[tokio::test]
async fn calls_are_limited_and_forgotten() {
    let mut service = Service::new(Terms::default(), 1).await;
    service.keyed("CA1", 0, "").await;
    let busy = service.keyed("CA2", 0, "").await;
    assert!(busy.contains("<Reject reason=\"busy\"/>"), "{busy}");
    // Whoever hung up makes room, and whoever was silent for three minutes.
    let over = [("CallSid", "CA1"), ("CallStatus", "completed")];
    service.send(TOKEN, "/hooks/twiml", &over).await;
    assert!(service.keyed("CA2", 0, "").await.contains("<Gather "));
    service.kit.clock.advance_minutes(3);
    service.quiet_minute().await;
    assert!(service.keyed("CA3", 0, "").await.contains("<Gather "));
}

#[tokio::test]
async fn calls_that_nobody_goes_on_with_are_decided() {
    let mut service = Service::new(Terms::default(), 10).await;
    service.keyed("CA1", 0, "").await;
    service.call("CA2", &["4711"]).await;
    for (minutes, gone) in [(2, 0), (3, 2)] {
        for _ in 0..minutes {
            service.quiet_minute().await;
        }
        assert_eq!(service.hung_up(), gone);
    }
    service.keyed("CA3", 0, "").await;
    service.kit.clock.advance_minutes(4);
    let late = service.keyed("CA3", 1, "4711").await;
    assert!(late.contains("<Response><Hangup/>"), "{late}");
    assert_eq!(service.hung_up(), 3);
    // Who begins anew has left the call that was.
    service.call("CA4", &["4711"]).await;
    service.keyed("CA4", 0, "").await;
    assert_eq!(service.hung_up(), 4);
}

#[tokio::test]
async fn slow_callers_have_the_time_that_they_were_given() {
    let slow = Duration::from_secs(60);
    let service = Service::waiting(slow, Terms::default(), 10).await;
    let asked = service.keyed("CA1", 0, "").await;
    assert!(asked.contains("numDigits=\"17\" timeout=\"60\""), "{asked}");
    // Each of 17 keys takes a minute.
    service.kit.clock.advance_minutes(17);
    let number = service.keyed("CA1", 1, "4711").await;
    assert!(number.contains("?step=2"), "{number}");
    service.kit.clock.advance_minutes(60);
    let late = service.keyed("CA1", 2, "51219").await;
    assert!(late.contains("<Response><Hangup/>"), "{late}");
}

// R-EXP-2
#[tokio::test]
async fn a_pin_that_must_be_changed_is_changed() {
    let terms = Terms {
        must_change: true,
        ..Terms::default()
    };
    let service = Service::new(terms, 10).await;
    let keyed = ["4711", "51219", PIN, "90", "90", "90217463", "90217463"];
    let admitted = service.call("CA1", &keyed).await;
    assert!(admitted.contains("<Conference>4711<"), "{admitted}");
    assert!(
        admitted.contains("Your PIN has been changed."),
        "{admitted}"
    );
}

#[tokio::test]
async fn a_pin_that_the_help_desk_sets_during_the_call_stays() {
    let terms = Terms {
        must_change: true,
        ..Terms::default()
    };
    let service = Service::new(terms, 10).await;
    let asked = service
        .call("CA1", &["4711", "51219", PIN, "90217463"])
        .await;
    assert!(asked.contains("enter the new PIN again"), "{asked}");
    service.assign(Terms::default(), "60591837").await;
    let late = service.keyed("CA1", 5, "90217463").await;
    assert!(late.contains("set another PIN for you meanwhile"), "{late}");
    assert!(late.ends_with("<Hangup/></Response>"), "{late}");
    let keyed = ["4711", "51219", "60591837"];
    let admitted = service.call("CA2", &keyed).await;
    assert!(admitted.contains("<Conference>4711<"), "{admitted}");
}

#[tokio::test]
async fn callers_who_withhold_their_number_have_the_allowance_of_those() {
    let mut kit = Kit::sample().await;
    let inner = Arc::into_inner(kit.service).expect("nobody else has it");
    let mut limits = GuessLimits::default();
    (limits.caller.burst, limits.caller.per_hour) = (1, 1);
    kit.service = Arc::new(inner.with_guess_limits(limits));
    let service = Service::on(kit, Duration::from_secs(6), Terms::default(), 100).await;
    // Two guesses: one more than a number may make.
    for (from, slowed) in [
        ("+266696687", 0),
        ("+7378742833", 0),
        ("+2562533", 0),
        ("+8656696", 0),
        ("+86282452253", 0),
        ("266696687", 0),
        ("", 0),
        ("anonymous", 0),
        ("+12665550166", 1),
    ] {
        let keyed = ["", "4711", "59999", "1", "59999", "2"];
        for (step, digits) in (0..).zip(keyed) {
            service
                .keyed_by(from, &format!("CA{from}"), step, digits)
                .await;
        }
        let figures = service.kit.service.guess_figures();
        assert_eq!(figures.callers_slowed, slowed, "{from}");
    }
}

/// The spans that begin and end, what they are told of an outcome, and which others a call names.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn push(&self, what: String) {
        self.0.lock().expect("nobody panicked").push(what);
    }
}

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Told {
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).expect("a span");
        let parent = span.parent().map_or("nothing", |parent| parent.name());
        self.push(format!("{} within {parent}", span.name()));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let name = context.span(id).expect("a span").name();
        let mut tell = |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            if field.name() == "pinward.outcome" {
                let within = context.lookup_current().map_or("nothing", |it| it.name());
                self.push(format!("{name}: {value:?} within {within}"));
            }
        };
        values.record(&mut tell);
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, context: Context<'_, S>) {
        let name = |id| context.span(id).expect("a span").name();
        self.push(format!("{} names {}", name(id), name(follows)));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let name = context.span(&id).expect("a span").name();
        if name == "call" {
            self.push("call ended".to_owned());
        }
    }
}

#[tokio::test]
async fn a_call_is_one_span_over_all_its_requests() {
    let service = Service::new(Terms::default(), 10).await;
    let told = Told::default();
    let listening = tracing::subscriber::set_default(registry().with(told.clone()));
    let request = || tracing::info_span!("request");
    let mut answer = String::new();
    for (step, digits) in (0..).zip(["", "4711", "51219", PIN]) {
        let asking = service.keyed("CA1", step, digits);
        answer = tracing::Instrument::instrument(asking, request()).await;
    }
    assert!(!answer.contains("step="), "{answer}");
    let hung_up = service.keyed("CA2", 0, "");
    tracing::Instrument::instrument(hung_up, request()).await;
    service.kit.clock.advance_minutes(10);
    let anew = service.keyed("CA2", 0, "");
    tracing::Instrument::instrument(anew, request()).await;
    drop(listening);
    let told = told.0.lock().expect("nobody panicked").clone();
    let of_calls = told.iter().filter(|it| it.contains("call"));
    let of_calls: Vec<_> = of_calls.map(String::as_str).collect();
    assert_eq!(
        of_calls,
        [
            "call within request",
            "call names request",
            "call names request",
            "call names request",
            "logon within call",
            "logon: \"Success\" within call",
            "call: \"Success\" within call",
            "call ended",
            "call within request",
            // It ends when it is decided.
            "call: \"HungUp\" within call",
            "call ended",
            "call within request",
        ]
    );
}
