//! The real server over real HTTP, when something goes wrong: its end in the middle of logons, and clients that
//! do what they should not.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::channel;

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use serde_json::Value;

use crate::program::{Run, Sample};
use crate::server::Server;

const KEN: &str = "sip:kenmyer@litwareinc.com";
const PIN: &str = "18723834";

/// A sample in which Ken Myer has a PIN, and the key of a client that is trusted with reasons.
fn with_client() -> (Sample, String) {
    let sample = Sample::new();
    sample.run(&format!("Set-CsClientPin {KEN} {PIN}")).well();
    let mut command = sample.command();
    let arguments =
        "client add switchboard --rights trusted-logon --per-second 100000 --at-once 10000 --json";
    command.args(arguments.split(' '));
    let run: Run = command.output().expect("the program starts").into();
    let added: Value = serde_json::from_str(&run.well().out).expect("JSON");
    let key = added["key"].as_str().expect("the key").to_owned();
    (sample, key)
}

fn posted(key: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST /api/v1/logon HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// Ken Myer keys this PIN.
fn keyed(key: &str, pin: &str) -> String {
    posted(key, &format!("{{\"user\":\"{KEN}\",\"pin\":\"{pin}\"}}"))
}

/// The next answer on a connection that is kept, head and body; `None` where it broke off.
fn answer(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).expect("a head");
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length: "));
    let length = length.expect("its length").parse().expect("a number");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).expect("a body")))
}

/// Keys a PIN on a connection that is kept; the outcome or the code of the problem, where there was an answer.
fn outcome(stream: &mut TcpStream, request: &str) -> Option<String> {
    stream.write_all(request.as_bytes()).ok()?;
    let (_, body) = answer(stream)?;
    let body: Value = serde_json::from_str(&body).expect("JSON");
    let came = body["outcome"].as_str().or(body["code"].as_str());
    Some(came.expect("an outcome, or why there is none").to_owned())
}

// R-LOCK-10: a failure that was answered is never forgotten, and one that was not counts as one
#[test]
fn answered_failures_are_counted_after_a_kill() {
    const LIMIT: usize = 24;
    const CALLERS: usize = 4;
    const BEFORE: usize = 9;
    let (sample, key) = with_client();
    sample
        .run(&format!(
            "Set-CsPinPolicy -Identity global -MaximumLogonAttempts {LIMIT}"
        ))
        .well();
    let mut server = Server::on(&sample);
    let (wrong, answers) = channel();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (mut stream, wrong) = (server.connect(), wrong.clone());
            let request = keyed(&key, "99999999");
            std::thread::spawn(move || {
                while outcome(&mut stream, &request).is_some_and(|came| came == "IncorrectPin") {
                    // Whoever counts has enough.
                    let _counted = wrong.send(());
                }
            })
        })
        .collect();
    drop(wrong);
    for _ in 0..BEFORE {
        answers.recv().expect("the server answers");
    }
    server.signal(Signal::KILL);
    server.ended();
    for caller in callers {
        caller.join().expect("a caller");
    }
    let before = BEFORE + answers.iter().count();

    let server = Server::on(&sample);
    let mut stream = server.connect();
    let request = keyed(&key, "99999999");
    let mut after = 0;
    let last = loop {
        match outcome(&mut stream, &request).expect("an answer").as_str() {
            "IncorrectPin" => after += 1,
            other => break other.to_owned(),
        }
    };
    // Those that were not answered hold what is left until their lease is over: then nothing more is decided.
    assert!(["UserPinAccountLocked", "Busy"].contains(&&*last), "{last}");
    let all = before + after;
    // Each caller had one on its way at most.
    assert!((LIMIT - CALLERS..=LIMIT).contains(&all), "{before} {after}");
    // R-SEC-4: each answer has its record.
    drop(server);
    let mut verify = sample.command();
    let verified = verify.args(["audit", "verify"]).output();
    Run::from(verified.expect("the program starts")).well();
    let mut export = sample.command();
    let found = export
        .args(["audit", "export", "--format", "jsonl"])
        .output();
    let found = Run::from(found.expect("the program starts")).well().out;
    let recorded = found.matches("\"IncorrectPin\"").count();
    assert!(recorded >= all, "{recorded} of {all}");
}

