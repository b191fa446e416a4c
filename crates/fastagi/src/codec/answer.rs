//! Asterisk's answer to a command. It may hold what the caller keyed.

use zeroize::Zeroizing;

use super::Broken;

/// The answer to a command. It cannot be printed.
pub enum Answer {
    /// `200 result=RESULT (REMARK)`: it was done.
    Done {
        /// What came of it: digits, a key as its code, `0`, `-1`.
        result: Zeroizing<String>,
        /// Whether the caller fell silent: `(timeout)`.
        timed_out: bool,
    },
    /// `510`: there is no such command.
    Unknown,
    /// `511`: the caller is gone.
    Dead,
    /// `520`: the command was given in a wrong way.
    Misused,
}

impl Answer {
    /// Reads a line; `None` where it only says that the answer takes a while.
    pub(super) fn parse(line: &str) -> Result<Option<Self>, Broken> {
        let code = line.get(..3).ok_or(Broken::NotAnAnswer)?;
        if !line[3..].starts_with([' ', '-']) && line.len() > 3 {
            return Err(Broken::NotAnAnswer);
        }
        match code {
            "200" => Self::done(line.get(4..).unwrap_or_default()).map(Some),
            "510" => Ok(Some(Self::Unknown)),
            "511" => Ok(Some(Self::Dead)),
            _ if code.starts_with('1') && code.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(None)
            }
            _ => Err(Broken::NotAnAnswer),
        }
    }

    fn done(rest: &str) -> Result<Self, Broken> {
        let rest = rest.strip_prefix("result=").ok_or(Broken::NotAnAnswer)?;
        let (result, remark) = rest.split_once(' ').unwrap_or((rest, ""));
        Ok(Self::Done {
            result: Zeroizing::new(result.to_owned()),
            timed_out: remark.starts_with("(timeout)"),
        })
    }

    /// The key that was pressed while something was played.
    pub(crate) fn key(&self) -> Option<char> {
        match self {
            Self::Done { result, .. } => {
                let code: u8 = result.parse().ok()?;
                Some(char::from(code)).filter(|key| matches!(key, '0'..='9' | '*' | '#'))
            }
            _ => None,
        }
    }

    /// Whether it was not done because the caller is gone, or perhaps because of something else.
    pub(crate) fn failed(&self) -> bool {
        match self {
            Self::Done { result, .. } => result.as_str() == "-1",
            _ => true,
        }
    }
}
