//! Laying out values and sending the lines somewhere: shared by `Out-Default`, `Out-String`,
//! `Out-File` and `Tee-Object`.

use std::io::Write;

use super::out_default::warn;
use super::support::file_error;
use crate::format::{Formatter, Layout};
use crate::host::WriteMode;
use crate::value::Value;
use crate::{Args, Cx, ErrorRecord, Flow, Param, Stop};

/// A file that receives laid out lines.
pub(super) struct TextFile {
    path: String,
    file: Box<dyn Write>,
    formatter: Formatter,
    empty: bool,
}

/// The parameters of commands that write text files.
pub(super) const ENCODINGS: &[&str] = &["utf8", "utf8NoBOM", "utf8BOM"];

/// The parameter for the encoding.
pub(super) const ENCODING: Param =
    Param::one_of("Encoding", ENCODINGS).help("utf8 (the default), utf8NoBOM or utf8BOM.");

/// How a file is opened, from `-Append` and `-NoClobber`.
pub(super) fn mode(args: &Args) -> WriteMode {
    if args.switch("Append") {
        WriteMode::Append
    } else if args.switch("NoClobber") {
        WriteMode::New
    } else {
        WriteMode::Replace
    }
}

impl TextFile {
    /// Opens the file.
    pub(super) fn open(cx: &mut Cx, args: &Args, path: &str, layout: Layout) -> Result<Self, Stop> {
        let mode = mode(args);
        let mut file = match cx.host().open_write(path, mode) {
            Ok(file) => file,
            Err(e) => return Err(cx.fail(file_error(path, &e, false))),
        };
        if args.string("Encoding") == Some("utf8BOM") && mode != WriteMode::Append {
            file.write_all("\u{feff}".as_bytes())
                .map_err(|e| cx.fail(file_error(path, &e, false)))?;
        }
        Ok(TextFile {
            path: path.to_owned(),
            file,
            formatter: Formatter::new(layout),
            empty: true,
        })
    }

    /// Adds a value.
    pub(super) fn push(&mut self, cx: &mut Cx, value: &Value) -> Flow {
        self.empty = false;
        let (file, path) = (&mut self.file, &self.path);
        self.formatter
            .push(value, &mut |l| write_line(file.as_mut(), path, l))
            .map_err(|stop| sign(cx, stop))?;
        warn(cx, &mut self.formatter)
    }

    /// Whether a value came; without, a file that was there stays when the run is stopped.
    pub(super) fn has_anything(&self) -> bool {
        !self.empty
    }

    /// Writes what is left.
    pub(super) fn finish(mut self, cx: &mut Cx) -> Flow {
        let (file, path) = (&mut self.file, &self.path);
        self.formatter
            .finish(&mut |l| write_line(file.as_mut(), path, l))
            .map_err(|stop| sign(cx, stop))?;
        warn(cx, &mut self.formatter)?;
        let done = self.file.flush();
        done.map_err(|e| cx.fail(file_error(&self.path, &e, false)))
    }
}

fn write_line(file: &mut dyn Write, path: &str, line: &str) -> Flow {
    writeln!(file, "{line}").map_err(|e| file_error(path, &e, false).into())
}

/// Lets an error that ends the statement carry the name of the command.
fn sign(cx: &mut Cx, stop: Stop) -> Stop {
    match stop {
        Stop::Terminated(error) => {
            let error: ErrorRecord = *error;
            cx.fail(error)
        }
        other => other,
    }
}