#[test]
fn whoever_was_heard_before_the_end_is_answered() {
    const CALLERS: usize = 40;
    let (sample, key) = with_client();
    let mut server = Server::on(&sample);
    let mut callers: Vec<_> = (0..CALLERS).map(|_| server.connect()).collect();
    for stream in &mut callers {
        stream
            .write_all(keyed(&key, PIN).as_bytes())
            .expect("it reads");
    }
    server.signal(Signal::TERM);
    for stream in &mut callers {
        let (head, body) = answer(stream).expect("an answer");
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        assert!(body.starts_with("{\"success\":true"), "{body}");
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).expect("an orderly end");
        assert_eq!(rest, b"");
    }
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
    let log = server.log();
    assert!(log.contains("stopped") && !log.contains("WARN"), "{log}");
}

#[test]
fn clients_that_do_what_they_should_not_keep_nobody_from_logging_on() {
    let (sample, key) = with_client();
    let mut server = Server::with(&sample, "idle = \"1 second\"\nbody = \"1 second\"");
    let mut caller = server.connect();
    let logs_on = |caller: &mut TcpStream| {
        let came = outcome(caller, &keyed(&key, PIN));
        assert_eq!(came.as_deref(), Some("Success"));
    };
    let whole = keyed(&key, PIN);
    let half = &whole[..whole.len() - 10];
    let chunks = whole.replace("content-length: ", "transfer-encoding: chunked\r\nx: ");
    let long = posted(&key, &format!("{{\"user\":\"{}\"}}", "1".repeat(70_000)));
    let deep = posted(&key, &"[".repeat(60_000));
    for (sent, status) in [
        (half, "408 Request Timeout"),
        (&*chunks, "400 Bad Request"),
        (&*long, "413 Payload Too Large"),
        (&*deep, "400 Bad Request"),
        (&*posted(&key, "{\"user\":1}"), "400 Bad Request"),
        (&*posted(&key, "\0\u{1}\u{fffd}"), "400 Bad Request"),
        (&*whole.replace(&key, "pinward_00"), "401 Unauthorized"),
        (
            &*whole.replace("application/json", "text/plain"),
            "415 Unsupported Media Type",
        ),
        ("\0\u{16}\u{3}\u{1}\r\n\r\n", "400 Bad Request"),
        ("GET /api/v1/", ""),
        ("", ""),
    ] {
        let mut stream = server.connect();
        // It may answer before it has read everything.
        let _sent = stream.write_all(sent.as_bytes());
        logs_on(&mut caller);
        let mut came = Vec::new();
        // And close with what it did not read.
        let _reset = stream.read_to_end(&mut came);
        let came = String::from_utf8_lossy(&came);
        let begins = &sent[..sent.len().min(300)];
        let well = came.starts_with(&format!("HTTP/1.1 {status}")) || status.is_empty();
        assert!(
            well && came.is_empty() == status.is_empty(),
            "{begins:?}: {came}"
        );
        assert!(!came.contains(PIN), "{came}");
        // The server ends what is idle for so long, this connection too.
        caller = server.connect();
        logs_on(&mut caller);
    }
    // R-SEC-3
    assert!(!server.log().contains(PIN), "{}", server.log());
}

/// As many connections as the limit of open files lets a test have, 10,000 at most.
#[test]
fn ten_thousand_idle_connections_keep_nobody_from_logging_on() {
    const WANTED: u64 = 10_000;
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, most).expect("as many as allowed");
    let room = limit
        .maximum
        .map_or(WANTED, |most| most.saturating_sub(200));
    let connections = room.min(WANTED);
    let (sample, key) = with_client();
    let mut server = Server::with(
        &sample,
        "connections = 20000\nconnections_per_address = 20000\nidle = \"1 hour\"",
    );
    let alive = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut idle = Vec::new();
    for number in 0..connections {
        let mut stream = server.connect();
        // Every other one has asked something.
        if number % 2 == 0 {
            stream.write_all(alive.as_bytes()).expect("it reads");
            let (head, _) = answer(&mut stream).expect("an answer");
            assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        }
        idle.push(stream);
    }
    let came = outcome(&mut server.connect(), &keyed(&key, PIN));
    assert_eq!(
        came.as_deref(),
        Some("Success"),
        "{connections} connections"
    );
    // The first and the last one still are what they were.
    for place in [0, idle.len() - 1] {
        let stream = &mut idle[place];
        stream.write_all(alive.as_bytes()).expect("it reads");
        assert!(answer(stream).is_some_and(|(_, body)| body == "ok\n"));
    }
    server.signal(Signal::TERM);
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
}
