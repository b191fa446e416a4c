//! What the common parameters of one call ask for.

use std::rc::Rc;
use std::sync::Arc;

use crate::ast::At;
use crate::command::{Args, CmdletDef, Flow, Stop};
use crate::error::{Category, ErrorRecord};
use crate::value::{Object, Value};

use super::runtime::Runtime;

/// What an error, warning or remark does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Continue,
    Silent,
    Ignore,
    Stop,
}

impl Action {
    pub(crate) fn parse(text: &str) -> Option<Action> {
        match text.to_ascii_lowercase().as_str() {
            "continue" | "inquire" => Some(Action::Continue),
            "silentlycontinue" => Some(Action::Silent),
            "ignore" => Some(Action::Ignore),
            "stop" => Some(Action::Stop),
            _ => None,
        }
    }
}

/// One call of a command.
pub(crate) struct Invocation {
    pub(crate) def: Arc<CmdletDef>,
    pub(crate) pipeline: u32,
    pub(crate) stage: u32,
    /// Something comes before this command in its pipeline.
    pub(crate) piped: bool,
    pub(crate) at: At,
    pub(crate) script: Rc<str>,
    pub(crate) what_if: bool,
    pub(crate) confirm: Option<bool>,
    pub(crate) answer_to_all: Option<bool>,
    pub(crate) verbose: Option<bool>,
    pub(crate) debug: Option<bool>,
    pub(crate) progress_off: bool,
    /// Copies of the output for `-OutVariable`.
    pub(crate) out: Option<Vec<Value>>,
    errors: Option<Vec<Value>>,
    warnings: Option<Vec<Value>>,
    remarks: Option<Vec<Value>>,
    error_action: Option<Action>,
    warning_action: Option<Action>,
    information_action: Option<Action>,
}

impl Invocation {
    pub(crate) fn new(def: Arc<CmdletDef>, pipeline: u32, at: At, script: Rc<str>) -> Self {
        Invocation {
            def,
            pipeline,
            stage: 0,
            piped: true,
            at,
            script,
            what_if: false,
            confirm: None,
            answer_to_all: None,
            verbose: None,
            debug: None,
            progress_off: false,
            out: None,
            errors: None,
            warnings: None,
            remarks: None,
            error_action: None,
            warning_action: None,
            information_action: None,
        }
    }

    /// Takes over what the common parameters say.
    pub(crate) fn configure(&mut self, args: &Args) {
        let action = |name| args.string(name).and_then(Action::parse);
        let list = |name| args.given(name).then(Vec::new);
        self.what_if = self.def.changes && args.switch("WhatIf");
        self.confirm = args
            .get("Confirm")
            .filter(|_| self.def.changes)
            .map(Value::is_true);
        self.verbose = args.get("Verbose").map(Value::is_true);
        self.debug = args.get("Debug").map(Value::is_true);
        self.error_action = action("ErrorAction");
        self.warning_action = action("WarningAction");
        self.information_action = action("InformationAction");
        self.progress_off = matches!(
            action("ProgressAction"),
            Some(Action::Silent | Action::Ignore)
        );
        self.out = list("OutVariable");
        self.errors = list("ErrorVariable");
        self.warnings = list("WarningVariable");
        self.remarks = list("InformationVariable");
    }

    /// Fills the variables the common parameters name.
    pub(crate) fn keep_variables(&mut self, rt: &mut Runtime, args: &Args) -> Flow {
        let kept = [
            ("OutVariable", self.out.take()),
            ("ErrorVariable", self.errors.take()),
            ("WarningVariable", self.warnings.take()),
            ("InformationVariable", self.remarks.take()),
        ];
        for (parameter, values) in kept {
            let (Some(values), Some(name)) = (values, args.string(parameter)) else {
                continue;
            };
            let (name, add) = match name.strip_prefix('+') {
                Some(name) => (name, true),
                None => (name, false),
            };
            let name: Rc<str> = Rc::from(name.trim_start_matches('$').to_lowercase());
            let values = if add {
                let mut all = rt.variable(&name).into_items();
                all.extend(values);
                all
            } else {
                values
            };
            rt.charge_cells(values.len() as u64)?;
            rt.set_variable(&name, Value::array(values))?;
        }
        Ok(())
    }

