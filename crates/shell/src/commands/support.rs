//! What several commands share.

use std::rc::Rc;

use crate::ast::ScriptBlock;
use crate::error::{Category, ErrorRecord};
use crate::format::Align;
use crate::value::{Name, Value, Wildcard};
use crate::{Args, Cx, Flow, Param, Stop};

/// The parameter for the pipeline object that most commands have.
pub(super) const INPUT: Param = Param::any("InputObject")
    .by_value()
    .allow_null()
    .help("The object to work with.");

/// The object to work with: given by name or from the pipeline.
pub(super) fn input(args: &Args) -> Value {
    args.get("InputObject")
        .unwrap_or_else(|| args.input())
        .clone()
}

/// The error for a parameter or argument that makes no sense.
pub(super) fn misuse(message: impl Into<String>) -> ErrorRecord {
    ErrorRecord::new("InvalidArgument", Category::InvalidArgument, message)
}

/// Ends the statement because of a parameter or argument that makes no sense.
pub(super) fn refuse(cx: &mut Cx, message: impl Into<String>) -> Stop {
    cx.fail(misuse(message))
}

/// The texts of a pipeline put together as lines; `too_long` is said where they are more than is read at
/// once.
pub(super) fn gather(cx: &mut Cx, args: &Args, lines: &mut String, too_long: &str) -> Flow {
    for value in input(args).into_items() {
        let text = value.to_text();
        cx.charge(1 + text.len() as u64 / 32)?;
        lines.push_str(&text);
        lines.push('\n');
        if lines.len() > cx.limits().text_bytes {
            return Err(refuse(cx, too_long));
        }
    }
    Ok(())
}

/// A count given as a parameter that may not be negative.
pub(super) fn count(args: &Args, name: &str) -> Option<usize> {
    args.u32(name).and_then(|n| usize::try_from(n).ok())
}

/// A property that was asked for by name, with wildcards, or worked out by a script block.
pub(super) struct Selector {
    /// What it is called in the result; `None` with wildcards.
    pub(super) label: Option<Rc<str>>,
    source: Source,
    /// The width of its column.
    pub(super) width: Option<usize>,
    /// The alignment of its column.
    pub(super) align: Option<Align>,
    /// `FormatString`.
    pub(super) format: Option<Rc<str>>,
    /// Its own order of sorting.
    pub(super) descending: Option<bool>,
}

enum Source {
    Name(Rc<str>),
    Names(Wildcard),
    Block(Rc<ScriptBlock>),
}

impl Selector {
    /// Reads one: a name, a name with wildcards, a script block, or
    /// `@{Name='x'; Expression={…}}`.
    fn parse(cx: &mut Cx, value: &Value) -> Result<Selector, Stop> {
        match value {
            Value::Hash(hash) => {
                let mut selector = None;
                let mut label = None;
                let mut rest = (None, None, None, None);
                for (key, value) in hash.pairs() {
                    match full_key(&key) {
                        Some("Expression") => selector = Some(Selector::parse(cx, &value)?),
                        Some("Name") => label = Some(value.to_text()),
                        Some("Width") => rest.0 = width(cx, &value)?,
                        Some("Alignment") => rest.1 = Some(align(cx, &value)?),
                        Some("FormatString") => rest.2 = Some(value.to_text()),
                        Some("Descending") => rest.3 = Some(value.is_true()),
                        Some("Ascending") => rest.3 = Some(!value.is_true()),
                        _ => {
                            return Err(refuse(
                                cx,
                                format!(
                                    "\"{key}\" has no meaning in a calculated property; known are \
                                     Name, Label, Expression, Width, Alignment, FormatString, \
                                     Ascending, Descending"
                                ),
                            ));
                        }
                    }
                }
                let Some(mut selector) = selector else {
                    return Err(refuse(cx, "a calculated property needs an Expression"));
                };
                if label.is_some() {
                    selector.label = label;
                }
                (
                    selector.width,
                    selector.align,
                    selector.format,
                    selector.descending,
                ) = rest;
                Ok(selector)
            }
            Value::Block(block) => {
                // PowerShell calls it by its text.
                let label = Some(Rc::from(block.source.trim()));
                Ok(Selector::plain(label, Source::Block(Rc::clone(block))))
            }
            Value::Null => Err(refuse(cx, "a property cannot be $null")),
            other => {
                let name = other.to_text();
                let pattern = Wildcard::new(&name, false);
                Ok(if pattern.has_wildcards() {
                    Selector::plain(None, Source::Names(pattern))
                } else {
                    Selector::plain(Some(Rc::clone(&name)), Source::Name(name))
                })
            }
        }
    }

    /// All properties.
    pub(super) fn all() -> Selector {
        Selector::plain(None, Source::Names(Wildcard::new("*", false)))
    }

    fn plain(label: Option<Rc<str>>, source: Source) -> Selector {
        Selector {
            label,
            source,
            width: None,
            align: None,
            format: None,
            descending: None,
        }
    }

    /// The names it stands for in an object; one unless it has wildcards.
    pub(super) fn names(&self, object: &Value) -> Vec<Name> {
        let known = |n: &Name| matches!(&self.source, Source::Names(w) if w.is_match(n));
        match (&self.source, &self.label) {
            (Source::Names(_), _) => crate::format::csv::columns(object)
                .into_iter()
                .filter(known)
                .collect(),
            (_, Some(label)) => vec![Name::Shared(Rc::clone(label))],
            _ => Vec::new(),
        }
    }

