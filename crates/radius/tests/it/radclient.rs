//! radclient and radtest of FreeRADIUS against the door.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use pinward_radius::{Client, Dropped, Shared};

use crate::server::{KEN_EXTENSION, KEN_SIP, PIN, SECRET, Server, WRONG, client, secret};

const RADCLIENT: &str = "/usr/bin/radclient";

/// Whether radclient is there. Where tests have to be complete (`CI` is set) it must be.
fn is_there() -> bool {
    let there = Path::new(RADCLIENT).exists();
    assert!(
        there || std::env::var_os("CI").is_none(),
        "radclient is missing: apt-get install freeradius-utils"
    );
    if !there {
        eprintln!("SKIPPED: radclient is not installed (apt-get install freeradius-utils)");
    }
    there
}

struct Ran {
    accepted: bool,
    told: String,
}

/// Runs radclient with these attributes on its standard input.
async fn radclient(server: &Server, options: &[&str], secret: &str, input: &str) -> Ran {
    let mut command = Command::new(RADCLIENT);
    command
        .args(options)
        .args([&server.address.to_string(), "auth", secret]);
    let input = input.to_owned();
    let run = move || -> Output {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        child.wait_with_output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    Ran {
        accepted: output.status.success(),
        told: String::from_utf8_lossy(&both).into_owned(),
    }
}

const SIGNED: &str = ",Message-Authenticator=0x00";
/// One try, for as long as any answer takes.
const ONCE: [&str; 5] = ["-x", "-r", "1", "-t", "20"];
/// One try, for what is not answered.
const SHORTLY: [&str; 5] = ["-x", "-r", "1", "-t", "1"];

fn asks(who: &str, pin: &str, more: &str) -> String {
    format!("User-Name=\"{who}\",User-Password=\"{pin}\"{more}\n")
}

#[tokio::test]
async fn accept_and_reject() {
    if !is_there() {
        return;
    }
    let server = Server::of(vec![client()]).await;
    let ran = radclient(&server, &ONCE, SECRET, &asks(KEN_EXTENSION, PIN, SIGNED)).await;
    assert!(ran.accepted, "{}", ran.told);
    assert!(ran.told.contains("Received Access-Accept"), "{}", ran.told);
    assert!(
        ran.told.contains(&format!("User-Name = \"{KEN_SIP}\"")),
        "{}",
        ran.told
    );
    assert!(
        ran.told
            .contains("h323-return-code = \"h323-return-code=0\""),
        "{}",
        ran.told
    );
    let ran = radclient(&server, &ONCE, SECRET, &asks(KEN_EXTENSION, WRONG, SIGNED)).await;
    assert!(!ran.accepted, "{}", ran.told);
    assert!(ran.told.contains("Received Access-Reject"), "{}", ran.told);
    assert!(
        ran.told.contains("Reply-Message = \"IncorrectPin: "),
        "{}",
        ran.told
    );
    assert!(
        ran.told
            .contains("h323-return-code = \"h323-return-code=2\""),
        "{}",
        ran.told
    );
    assert_eq!(server.failures().await, (1, 1));
}

#[tokio::test]
async fn radtest_accept_and_reject() {
    if !is_there() {
        return;
    }
    let server = Server::of(vec![client()]).await;
    for (pin, told) in [
        (PIN, "Received Access-Accept"),
        (WRONG, "Received Access-Reject"),
    ] {
        let mut radtest = Command::new("/usr/bin/radtest");
        let address = server.address.to_string();
        radtest.args([KEN_EXTENSION, pin, &address, "7", SECRET, "", "127.0.0.1"]);
        let output = tokio::task::spawn_blocking(move || radtest.output().unwrap());
        let output = output.await.unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(told), "{text}");
        assert!(text.contains("Message-Authenticator = 0x"), "{text}");
    }
    assert_eq!(server.failures().await, (1, 1));
}

