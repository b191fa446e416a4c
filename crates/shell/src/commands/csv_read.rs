//! `ConvertFrom-Csv` and `Import-Csv`

use std::io::{self, BufRead, Read};
use std::rc::Rc;

use super::support::{INPUT, file_error, gather, refuse};
use super::text_reader::{self, LONGEST_LINE};
use crate::error::Category;
use crate::value::{Name, Object, Value};
use crate::{Args, CmdletDef, Command, Cx, ErrorRecord, Flow, Param, Stop};

const DELIMITER: Param =
    Param::string("Delimiter").help("What stands between two fields; a comma if not given.");
const HEADER: Param =
    Param::strings("Header").help("The names of the columns, where the first row has none.");

const FROM: &[Param] = &[DELIMITER, HEADER, INPUT.at(1)];
const IMPORT: &[Param] = &[
    Param::strings("Path")
        .alias(&["LiteralPath", "PSPath"])
        .required()
        .at(1)
        .by_value()
        .help("The file."),
    DELIMITER,
    HEADER,
    super::output::ENCODING,
];

pub(super) fn from() -> CmdletDef {
    CmdletDef::new("ConvertFrom-Csv", || FromCsv(String::new()))
        .synopsis("Makes objects of rows of comma-separated values.")
        .params(FROM)
        .example(
            "$rows | ConvertFrom-Csv",
            "An object for each row after the first.",
        )
        .inputs("Text.")
}

pub(super) fn import() -> CmdletDef {
    CmdletDef::function("Import-Csv", |cx, args| {
        for path in args.strings("Path") {
            match cx.host().open_read(&path).and_then(text_reader::text) {
                Ok(file) => read(cx, args, file, Some(&path))?,
                Err(e) => cx.error(file_error(&path, &e, true))?,
            }
        }
        Ok(())
    })
    .aliases(&["ipcsv"])
    .synopsis("Reads a file of comma-separated values.")
    .description(
        "Each row after the header becomes an object; all values are text. The file is UTF-8.",
    )
    .params(IMPORT)
    .example(
        "Import-Csv pins.csv | ForEach-Object {Set-CsClientPin -Identity $_.Identity -Pin $_.Pin}",
        "A PIN for each row.",
    )
    .inputs("The path of a file.")
}

struct FromCsv(String);

impl Command for FromCsv {
    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        gather(
            cx,
            args,
            &mut self.0,
            "this is too much text to be read at once",
        )
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let text = std::mem::take(&mut self.0);
        read(cx, args, Box::new(io::Cursor::new(text)), None)
    }
}

/// Stops reading a record (a quotation mark that is never closed) before it fills the memory.
struct Bounded {
    inner: Box<dyn BufRead>,
    left: Rc<std::cell::Cell<usize>>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.get().checked_sub(read) {
            Some(left) => self.left.set(left),
            None => {
                return Err(io::Error::other(
                    "a row is longer than 8 MiB; is a quotation mark not closed?",
                ));
            }
        }
        Ok(read)
    }
}

fn delimiter(cx: &mut Cx, args: &Args) -> Result<u8, Stop> {
    match args.string("Delimiter").map(str::as_bytes) {
        None => Ok(b','),
        Some(b"`t" | b"\\t") => Ok(b'\t'),
        Some([byte]) if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
        Some(_) => Err(refuse(cx, "the delimiter is one ASCII character")),
    }
}

fn read(cx: &mut Cx, args: &Args, file: Box<dyn BufRead>, path: Option<&str>) -> Flow {
    let left = Rc::new(std::cell::Cell::new(LONGEST_LINE));
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter(cx, args)?)
        .has_headers(false)
        .flexible(true)
        .from_reader(Bounded {
            inner: file,
            left: Rc::clone(&left),
        });
    let mut columns: Option<Vec<Name>> = args.given("Header").then(|| {
        args.strings("Header")
            .into_iter()
            .map(Name::Shared)
            .collect()
    });
    let mut record = ::csv::ByteRecord::new();
    loop {
        cx.check()?;
        left.set(LONGEST_LINE);
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(e) => {
                let e = io::Error::other(e.to_string());
                return Err(cx.fail(file_error(path.unwrap_or("the text"), &e, true)));
            }
        }
        let fields = || {
            record
                .iter()
                .map(|f| String::from_utf8_lossy(f).into_owned())
        };
        // A line that older versions of PowerShell write before the header.
        if columns.is_none() && record.get(0).is_some_and(|f| f.starts_with(b"#TYPE")) {
            continue;
        }
        match &columns {
            None => columns = Some(header(cx, fields().collect())?),
            Some(columns) => {
                let object = Object::custom();
                let mut values = fields();
                for name in columns {
                    object.put(name.clone(), Value::from(values.next()));
                }
                cx.emit(object)?;
            }
        }
    }
}

/// Names for the columns: those without get one, those that come twice are refused.
fn header(cx: &mut Cx, fields: Vec<String>) -> Result<Vec<Name>, Stop> {
    const MOST: usize = 1000;
    if fields.len() > MOST {
        return Err(refuse(cx, format!("there are more than {MOST} columns")));
    }
    let mut names: Vec<Name> = Vec::with_capacity(fields.len());
    let mut made = 0;
    for field in fields {
        let field = field.trim();
        let name = if field.is_empty() {
            made += 1;
            format!("H{made}")
        } else {
            field.to_owned()
        };
        if names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
            let error = ErrorRecord::new(
                "DuplicateColumn",
                Category::InvalidArgument,
                format!("there are two columns \"{name}\""),
            );
            return Err(cx.fail(error.advice("Give the names of the columns with -Header.")));
        }
        names.push(Name::from(name));
    }
    if made > 0 {
        cx.warning("Columns without a name are called H1, H2 and so on.")?;
    }
    Ok(names)
}
