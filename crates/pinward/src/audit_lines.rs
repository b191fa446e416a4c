//! Records of the audit log as lines for other programs: JSON, CEF, and syslog (RFC 5424).
//!
//! Whatever a record holds stays within its line and its field: a name may contain anything.

use std::net::IpAddr;

use clap::ValueEnum;
use pinward_service::AuditRecord;
use serde_json::{Map, Value};

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// Common Event Format.
    Cef,
    /// RFC 5424 with structured data.
    Syslog,
}

/// Who stands in the structured data: no enterprise number is registered, so that of examples.
const STRUCTURED: &str = "pinward@32473";
/// The facility "log audit" of RFC 5424.
const FACILITY: u8 = 13;

/// How grave a record is.
#[derive(Clone, Copy)]
enum Weight {
    Ordinary,
    Notable,
    Grave,
}

fn weight(record: &AuditRecord) -> Weight {
    match record.outcome.as_str() {
        "Success" => Weight::Ordinary,
        "AccessDenied" | "UserPinAccountLocked" => Weight::Grave,
        _ => Weight::Notable,
    }
}

/// One record as a line, without its end. `host` is the machine's name.
pub fn line(format: Format, record: &AuditRecord, host: &str) -> String {
    match format {
        Format::Jsonl => json(record),
        Format::Cef => cef(record),
        Format::Syslog => syslog(record, host),
    }
}

/// What is known of a record, by the names that all formats use.
fn fields(record: &AuditRecord) -> Vec<(&'static str, String)> {
    let maybe = |name, value: &Option<String>| value.clone().map(|value| (name, value));
    let all = [
        Some(("seq", record.seq.to_string())),
        Some(("time", record.at.to_string())),
        Some(("door", record.door.clone())),
        maybe("actor", &record.actor),
        Some(("action", record.action.clone())),
        maybe("client", &record.client),
        maybe("caller", &record.caller),
        maybe("called", &record.called),
        maybe("conference", &record.conference),
        maybe("subject", &record.subject),
        record.user.map(|user| ("user", user.0.to_string())),
        Some(("outcome", record.outcome.clone())),
        maybe("changes", &record.changes),
    ];
    all.into_iter().flatten().collect()
}

fn json(record: &AuditRecord) -> String {
    let value = |name: &str, text: String| match name {
        "seq" | "user" => text.parse::<i64>().map_or(Value::Null, Value::from),
        "changes" => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        _ => Value::String(text),
    };
    let object: Map<String, Value> = fields(record)
        .into_iter()
        .map(|(name, text)| (name.to_owned(), value(name, text)))
        .collect();
    Value::Object(object).to_string()
}

fn cef(record: &AuditRecord) -> String {
    let severity = match weight(record) {
        Weight::Ordinary => 2,
        Weight::Notable => 5,
        Weight::Grave => 7,
    };
    let head = |text: &str| on_one_line(text).replace('\\', "\\\\").replace('|', "\\|");
    let mut line = format!(
        "CEF:0|Pinward|Pinward|{}|{}|{}|{severity}|",
        env!("CARGO_PKG_VERSION"),
        head(&record.action),
        head(&format!("{}: {}", record.action, record.outcome)),
    );
    let mut known = vec![
        ("externalId", record.seq.to_string()),
        ("rt", record.at.as_millisecond().to_string()),
        ("act", record.action.clone()),
        ("outcome", record.outcome.clone()),
    ];
    let mut add = |name, value: &Option<String>| {
        known.extend(value.clone().map(|value| (name, value)));
    };
    add("suser", &record.actor);
    add("duser", &record.subject);
    match record.client.as_deref().map(str::parse::<IpAddr>) {
        Some(Ok(IpAddr::V4(_))) => add("src", &record.client),
        Some(Ok(IpAddr::V6(_))) => {
            add("c6a2Label", &Some("Source IPv6 Address".to_owned()));
            add("c6a2", &record.client);
        }
        _ => add("shost", &record.client),
    }
    let door = Some(record.door.clone());
    for (label, name, called, value) in [
        ("cs1Label", "cs1", "door", &door),
        ("cs2Label", "cs2", "changes", &record.changes),
        ("cs3Label", "cs3", "callerNumber", &record.caller),
        ("cs4Label", "cs4", "calledNumber", &record.called),
        ("cs5Label", "cs5", "conference", &record.conference),
    ] {
        if value.is_some() {
            add(label, &Some(called.to_owned()));
            add(name, value);
        }
    }
    let extension: Vec<String> = known
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    line.push_str(&extension.join(" "));
    line
}

