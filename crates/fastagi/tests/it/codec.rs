//! The protocol.

use std::time::Duration;

use pinward_fastagi::{Answer, Broken, Command, Decoder, Environment, Received};
use proptest::prelude::*;

const ENVIRONMENT: &str = "agi_network: yes\n\
    agi_network_script: attendant\n\
    agi_request: agi://127.0.0.1/attendant\n\
    agi_channel: PJSIP/gateway-00000000\n\
    agi_language: en\n\
    agi_uniqueid: 1763773200.1\n\
    agi_callerid: unknown\n\
    agi_dnid: 700\n\
    agi_extension: s\n\
    agi_arg_1: 4711\n\
    \n";

/// What a decoder makes of bytes, as text.
fn decoded(bytes: &[u8], chunk: usize) -> Vec<String> {
    let mut decoder = Decoder::default();
    let mut seen = Vec::new();
    for bytes in bytes.chunks(chunk.max(1)) {
        if let Err(broken) = decoder.feed(bytes) {
            seen.push(broken.to_string());
            return seen;
        }
        loop {
            match decoder.receive() {
                Ok(None) => break,
                Ok(Some(received)) => seen.push(told(&received)),
                Err(broken) => {
                    seen.push(broken.to_string());
                    return seen;
                }
            }
        }
    }
    seen
}

fn told(received: &Received) -> String {
    match received {
        Received::Environment(environment) => format!("call {}", environment.unique_id),
        Received::HangUp => "hung up".to_owned(),
        Received::Answer(Answer::Done { result, timed_out }) => {
            format!("{}{}", result.as_str(), if *timed_out { "~" } else { "" })
        }
        Received::Answer(Answer::Unknown) => "unknown".to_owned(),
        Received::Answer(Answer::Dead) => "dead".to_owned(),
        Received::Answer(Answer::Misused) => "misused".to_owned(),
    }
}

#[test]
fn answers_are_read() {
    for (line, expected) in [
        ("200 result=246810", "246810"),
        ("200 result=", ""),
        ("200 result= (timeout)", "~"),
        ("200 result=12 (timeout)", "12~"),
        ("200 result=-1", "-1"),
        ("200 result=53 endpos=8000", "53"),
        ("200 result=1 (a value)", "1"),
        ("200 result=6\r", "6"),
        ("HANGUP", "hung up"),
        ("HANGUP\n200 result=-1", "hung up|-1"),
        ("100 Trying\n200 result=0", "0"),
        ("510 Invalid or unknown command", "unknown"),
        (
            "511 Command Not Permitted on a dead channel or intercept routine",
            "dead",
        ),
        (
            "520-Invalid command syntax.  Proper usage follows:\nUsage: ANSWER\n200 result=1\n520 \
             End of proper usage.\n200 result=0",
            "misused|0",
        ),
    ] {
        let bytes = format!("{ENVIRONMENT}{line}\n");
        let seen = decoded(bytes.as_bytes(), 7);
        assert_eq!(seen[0], "call 1763773200.1");
        assert_eq!(seen[1..].join("|"), expected, "{line}");
    }
}

#[test]
fn the_environment_is_read() {
    let mut decoder = Decoder::default();
    decoder.feed(ENVIRONMENT.as_bytes()).expect("lines");
    let Ok(Some(Received::Environment(environment))) = decoder.receive() else {
        panic!("an environment");
    };
    let expected = Environment {
        script: "attendant".to_owned(),
        channel: "PJSIP/gateway-00000000".to_owned(),
        unique_id: "1763773200.1".to_owned(),
        caller: None,
        called: Some("700".to_owned()),
        arguments: vec!["4711".to_owned()],
    };
    assert_eq!(environment, expected);
}

#[test]
fn what_is_not_this_protocol_is_refused() {
    let long = format!("agi_request: {}", "x".repeat(5000));
    let many = "agi_x: y\n".repeat(201);
    let usage = format!("{ENVIRONMENT}520-Wrong\n{}", "x\n".repeat(101));
    for (bytes, broken) in [
        (long.as_str(), Broken::LineTooLong),
        (many.as_str(), Broken::TooManyLines),
        (usage.as_str(), Broken::TooManyLines),
        ("GET / HTTP/1.1\n", Broken::NotAnEnvironment),
        ("\n", Broken::NotAnEnvironment),
        ("agi_request\n", Broken::NotAnEnvironment),
        (&format!("{ENVIRONMENT}hello\n"), Broken::NotAnAnswer),
        (&format!("{ENVIRONMENT}200 ok\n"), Broken::NotAnAnswer),
        (&format!("{ENVIRONMENT}2000\n"), Broken::NotAnAnswer),
        (&format!("{ENVIRONMENT}\u{e9}\u{e9}\n"), Broken::NotAnAnswer),
    ] {
        let last = decoded(bytes.as_bytes(), 100).pop();
        assert_eq!(last, Some(broken.to_string()), "{broken:?}");
    }
}

#[test]
fn commands_are_one_line_each() {
    for (command, line) in [
        (Command::Answer, "ANSWER"),
        (
            Command::SetVariable {
                name: "PINWARD_DISPLAYNAME",
                value: "Ken \"K\" M\\y\ner\0".to_owned(),
            },
            "SET VARIABLE PINWARD_DISPLAYNAME \"Ken \\\"K\\\" M\\\\yer\"",
        ),
        (
            Command::GetData {
                file: String::new(),
                wait: Duration::from_secs(6),
                most: 25,
            },
            "GET DATA \"\" 6000 25",
        ),
        (
            Command::Play {
                file: "vm-goodbye".to_owned(),
                interruptible: false,
            },
            "STREAM FILE vm-goodbye \"\"",
        ),
    ] {
        assert_eq!(command.line(), format!("{line}\n"));
    }
}

proptest! {
    // However the bytes are cut, they say the same; and none of them stops the program.
    #[test]
    fn bytes_may_come_in_any_pieces(
        rest in "(200 result=[0-9*-]{0,9}( \\(timeout\\))?\n|HANGUP\n|520-x\n|520 y\n|[ -~\u{e9}]{0,9}\n){0,9}",
        one in 1_usize..40, other in 1_usize..4000,
    ) {
        let bytes = format!("{ENVIRONMENT}{rest}");
        prop_assert_eq!(decoded(bytes.as_bytes(), one), decoded(bytes.as_bytes(), other));
    }

    #[test]
    fn any_bytes_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..5000)) {
        let _seen = decoded(&bytes, 512);
    }
}
