//! The declaration of a command.

use std::sync::Arc;

use super::{Args, CHANGES, COMMON, Command, Cx, Flow, Param};
use crate::value::TypeDesc;

/// An example in help.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What is typed.
    pub code: &'static str,
    /// What it does.
    pub caption: &'static str,
}

/// A command: name, parameters, help, and how to make one that works. Help, completion, the
/// reference and binding all come from this one definition.
pub struct CmdletDef {
    /// `Verb-Noun`.
    pub name: &'static str,
    /// Shorter names.
    pub aliases: &'static [&'static str],
    /// What it does, in a line.
    pub synopsis: &'static str,
    /// What it does, at length.
    pub description: &'static str,
    /// Its parameter sets; the first is the default. None: there is one, without a name.
    pub sets: &'static [&'static str],
    /// Its own parameters.
    pub params: &'static [Param],
    /// Examples.
    pub examples: Vec<Example>,
    /// What it takes from the pipeline, for help.
    pub inputs: &'static str,
    /// The types of what it puts out, for help and completion of property names.
    pub outputs: &'static [&'static TypeDesc],
    /// Further remarks for help.
    pub notes: &'static str,
    /// Changes something: adds `-WhatIf` and `-Confirm`.
    pub changes: bool,
    /// Asks before it acts unless `-Confirm:$false` or `$ConfirmPreference` says otherwise.
    pub asks: bool,
    make: Box<dyn Fn() -> Box<dyn Command> + Send + Sync>,
}

impl CmdletDef {
    /// A command that keeps state over a pipeline; `make` makes a fresh one for each call.
    pub fn new<C: Command + 'static>(
        name: &'static str,
        make: impl Fn() -> C + Send + Sync + 'static,
    ) -> Self {
        CmdletDef {
            name,
            aliases: &[],
            synopsis: "",
            description: "",
            sets: &[],
            params: &[],
            examples: Vec::new(),
            inputs: "",
            outputs: &[],
            notes: "",
            changes: false,
            asks: false,
            make: Box::new(move || Box::new(make())),
        }
    }

    /// A command that does the same for each object; the function is its `process`.
    pub fn function(
        name: &'static str,
        process: impl Fn(&mut Cx, &Args) -> Flow + Send + Sync + 'static,
    ) -> Self {
        let process = Arc::new(process);
        Self::new(name, move || {
            let process = Arc::clone(&process);
            move |cx: &mut Cx<'_>, args: &Args| process(cx, args)
        })
    }

    /// Shorter names.
    #[must_use]
    pub fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// What it does, in a line.
    #[must_use]
    pub fn synopsis(mut self, text: &'static str) -> Self {
        self.synopsis = text;
        self
    }

    /// What it does, at length.
    #[must_use]
    pub fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }

    /// Its parameter sets, the default first.
    #[must_use]
    pub fn sets(mut self, sets: &'static [&'static str]) -> Self {
        self.sets = sets;
        self
    }

    /// Its parameters.
    #[must_use]
    pub fn params(mut self, params: &'static [Param]) -> Self {
        self.params = params;
        self
    }

    /// One more example.
    #[must_use]
    pub fn example(mut self, code: &'static str, caption: &'static str) -> Self {
        self.examples.push(Example { code, caption });
        self
    }

    /// What it takes from the pipeline.
    #[must_use]
    pub fn inputs(mut self, text: &'static str) -> Self {
        self.inputs = text;
        self
    }

    /// The types of what it puts out.
    #[must_use]
    pub fn outputs(mut self, types: &'static [&'static TypeDesc]) -> Self {
        self.outputs = types;
        self
    }

    /// Further remarks.
    #[must_use]
    pub fn notes(mut self, text: &'static str) -> Self {
        self.notes = text;
        self
    }

    /// Changes something: has `-WhatIf` and `-Confirm`.
    #[must_use]
    pub fn changes(mut self) -> Self {
        self.changes = true;
        self
    }

    /// Changes something of consequence: asks first unless told not to.
    #[must_use]
    pub fn asks(mut self) -> Self {
        self.changes = true;
        self.asks = true;
        self
    }

    /// A fresh command for one call.
    #[must_use]
    pub fn make(&self) -> Box<dyn Command> {
        (self.make)()
    }

    /// All parameters: its own, then `-WhatIf` and `-Confirm` where it changes something, then the
    /// common ones; a parameter of its own hides a common one of the same name.
    pub fn all_params(&self) -> impl Iterator<Item = &'static Param> {
        let own = self.params;
        let changes: &'static [Param] = if self.changes { CHANGES } else { &[] };
        own.iter().chain(
            changes
                .iter()
                .chain(COMMON)
                .filter(move |p| !own.iter().any(|o| o.name.eq_ignore_ascii_case(p.name))),
        )
    }

    /// Whether any parameter is secret: then nothing it was given is ever echoed.
    #[must_use]
    pub fn has_secrets(&self) -> bool {
        self.params.iter().any(|p| p.secret)
    }
}
