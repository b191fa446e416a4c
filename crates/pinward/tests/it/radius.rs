//! The RADIUS door of the real program.

use std::fs;
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use pinward_radius::codec::{Answer, Code, Packet, Secret, hide, kind};
use rustix::process::Signal;

use crate::program::{Run, Sample};
use crate::server::Server;

const SECRET: &str = "a secret that is long enough";

/// Writes the file of the secret with this mode.
pub fn secret_file(sample: &Sample, mode: u32) -> String {
    let path = sample.data().join("gateway.secret");
    write(&path, mode);
    path.display().to_string()
}

fn write(path: &Path, mode: u32) {
    fs::write(path, format!("{SECRET}\n")).expect("the secret");
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("its mode");
}

/// A signed Access-Request.
pub fn request(who: &str, pin: &str, number: u8) -> Vec<u8> {
    let secret = Secret::new(SECRET.as_bytes()).expect("a secret");
    let authenticator = [number; 16];
    let hidden = hide(&secret, &authenticator, pin.as_bytes()).expect("a PIN");
    let mut bare = vec![1, number, 0, 20];
    bare.extend(authenticator);
    // An answer is signed like a request, but for the authenticator in its header.
    let signed = Answer::new(Code::AccessRequest)
        .with(kind::USER_NAME, who.as_bytes())
        .with(kind::USER_PASSWORD, &hidden)
        .to(&Packet::parse(&bare).expect("a packet"), &secret);
    let mut signed = signed.expect("a packet");
    signed[4..20].copy_from_slice(&authenticator);
    signed
}

#[test]
fn it_answers_and_stops() {
    let sample = Sample::new();
    let set = "Set-CsClientPin \"litwareinc\\kenmyer\" -Pin 18723834";
    let set = sample
        .command()
        .args(["-c", set])
        .output()
        .expect("it runs");
    assert!(
        set.status.success(),
        "{}",
        String::from_utf8_lossy(&set.stderr)
    );
    let file = secret_file(&sample, 0o600);
    let mut server = Server::with(
        &sample,
        &format!(
            "listen = [\"http://127.0.0.1:0\"]\n[radius]\nlisten = [\"127.0.0.1:0\"]\n[[radius.client]]\nname = \"gateway\"\n\
             networks = [\"127.0.0.1\"]\nsecret_file = \"{file}\"\nreasons = true\n\
             require_message_authenticator = false\n\
             accept = [{{ attribute = 27, number = 60 }}, {{ attribute = 25, text = \"{{upn}}\" }}]\n"
        ),
    );
    let log = server.log().to_owned();
    assert!(
        log.contains("CVE-2024-3596"),
        "the exception is warned of: {log}"
    );
    let (_, rest) = log.split_once("udp://").expect("where it listens");
    let address = rest.split_whitespace().next().expect("an address");
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    socket.connect(address).expect("an address");
    let patience = Some(Duration::from_secs(30));
    socket.set_read_timeout(patience).expect("a time-out");
    for (number, (pin, code)) in [("18723834", 2), ("72940001", 3)].into_iter().enumerate() {
        let number = u8::try_from(number).expect("small");
        socket.send(&request("51219", pin, number)).expect("sent");
        let mut answer = [0; 4096];
        let length = socket.recv(&mut answer).expect("an answer");
        let answer = Packet::parse(&answer[..length]).expect("a packet");
        assert_eq!(answer.code().number(), code);
        let said = answer.first(kind::REPLY_MESSAGE).map(|said| said.text());
        assert_eq!(said.is_some(), code == 3, "{said:?}");
        let timeout = answer.first(kind::SESSION_TIMEOUT);
        assert_eq!(timeout.is_some(), code == 2);
    }
    // Whom it answers and what it tells them is read again; a request is answered all the while.
    let config = sample.data().join("pinward.toml");
    let text = fs::read_to_string(&config).expect("the configuration");
    let changed = text.replace("reasons = true", "reasons = false");
    fs::write(&config, changed).expect("the configuration");
    server.signal(Signal::HUP);
    let mut told = true;
    for number in 10..=u8::MAX {
        socket
            .send(&request("51219", "72940001", number))
            .expect("sent");
        let mut answer = [0; 4096];
        let length = socket.recv(&mut answer).expect("an answer");
        let answer = Packet::parse(&answer[..length]).expect("a packet");
        assert_eq!(answer.code().number(), 3);
        told = answer.first(kind::REPLY_MESSAGE).is_some();
        if !told {
            break;
        }
    }
    assert!(!told, "{}", server.log());
    server.signal(Signal::TERM);
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
    assert!(!server.log().contains(SECRET));
    assert!(!server.log().contains("18723834"));
}

