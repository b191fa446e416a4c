//! `Tee-Object`

use super::output::{ENCODING, TextFile};
use super::support::{INPUT, input, keep, refuse};
use crate::format::Layout;
use crate::value::Value;
use crate::{Args, CmdletDef, Command, Cx, Flow, Held, Param, Stop};

const PARAMS: &[Param] = &[
    Param::string("FilePath")
        .alias(&["Path", "LiteralPath"])
        .at(1)
        .help("A file that receives what would be shown."),
    Param::string("Variable").help("A variable that receives the objects."),
    Param::switch("Append").help("Adds to the file or variable."),
    ENCODING,
    INPUT,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::new("Tee-Object", Tee::default)
        .aliases(&["tee"])
        .synopsis("Passes objects on and also keeps them in a variable or file.")
        .params(PARAMS)
        .example(
            "Get-CsPinPolicy | Tee-Object -Variable all | Measure-Object",
            "Keeps them too.",
        )
        .inputs("Any object.")
}

#[derive(Default)]
struct Tee {
    file: Option<TextFile>,
    kept: Vec<Value>,
}

impl Command for Tee {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        match (args.string("FilePath"), args.string("Variable")) {
            (Some(_), Some(_)) => Err(refuse(cx, "-FilePath and -Variable exclude each other")),
            (None, None) => Err(refuse(cx, "-FilePath or -Variable is missing")),
            (None, Some(_)) => Ok(()),
            (Some(path), None) => {
                self.file = Some(TextFile::open(
                    cx,
                    args,
                    path,
                    Layout::of(None).in_locale(cx.locale()),
                )?);
                Ok(())
            }
        }
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let it = input(args);
        match &mut self.file {
            Some(file) => file.push(cx, &it)?,
            None => keep(cx, &mut self.kept, it.clone())?,
        }
        cx.emit(it)
    }

    fn held(&self, _: &Args) -> Held {
        Held::Written
    }

    fn stopped(&mut self, _: &mut Cx, _: &Args, _: &Stop) {
        self.file = self.file.take().filter(TextFile::has_anything);
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        if let Some(file) = self.file.take() {
            return file.finish(cx);
        }
        let Some(name) = args.string("Variable") else {
            return Ok(());
        };
        let name = name.trim_start_matches('$');
        let mut values = Vec::new();
        if args.switch("Append") {
            values = cx.variable(name).into_items();
        }
        values.append(&mut self.kept);
        cx.set_variable(name, Value::from_items(values))
    }
}
