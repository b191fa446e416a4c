//! `pinward serve` as those meet it who start, watch and stop it.

use std::fs;

use rustix::process::Signal;

use crate::program::{Run, Sample};
use crate::server::Server;

#[test]
fn it_serves_until_it_is_told_to_stop() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut server = Server::on(&Sample::new());
        let alive = server.get("/healthz");
        assert!(alive.starts_with("HTTP/1.1 200 OK\r\n"), "{alive}");
        assert!(alive.ends_with("\r\n\r\nok\n"), "{alive}");
        let ready = server.get("/readyz");
        assert!(ready.starts_with("HTTP/1.1 200 OK\r\n"), "{ready}");
        server.signal(signal);
        assert_eq!(server.ended().code(), Some(0), "{}", server.log());
        assert!(server.log().contains("stopped"), "{}", server.log());
    }
}

#[test]
fn it_serves_on_while_load_balancers_notice_its_end() {
    let mut server = Server::with(&Sample::new(), "leave = \"5 minutes\"");
    server.signal(Signal::TERM);
    server.log_until("not ready any more");
    for (path, status) in [("/readyz", 503), ("/healthz", 200)] {
        let answer = server.get(path);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
    server.signal(Signal::TERM);
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
}

#[test]
fn it_serves_on_with_what_it_is_told_meanwhile() {
    let sample = Sample::new();
    let mut server = Server::with(&sample, "leave = \"5 minutes\"");
    server.signal(Signal::TERM);
    server.log_until("not ready any more");
    server.signal(Signal::HUP);
    server.log_until("the configuration was read again");
    server.signal(Signal::INT);
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
}

// R-SEC-2
#[test]
fn it_notices_a_new_key() {
    let sample = Sample::new();
    let mut server = Server::on(&sample);
    let rotated = sample.command().args(["key", "rotate"]).output();
    let said = Run::from(rotated.expect("the program starts")).well().out;
    let id = said
        .split("key ")
        .nth(1)
        .and_then(|rest| rest.split(';').next());
    server.signal(Signal::HUP);
    let line = server.log_until("the keys were changed");
    assert!(line.contains(id.expect("the key")), "{line}: {said}");
    server.signal(Signal::TERM);
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
}

#[test]
fn it_does_not_start_with_a_configuration_that_lets_others_listen() {
    let sample = Sample::new();
    for (config, says) in [
        ("listen = [\"http://0.0.0.0:0\"]", "could read the PINs"),
        ("listen = [\"https://127.0.0.1:0\"]", "needs a certificate"),
        ("listen = [\"localhost\"]", "is no place to listen at"),
        ("listen = []", "name a place"),
        ("trusted_proxies = [\"10.0.0.1/8\"]", "Write 10.0.0.0/8"),
        ("public_url = \"pins.litwareinc.com\"", "the scheme"),
        ("stop = \"2 hours\"", "up to 1 hour"),
        ("leave = \"6 minutes\"", "up to 5 minutes"),
        ("idle = \"0 seconds\"", "from 1 second to 1 hour"),
        ("connections = 0", "from 1 to"),
    ] {
        fs::write(
            sample.data().join("pinward.toml"),
            format!("[server]\n{config}\n"),
        )
        .expect("the configuration");
        let run = sample.command().arg("serve").output();
        let run = Run::from(run.expect("the program starts"));
        assert_eq!(run.code, Some(1), "{config}: {run:?}");
        assert!(run.err.contains(says), "{config}: {}", run.err);
    }
}

#[test]
fn it_serves_while_the_files_of_a_directory_cannot_be_read() {
    let sample = Sample::new();
    let config = "[[directory]]\nname = \"staff\"\npreset = \"openldap\"\n\
                  servers = [\"ldaps://127.0.0.1:1\"]\naccept_any_certificate = true\n\
                  bind_name = \"cn=pinward,dc=try\"\npassword_file = \"staff.password\"\n\
                  bases = [\"dc=try\"]\n[sync]\nevery = \"never\"\n";
    let with_ca = config.replace("accept_any_certificate = true", "ca_file = \"missing.pem\"");
    for (config, missing) in [(config, "staff.password"), (&with_ca, "missing.pem")] {
        let mut server = Server::with(&sample, config);
        let alive = server.get("/healthz");
        assert!(alive.starts_with("HTTP/1.1 200 OK\r\n"), "{alive}");
        let says = "nobody of this directory can sign in";
        let log = server.log();
        assert!(log.contains(says) && log.contains(missing), "{log}");
        assert!(log.contains("staff"), "{log}");
        server.signal(Signal::HUP);
        server.log_until(says);
        server.signal(Signal::TERM);
        assert_eq!(server.ended().code(), Some(0), "{}", server.log());
    }
}