#[tokio::test]
async fn another_secret_is_not_answered() {
    if !is_there() {
        return;
    }
    let server = Server::of(vec![client()]).await;
    let ran = radclient(
        &server,
        &SHORTLY,
        "testing124",
        &asks(KEN_EXTENSION, PIN, SIGNED),
    )
    .await;
    assert!(!ran.accepted, "{}", ran.told);
    assert!(ran.told.contains("No reply from server"), "{}", ran.told);
    assert_eq!(server.dropped(Dropped::WrongSignature), 1);
    assert_eq!(server.failures().await, (0, 0));
}

#[tokio::test]
async fn without_message_authenticator() {
    if !is_there() {
        return;
    }
    let server = Server::of(vec![client()]).await;
    let ran = radclient(&server, &SHORTLY, SECRET, &asks(KEN_EXTENSION, PIN, "")).await;
    assert!(ran.told.contains("No reply from server"), "{}", ran.told);
    assert_eq!(server.dropped(Dropped::Unsigned), 1);
    let lenient = Client {
        udp: Some(Shared {
            secret: secret(),
            unsigned: true,
        }),
        ..client()
    };
    let server = Server::of(vec![lenient]).await;
    let ran = radclient(&server, &ONCE, SECRET, &asks(KEN_EXTENSION, PIN, "")).await;
    assert!(ran.accepted, "{}", ran.told);
    assert!(
        ran.told.contains("Message-Authenticator = 0x"),
        "{}",
        ran.told
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_at_a_time() {
    if !is_there() {
        return;
    }
    let server = Server::of(vec![client()]).await;
    let mut all = String::new();
    for number in 0..64 {
        let pin = if number < 16 { WRONG } else { PIN };
        let caller = format!(",Calling-Station-Id=\"+1206555{number:04}\"{SIGNED}");
        writeln!(all, "{}", asks(KEN_EXTENSION, pin, &caller)).unwrap();
    }
    let options = ["-s", "-r", "3", "-t", "20", "-p", "64"];
    let ran = radclient(&server, &options, SECRET, &all).await;
    let counted = |what: &str| {
        let line = ran.told.lines().find(|line| line.contains(what));
        let number = line.and_then(|line| line.rsplit(':').next());
        number.and_then(|number| number.trim().parse::<u32>().ok())
    };
    assert_eq!(counted("Accepted"), Some(48), "{}", ran.told);
    assert_eq!(counted("Rejected"), Some(16), "{}", ran.told);
    assert_eq!(counted("Lost"), Some(0), "{}", ran.told);
    assert_eq!(server.failures().await.1, 16);
}

#[tokio::test]
async fn passwords_of_every_length() {
    if !is_there() {
        return;
    }
    let server = Server::of(vec![client()]).await;
    for (turn, length) in [1, 15, 16, 17, 100, 127, 128].into_iter().enumerate() {
        let pin = "7".repeat(length);
        let ran = radclient(&server, &ONCE, SECRET, &asks(KEN_EXTENSION, &pin, SIGNED)).await;
        assert!(
            ran.told.contains("Reply-Message = \"IncorrectPin: "),
            "{}",
            ran.told
        );
        let failures = server.failures().await.1;
        assert_eq!(
            usize::try_from(failures).unwrap(),
            turn + 1,
            "{length} is a wrong PIN"
        );
    }
}

#[tokio::test]
async fn status_and_chap() {
    if !is_there() {
        return;
    }
    let server = Server::of(vec![client()]).await;
    let chap = format!("User-Name=\"{KEN_EXTENSION}\",CHAP-Password=\"{PIN}\"{SIGNED}\n");
    let ran = radclient(&server, &ONCE, SECRET, &chap).await;
    assert!(
        ran.told.contains("CHAP cannot be checked here: use PAP"),
        "{}",
        ran.told
    );
    let mut command = Command::new(RADCLIENT);
    let address = server.address.to_string();
    command.args(["-x", "-r", "1", "-t", "20", &address, "status", SECRET]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        let input = b"Message-Authenticator=0x00\n";
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    });
    assert!(output.await.unwrap().status.success());
    assert_eq!(server.door.figures().status(), 1);
}
