//! Pipelines: objects are pushed from command to command, one at a time.

use std::rc::Rc;
use std::sync::Arc;

use super::invocation::Invocation;
use super::runtime::{Runtime, Sink};
use crate::ast::{Argument, Call, Element, Pipeline};
use crate::binder::{Binding, Given};
use crate::command::{Args, CmdletDef, Command, Cx, Flow, Held, Stop};
use crate::error::{Category, ErrorRecord};
use crate::host::Share;
use crate::value::{List, Value};

/// The most commands in one pipeline.
const LONGEST: usize = 64;

/// What preparing a command costs, in steps.
const STAGE_STEPS: u64 = 50;

/// One command of a running pipeline.
pub(crate) struct Stage {
    command: Box<dyn Command>,
    args: Args,
    binding: Binding,
    inv: Invocation,
    /// It was brought to its end.
    ended: bool,
}

impl Stage {
    /// A command at the end of everything, such as `Out-Default`, without arguments.
    pub(crate) fn last(def: &Arc<CmdletDef>, rt: &mut Runtime) -> Result<Stage, Stop> {
        let (binding, args) =
            Binding::new(def, Vec::new(), true, &rt.zone).map_err(Stop::Terminated)?;
        let mut inv = Invocation::new(Arc::clone(def), rt.new_pipeline(), 0, Rc::from(""));
        inv.configure(&args);
        Ok(Stage {
            command: def.make(),
            args,
            binding,
            inv,
            ended: false,
        })
    }

    fn process(&mut self, rt: &mut Runtime, down: &mut Downstream<'_>) -> Flow {
        let mut cx = Cx {
            rt: &mut *rt,
            down: down.again(),
            inv: &mut self.inv,
        };
        self.command.process(&mut cx, &self.args)
    }

    fn begin(&mut self, rt: &mut Runtime, down: &mut Downstream<'_>) -> Flow {
        let mut cx = Cx {
            rt: &mut *rt,
            down: down.again(),
            inv: &mut self.inv,
        };
        self.command.begin(&mut cx, &self.args)
    }

    fn stopped(&mut self, rt: &mut Runtime, down: &mut Downstream<'_>, stop: &Stop) {
        let mut cx = Cx {
            rt: &mut *rt,
            down: down.again(),
            inv: &mut self.inv,
        };
        self.command.stopped(&mut cx, &self.args, stop);
        let ends = match self.command.held(&self.args) {
            Held::Written => true,
            Held::PassedOn => !matches!(stop, Stop::Enough(_)) && cx.down.is_passive(),
            Held::Nothing | Held::Dropped => false,
        };
        if ends
            && !self.ended
            && let Err(Stop::Terminated(error)) = self.command.end(&mut cx, &self.args)
        {
            // The pipeline is ended by something else already.
            cx.rt.show_error(*error);
        }
    }

    fn end(&mut self, rt: &mut Runtime, down: &mut Downstream<'_>) -> Flow {
        let mut cx = Cx {
            rt: &mut *rt,
            down: down.again(),
            inv: &mut self.inv,
        };
        self.command.end(&mut cx, &self.args)?;
        self.ended = true;
        self.inv.keep_variables(rt, &self.args)
    }
}

/// What comes after a command: the later commands, then whoever takes the output.
pub(crate) struct Downstream<'a> {
    pub(crate) stages: &'a mut [Stage],
    pub(crate) sink: &'a mut dyn Sink,
}

impl Downstream<'_> {
    fn passive_from(&self, place: usize) -> bool {
        let passive = |s: &Stage| matches!(s.command.held(&s.args), Held::Written | Held::PassedOn);
        self.stages.iter().skip(place).all(passive) && self.sink.is_passive()
    }

    fn again(&mut self) -> Downstream<'_> {
        Downstream {
            stages: &mut *self.stages,
            sink: &mut *self.sink,
        }
    }
}

