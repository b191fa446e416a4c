//! `pinward.toml`: how it is made, checked, and read again.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use rustix::process::Signal;

use crate::program::{Run, Sample};
use crate::server::Server;

fn run(sample: &Sample, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = sample.command();
    let command = command.args(arguments).envs(variables.iter().copied());
    command.output().expect("the program starts").into()
}

fn configure(sample: &Sample, text: &str) {
    fs::write(sample.data().join("pinward.toml"), text).expect("the configuration");
}

#[test]
fn a_commented_configuration_is_written_once() {
    let sample = Sample::new();
    let told = run(&sample, &["init", "--config"], &[]).well().out;
    assert!(told.contains("pinward.toml holds every key"), "{told}");
    let text = fs::read_to_string(sample.data().join("pinward.toml")).expect("the file");
    assert!(
        text.contains("#listen = [\"http://127.0.0.1:8080\"]\n"),
        "{text}"
    );
    let checked = run(&sample, &["check-config"], &[]).well().out;
    assert!(checked.ends_with("pinward.toml can be used\n"), "{checked}");
    let again = run(&sample, &["init", "--config"], &[]);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.err.contains("cannot make"), "{again:?}");
    let data = sample.everything().join("other");
    let data = data.to_str().expect("a path");
    let made = run(&sample, &["init", "--config", "--data", data], &[])
        .well()
        .out;
    assert!(
        made.contains("is ready") && made.contains("holds every key"),
        "{made}"
    );
}

#[test]
fn everything_that_is_wrong_is_named() {
    let sample = Sample::new();
    let none = run(&sample, &["check-config"], &[]).well().out;
    assert!(none.starts_with("there is no "), "{none}");
    for (text, variables, says) in [
        (
            "[server]\nlisten = []\n[sync]\ndisable_percent = 101\n[hash]\npasses = 1\n",
            &[][..],
            &[
                "name a place to listen at",
                "disable_percent is 101",
                "[hash]",
            ][..],
        ),
        (
            "[sever]\n",
            &[],
            &[
                "pinward.toml cannot be used",
                "line 1",
                "is `server` meant?",
            ],
        ),
        (
            "[server]\nstop = \"soon\"\n",
            &[],
            &["line 2", "is no length of time"],
        ),
        (
            "[server]\ncertificate = \"none.pem\"\nkey = \"none.pem\"\n",
            &[],
            &["cannot read none.pem"],
        ),
        (
            "[server]\nkey = \"none.pem\"\n",
            &[],
            &["one of them is missing"],
        ),
        (
            "[metrics]\nlisten = [\"https://127.0.0.1:1\"]\n",
            &[],
            &["would need TLS"],
        ),
        (
            "[httapi]\npassword_file = \"none.password\"\n",
            &[],
            &["[httapi] password_file", "cannot read none.password"],
        ),
        (
            "[hooks]\ntoken_file = \"none.token\"\n[server]\npublic_url = \"https://pins.litwareinc.com\"\n\
             [attendant]\nconference = \"required\"\n",
            &[],
            &["[hooks] token_file", "cannot read none.token"],
        ),
        ("[log]\nlevel = \"loud\"\n", &[], &["line 2", "`debug`"]),
        (
            "[traces]\nendpoint = \"http://otel-collector:4318\"\n",
            &[],
            &["[traces]", "others could read", "plain_http = true"],
        ),
        (
            "[traces]\nendpoint = \"127.0.0.1:4318\"\n",
            &[],
            &["[traces]", "endpoint", "is no address of a collector"],
        ),
        (
            "[traces]\nendpoint = \"https://me:secret@otel.litwareinc.com\"\n",
            &[],
            &["[traces]", "headers_file"],
        ),
        (
            "[traces]\nendpoint = \"https://127.0.0.1:1\"\nca_file = \"none.pem\"\n",
            &[],
            &["[traces]", "ca_file", "none.pem"],
        ),
        (
            "[traces]\nendpoint = \"http://127.0.0.1:1\"\nheaders_file = \"none.headers\"\n",
            &[],
            &["[traces]", "headers_file", "cannot read none.headers"],
        ),
        (
            "[traces]\nsample_ratio = 1.5\n",
            &[],
            &["[traces]", "sample_ratio is 1.5"],
        ),
        (
            "[traces]\nsample_ratio = nan\n",
            &[],
            &["sample_ratio is NaN"],
        ),
        ("[traces]\nqueue = 0\n", &[], &["queue is 0"]),
        ("[traces]\nevery = \"2 minutes\"\n", &[], &["every is 120s"]),
        (
            "[traces]\nservice_name = \"\"\n",
            &[],
            &["service_name is empty"],
        ),
        (
            "[traces]\nendpont = \"x\"\n",
            &[],
            &["line 2", "is `endpoint` meant?"],
        ),
        (
            "",
            &[("PINWARD__TRACES__ENDPOINT", "http://10.0.0.7:4318")],
            &["[traces]", "others could read"],
        ),
        (
            "",
            &[("PINWARD__SERVER__LISEN", "x")],
            &["PINWARD__SERVER__LISEN", "is `listen` meant?"],
        ),
    ] {
        configure(&sample, text);
        let run = run(&sample, &["check-config"], variables);
        assert_eq!(run.code, Some(1), "{text}: {run:?}");
        for says in says {
            assert!(run.err.contains(says), "{text}: {says}: {}", run.err);
        }
    }
    let other = sample.everything().join("new.toml");
    fs::write(&other, "[server]\nstop = \"10 seconds\"\n").expect("a file");
    let other = other.to_str().expect("a path");
    run(&sample, &["check-config", other], &[]).well();
}

