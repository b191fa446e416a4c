//! PINs are in nothing that the program writes, but for the one line that shows them (R-SEC-3).

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Run, Sample};
use crate::server::Server;

fn all_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all_files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn pins_are_found_nowhere_afterwards() {
    let sample = Sample::new();
    let right = "8305926417";
    let wrong = "7294063158";
    let refused = "98765432102468";
    let mut said = String::new();
    for source in [
        format!("Set-CsClientPin litwareinc\\kenmyer {right} | Out-Null"),
        format!("Set-CsClientPin litwareinc\\kenmyer -Pin {refused}"),
        format!("Set-CsClientPin litwareinc\\nobody {right}"),
        format!("Set-CsClientPin litwareinc\\kenmyer {right} extra"),
        format!("Set-CsClientPin -Identity litwareinc\\kenmyer -Pni {right}"),
        format!("Set-CsClientPin litwareinc\\kenmyer {right} -WhatIf -Verbose"),
        format!("Set-CsClientPin litwareinc\\kenmyer '{right}"),
        format!("Set-CsClientPin litwareinc\\kenmyer {right} )"),
        format!("$pin = '{right}'; Set-CsClientPin litwareinc\\kenmyer $pin -Verbose | Out-Null"),
        format!("Test-CsPhoneBootstrap -PhoneOrExt 51219 -Pin {wrong} -Verbose"),
        format!("Test-CsPhoneBootstrap -PhoneOrExt 51219 -Pin {right}"),
        // Keyed into the wrong field, with and without somebody else's number.
        format!("Test-CsPhoneBootstrap -PhoneOrExt {right} -Pin 51219"),
        format!("Test-CsPhoneBootstrap -PhoneOrExt {wrong} -Pin {right}"),
        "Get-CsPinAudit | Format-List *".to_owned(),
        format!("Test-CsPhoneBootstrap -PhoneOrExt 51219 -Pin {right} -RegistrarPort {wrong}"),
        "Lock-CsClientPin litwareinc\\kenmyer; $Error; Get-History".to_owned(),
        format!("Set-CsClientPin litwareinc\\kenmyer {right}"),
        "Unlock-CsClientPin litwareinc\\kenmyer -Verbose".to_owned(),
    ] {
        let run = sample.run(&source);
        said.push_str(&run.out);
        said.push_str(&run.err);
    }
    for format in ["jsonl", "cef", "syslog"] {
        let mut export = sample.command();
        let export = export
            .args(["audit", "export", "--format", format])
            .output();
        let run = Run::from(export.expect("the program starts")).well();
        assert!(run.out.contains("Test-CsPhoneBootstrap"), "{format}");
        said.push_str(&run.out);
    }
    assert!(sample.logs_on("51219", right), "the PIN was really set");
    let shown = sample
        .run(&format!("Set-CsClientPin litwareinc\\kenmyer {right}"))
        .well()
        .out;
    assert_eq!(shown.matches(right).count(), 1, "{shown}");
    for secret in [right, wrong, refused] {
        assert!(!said.contains(secret), "{secret} was said: {said}");
        let mut files = Vec::new();
        all_files(sample.everything(), &mut files);
        assert!(files.len() >= 2);
        for file in files {
            let bytes = fs::read(&file).expect("a file");
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds {secret}", file.display());
        }
    }
}

// R-SEC-3: whatever somebody sends to the server, however wrong, is not in its log
#[test]
fn the_server_writes_no_pin_into_its_log() {
    let sample = Sample::new();
    let pin = "8305926417";
    let mut server = Server::with(&sample, "[log]\nlevel = \"debug\"\n");
    let body = format!("{{\"identity\":\"51219\",\"pin\":\"{pin}\"}}");
    let length = body.len();
    for request in [
        format!("GET /healthz?pin={pin} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n"),
        format!("GET /{pin} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n"),
        format!("{pin} / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nhost: here\r\n{pin}\r\n\r\n"),
        format!("GET / HTTP/{pin}\r\n\r\n"),
        format!(
            "POST /api/v1/logon HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {pin}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        ),
    ] {
        let answer = server.ask(&request);
        assert!(answer.starts_with("HTTP/1.1 "), "{request}: {answer}");
        assert!(!answer.contains(pin), "{answer}");
    }
    server.signal(rustix::process::Signal::TERM);
    server.ended();
    let log = server.log();
    assert!(log.contains("answered") && log.contains("stopped"), "{log}");
    assert!(!log.contains(pin), "{log}");
}
