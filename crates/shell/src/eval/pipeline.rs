//! Pipelines: objects are pushed from command to command, one at a time.

use std::sync::Arc;

use crate::command::{Args, CmdletDef, Command, Cx, Flow};
use crate::value::Value;

use super::invocation::Invocation;
use super::runtime::{Runtime, Sink};

/// One command of a running pipeline.
pub(crate) struct Stage {
    pub(crate) def: Arc<CmdletDef>,
    pub(crate) command: Box<dyn Command>,
    pub(crate) args: Args,
    pub(crate) inv: Invocation,
}

/// What comes after a command: the later commands, then whoever takes the output.
pub(crate) struct Downstream<'a> {
    pub(crate) stages: &'a mut [Stage],
    pub(crate) sink: &'a mut dyn Sink,
}

impl Sink for Downstream<'_> {
    fn push(&mut self, rt: &mut Runtime, value: Value) -> Flow {
        rt.pipeline_step()?;
        let Some((stage, later)) = self.stages.split_first_mut() else {
            return self.sink.push(rt, value);
        };
        stage.args.input = value;
        let mut cx = Cx {
            rt,
            down: Downstream {
                stages: later,
                sink: &mut *self.sink,
            },
            inv: &mut stage.inv,
        };
        stage.command.process(&mut cx, &stage.args)
    }

    fn flush(&mut self, rt: &mut Runtime) -> Flow {
        self.sink.flush(rt)
    }
}