/// Where nobody listens, for the lines of a configuration that must not be in force.
const OPEN: &str = "[server]\nlisten = [\"http://0.0.0.0:0\"]\n";

#[test]
fn a_new_configuration_is_taken_over_and_a_bad_one_is_not() {
    let sample = Sample::new();
    let mut server = Server::on(&sample);
    assert!(!server.log().contains("answered"));
    let usual = "[server]\nlisten = [\"127.0.0.1:0\"]\n";

    configure(&sample, &format!("{usual}[log]\nlevel = \"debug\"\n"));
    server.signal(Signal::HUP);
    server.log_until("the configuration was read again");
    server.get("/healthz");
    let line = server.log_until("answered");
    assert!(
        line.contains("route=\"/healthz\"") && line.contains("status=200"),
        "{line}"
    );

    configure(&sample, OPEN);
    server.signal(Signal::HUP);
    let line = server.log_until("is not used");
    assert!(line.contains("could read the PINs"), "{line}");
    let alive = server.get("/healthz");
    assert!(alive.starts_with("HTTP/1.1 200 OK\r\n"), "{alive}");

    // A secret that everybody could read is not used either, nor is anything that comes with it.
    let password = sample.everything().join("httapi.password");
    fs::write(&password, "4fK-long enough\n").expect("the password");
    fs::set_permissions(&password, Permissions::from_mode(0o644)).expect("its mode");
    let file = password.display();
    let with_secret = format!("{usual}[httapi]\npassword_file = \"{file}\"\n");
    configure(&sample, &with_secret);
    server.signal(Signal::HUP);
    let line = server.log_until("is not used");
    assert!(line.contains("[httapi] password_file"), "{line}");

    configure(&sample, &usual.replace(":0", ":1"));
    server.signal(Signal::HUP);
    server.log_until("it is read at the next start");
    server.signal(Signal::TERM);
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
}

#[test]
fn the_log_can_be_read_by_programs() {
    let mut server = Server::with(&Sample::new(), "[log]\nformat = \"json\"\n");
    for line in server.log().lines() {
        let told: serde_json::Value = serde_json::from_str(line).expect(line);
        assert!(
            told["level"].is_string() && told["message"].is_string(),
            "{line}"
        );
    }
}
