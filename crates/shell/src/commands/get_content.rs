//! `Get-Content`

use std::collections::VecDeque;
use std::io::BufRead;

use super::output::ENCODING;
use super::support::{count, file_error, refuse};
use super::text_reader;
use crate::{Args, CmdletDef, Cx, Flow, Param};

const PARAMS: &[Param] = &[
    Param::strings("Path")
        .alias(&["LiteralPath", "PSPath"])
        .required()
        .at(1)
        .by_value()
        .by_property()
        .help("The file."),
    Param::uint32("TotalCount")
        .alias(&["First", "Head"])
        .help("Only so many lines."),
    Param::uint32("Tail")
        .alias(&["Last"])
        .help("Only so many lines from the end."),
    Param::switch("Raw").help("All as one text."),
    ENCODING,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::function("Get-Content", |cx, args| {
        if args.given("Tail") && (args.given("TotalCount") || args.switch("Raw")) {
            return Err(refuse(cx, "-Tail goes without -TotalCount and -Raw"));
        }
        for path in args.strings("Path") {
            match cx.host().open_read(&path).and_then(text_reader::text) {
                Ok(mut file) => read(cx, args, &path, file.as_mut())?,
                Err(e) => cx.error(file_error(&path, &e, true))?,
            }
        }
        Ok(())
    })
    .aliases(&["gc", "cat", "type"])
    .synopsis("Reads a text file line by line.")
    .params(PARAMS)
    .example(
        "Get-Content users.txt | Get-CsClientPinInfo",
        "One identity a line.",
    )
    .inputs("The path of a file.")
}

fn read(cx: &mut Cx, args: &Args, path: &str, file: &mut dyn BufRead) -> Flow {
    let most = count(args, "TotalCount").unwrap_or(usize::MAX);
    let tail = count(args, "Tail");
    let raw = args.switch("Raw");
    let mut kept = VecDeque::new();
    let mut all = String::new();
    let mut seen = 0;
    while seen < most {
        cx.check()?;
        let line = match text_reader::line(file) {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(e) => return cx.error(file_error(path, &e, true)),
        };
        seen += 1;
        if raw {
            all.push_str(&line);
            all.push('\n');
            if all.len() > cx.limits().text_bytes {
                return Err(refuse(cx, "the file is too long for -Raw"));
            }
        } else if let Some(tail) = tail {
            kept.push_back(line);
            if kept.len() > tail {
                kept.pop_front();
            } else {
                cx.charge(4)?;
            }
        } else {
            cx.emit(line)?;
        }
    }
    if raw {
        return cx.emit(all);
    }
    cx.emit_all(kept)
}