#[test]
fn it_does_not_start_with_a_configuration_that_is_not_safe_or_not_clear() {
    let sample = Sample::new();
    let file = secret_file(&sample, 0o640);
    let open = sample.data().join("open.secret");
    write(&open, 0o644);
    let empty = sample.data().join("empty.secret");
    write(&empty, 0o600);
    fs::write(&empty, "\n").expect("an empty secret");
    let listen = "listen = [\"127.0.0.1:0\"]";
    let client = |rest: &str| {
        format!("{listen}\n[[radius.client]]\nname = \"a\"\nnetworks = [\"127.0.0.1\"]\n{rest}\n")
    };
    let good = format!("secret_file = \"{file}\"");
    for (config, says) in [
        (listen.to_owned(), "no [[radius.client]] may ask there"),
        (
            "listen = [\"localhost\"]".to_owned(),
            "is no place to listen at",
        ),
        (client(""), "cannot prove who it is"),
        (client("secret = \"x\""), "there is no key `secret`"),
        (
            client(&format!("secret_file = \"{}\"", open.display())),
            "by everybody",
        ),
        (
            client(&format!("secret_file = \"{}\"", empty.display())),
            "its secret is empty",
        ),
        (client("secret_file = \"/nowhere\""), "cannot read /nowhere"),
        (
            client("secret_env = \"PINWARD_NO_SUCH\""),
            "no variable PINWARD_NO_SUCH",
        ),
        (
            client(&format!("{good}\nsecret_env = \"X\"")),
            "both secret_file and secret_env",
        ),
        (client(&format!("{good}\nnetworks = []")), "duplicate key"),
        (
            client("certificate_name = \"no name\""),
            "is no name of a host",
        ),
        (
            client(&format!(
                "{good}\naccept = [{{ attribute = 80, text = \"x\" }}]"
            )),
            "attribute 80 is set by the server itself",
        ),
        (
            client(&format!(
                "{good}\naccept = [{{ attribute = 25, text = \"{{pin}}\" }}]"
            )),
            "{pin} stands for nothing",
        ),
        (
            client(&format!("{good}\naccept = [{{ attribute = 25 }}]")),
            "needs either text or number",
        ),
        (
            format!("{}{}", client(&good), &client(&good)[listen.len()..]),
            "two clients are called",
        ),
        (
            format!(
                "{}{}",
                client(&good),
                &client(&good)[listen.len()..].replace("\"a\"", "\"b\"")
            ),
            "which of them asks could not be told",
        ),
        (
            format!("tls_listen = [\"127.0.0.1:0\"]\n{}", client(&good)),
            "tls_listen needs certificate, key and client_authority",
        ),
    ] {
        let path = sample.data().join("pinward.toml");
        fs::write(path, format!("[radius]\n{config}")).expect("the configuration");
        let run = sample.command().arg("serve").output();
        let run = Run::from(run.expect("the program starts"));
        assert_eq!(run.code, Some(1), "{config}: {run:?}");
        assert!(run.err.contains(says), "{config}: {}", run.err);
    }
}

#[test]
fn limits_of_guessing_are_checked() {
    let sample = Sample::new();
    for (config, says) in [
        (
            "caller_failures = 1000001",
            "caller_failures is 1000001; it goes from 0 to 1000000",
        ),
        ("client_failures_per_hour = 0", "it goes from 1 to 1000000"),
        ("spraying_minutes = 1441", "it goes from 1 to 1440"),
        ("spraying = 3", "there is no key `spraying`"),
    ] {
        let path = sample.data().join("pinward.toml");
        fs::write(path, format!("[guessing]\n{config}\n")).expect("the configuration");
        let run = sample.command().args(["-c", "Get-CsPinPolicy"]).output();
        let run = Run::from(run.expect("the program starts"));
        assert_eq!(run.code, Some(1), "{config}: {run:?}");
        assert!(run.err.contains(says), "{config}: {}", run.err);
    }
}