    /// Adds the command's name, and the place in the source where that helps.
    pub(crate) fn sign(&self, mut error: ErrorRecord) -> ErrorRecord {
        if error.command.is_none() {
            error.command = Some(self.def.name.to_owned());
        }
        let several_lines = self.script.trim_end().contains('\n');
        if error.position.is_none() && several_lines && !self.def.has_secrets() {
            error.position = Some(Box::new(crate::privacy::position(&self.script, self.at)));
        }
        error
    }

    fn error_action(&self, rt: &Runtime) -> Action {
        self.error_action
            .unwrap_or_else(|| rt.preference("erroractionpreference"))
    }

    /// Reports an error that ends nothing, as `-ErrorAction` says.
    pub(crate) fn report(&mut self, rt: &mut Runtime, mut error: ErrorRecord) -> Flow {
        if let Some(kept) = &mut self.errors {
            rt.charge_cells(8)?;
            kept.push(error_value(&error));
        }
        match self.error_action(rt) {
            Action::Stop => {
                error.ends_script = true;
                return Err(Stop::from(error));
            }
            Action::Continue => rt.show_error(error),
            Action::Silent => rt.keep_error(error),
            Action::Ignore => rt.last_ok = false,
        }
        Ok(())
    }

    pub(crate) fn warn(&mut self, rt: &mut Runtime, text: &str) -> Flow {
        if let Some(kept) = &mut self.warnings {
            rt.charge_cells(1 + text.len() as u64 / 32)?;
            kept.push(Value::from(text));
        }
        let action = self
            .warning_action
            .unwrap_or_else(|| rt.preference("warningpreference"));
        match action {
            Action::Continue => rt.host.warning(text),
            Action::Silent | Action::Ignore => {}
            Action::Stop => {
                let mut error = ErrorRecord::new(
                    "WarningActionStop",
                    Category::OperationStopped,
                    format!("stopped by a warning: {text}"),
                );
                error.ends_script = true;
                return Err(Stop::from(self.sign(error)));
            }
        }
        Ok(())
    }

    pub(crate) fn inform(&mut self, rt: &mut Runtime, text: &str) {
        if let Some(kept) = &mut self.remarks {
            kept.push(Value::from(text));
        }
        if !matches!(
            self.information_action,
            Some(Action::Silent | Action::Ignore)
        ) {
            rt.host.information(text);
        }
    }

    /// Whether a change must be confirmed: as `-Confirm` says, else where the command asks by
    /// itself, or `$ConfirmPreference` is stricter than usual.
    pub(crate) fn wants_confirmation(&self, rt: &Runtime) -> bool {
        self.confirm.unwrap_or_else(|| {
            match rt
                .variable("confirmpreference")
                .to_text()
                .to_ascii_lowercase()
                .as_str()
            {
                "none" => false,
                "low" | "medium" => true,
                _ => self.def.asks,
            }
        })
    }
}

/// An error as a value, for `$Error` and `-ErrorVariable`.
pub(crate) fn error_value(error: &ErrorRecord) -> Value {
    use crate::value::TypeDesc;
    static ERROR: TypeDesc = TypeDesc::new(
        "ErrorRecord",
        &[
            "Message",
            "FullyQualifiedErrorId",
            "Category",
            "TargetObject",
            "Command",
            "Exception",
        ],
    )
    .also(&["System.Management.Automation.ErrorRecord"])
    .shows(&[
        "Message",
        "FullyQualifiedErrorId",
        "Category",
        "TargetObject",
        "Command",
    ])
    .told_by("Message");
    static EXCEPTION: TypeDesc = TypeDesc::new("Exception", &["Message"])
        .also(&["System.Exception"])
        .told_by("Message");
    let message = error.message.as_str();
    Object::new(&ERROR)
        .with("Message", message)
        .with("FullyQualifiedErrorId", error.id.as_ref())
        .with("Category", format!("{:?}", error.category))
        .with("TargetObject", error.target.as_deref())
        .with("Command", error.command.as_deref())
        .with(
            "Exception",
            Object::new(&EXCEPTION).with("Message", message),
        )
        .into()
}
