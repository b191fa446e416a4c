//! The commands that this door gives.

use std::fmt::Write;
use std::time::Duration;

/// Every key ends what is played.
const ALL_KEYS: &str = "0123456789*#";

/// A command. None of them holds a PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Take the call.
    Answer,
    /// Set a variable of the channel.
    SetVariable {
        /// Its name, such as `PINWARD_RESULT` or `CHANNEL(language)`.
        name: &'static str,
        /// Its value; characters that could end the line are left out.
        value: String,
    },
    /// Play a sound; a key ends it, where the caller may go on.
    Play {
        /// The file, without its ending.
        file: String,
        /// Whether keys end it.
        interruptible: bool,
    },
    /// Say a number; a key ends it.
    SayNumber(u32),
    /// Say digits; a key ends it.
    SayDigits(String),
    /// Play a sound and take keys up to `#`.
    GetData {
        /// The file, without its ending; empty: none.
        file: String,
        /// How long each key may take.
        wait: Duration,
        /// How many keys at most.
        most: usize,
    },
    /// Tell in which state the channel is.
    ChannelStatus,
    /// Run an application of the dialplan.
    Exec {
        /// Its name.
        application: &'static str,
        /// Its arguments.
        arguments: String,
    },
}

impl Command {
    /// The line that gives it, with its end.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = String::new();
        let words: &[&str] = match self {
            Self::Answer => &["ANSWER"],
            Self::SetVariable { name, value } => &["SET", "VARIABLE", name, value],
            Self::Play {
                file,
                interruptible: true,
            } => &["STREAM", "FILE", file, ALL_KEYS],
            Self::Play { file, .. } => &["STREAM", "FILE", file, ""],
            Self::SayNumber(number) => &["SAY", "NUMBER", &number.to_string(), ALL_KEYS],
            Self::SayDigits(digits) => &["SAY", "DIGITS", digits, ALL_KEYS],
            Self::GetData { file, wait, most } => &[
                "GET",
                "DATA",
                file,
                &wait.as_millis().to_string(),
                &most.to_string(),
            ],
            Self::ChannelStatus => &["CHANNEL", "STATUS"],
            Self::Exec {
                application,
                arguments,
            } => &["EXEC", application, arguments],
        };
        for word in words {
            if !line.is_empty() {
                line.push(' ');
            }
            push_word(&mut line, word);
        }
        let _written = writeln!(line);
        line
    }
}

/// Plain words stand as they are, everything else in quotes.
fn push_word(line: &mut String, word: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./()*#:".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return line.push_str(word);
    }
    line.push('"');
    for c in word.chars().filter(|c| !c.is_control()) {
        if matches!(c, '"' | '\\') {
            line.push('\\');
        }
        line.push(c);
    }
    line.push('"');
}