    /// Whether the property is taken from the object as it is.
    pub(super) fn plain_name(&self) -> Option<&str> {
        match &self.source {
            Source::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The value of it in an object; `None` where the object has no such property. An error in a
    /// script block is shown and gives `$null`.
    pub(super) fn value(&self, cx: &mut Cx, object: &Value) -> Result<Option<Value>, Stop> {
        match &self.source {
            Source::Name(name) => Ok(object.property(name)),
            Source::Names(_) => Ok(None),
            Source::Block(block) => match cx.run_block(block, object) {
                Ok(values) => Ok(Some(Value::from_items(values))),
                Err(Stop::Terminated(error)) if !error.ends_script => {
                    cx.error(*error)?;
                    Ok(Some(Value::Null))
                }
                Err(stop) => Err(stop),
            },
        }
    }

    /// Names and values of it in an object; several with wildcards.
    pub(super) fn entries(&self, cx: &mut Cx, object: &Value) -> Result<Vec<(Name, Value)>, Stop> {
        if let Source::Names(_) = self.source {
            let entry = |n: Name| {
                let value = object.property(&n).unwrap_or_default();
                (n, value)
            };
            return Ok(self.names(object).into_iter().map(entry).collect());
        }
        let name = Name::Shared(self.label.clone().unwrap_or_else(|| Rc::from("")));
        let value = self.value(cx, object)?.unwrap_or_default();
        Ok(vec![(self.spelt(name, object), value)])
    }

    /// The name as the object spells it, where it is one of its properties under its own name.
    pub(super) fn spelt(&self, name: Name, object: &Value) -> Name {
        match (&self.source, object) {
            (Source::Name(n), Value::Object(o))
                if n.eq_ignore_ascii_case(&name) && **n == *name =>
            {
                let properties = o.properties();
                let same = properties.iter().find(|p| p.name.eq_ignore_ascii_case(n));
                same.map_or(name, |p| p.name.clone())
            }
            _ => name,
        }
    }
}

/// The full name of a key of a calculated property, which may be shortened.
fn full_key(key: &str) -> Option<&'static str> {
    const KEYS: &[(&str, &str)] = &[
        ("name", "Name"),
        ("label", "Name"),
        ("expression", "Expression"),
        ("width", "Width"),
        ("alignment", "Alignment"),
        ("formatstring", "FormatString"),
        ("ascending", "Ascending"),
        ("descending", "Descending"),
    ];
    let key = key.to_lowercase();
    if key.is_empty() {
        return None;
    }
    // `a` alone is Alignment in tables and Ascending in sorting; nothing is guessed.
    let mut fitting = KEYS.iter().filter(|(k, _)| k.starts_with(key.as_str()));
    match (fitting.next(), fitting.next()) {
        (Some((_, full)), None) => Some(full),
        _ => None,
    }
}

fn width(cx: &mut Cx, value: &Value) -> Result<Option<usize>, Stop> {
    let width = value.to_number().ok().and_then(|n| n.as_u64());
    match width
        .and_then(|w| usize::try_from(w).ok())
        .filter(|w| (1..=10_000).contains(w))
    {
        Some(width) => Ok(Some(width)),
        None => Err(refuse(
            cx,
            format!("\"{}\" is not a width", value.to_text()),
        )),
    }
}

fn align(cx: &mut Cx, value: &Value) -> Result<Align, Stop> {
    match value.to_text().to_lowercase().as_str() {
        "left" => Ok(Align::Left),
        "right" => Ok(Align::Right),
        "center" => Ok(Align::Center),
        other => Err(refuse(
            cx,
            format!("\"{other}\" is not an alignment: Left, Center, Right"),
        )),
    }
}

/// Whether a parameter names properties to be worked out by script blocks.
pub(super) fn runs_blocks(args: &Args, name: &str) -> bool {
    let block = |v: &Value| matches!(v, Value::Block(_) | Value::Hash(_));
    match args.get(name) {
        Some(Value::Array(items)) => items.iter().any(block),
        Some(one) => block(one),
        None => false,
    }
}

/// The selectors of a `-Property` parameter; none if it was not given.
pub(super) fn selectors(cx: &mut Cx, args: &Args, name: &str) -> Result<Vec<Selector>, Stop> {
    let values = args.get(name).cloned().unwrap_or_default().into_items();
    values.iter().map(|v| Selector::parse(cx, v)).collect()
}

/// Refuses further values where one object is meant; keeps count of the memory.
pub(super) fn keep(cx: &mut Cx, kept: &mut Vec<Value>, value: Value) -> Flow {
    cx.charge(1)?;
    kept.push(value);
    Ok(())
}

/// The error of a file that could not be opened, read or written.
pub(super) fn file_error(path: &str, error: &std::io::Error, reading: bool) -> ErrorRecord {
    use std::io::ErrorKind;
    let (id, category, what) = match error.kind() {
        ErrorKind::NotFound if reading => (
            "FileNotFound",
            Category::ObjectNotFound,
            "it does not exist".to_owned(),
        ),
        ErrorKind::NotFound => (
            "FolderNotFound",
            Category::ObjectNotFound,
            "its folder does not exist".to_owned(),
        ),
        ErrorKind::AlreadyExists => (
            "FileExists",
            Category::ResourceExists,
            "it exists already".to_owned(),
        ),
        ErrorKind::PermissionDenied => (
            "FileAccessDenied",
            Category::PermissionDenied,
            "access is denied".to_owned(),
        ),
        _ if reading => ("FileReadError", Category::ReadError, error.to_string()),
        _ => ("FileWriteError", Category::WriteError, error.to_string()),
    };
    let verb = if reading { "read" } else { "write" };
    ErrorRecord::new(id, category, format!("cannot {verb} \"{path}\": {what}")).target(path)
}
