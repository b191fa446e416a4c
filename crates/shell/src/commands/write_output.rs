//! `Write-Output`, `Write-Host`, `Write-Warning`, `Write-Error`, `Write-Verbose`, `Write-Debug` and
//! `Write-Information`

use crate::error::Category;
use crate::value::Value;
use crate::{Args, CmdletDef, Cx, ErrorRecord, Flow, Param, ParamKind};

const OUTPUT: &[Param] = &[
    Param::new("InputObject", ParamKind::AnyList)
        .at(1)
        .by_value()
        .remaining()
        .allow_null()
        .help("What to put out."),
    Param::switch("NoEnumerate").help("Puts out an array as one object."),
];

pub(super) fn output() -> CmdletDef {
    CmdletDef::function("Write-Output", |cx, args| {
        let value = args
            .get("InputObject")
            .unwrap_or_else(|| args.input())
            .clone();
        if args.switch("NoEnumerate") {
            return cx.emit(value);
        }
        cx.emit_all(value.into_items())
    })
    .aliases(&["echo", "write"])
    .synopsis("Puts objects into the pipeline.")
    .params(OUTPUT)
    .example("Write-Output \"Done\"", "Puts out a text.")
    .inputs("Any object.")
}

const HOST: &[Param] = &[
    Param::new("Object", ParamKind::AnyList)
        .alias(&["Msg", "Message"])
        .at(1)
        .by_value()
        .remaining()
        .allow_null()
        .help("What to show."),
    Param::any("Separator").help("What stands between several; a blank if not given."),
    Param::switch("NoNewline")
        .hidden()
        .help("Accepted; a line always ends."),
    Param::string("ForegroundColor")
        .alias(&["fgc"])
        .help("Accepted; the text is not coloured."),
    Param::string("BackgroundColor")
        .alias(&["bgc"])
        .help("Accepted; the text is not coloured."),
];

pub(super) fn host() -> CmdletDef {
    CmdletDef::function("Write-Host", |cx, args| {
        let value = args.get("Object").unwrap_or_else(|| args.input()).clone();
        let parts: Vec<_> = value
            .into_items()
            .iter()
            .map(|v| v.to_text().to_string())
            .collect();
        let between = args
            .get("Separator")
            .map_or_else(|| " ".into(), Value::to_text);
        let text = parts.join(&between);
        guarded(cx, &text, inform)
    })
    .synopsis("Shows text to the user; it does not go into the pipeline.")
    .params(HOST)
    .example("Write-Host \"PIN set.\"", "Shows a text.")
    .inputs("Any object.")
}

/// Shows the lines of a text, harmless to a terminal.
fn guarded(cx: &mut Cx, text: &str, show: fn(&mut Cx, &str) -> Flow) -> Flow {
    let lines = crate::format::escape::lines(text);
    let shown: Vec<_> = lines
        .map(|l| crate::format::escape::line(l).into_owned())
        .collect();
    show(cx, &shown.join("\n"))
}

// Functions, because a method of `Cx` is one of a `Cx` with a certain lifetime only.
fn inform(cx: &mut Cx, text: &str) -> Flow {
    cx.information(text)
}

fn warn(cx: &mut Cx, text: &str) -> Flow {
    cx.warning(text)
}

fn tell(cx: &mut Cx, text: &str) -> Flow {
    cx.verbose(text)
}

fn trace(cx: &mut Cx, text: &str) -> Flow {
    cx.debug(text)
}

const MESSAGE: &[Param] = &[Param::string("Message")
    .alias(&["Msg", "MessageData"])
    .required()
    .at(1)
    .by_value()
    .help("What to show.")];

fn message(
    name: &'static str,
    synopsis: &'static str,
    show: fn(&mut Cx, &str) -> Flow,
) -> CmdletDef {
    CmdletDef::function(name, move |cx, args| {
        guarded(cx, args.text("Message"), show)
    })
    .synopsis(synopsis)
    .params(MESSAGE)
    .inputs("Text.")
}

pub(super) fn warning() -> CmdletDef {
    message("Write-Warning", "Shows a warning.", warn)
}

pub(super) fn verbose() -> CmdletDef {
    message(
        "Write-Verbose",
        "Shows a text if -Verbose or $VerbosePreference asks for it.",
        tell,
    )
}

pub(super) fn debug() -> CmdletDef {
    message(
        "Write-Debug",
        "Shows a text if -Debug or $DebugPreference asks for it.",
        trace,
    )
}

pub(super) fn information() -> CmdletDef {
    message("Write-Information", "Shows a remark.", |cx, t| {
        cx.information(t)
    })
}

const ERROR: &[Param] = &[
    Param::string("Message")
        .alias(&["Msg"])
        .required()
        .at(1)
        .by_value()
        .help("What went wrong."),
    Param::string("ErrorId").help("An identifier for scripts."),
    Param::string("RecommendedAction").help("What to do about it."),
    Param::any("TargetObject").help("What it happened to."),
];

pub(super) fn error() -> CmdletDef {
    CmdletDef::function("Write-Error", |cx, args: &Args| {
        let id = args
            .string("ErrorId")
            .unwrap_or("WriteErrorException")
            .to_owned();
        let mut error = ErrorRecord::new(id, Category::NotSpecified, args.text("Message"));
        error.advice = args.string("RecommendedAction").map(str::to_owned);
        error.target = args.get("TargetObject").map(|t| t.to_text().to_string());
        cx.error(error)
    })
    .synopsis("Reports an error; the script goes on.")
    .params(ERROR)
    .example("Write-Error \"No such user\"", "Reports an error.")
    .inputs("Text.")
}