/// A value of CEF's extension.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '\\' => text.push_str("\\\\"),
            '=' => text.push_str("\\="),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            other if other.is_control() => text.push(' '),
            other => text.push(other),
        }
    }
    text
}

fn syslog(record: &AuditRecord, host: &str) -> String {
    let severity = match weight(record) {
        Weight::Ordinary => 6,
        Weight::Notable => 5,
        Weight::Grave => 4,
    };
    let data: String = fields(record)
        .iter()
        .filter(|(name, _)| *name != "time")
        .map(|(name, value)| format!(" {name}=\"{}\"", quoted(value)))
        .collect();
    format!(
        "<{}>1 {} {} pinward - {} [{STRUCTURED}{data}] \u{feff}{} {} {}: {}",
        FACILITY * 8 + severity,
        record.at,
        header(host, 255),
        header(&record.action, 32),
        on_one_line(record.actor.as_deref().unwrap_or("-")),
        on_one_line(&record.action),
        on_one_line(record.subject.as_deref().unwrap_or("-")),
        on_one_line(&record.outcome),
    )
}

/// A field of the header: printable ASCII without blanks, or nothing.
fn header(text: &str, longest: usize) -> String {
    let good: String = text
        .chars()
        .filter(char::is_ascii_graphic)
        .take(longest)
        .collect();
    match good.is_empty() {
        true => "-".to_owned(),
        false => good,
    }
}

/// A value of structured data.
fn quoted(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for letter in on_one_line(value).chars() {
        if matches!(letter, '"' | '\\' | ']') {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

fn on_one_line(text: &str) -> String {
    let blank = |letter: char| if letter.is_control() { ' ' } else { letter };
    text.chars().map(blank).collect()
}

#[cfg(test)]
mod tests {
    use pinward_core::{Timestamp, UserId};

    use super::*;

    fn record() -> AuditRecord {
        AuditRecord {
            seq: 7,
            at: Timestamp::from_millisecond(1_767_603_600_123).unwrap(),
            door: "shell".to_owned(),
            actor: Some("lit\\ken=|x".to_owned()),
            action: "Lock-CsClientPin".to_owned(),
            client: Some("192.0.2.7".to_owned()),
            caller: None,
            called: None,
            conference: None,
            subject: Some("a\"b]\nc".to_owned()),
            user: Some(UserId(3)),
            outcome: "Success".to_owned(),
            changes: Some(r#"{"Lock":[null,"x"]}"#.to_owned()),
        }
    }

    #[test]
    fn each_format_keeps_what_is_in_a_record_in_its_place() {
        for (format, expected) in [
            (
                Format::Jsonl,
                r#"{"seq":7,"time":"2026-01-05T09:00:00.123Z","door":"shell","actor":"lit\\ken=|x","action":"Lock-CsClientPin","client":"192.0.2.7","subject":"a\"b]\nc","user":3,"outcome":"Success","changes":{"Lock":[null,"x"]}}"#.to_owned(),
            ),
            (
                Format::Cef,
                format!(
                    "CEF:0|Pinward|Pinward|{}|Lock-CsClientPin|Lock-CsClientPin: Success|2|externalId=7 rt=1767603600123 act=Lock-CsClientPin outcome=Success suser=lit\\\\ken\\=|x duser=a\"b]\\nc src=192.0.2.7 cs1Label=door cs1=shell cs2Label=changes cs2={{\"Lock\":[null,\"x\"]}}",
                    env!("CARGO_PKG_VERSION")
                ),
            ),
            (
                Format::Syslog,
                "<110>1 2026-01-05T09:00:00.123Z phones pinward - Lock-CsClientPin [pinward@32473 seq=\"7\" door=\"shell\" actor=\"lit\\\\ken=|x\" action=\"Lock-CsClientPin\" client=\"192.0.2.7\" subject=\"a\\\"b\\] c\" user=\"3\" outcome=\"Success\" changes=\"{\\\"Lock\\\":[null,\\\"x\\\"\\]}\"] \u{feff}lit\\ken=|x Lock-CsClientPin a\"b] c: Success".to_owned(),
            ),
        ] {
            let line = line(format, &record(), "phones");
            assert_eq!(line, expected, "{format:?}");
            assert_eq!(line.lines().count(), 1);
        }
    }

    #[test]
    fn names_of_machines_fit_the_header() {
        for (host, expected) in [("a b\n", "ab"), ("", "-"), ("é", "-")] {
            assert_eq!(header(host, 255), expected);
        }
    }
}
