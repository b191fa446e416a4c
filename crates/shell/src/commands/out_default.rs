//! `Out-Default`, `Out-Host` and `Out-Null`

use jiff::{SignedDuration, Timestamp};

use super::support::{INPUT, input};
use crate::format::{Formatter, Layout};
use crate::{Args, CmdletDef, Command, Cx, Flow, Held, Param};

const PARAMS: &[Param] = &[
    Param::switch("Paging")
        .hidden()
        .help("Accepted; the terminal scrolls."),
    INPUT,
];

/// How long rows are held back to find the widths of their columns.
const PATIENCE: SignedDuration = SignedDuration::from_millis(300);

pub(super) fn default() -> CmdletDef {
    CmdletDef::new("Out-Default", OutDefault::default)
        .synopsis("Lays out objects and shows them; every pipeline ends in it by itself.")
        .params(PARAMS)
        .inputs("Any object.")
}

pub(super) fn host() -> CmdletDef {
    CmdletDef::new("Out-Host", OutDefault::default)
        .aliases(&["oh"])
        .synopsis("Lays out objects and shows them.")
        .params(PARAMS)
        .inputs("Any object.")
}

pub(super) fn null() -> CmdletDef {
    CmdletDef::function("Out-Null", |_, _| Ok(()))
        .synopsis("Takes objects and does nothing with them.")
        .params(&[INPUT])
        .example("Get-CsPinPolicy | Out-Null", "Shows nothing.")
        .inputs("Any object.")
}

#[derive(Default)]
struct OutDefault {
    formatter: Option<Formatter>,
    /// When the first row was held back.
    since: Option<Timestamp>,
}

impl Command for OutDefault {
    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let value = input(args);
        let layout = Layout::of(cx.host().width()).in_locale(cx.locale());
        let formatter = self.formatter.get_or_insert_with(|| Formatter::new(layout));
        formatter.push(&value, &mut |line| cx.line(line))?;
        warn(cx, formatter)?;
        if !formatter.is_holding() {
            self.since = None;
            return Ok(());
        }
        let now = cx.now();
        let since = *self.since.get_or_insert(now);
        if now.duration_since(since) >= PATIENCE {
            formatter.flush(&mut |line| cx.line(line))?;
            warn(cx, formatter)?;
        }
        Ok(())
    }

    fn held(&self, _: &Args) -> Held {
        Held::PassedOn
    }

    fn end(&mut self, cx: &mut Cx, _: &Args) -> Flow {
        match &mut self.formatter {
            Some(formatter) => {
                formatter.finish(&mut |line| cx.line(line))?;
                warn(cx, formatter)
            }
            None => Ok(()),
        }
    }

    fn flush(&mut self, cx: &mut Cx, _: &Args) -> Flow {
        match &mut self.formatter {
            Some(formatter) => {
                formatter.flush(&mut |line| cx.line(line))?;
                warn(cx, formatter)
            }
            None => Ok(()),
        }
    }
}

/// Tells of columns that had no room.
pub(super) fn warn(cx: &mut Cx, formatter: &mut Formatter) -> Flow {
    match formatter.warning() {
        Some(text) => cx.warning(&text),
        None => Ok(()),
    }
}
