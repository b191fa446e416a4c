//! What Asterisk tells of a call before the first command.

use super::Broken;

/// More lines than any environment has.
const MOST_LINES: usize = 200;
/// Arguments beyond these are left out.
const MOST_ARGUMENTS: usize = 9;

/// The environment of a call, as far as it is of use here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// What stands behind the host in the address: `attendant` of `agi://HOST/attendant`.
    pub script: String,
    /// The name of the channel.
    pub channel: String,
    /// What Asterisk calls the call, in its own records too.
    pub unique_id: String,
    /// The number that calls, where it is known.
    pub caller: Option<String>,
    /// The number that was called, where it is known.
    pub called: Option<String>,
    /// What the dialplan gave along.
    pub arguments: Vec<String>,
}

/// An environment that is being read.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) environment: Environment,
    lines: usize,
}

impl Reading {
    /// Takes a line; whether it was the last one.
    pub(super) fn take(&mut self, line: &str) -> Result<bool, Broken> {
        self.lines += 1;
        if line.is_empty() && self.lines > 1 {
            return Ok(true);
        }
        if self.lines > MOST_LINES {
            return Err(Broken::TooManyLines);
        }
        let Some((name, value)) = line.strip_prefix("agi_").and_then(|l| l.split_once(':')) else {
            return Err(Broken::NotAnEnvironment);
        };
        let value = value.trim();
        let known = || Some(value.to_owned()).filter(|v| !v.is_empty() && v != "unknown");
        let into = &mut self.environment;
        match name {
            "network_script" => value.clone_into(&mut into.script),
            "channel" => value.clone_into(&mut into.channel),
            "uniqueid" => value.clone_into(&mut into.unique_id),
            "callerid" => into.caller = known(),
            "dnid" => into.called = known().or(into.called.take()),
            "extension" => into.called = into.called.take().or(known()),
            _ if name.starts_with("arg_") && into.arguments.len() < MOST_ARGUMENTS => {
                into.arguments.push(value.to_owned());
            }
            _ => {}
        }
        Ok(false)
    }
}
