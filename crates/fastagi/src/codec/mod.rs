//! The protocol, without a socket: bytes in, what they say out.
//!
//! Asterisk opens the connection and sends the environment of the call: lines `agi_NAME: VALUE` and an
//! empty one. Then it does one command after the other and answers each with a line; `HANGUP` may come
//! between them at any time.

mod answer;
mod command;
mod environment;
mod lines;

pub use answer::Answer;
pub use command::Command;
pub use environment::Environment;

use environment::Reading;
use lines::Lines;

/// More lines than any explanation of a wrong command has.
const LONGEST_USAGE: usize = 100;

/// What Asterisk sent.
pub enum Received {
    /// The environment of the call. It comes once, first.
    Environment(Environment),
    /// The answer to a command.
    Answer(Answer),
    /// The caller is gone.
    HangUp,
}

/// What came is not this protocol; the connection is of no more use. Says nothing of what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A line is longer than any that Asterisk sends.
    #[error("a line is longer than {} bytes", lines::LONGEST)]
    LineTooLong,
    /// There are more lines than there can be.
    #[error("there are too many lines")]
    TooManyLines,
    /// The connection does not begin as Asterisk begins it.
    #[error("the connection does not begin with the environment of a call")]
    NotAnEnvironment,
    /// A line is no answer.
    #[error("a line is no answer to a command")]
    NotAnAnswer,
}

/// Takes bytes as they come and gives what they say.
#[derive(Default)]
pub struct Decoder {
    lines: Lines,
    /// While the environment is being read.
    environment: Option<Reading>,
    begun: bool,
    /// Lines of an explanation that were skipped.
    usage: Option<usize>,
}

impl Decoder {
    /// Takes what came from the connection. [`Decoder::receive`] until it has nothing more, before the
    /// next bytes.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.lines.feed(bytes)
    }

    /// The next thing that was sent, once it is complete.
    pub fn receive(&mut self) -> Result<Option<Received>, Broken> {
        if !self.begun {
            self.begun = true;
            self.environment = Some(Reading::default());
        }
        while let Some(line) = self.lines.next() {
            if let Some(reading) = &mut self.environment {
                if reading.take(&line)? {
                    let read = self.environment.take().unwrap_or_default();
                    return Ok(Some(Received::Environment(read.environment)));
                }
            } else if let Some(skipped) = &mut self.usage {
                *skipped += 1;
                if line.starts_with("520 ") {
                    self.usage = None;
                    return Ok(Some(Received::Answer(Answer::Misused)));
                }
                if *skipped > LONGEST_USAGE {
                    return Err(Broken::TooManyLines);
                }
            } else if line.as_str() == "HANGUP" {
                return Ok(Some(Received::HangUp));
            } else if line.starts_with("520-") {
                self.usage = Some(0);
            } else if let Some(answer) = Answer::parse(&line)? {
                return Ok(Some(Received::Answer(answer)));
            }
        }
        Ok(None)
    }
}
