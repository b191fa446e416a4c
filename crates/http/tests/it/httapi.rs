//! FreeSWITCH's mod_httapi: forms as it posts them, documents as it reads them.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pinward_attendant::{AskConference, Languages, Settings};
use pinward_http::{Connection, Hook, HookPassword, HookSettings, Httapi, Voice};
use pinward_service::{AuditQuery, NewPin, Terms};
use pinward_testkit::Kit;
use tower::ServiceExt;

use crate::hooks::routes;

const PASSWORD: &str = "4fK-long enough";
const PIN: &str = "18723834";
const CALL: &str = "0b8c1f1e-6a52-4c0e-9d9e-2f4f8f6f1a01";
/// What a FreeSWITCH posts with every request of a call, in its order.
const CALLER: &str = "hostname=fs1&Caller-Direction=inbound&Caller-Username=1000&\
    Caller-Dialplan=XML&Caller-Caller-ID-Name=Extension%201000&Caller-Caller-ID-Number=51219&\
    Caller-Network-Addr=192.0.2.17&Caller-ANI=51219&Caller-Destination-Number=700&\
    Caller-Unique-ID=0b8c1f1e-6a52-4c0e-9d9e-2f4f8f6f1a01&Caller-Source=mod_sofia&\
    Caller-Context=default&Caller-Channel-Name=sofia/internal/1000%40192.0.2.5&\
    Caller-Profile-Index=1&url=http%3A//127.0.0.1%3A8080/hooks/httapi";

struct Switch {
    kit: Kit,
    routes: Router,
}

fn english() -> Voice {
    Voice::Speech {
        engine: "flite".to_owned(),
        voice: "slt".to_owned(),
    }
}

fn httapi(voice: Voice, flow: Settings) -> Httapi {
    Httapi {
        hook: Hook {
            flow: Arc::new(flow),
            most_calls: 2,
        },
        password: HookPassword::new(PASSWORD).expect("a password"),
        networks: vec!["127.0.0.0/8".parse().expect("a network")],
        voice,
        trust_caller_number: false,
    }
}

impl Switch {
    async fn new(httapi: Httapi) -> Self {
        let kit = Kit::sample().await;
        let ken = kit.person("litwareinc\\kenmyer").await;
        let (caller, pin) = (kit.administrator(), NewPin::Named(PIN));
        let terms = Terms::default();
        let assigned = kit.service.assign_pin_on(&terms, &caller, &ken, &pin).await;
        assert!(assigned.is_ok(), "Ken gets a PIN");
        let settings = HookSettings {
            twiml: None,
            httapi: Some(Arc::new(httapi)),
        };
        let routes = routes(&kit, settings);
        Self { kit, routes }
    }