impl Sink for Downstream<'_> {
    fn push(&mut self, rt: &mut Runtime, value: Value) -> Flow {
        rt.pipeline_step()?;
        let Some((stage, later)) = self.stages.split_first_mut() else {
            return self.sink.push(rt, value);
        };
        let mut down = Downstream {
            stages: later,
            sink: &mut *self.sink,
        };
        if let Err(error) = stage.binding.bind_object(&mut stage.args, value) {
            let error = stage.inv.sign(*error);
            down.flush(rt)?;
            return stage.inv.report(rt, error);
        }
        rt.deeper(|rt| stage.process(rt, &mut down))
    }

    fn flush(&mut self, rt: &mut Runtime) -> Flow {
        let Some((stage, later)) = self.stages.split_first_mut() else {
            return self.sink.flush(rt);
        };
        let mut down = Downstream {
            stages: later,
            sink: &mut *self.sink,
        };
        let mut cx = Cx {
            rt: &mut *rt,
            down: down.again(),
            inv: &mut stage.inv,
        };
        stage.command.flush(&mut cx, &stage.args)?;
        down.flush(rt)
    }

    fn reaches(&self) -> bool {
        for (place, stage) in self.stages.iter().enumerate() {
            match stage.command.held(&stage.args) {
                Held::Nothing => {}
                Held::Written => return true,
                Held::PassedOn => return self.passive_from(place + 1),
                Held::Dropped => return false,
            }
        }
        self.sink.reaches()
    }

    fn is_passive(&self) -> bool {
        self.passive_from(0)
    }
}

/// The commands of a pipeline and what takes their output.
pub(crate) struct Running<'a> {
    pub(crate) stages: Vec<Stage>,
    pub(crate) sink: &'a mut dyn Sink,
}

impl Running<'_> {
    /// The stage at `place` and what comes after it.
    fn split(&mut self, place: usize) -> Option<(&mut Stage, Downstream<'_>)> {
        let (stage, later) = self.stages.get_mut(place..)?.split_first_mut()?;
        Some((
            stage,
            Downstream {
                stages: later,
                sink: &mut *self.sink,
            },
        ))
    }

    /// Begins the last command first, so that all that follow are ready when one puts out
    /// something already in its beginning.
    pub(crate) fn begin(&mut self, rt: &mut Runtime) -> Flow {
        for place in (0..self.stages.len()).rev() {
            if let Some((stage, mut down)) = self.split(place) {
                stage.begin(rt, &mut down)?;
            }
        }
        Ok(())
    }

    /// Ends the commands from `place` on.
    pub(crate) fn end(&mut self, rt: &mut Runtime, from: usize) -> Flow {
        for place in from..self.stages.len() {
            if let Some((stage, mut down)) = self.split(place) {
                stage.end(rt, &mut down)?;
            }
        }
        Ok(())
    }

    /// Tells every command that the pipeline ended before its end, and lets out what they hold.
    fn stopped(&mut self, rt: &mut Runtime, stop: &Stop) {
        let before = std::mem::replace(&mut rt.finishing, true);
        for place in 0..self.stages.len() {
            if let Some((stage, mut down)) = self.split(place) {
                stage.stopped(rt, &mut down, stop);
            }
        }
        rt.finishing = before;
    }

    pub(crate) fn downstream(&mut self) -> Downstream<'_> {
        Downstream {
            stages: &mut self.stages,
            sink: &mut *self.sink,
        }
    }

    /// Sends the input through, or lets the first command work without any.
    fn feed(&mut self, rt: &mut Runtime, input: Option<Value>) -> Flow {
        match input {
            None => match self.split(0) {
                Some((stage, mut down)) => rt.deeper(|rt| stage.process(rt, &mut down)),
                None => Ok(()),
            },
            Some(Value::Array(items)) => self.feed_all(rt, List::take(items)),
            Some(one) => self.feed_all(rt, vec![one]),
        }
    }
}

impl Running<'_> {
    fn feed_all(&mut self, rt: &mut Runtime, items: Vec<Value>) -> Flow {
        let pipeline = self.stages.first().map(|stage| stage.inv.pipeline);
        let whole = items.len() as u64;
        let mut down = self.downstream();
        for (part, item) in (1..).zip(items) {
            if let Some(pipeline) = pipeline {
                rt.pass_on(pipeline, Share { part, whole });
            }
            down.push(rt, item)?;
        }
        Ok(())
    }
}

impl Runtime {
    pub(crate) fn new_pipeline(&mut self) -> u32 {
        self.next_pipeline = self.next_pipeline.wrapping_add(1);
        self.next_pipeline
    }

    /// Runs a pipeline with commands in it.
    pub(super) fn run_pipeline(&mut self, pipeline: &Pipeline, sink: &mut dyn Sink) -> Flow {
        if pipeline.elements.len() > LONGEST {
            let message = format!("a pipeline may have at most {LONGEST} commands");
            return Err(self.fault(
                pipeline.at,
                "PipelineLimit",
                Category::LimitsExceeded,
                message,
            ));
        }
        let outer = self.inputs.len();
        let flow = self.deeper(|rt| rt.run_stages(pipeline, sink));
        self.inputs.truncate(outer);
        flow
    }

