//! `ConvertTo-Csv` and `Export-Csv`

use std::io::Write;

use super::output::{ENCODING, mode};
use super::support::{INPUT, file_error, input, refuse};
use super::text_reader;
use crate::error::Category;
use crate::format::csv::{self, CsvOptions, Quotes};
use crate::host::WriteMode;
use crate::value::{Name, Value};
use crate::{Args, CmdletDef, Command, Cx, ErrorRecord, Flow, Held, Param, Stop};

const DELIMITER: Param =
    Param::string("Delimiter").help("What stands between two fields; a comma if not given.");
const QUOTES: Param = Param::one_of("UseQuotes", &["Always", "AsNeeded", "Never"])
    .alias(&["UQ"])
    .help("Which fields are put in quotation marks; Always if not given.");
const NO_TYPE: Param = Param::switch("NoTypeInformation")
    .alias(&["NTI"])
    .help("Accepted; no type is ever written.");
const NO_HEADER: Param = Param::switch("NoHeader").help("Leaves out the header.");

const TO: &[Param] = &[DELIMITER, QUOTES, NO_TYPE, NO_HEADER, INPUT.at(1)];

const EXPORT: &[Param] = &[
    Param::string("Path")
        .alias(&["LiteralPath", "PSPath"])
        .required()
        .at(1)
        .help("The file."),
    Param::switch("Append").help("Adds rows to the file, with the columns it has."),
    Param::switch("NoClobber")
        .alias(&["NoOverwrite"])
        .help("Refuses to replace a file."),
    Param::switch("Force").help("With -Append: also objects that lack some of the columns."),
    ENCODING,
    DELIMITER,
    QUOTES,
    NO_TYPE,
    NO_HEADER,
    INPUT,
];

const NOTES: &str = "The first object decides which columns there are. The elements of an array \
    are written with \"; \" between them. Fields are written as they are: a spreadsheet program \
    may take one that begins with =, +, - or @ for a formula. Import such a file there as text.";

pub(super) fn to() -> CmdletDef {
    CmdletDef::new("ConvertTo-Csv", Rows::default)
        .synopsis("Writes objects as rows of comma-separated values.")
        .params(TO)
        .example(
            "Get-CsPinPolicy | ConvertTo-Csv",
            "A header and a row for each policy.",
        )
        .inputs("Any object.")
        .notes(NOTES)
}

pub(super) fn export() -> CmdletDef {
    CmdletDef::new("Export-Csv", Export::default)
        .aliases(&["epcsv"])
        .synopsis("Writes objects to a file of comma-separated values.")
        .description(
            "The file can be read by its owner only. It appears under its name when it is \
             complete, or with the rows it has got when the run is stopped.",
        )
        .params(EXPORT)
        .example(
            "Get-CsUser | Export-Csv users.csv",
            "All users with their properties.",
        )
        .inputs("Any object.")
        .notes(NOTES)
}

fn options(cx: &mut Cx, args: &Args) -> Result<CsvOptions, Stop> {
    let delimiter = match args.string("Delimiter") {
        None => ',',
        Some("`t" | "\\t") => '\t',
        Some(text) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) if c.is_ascii() && !matches!(c, '"' | '\n' | '\r') => c,
                _ => {
                    return Err(refuse(
                        cx,
                        format!("\"{text}\" cannot stand between two fields"),
                    ));
                }
            }
        }
    };
    let quotes = match args.string("UseQuotes") {
        Some("AsNeeded") => Quotes::AsNeeded,
        Some("Never") => Quotes::Never,
        _ => Quotes::Always,
    };
    Ok(CsvOptions { delimiter, quotes })
}

/// Makes rows; the first object decides the columns.
#[derive(Default)]
struct Rows {
    options: Option<CsvOptions>,
    columns: Option<Vec<Name>>,
}

