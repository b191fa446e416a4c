//! What went wrong, for people and for scripts.

use std::borrow::Cow;

/// The kind of an error, as `CategoryInfo` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Category {
    /// None of the others.
    #[default]
    NotSpecified,
    /// The source does not follow the grammar.
    ParserError,
    /// A parameter or argument is wrong.
    InvalidArgument,
    /// The value has the wrong kind.
    InvalidType,
    /// What is asked for makes no sense now.
    InvalidOperation,
    /// What was named does not exist.
    ObjectNotFound,
    /// It exists already.
    ResourceExists,
    /// Somebody else is working on it; try again.
    ResourceBusy,
    /// Not reachable or not working now.
    ResourceUnavailable,
    /// The caller may not do this.
    PermissionDenied,
    /// A file could not be read.
    ReadError,
    /// A file could not be written.
    WriteError,
    /// A limit of the session was reached.
    LimitsExceeded,
    /// The user stopped it.
    OperationStopped,
    /// The subset of the language does not have this.
    NotImplemented,
}

/// Where in the source an error lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line, with everything that could be a PIN masked.
    pub text: String,
}

/// One error. Never holds the value of a secret parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorRecord {
    /// Stable identifier, such as `PinTooShort`.
    pub id: Cow<'static, str>,
    /// Its kind.
    pub category: Category,
    /// What happened, naming the value.
    pub message: String,
    /// What it happened to, such as a user's identity.
    pub target: Option<String>,
    /// What to do about it.
    pub advice: Option<String>,
    /// The command that reports it; filled in by [`crate::Cx`].
    pub command: Option<String>,
    /// Where in the source; filled in by the evaluator.
    pub position: Option<Box<Position>>,
    /// Ends the whole script, not just the statement (`-ErrorAction Stop`).
    pub ends_script: bool,
}

impl ErrorRecord {
    /// An error with a stable identifier and a message.
    #[must_use]
    pub fn new(
        id: impl Into<Cow<'static, str>>,
        category: Category,
        message: impl Into<String>,
    ) -> Self {
        ErrorRecord {
            id: id.into(),
            category,
            message: message.into(),
            target: None,
            advice: None,
            command: None,
            position: None,
            ends_script: false,
        }
    }

    /// What it happened to.
    #[must_use]
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

/// Several lines: `Command: message`, advice, the place in the source, and the identifier.
impl std::fmt::Display for ErrorRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(command) = &self.command {
            write!(f, "{command}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(advice) = &self.advice {
            write!(f, "\n  {advice}")?;
        }
        if let Some(p) = &self.position {
            let caret = " ".repeat(p.column.saturating_sub(1).min(p.text.chars().count()));
            write!(
                f,
                "\n  At line {}, column {}:\n  {}\n  {caret}^",
                p.line, p.column, p.text
            )?;
        }
        write!(f, "\n  + {:?}: {}", self.category, self.id)?;
        if let Some(command) = &self.command {
            write!(f, ",{command}")?;
        }
        Ok(())
    }
}

/// The candidate nearest to `name` by edits, if it is near enough to be meant.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let length = name.chars().count();
    if length > 80 {
        return None;
    }
    candidates
        .into_iter()
        .map(|c| (edits(&name, &c.to_lowercase()), c))
        .min_by_key(|(d, _)| *d)
        .filter(|(d, _)| *d <= 1 + length / 4)
        .map(|(_, c)| c)
}

fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
