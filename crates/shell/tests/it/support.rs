//! Commands and checks for the tests.

use std::sync::Arc;

use pinward_shell::host::TestHost;
use pinward_shell::{
    Category, CmdletDef, ErrorRecord, Limits, Object, Param, Registry, Session, Stop, TypeDesc,
    Value,
};

pub static PERSON: TypeDesc =
    TypeDesc::new("Person", &["Identity", "Name", "Age", "Tags", "Expires"]);

fn person(cx: &pinward_shell::Cx, id: i64) -> Value {
    let tags: Vec<Value> = vec![Value::from(format!("t{id}")), Value::from("all")];
    let expires =
        (id % 3 == 0).then(|| cx.date(cx.now() + jiff::SignedDuration::from_hours(24 * (id - 3))));
    Object::new(&PERSON)
        .with("Identity", format!("sip:p{id}@example.com"))
        .with("Name", format!("Person {id}"))
        .with("Age", id * 10)
        .with("Tags", Value::array(tags))
        .with("Expires", expires)
        .into()
}

const GET: &[Param] = &[Param::uint32("Count").at(0)];

const SHOW: &[Param] = &[
    Param::string("Identity")
        .required()
        .at(1)
        .by_value()
        .by_property(),
    Param::string("Text").at(2).allow_null(),
    Param::uint32("Whole").range(1, 999),
    Param::uint64("Large"),
    Param::int32("Signed"),
    Param::boolean("Flag"),
    Param::switch("Force"),
    Param::switch("Confirmed"),
    Param::strings("List"),
    Param::list_change("Members"),
    Param::one_of("Colour", &["Red", "Green", "Grey"]),
    Param::filter("Filter"),
    Param::new("When", pinward_shell::ParamKind::Date),
    Param::new("Size", pinward_shell::ParamKind::UnlimitedUInt32),
    Param::string("PhoneOrExt").alias(&["PhoneOrExtension", "ph"]),
];

const SECRET: &[Param] = &[
    Param::string("Identity")
        .required()
        .at(1)
        .by_value()
        .by_property(),
    Param::string("Pin").at(2).secret(),
];

const SETS: &[Param] = &[
    Param::string("Identity")
        .at(1)
        .by_property()
        .by_value()
        .sets(&["Identity"]),
    Param::object("Instance", &["Person"])
        .by_value()
        .sets(&["Instance"]),
    Param::string("Filter").sets(&["Filter"]),
    Param::string("Region").required().sets(&["Region"]),
    Param::switch("Empty").sets(&["Identity", "Instance"]),
];

/// `-Name value` pairs as bound, for checking.
fn bound(args: &pinward_shell::Args) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (param, value) in args.given_params() {
        let text = match value {
            None => "secret".to_owned(),
            Some(Value::Null) => "null".to_owned(),
            Some(v @ Value::Array(_)) => format!("[{}]", v.to_text()),
            Some(v) => v.to_text().to_string(),
        };
        parts.push(format!("{}={text}", param.name));
    }
    parts.join(" ")
}

fn commands() -> Vec<CmdletDef> {
    vec![
        CmdletDef::function("Get-Person", |cx, args| {
            for id in 1..=i64::from(args.u32("Count").unwrap_or(3)) {
                cx.emit(person(cx, id))?;
            }
            Ok(())
        })
        .params(GET)
        .outputs(const { &[&PERSON] }),
        CmdletDef::function("Show-Bound", |cx, args| cx.emit(bound(args)))
            .params(SHOW)
            .aliases(&["sb"]),
        CmdletDef::function("Set-Secret", |cx, args| cx.emit(args.text("Pin").len()))
            .params(SECRET),
        CmdletDef::function("Use-Set", |cx, args| {
            cx.emit(format!("{}: {}", args.set(), bound(args)))
        })
        .params(SETS)
        .sets(&["Identity", "Instance", "Filter", "Region"]),
        CmdletDef::function("Remove-Thing", |cx, args| {
            if cx.should_process(args.text("Identity"), "Remove")? {
                cx.emit(format!("removed {}", args.text("Identity")))?;
            }
            Ok(())
        })
        .params(&SHOW[..1])
        .changes(),
        CmdletDef::function("Test-Each", |cx, args| {
            let text = args.text("Identity");
            if text.contains("bad") {
                return cx.error(ErrorRecord::new(
                    "Bad",
                    Category::InvalidArgument,
                    format!("{text} is bad"),
                ));
            }
            if text.contains("fatal") {
                return Err(cx.fail(ErrorRecord::new(
                    "Fatal",
                    Category::InvalidArgument,
                    "it is fatal",
                )));
            }
            cx.warning(&format!("careful with {text}"))?;
            cx.verbose(&format!("doing {text}"))?;
            cx.emit(text)
        })
        .params(&SHOW[..1]),
    ]
}

pub fn registry() -> Arc<Registry> {
    let mut registry = Registry::with_language_commands();
    registry.extend(commands());
    Arc::new(registry)
}

pub fn session() -> (Session, TestHost) {
    session_with(Limits::default())
}

pub fn session_with(limits: Limits) -> (Session, TestHost) {
    let host = TestHost::new();
    let now = "2026-01-31T12:00:00Z".parse().unwrap();
    host.with(|seen| seen.now = now);
    (
        Session::new(registry(), Box::new(host.clone()), limits),
        host,
    )
}

/// Values as text a test can compare: text in quotes, arrays in brackets.
pub fn show(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Str(s) => format!("{s:?}"),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" "))
        }
        Value::Hash(h) => {
            let pairs = h.pairs();
            let pairs = pairs.iter().map(|(k, v)| format!("{k}={}", show(v)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(" "))
        }
        other => other.to_text().to_string(),
    }
}

pub fn result(source: &str) -> String {
    let (session, host) = session();
    result_in(session, &host, source)
}

/// What source comes to in this session.
pub fn result_in(mut session: Session, host: &TestHost, source: &str) -> String {
    let values = session.collect(source);
    let mut shown = match values {
        Ok(values) => values.iter().map(show).collect::<Vec<_>>(),
        Err(Stop::Terminated(error)) => vec![format!("error {}", error.id)],
        Err(stop) => vec![format!("{stop:?}")],
    };
    shown.extend(host.error_ids().iter().map(|id| format!("reported {id}")));
    shown.join(" ")
}

/// Each source with what it puts out.
#[track_caller]
pub fn check(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(source, wanted)| {
            let got = result(source);
            (got != *wanted).then(|| format!("{source}\n   wanted {wanted}\n   got    {got}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A quarter of what the documentation asks for, in a debug build.
const STACK: usize = 4 << 20;

/// Runs `f` on a thread with a stack of that size.
pub fn with_large_stack<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(f)
        .unwrap()
        .join()
        .unwrap()
}
