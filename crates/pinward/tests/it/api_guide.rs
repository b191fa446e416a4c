//! The requests of `docs/api.md`, run as they stand there against the real server.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::program::{Run, Sample};
use crate::server::Server;

/// Stands for any text.
const ANYTHING: &str = "…";

/// Whether everything that is expected is there, and as it is expected.
fn holds(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::String(text), found) if text == ANYTHING => found.is_string(),
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .all(|(name, value)| found.get(name).is_some_and(|found| holds(value, found))),
        (Value::Array(expected), Value::Array(found)) => {
            let same = expected.len() == found.len();
            same && expected
                .iter()
                .zip(found)
                .all(|(one, other)| holds(one, other))
        }
        (expected, found) => expected == found,
    }
}

/// The blocks of the guide: a request and the answer that it shows.
fn requests(guide: &str) -> Vec<(String, Value)> {
    let block = |text: &str| text.split("\n```").next().expect("its end").to_owned();
    guide
        .split("```sh\n")
        .skip(1)
        .map(|rest| {
            let (_, answer) = rest.split_once("```json\n").expect("its answer");
            let answer = serde_json::from_str(&block(answer)).expect("JSON");
            (block(rest), answer)
        })
        .collect()
}

/// What an assertion says.
fn claims(assertion: &str) -> Value {
    let claims = assertion.split('.').nth(1).expect("claims");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64url");
    serde_json::from_slice(&claims).expect("JSON")
}

#[test]
fn the_guide_says_what_the_server_answers() {
    let sample = Sample::new();
    let key = |name: &str, rights: &str| {
        let mut command = sample.command();
        command.args(["client", "add", name, "--rights", rights, "--json"]);
        let run: Run = command.output().expect("the program starts").into();
        let added: Value = serde_json::from_str(&run.well().out).expect("JSON");
        added["key"].as_str().expect("the key").to_owned()
    };
    let switchboard = key("switchboard", "trusted-logon");
    let portal = key("portal", "role:CsAdministrator");
    let mut server = Server::on(&sample);
    let guide = include_str!("../../../../docs/api.md");
    let requests = requests(guide);
    assert!(requests.len() > 10, "{}", requests.len());
    let mut asserted = Vec::new();
    for (request, expected) in requests {
        let output = Command::new("bash")
            .args(["-ec", &request])
            .env("PINWARD", format!("http://{}", server.address))
            .env("SWITCHBOARD", &switchboard)
            .env("PORTAL", &portal)
            .output()
            .expect("bash");
        let found: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{request}\n{error}: {output:?}"));
        assert!(holds(&expected, &found), "{request}\n{found:#}");
        if let Some(assertion) = found["assertion"].as_str() {
            asserted.push(claims(assertion));
        }
    }
    let shown: Vec<Value> = guide
        .split("```json claims\n")
        .skip(1)
        .map(|rest| serde_json::from_str(rest.split("\n```").next().expect("its end")))
        .collect::<Result<_, _>>()
        .expect("JSON");
    assert!(holds(&Value::Array(shown), &Value::Array(asserted)));
    // R-SEC-3: neither a PIN nor a key is in the log.
    for secret in ["18723834", "99999999", &switchboard, &portal] {
        assert!(!server.log().contains(secret), "{}", server.log());
    }
}
