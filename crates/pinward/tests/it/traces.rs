//! Traces, as an OpenTelemetry collector gets them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use rustix::process::Signal;

use crate::collector::{Collector, Request, Sent, attribute, spans};
use crate::program::{Run, Sample};
use crate::radius::{request as access_request, secret_file};
use crate::server::Server;

const PIN: &str = "8305926417";
const WRONG: &str = "7294063158";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";
const TOKEN: &str = "a-token-for-the-collector";

/// The sample company, in which Ken has a PIN.
fn sample() -> Sample {
    let sample = Sample::new();
    let set = format!("Set-CsClientPin litwareinc\\kenmyer {PIN} | Out-Null");
    sample.run(&set).well();
    sample
}

/// The key of a new client.
fn key(sample: &Sample, name: &str) -> String {
    let mut command = sample.command();
    command.args(["client", "add", name, "--rights", "trusted-logon", "--json"]);
    let run: Run = command.output().expect("the program starts").into();
    let added: serde_json::Value = serde_json::from_str(&run.well().out).expect("JSON");
    added["key"].as_str().expect("the key").to_owned()
}

fn log_on(server: &Server, key: &str, user: &str, pin: &str, more: &str) -> String {
    let body = format!(
        "{{\"user\":\"{user}\",\"pin\":\"{pin}\",\"caller\":\"+14255550177\",\"conference\":\"771188\"}}"
    );
    let length = body.len();
    server.ask(&format!(
        "POST /api/v1/logon HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {key}\r\nconnection: close\r\n{more}\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
}

/// Stops a server; what the collector has got by then.
fn stopped(mut server: Server, collector: &Collector) -> Vec<Request> {
    server.signal(Signal::TERM);
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
    collector.taken()
}

/// One call of an Asterisk whose caller keys this.
fn call(log: &str, keyed: [&str; 2]) {
    let (_, rest) = log.split_once("agi://").expect("where it listens");
    let address = rest.split_whitespace().next().expect("an address");
    let mut stream = TcpStream::connect(address).expect("it accepts");
    let greeting =
        "agi_uniqueid: 1700000000.42\nagi_callerid: 14255550177\nagi_extension: 7000\n\n";
    stream.write_all(greeting.as_bytes()).expect("it reads");
    let mut keyed = keyed.into_iter();
    let reader = BufReader::new(stream.try_clone().expect("a stream"));
    for line in reader.lines().map_while(Result::ok) {
        let answer = match line.split_whitespace().next() {
            Some("GET") => format!("200 result={}\n", keyed.next().unwrap_or_default()),
            Some("STREAM") => "200 result=0 endpos=8000\n".to_owned(),
            _ => "200 result=1\n".to_owned(),
        };
        stream.write_all(answer.as_bytes()).expect("it reads");
    }
}

fn named<'a>(all: &'a [Sent], name: &str) -> Vec<&'a Sent> {
    all.iter().filter(|sent| sent.span.name == name).collect()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

// R-SEC-3
#[test]
fn a_collector_gets_every_way_in_and_learns_of_nobody() {
    let sample = sample();
    let collector = Collector::new();
    let headers = sample.data().join("collector.headers");
    fs::write(&headers, format!("Authorization=Bearer%20{TOKEN}\n")).expect("the headers");
    fs::set_permissions(&headers, fs::Permissions::from_mode(0o600)).expect("their mode");
    let (headers, secret) = (headers.display(), secret_file(&sample, 0o600));
    let mut server = Server::with(
        &sample,
        &format!(
            "listen = [\"http://127.0.0.1:0\"]\n[log]\nlevel = \"debug\"\n[traces]\nendpoint = \"http://{}\"\n\
             headers_file = \"{headers}\"\nattributes = {{ \"deployment.environment.name\" = \"test\" }}\n\
             [fastagi]\nlisten = \"127.0.0.1:0\"\n[radius]\nlisten = [\"127.0.0.1:0\"]\n[[radius.client]]\n\
             name = \"gateway\"\nnetworks = [\"127.0.0.1\"]\nsecret_file = \"{secret}\"\n",
            collector.address
        ),
    );
    let key = key(&sample, "switchboard");
    let parent = format!("traceparent: 00-{TRACE}-{PARENT}-01\r\ntracestate: pin={PIN}\r\n");
    let right = log_on(&server, &key, "51219", PIN, &parent);
    assert!(right.contains("\"success\":true"), "{right}");
    for (user, pin) in [
        ("51219", WRONG),
        (WRONG, PIN),
        ("kenmyer@litwareinc.com", WRONG),
    ] {
        let wrong = log_on(&server, &key, user, pin, "");
        assert!(wrong.contains("\"success\":false"), "{wrong}");
    }
    for path in [
        format!("/{PIN}"),
        format!("/readyz?pin={PIN}"),
        format!("/api/v1/users/{PIN}"),
    ] {
        server.get(&path);
    }
    server.ask(&format!(
        "{PIN} / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n"
    ));
    call(server.log(), ["51219", PIN]);
    let log = server.log().to_owned();
    let (_, rest) = log.split_once("udp://").expect("where it listens");
    let address = rest.split_whitespace().next().expect("an address");
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let patience = Some(Duration::from_secs(30));
    socket.set_read_timeout(patience).expect("a time-out");
    let packet = access_request("51219", PIN, 7);
    socket.send_to(&packet, address).expect("sent");
    socket.recv(&mut [0; 4096]).expect("an answer");

    let taken = stopped(server, &collector);
    let all = spans(&taken);
    for request in &taken {
        assert!(
            request.head.starts_with("POST /v1/traces HTTP/1.1\r\n"),
            "{}",
            request.head
        );
        let token = format!("authorization: Bearer {TOKEN}\r\n");
        assert!(request.head.contains(&token), "{}", request.head);
        let seen = String::from_utf8_lossy(&request.body).to_lowercase();
        for secret in [
            PIN,
            WRONG,
            "51219",
            "kenmyer",
            "ken myer",
            "litware",
            "4255550177",
            "771188",
            "1700000000.42",
            TOKEN,
            &key,
        ] {
            assert!(!seen.contains(&secret.to_lowercase()), "{secret} was sent");
        }
    }
    tells_of_http(&all);
    for (name, client, answer, value) in [
        (
            "Access-Request",
            "gateway",
            "pinward.answer",
            "Access-Accept",
        ),
        ("call", "127.0.0.1", "pinward.outcome", "Success"),
    ] {
        let [request] = named(&all, name)[..] else {
            panic!("one {name}: {all:#?}");
        };
        assert_eq!(request.says("pinward.client"), client);
        assert_eq!(request.says(answer), value);
        let [logon] = request.children(&all)[..] else {
            panic!("one logon within {name}: {all:#?}");
        };
        assert_eq!(logon.says("pinward.outcome"), "Success");
    }
    let service = &all[0].service;
    assert_eq!(attribute(service, "service.name"), "pinward");
    assert_eq!(attribute(service, "deployment.environment.name"), "test");
}

fn tells_of_http(all: &[Sent]) {
    let requests = named(all, "POST /api/v1/logon");
    assert_eq!(requests.len(), 4, "{all:#?}");
    let [followed] = requests
        .iter()
        .filter(|sent| hex(&sent.span.trace_id) == TRACE)
        .collect::<Vec<_>>()[..]
    else {
        panic!("one goes on with the trace of the client: {all:#?}");
    };
    assert_eq!(hex(&followed.span.parent_span_id), PARENT);
    assert_eq!(followed.span.trace_state, "");
    for (key, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/api/v1/logon"),
        ("http.response.status_code", "200"),
        ("pinward.client", "switchboard"),
    ] {
        assert_eq!(followed.says(key), value, "{key}");
    }
    let [logon] = followed.children(all)[..] else {
        panic!("one logon: {all:#?}");
    };
    assert_eq!(logon.span.name, "logon");
    assert_eq!(logon.says("pinward.door"), "http");
    assert_eq!(logon.says("pinward.outcome"), "Success");
    assert!(logon.says("pinward.client").starts_with("switchboard ("));
    let steps: BTreeSet<&str> = logon
        .children(all)
        .iter()
        .map(|step| step.span.name.as_str())
        .collect();
    assert_eq!(steps, BTreeSet::from(["find", "charge", "hash", "settle"]));
    // An address that nobody has is no route, and probes are no news.
    assert_eq!(named(all, "GET").len(), 1, "{all:#?}");
    assert_eq!(named(all, "GET /api/v1/users/{user}").len(), 1, "{all:#?}");
    let names: Vec<&str> = all.iter().map(|sent| sent.span.name.as_str()).collect();
    assert!(
        !names.iter().any(|name| name.contains("readyz")),
        "{names:?}"
    );
}

#[test]
fn a_collector_that_is_away_or_slow_holds_up_nobody() {
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
    let away = nobody.local_addr().expect("an address");
    drop(nobody);
    // Accepts by the system alone, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let slow = silent.local_addr().expect("an address");
    for (address, why) in [(away, "refused"), (slow, "it took longer than 1s")] {
        let sample = sample();
        let key = key(&sample, "switchboard");
        let config = format!(
            "[traces]\nendpoint = \"http://{address}\"\nevery = \"1 second\"\ntimeout = \"1 second\"\nqueue = 4\n"
        );
        let mut server = Server::with(&sample, &config);
        for _ in 0..8 {
            let answer = log_on(&server, &key, "51219", PIN, "");
            assert!(answer.contains("\"success\":true"), "{answer}");
        }
        let told = server.log_until("the collector takes no traces now");
        assert!(told.to_lowercase().contains(why), "{told}");
        server.signal(Signal::TERM);
        assert_eq!(server.ended().code(), Some(0), "{}", server.log());
        let log = server.log();
        assert_eq!(
            log.matches("the collector takes no traces").count(),
            1,
            "{log}"
        );
        for reason in ["QueueFull", "Unreachable"] {
            assert!(log.contains(&format!("reason=\"{reason}\"")), "{log}");
        }
    }
}

#[test]
fn what_is_lost_and_what_was_taken_is_counted() {
    let sample = sample();
    let collector = Collector::new();
    let config = format!(
        "[traces]\nendpoint = \"http://{}\"\nevery = \"1 second\"\n[metrics]\nlisten = [\"http://127.0.0.1:0\"]\n",
        collector.address
    );
    let mut server = Server::with(&sample, &config);
    server.get("/");
    let log = server.log().to_owned();
    let (_, rest) = log.split_once("metrics at http://").expect("where");
    let address = rest.split('/').next().expect("an address");
    let request = format!("GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    loop {
        let mut stream = TcpStream::connect(address).expect("it accepts");
        stream.write_all(request.as_bytes()).expect("it reads");
        let page = BufReader::new(stream).lines().map_while(Result::ok);
        let page: Vec<String> = page.collect();
        let none = "pinward_spans_dropped_total{reason=\"Unreachable\"} 0".to_owned();
        assert!(page.contains(&none), "{page:?}");
        // It is sent beside: within a second or so.
        if page.contains(&"pinward_spans_exported_total 1".to_owned()) {
            break;
        }
        let before = "pinward_spans_exported_total 0".to_owned();
        assert!(page.contains(&before), "{page:?}");
    }
    assert_eq!(spans(&stopped(server, &collector)).len(), 1);
}

#[test]
fn nothing_is_sent_that_nobody_wants() {
    let sample = sample();
    let key = key(&sample, "switchboard");
    let recorded = format!("traceparent: 00-{TRACE}-{PARENT}-01\r\n");
    let unrecorded = format!("traceparent: 00-{TRACE}-{PARENT}-00\r\n");
    for (ratio, follow, more, sends) in [
        ("0.0", true, "", false),
        ("0", true, &*recorded, true),
        ("0", false, &recorded, false),
        ("1", true, &unrecorded, false),
        ("1", false, &unrecorded, true),
    ] {
        let collector = Collector::new();
        let config = format!(
            "[traces]\nendpoint = \"http://{}\"\nsample_ratio = {ratio}\nfollow_callers = {follow}\n",
            collector.address
        );
        let server = Server::with(&sample, &config);
        let answer = log_on(&server, &key, "51219", PIN, more);
        assert!(answer.contains("\"success\":true"), "{answer}");
        let taken = stopped(server, &collector);
        assert_eq!(!taken.is_empty(), sends, "{config}{more}");
        let followed = spans(&taken)
            .iter()
            .any(|sent| hex(&sent.span.trace_id) == TRACE);
        assert_eq!(followed, sends && follow, "{config}{more}");
    }
}

#[test]
fn another_collector_is_taken_over_without_a_restart() {
    let sample = sample();
    let [before, after] = [Collector::new(), Collector::new()];
    let config = |collector: &Collector| {
        format!(
            "listen = [\"127.0.0.1:0\"]\n[traces]\nendpoint = \"http://{}\"\n",
            collector.address
        )
    };
    let mut server = Server::with(&sample, &config(&before));
    let changed = format!("[server]\n{}service_name = \"other\"\n", config(&after));
    fs::write(sample.data().join("pinward.toml"), changed).expect("the configuration");
    server.signal(Signal::HUP);
    server.log_until("[traces] has changed");
    server.get("/");
    let taken = stopped(server, &after);
    let all = spans(&taken);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(attribute(&all[0].service, "service.name"), "pinward");
    assert!(before.taken().is_empty());
}