    /// Posts a form from this address with this password.
    async fn send(&self, from: [u8; 4], password: &str, form: &str) -> Response<Body> {
        let credentials = STANDARD.encode(format!("pinward:{password}"));
        let mut request = Request::post("/hooks/httapi")
            .header("user-agent", "mod_httapi/1.0")
            .header("cookie", format!("HTTAPI_SESSION_ID={CALL}"))
            .header("authorization", format!("Basic {credentials}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .expect("a request");
        request.extensions_mut().insert(Connection {
            address: Some(SocketAddr::from((from, 40_000))),
            ..Connection::default()
        });
        let answer = self.routes.clone().oneshot(request).await;
        answer.expect("an answer")
    }

    /// The document that answers a request of a call.
    async fn told(&self, call: &str, more: &str) -> String {
        let form = format!("session_id={call}&{CALLER}{more}");
        let answer = self.send([127, 0, 0, 1], PASSWORD, &form).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let kind = answer.headers()["content-type"].to_str().expect("a text");
        // The module looks for it, and refuses everything else.
        assert!(kind.starts_with("text/xml"), "{kind}");
        let body = to_bytes(answer.into_body(), 65_536).await.expect("a body");
        String::from_utf8(body.to_vec()).expect("a text")
    }

    /// A call in which these keys answer the questions; the last document. `-` is silence.
    async fn call(&self, call: &str, keyed: &[&str]) -> String {
        let mut document = self.told(call, "").await;
        for (step, keys) in (1..).zip(keyed) {
            let stated = format!("<params><pinward_step>{step}</pinward_step></params>");
            assert!(document.contains(&stated), "{document}");
            let keys = match *keys {
                "-" => String::new(),
                keys => format!(
                    "&pinward_digits={}&input_type=dtmf",
                    keys.replace('#', "%23")
                ),
            };
            document = self
                .told(call, &format!("&pinward_step={step}{keys}"))
                .await;
        }
        document
    }
}

/// What was left unanswered.
fn counted(kit: &Kit) -> Vec<(&'static str, &'static str, u64)> {
    let dropped = kit.service.dropped();
    dropped
        .iter()
        .map(|it| (it.door, it.what, it.count))
        .collect()
}

fn variable<'a>(document: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = document.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>"))
        .map(|(value, _)| value)
}

#[tokio::test]
async fn the_right_pin_sets_what_the_dialplan_needs() {
    let flow = Settings {
        conference: AskConference::Optional,
        ..Settings::default()
    };
    let switch = Switch::new(httapi(english(), flow)).await;
    let first = switch.told(CALL, "").await;
    assert_eq!(
        first,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><document type=\"text/freeswitch-httapi\">\
         <params><pinward_step>1</pinward_step></params>\
         <variables><PINWARD_RESULT>Undecided</PINWARD_RESULT></variables>\
         <work><speak engine=\"flite\" voice=\"slt\" text=\"Welcome. Please enter the conference number, \
         followed by pound. To go on without a conference, press pound.\" name=\"pinward_digits\" \
         digit-timeout=\"6000\" input-timeout=\"18000\"><bind>~^(\\*|[0-9*]*#|[0-9*]{17})$</bind></speak>\
         </work></document>"
    );
    let admitted = switch.call("b", &["4711#", "51219#", "18723834#"]).await;
    for (name, value) in [
        ("PINWARD_RESULT", "Success"),
        ("PINWARD_SIP", "sip:kenmyer@litwareinc.com"),
        ("PINWARD_DISPLAYNAME", "Ken Myer"),
        ("PINWARD_CONFERENCE", "4711"),
        // Whatever calls the module next in this session begins anew.
        ("pinward_step", "0"),
    ] {
        assert_eq!(variable(&admitted, name), Some(value), "{admitted}");
    }
    assert!(
        admitted.ends_with("<break/></work></document>"),
        "{admitted}"
    );
    let again = switch.told("b", "&pinward_step=0").await;
    assert_eq!(variable(&again, "PINWARD_RESULT"), Some("Undecided"));
}

#[tokio::test]
async fn everything_else_is_refused() {
    let switch = Switch::new(httapi(english(), Settings::default())).await;
    let wrong = ["51219#", "1#", "51219#", "2#", "51219#", "3#"];
    let nobody = ["59999#", "18723834#"].repeat(3);
    for (call, keyed, result) in [
        ("a", &wrong[..], "Refused"),
        ("b", &nobody, "Refused"),
        ("c", &["-", "-", "-"], "NoInput"),
        ("d", &["*", "51219#", "18723834#"], "Success"),
        ("e", &["512*#", "51219#", "18723834#"], "Success"),
    ] {
        let last = switch.call(call, keyed).await;
        assert_eq!(variable(&last, "PINWARD_RESULT"), Some(result), "{last}");
        let admitted = variable(&last, "PINWARD_SIP").is_some();
        assert_eq!(admitted, result == "Success", "{last}");
    }
    // A question that nobody was asked.
    let lost = switch
        .told("x", "&pinward_step=3&pinward_digits=18723834%23")
        .await;
    assert_eq!(
        variable(&lost, "PINWARD_RESULT"),
        Some("Undecided"),
        "{lost}"
    );
    // R-LOCK-11: a request that is repeated gets the same answer, and nothing is decided anew.
    let asked = switch.call("f", &["51219#"]).await;
    assert_eq!(
        switch
            .told("f", "&pinward_step=1&pinward_digits=51219%23")
            .await,
        asked
    );
}

#[tokio::test]
async fn nobody_is_answered_who_does_not_prove_to_be_the_switch() {
    let switch = Switch::new(httapi(english(), Settings::default())).await;
    let form = format!("session_id={CALL}&{CALLER}");
    for (from, password, status) in [
        ([127, 0, 0, 1], PASSWORD, StatusCode::OK),
        ([127, 0, 0, 1], "another", StatusCode::UNAUTHORIZED),
        ([127, 0, 0, 1], "", StatusCode::UNAUTHORIZED),
        ([192, 0, 2, 1], PASSWORD, StatusCode::FORBIDDEN),
    ] {
        let answer = switch.send(from, password, &form).await;
        assert_eq!(answer.status(), status, "{from:?} {password}");
    }
    for form in ["", "session_id=", "session_id=a&pinward_step=x"] {
        let answer = switch.send([127, 0, 0, 1], PASSWORD, form).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{form}");
    }
    // By GET the module would write PINs into the address.
    let request = Request::get("/hooks/httapi?session_id=a").body(Body::empty());
    let answer = switch
        .routes
        .clone()
        .oneshot(request.expect("a request"))
        .await;
    assert_eq!(
        answer.expect("an answer").status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(
        counted(&switch.kit),
        [("hook", "UnknownNetwork", 1), ("hook", "WrongPassword", 2)]
    );
}

#[tokio::test]
async fn a_form_is_read_last_and_counted_where_it_cannot_be() {
    let switch = Switch::new(httapi(english(), Settings::default())).await;
    let long = format!("session_id={}", "a".repeat(64 * 1024));
    for (from, password, status) in [
        ([192, 0, 2, 1], PASSWORD, StatusCode::FORBIDDEN),
        ([127, 0, 0, 1], "another", StatusCode::UNAUTHORIZED),
        ([127, 0, 0, 1], PASSWORD, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let answer = switch.send(from, password, &long).await;
        assert_eq!(answer.status(), status, "{from:?} {password}");
    }
    assert_eq!(
        counted(&switch.kit),
        [
            ("hook", "UnknownNetwork", 1),
            ("hook", "UnreadableForm", 1),
            ("hook", "WrongPassword", 1)
        ]
    );
}

#[tokio::test]
async fn who_hangs_up_makes_room() {
    let switch = Switch::new(httapi(english(), Settings::default())).await;
    switch.told("a", "").await;
    switch.told("b", "").await;
    let full = switch.told("c", "").await;
    assert_eq!(
        variable(&full, "PINWARD_RESULT"),
        Some("Unavailable"),
        "{full}"
    );
    let gone = switch.told("a", "&pinward_step=1&exiting=true").await;
    assert!(gone.contains("<work><break/></work>"), "{gone}");
    let begun = switch.told("c", "").await;
    assert_eq!(
        variable(&begun, "PINWARD_RESULT"),
        Some("Undecided"),
        "{begun}"
    );
    let calls = switch.kit.service.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!(
        (calls[0].door, calls[0].what, calls[0].count),
        ("hook", "HungUp", 1)
    );
}

#[tokio::test]
async fn recordings_are_played_one_after_the_other() {
    let flow = Settings {
        languages: Languages::parse(&["en-US", "de-DE"]).expect("languages"),
        ..Settings::default()
    };
    let voice = Voice::Recordings("pinward".to_owned());
    let mut httapi = httapi(voice, flow);
    httapi.trust_caller_number = true;
    let switch = Switch::new(httapi).await;
    let number = switch.call("a", &["2"]).await;
    let work = variable(&number, "work").expect("what to do");
    // The number that the switch vouches for is offered; the last thing that is said takes the keys.
    assert_eq!(
        work,
        "<playback file=\"pinward/de-DE/enter-number.wav\"/>\
         <playback file=\"pinward/de-DE/or-pound-for-this-number.wav\"/>\
         <say language=\"de\" type=\"number\" method=\"iterated\" text=\"51219\" name=\"pinward_digits\" \
         digit-timeout=\"6000\" input-timeout=\"18000\"><bind>~^(\\*|[0-9*]*#|[0-9*]{33})$</bind></say>"
    );
    let own = switch.call("b", &["2", "#", "18723834#"]).await;
    assert_eq!(variable(&own, "PINWARD_RESULT"), Some("Success"), "{own}");
}

#[tokio::test]
async fn the_conference_of_the_dialplan_is_not_asked_for_and_the_audit_log_says_where_it_came_from()
{
    let flow = Settings {
        conference: AskConference::Required,
        ..Settings::default()
    };
    let switch = Switch::new(httapi(english(), flow)).await;
    let named = "&pinward_conference=4712";
    switch.told("a", named).await;
    let number = format!("&pinward_step=1&pinward_digits=51219%23{named}");
    switch.told("a", &number).await;
    let pin = format!("&pinward_step=2&pinward_digits={PIN}%23{named}");
    let admitted = switch.told("a", &pin).await;
    assert_eq!(
        variable(&admitted, "PINWARD_CONFERENCE"),
        Some("4712"),
        "{admitted}"
    );
    let kit = &switch.kit;
    let query = AuditQuery {
        action: Some("LogOn".to_owned()),
        ..AuditQuery::default()
    };
    let administrator = kit.administrator();
    let pages = kit.service.audit(&administrator, query);
    let mut pages = pages.expect("it may be seen");
    let page = pages.next().await.expect("a page");
    let found = page.first().expect("the logon");
    assert_eq!(found.client.as_deref(), Some("127.0.0.1 (fs1)"));
    assert_eq!(found.caller.as_deref(), Some("51219"));
    assert_eq!(found.called.as_deref(), Some("700"));
    assert_eq!(found.conference.as_deref(), Some("4712"));
}