    fn run_stages(&mut self, pipeline: &Pipeline, sink: &mut dyn Sink) -> Flow {
        let number = self.new_pipeline();
        let mut input = None;
        let mut stages = Vec::with_capacity(pipeline.elements.len());
        for (i, element) in pipeline.elements.iter().enumerate() {
            match element {
                Element::Expr(expr) => input = Some(self.several(expr)?),
                Element::Command(call) => stages.push(self.stage(call, number, i > 0)?),
            }
        }
        let mut running = Running { stages, sink };
        running.begin(self)?;
        let flow = match running.feed(self, input) {
            Ok(()) => running.end(self, 0),
            // Those before the one that had enough are not asked to end.
            Err(Stop::Enough(pipeline)) if pipeline == number => {
                let from = self.enough_at;
                let place = running
                    .stages
                    .iter()
                    .position(|s| s.inv.stage == from)
                    .unwrap_or(0);
                running.end(self, place)
            }
            stopped => stopped,
        };
        if let Err(stop) = &flow {
            running.stopped(self, stop);
            for stage in &mut running.stages {
                // What they were to keep is kept, as far as it goes.
                if !stage.ended {
                    stage.inv.keep_variables(self, &stage.args)?;
                }
            }
        }
        flow
    }

    fn stage(&mut self, call: &Call, pipeline: u32, piped: bool) -> Result<Stage, Stop> {
        self.step(STAGE_STEPS)?;
        let Some(def) = self.registry.find(&call.name).map(Arc::clone) else {
            return Err(self.unknown_command(call));
        };
        // `Some-Command -?` is `Get-Help Some-Command`, whatever else is written.
        let asks = |a: &Argument| matches!(a, Argument::Named { name, .. } if &**name == "?");
        let (def, given) = match self.registry.find("Get-Help") {
            Some(help) if call.args.iter().any(asks) => {
                let name = Given::Named("Name".to_owned(), Some(Value::from(def.name)));
                (Arc::clone(help), vec![name])
            }
            _ => (def, self.given(call)?),
        };
        let script = Rc::clone(&self.script);
        let mut inv = Invocation::new(Arc::clone(&def), pipeline, call.at, script);
        let (binding, args) = Binding::new(&def, given, piped, &self.zone)
            .map_err(|error| Stop::from(inv.sign(*error)))?;
        self.next_stage = self.next_stage.wrapping_add(1);
        inv.stage = self.next_stage;
        inv.piped = piped;
        inv.configure(&args);
        Ok(Stage {
            command: def.make(),
            args,
            binding,
            inv,
            ended: false,
        })
    }

    fn unknown_command(&self, call: &Call) -> Stop {
        let name = crate::privacy::mask_digits(&crate::value::clip(&call.name));
        if let Some(advice) = super::outside::advice(&call.name) {
            let message = format!("the command {name} of PowerShell is not part of this language");
            let mut error = ErrorRecord::new("NotSupported", Category::NotImplemented, message);
            error.advice = advice.map(str::to_owned);
            return error.into();
        }
        let message = format!("there is no command \"{name}\"");
        let mut error = ErrorRecord::new("CommandNotFound", Category::ObjectNotFound, message);
        error.advice = Some(match self.registry.nearest(&call.name) {
            Some(near) => format!("Did you mean {near}?"),
            None => "Get-Command lists the commands there are.".to_owned(),
        });
        error.into()
    }

    /// The arguments of a call, worked out.
    fn given(&mut self, call: &Call) -> Result<Vec<Given>, Stop> {
        let mut given = Vec::with_capacity(call.args.len());
        for argument in &call.args {
            match argument {
                Argument::Named { name, value, .. } => {
                    let value = value.as_ref().map(|v| self.eval(v)).transpose()?;
                    given.push(Given::Named(name.to_string(), value));
                }
                Argument::Value(expr, _) => given.push(Given::Value(self.eval(expr)?)),
                Argument::Splat(name, at) => match self.read_variable(name) {
                    Value::Hash(hash) => {
                        let pairs = hash.pairs().into_iter();
                        given.extend(pairs.map(|(k, v)| Given::Named(k.to_string(), Some(v))));
                    }
                    Value::Array(items) => given.extend(items.iter().cloned().map(Given::Value)),
                    Value::Null => {
                        let message = format!("the variable ${name} to splat has no value");
                        let category = Category::InvalidArgument;
                        return Err(self.fault(*at, "SplatValue", category, message));
                    }
                    one => given.push(Given::Value(one)),
                },
            }
        }
        Ok(given)
    }
}