impl Rows {
    /// The lines for one object: with the first also the header.
    fn lines(&mut self, value: &Value, header: bool) -> Vec<String> {
        let Some(options) = self.options else {
            return Vec::new();
        };
        let mut lines = Vec::with_capacity(1);
        let columns = match &self.columns {
            Some(columns) => columns,
            None => {
                let columns = csv::columns(value);
                if header {
                    lines.push(csv::header(&columns, options));
                }
                self.columns.insert(columns)
            }
        };
        lines.push(csv::row(value, columns, options));
        lines
    }
}

impl Command for Rows {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self.options = Some(options(cx, args)?);
        Ok(())
    }

    fn held(&self, _: &Args) -> Held {
        Held::PassedOn
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        for value in input(args).into_items() {
            cx.emit_all(self.lines(&value, !args.switch("NoHeader")))?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Export {
    rows: Rows,
    file: Option<Box<dyn Write>>,
    /// The columns are those of the file that is added to.
    fixed: bool,
}

impl Command for Export {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self.rows.options = Some(options(cx, args)?);
        let path = args.text("Path");
        let mode = mode(args);
        if mode == WriteMode::Append {
            self.read_columns(cx, path)?;
        }
        let mut file = match cx.host().open_write(path, mode) {
            Ok(file) => file,
            Err(e) => return Err(cx.fail(file_error(path, &e, false))),
        };
        if args.string("Encoding") == Some("utf8BOM") && mode != WriteMode::Append {
            let written = file.write_all("\u{feff}".as_bytes());
            written.map_err(|e| cx.fail(file_error(path, &e, false)))?;
        }
        self.file = Some(file);
        Ok(())
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        for value in input(args).into_items() {
            self.check_columns(cx, args, &value)?;
            let lines = self.rows.lines(&value, !args.switch("NoHeader"));
            let Some(file) = &mut self.file else {
                return Ok(());
            };
            for line in lines {
                let written = writeln!(file, "{line}");
                written.map_err(|e| cx.fail(file_error(args.text("Path"), &e, false)))?;
            }
        }
        Ok(())
    }

    fn held(&self, _: &Args) -> Held {
        Held::Written
    }

    fn stopped(&mut self, _: &mut Cx, _: &Args, _: &Stop) {
        // Without a row, the file that was there stays.
        self.file = self.file.take().filter(|_| self.rows.columns.is_some());
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let Some(mut file) = self.file.take() else {
            return Ok(());
        };
        file.flush()
            .map_err(|e| cx.fail(file_error(args.text("Path"), &e, false)))
    }
}

impl Export {
    /// The columns of the file that is added to, if there is one.
    fn read_columns(&mut self, cx: &mut Cx, path: &str) -> Flow {
        let header = match cx.host().open_read(path).and_then(text_reader::text) {
            Ok(mut file) => text_reader::line(file.as_mut()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(e) => Err(e),
        };
        let header = header.map_err(|e| cx.fail(file_error(path, &e, true)))?;
        let Some(header) = header.filter(|h| !h.is_empty()) else {
            return Ok(());
        };
        let delimiter = self.rows.options.map_or(',', |o| o.delimiter);
        let mut reader = ::csv::ReaderBuilder::new()
            .delimiter(u8::try_from(delimiter).unwrap_or(b','))
            .has_headers(false)
            .from_reader(header.as_bytes());
        if let Some(Ok(record)) = reader.records().next() {
            self.rows.columns = Some(record.iter().map(|c| Name::from(c.to_owned())).collect());
            self.fixed = true;
        }
        Ok(())
    }

    fn check_columns(&self, cx: &mut Cx, args: &Args, value: &Value) -> Flow {
        let Some(columns) = self.rows.columns.as_ref().filter(|_| self.fixed) else {
            return Ok(());
        };
        if args.switch("Force") {
            return Ok(());
        }
        match columns.iter().find(|c| value.property(c).is_none()) {
            None => Ok(()),
            Some(missing) => {
                let error = ErrorRecord::new(
                    "CannotAppendCsvMismatch",
                    Category::InvalidArgument,
                    format!(
                        "the file has a column \"{}\", the object has not",
                        &**missing
                    ),
                )
                .advice("Use -Force to leave such fields empty.");
                Err(cx.fail(error))
            }
        }
    }
}
