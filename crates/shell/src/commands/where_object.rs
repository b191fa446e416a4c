//! `Where-Object`

use super::support::{INPUT, input, refuse};
use crate::value::Value;
use crate::{Args, CmdletDef, Command, Cx, Flow, Param};

/// The comparisons, each with its form that regards case.
const OPERATORS: &[(&str, &str)] = &[
    ("EQ", "CEQ"),
    ("NE", "CNE"),
    ("GT", "CGT"),
    ("GE", "CGE"),
    ("LT", "CLT"),
    ("LE", "CLE"),
    ("Like", "CLike"),
    ("NotLike", "CNotLike"),
    ("Match", "CMatch"),
    ("NotMatch", "CNotMatch"),
    ("Contains", "CContains"),
    ("NotContains", "CNotContains"),
    ("In", "CIn"),
    ("NotIn", "CNotIn"),
];

const fn compare(name: &'static str, insensitive: &'static [&'static str]) -> Param {
    Param::switch(name)
        .alias(insensitive)
        .help("Compares the property with -Value.")
}

const fn with_case(name: &'static str) -> Param {
    Param::switch(name).help("The same, regarding case.")
}

const PARAMS: &[Param] = &[
    Param::any("FilterScript")
        .alias(&["Property"])
        .required()
        .at(1)
        .help("A script block that is true for the objects wanted, or the name of a property."),
    Param::any("Value")
        .at(2)
        .allow_null()
        .help("What the property is compared with."),
    compare("EQ", &["IEQ"]),
    with_case("CEQ"),
    compare("NE", &["INE"]),
    with_case("CNE"),
    compare("GT", &["IGT"]),
    with_case("CGT"),
    compare("GE", &["IGE"]),
    with_case("CGE"),
    compare("LT", &["ILT"]),
    with_case("CLT"),
    compare("LE", &["ILE"]),
    with_case("CLE"),
    compare("Like", &["ILike"]),
    with_case("CLike"),
    compare("NotLike", &["INotLike"]),
    with_case("CNotLike"),
    compare("Match", &["IMatch"]),
    with_case("CMatch"),
    compare("NotMatch", &["INotMatch"]),
    with_case("CNotMatch"),
    compare("Contains", &["IContains"]),
    with_case("CContains"),
    compare("NotContains", &["INotContains"]),
    with_case("CNotContains"),
    compare("In", &["IIn"]),
    with_case("CIn"),
    compare("NotIn", &["INotIn"]),
    with_case("CNotIn"),
    Param::switch("Is").help("The property is of the type -Value."),
    Param::switch("IsNot").help("The property is not of the type -Value."),
    Param::switch("Not").help("The property is false, empty or not there."),
    INPUT,
];

pub(super) fn def() -> CmdletDef {
    CmdletDef::new("Where-Object", || Where { operator: None })
        .aliases(&["?", "where"])
        .synopsis("Passes on the objects that satisfy a condition.")
        .description(
            "The condition is a script block in which $_ is the object, or the name of a property \
             with a comparison and a value. With the name alone, objects pass where the property \
             is true.",
        )
        .params(PARAMS)
        .example(
            "Get-CsClientPinInfo -Identity \"Ken Myer\" | Where-Object {$_.IsPinSet -eq $False}",
            "Passes the object on if no PIN is set.",
        )
        .example(
            "Get-CsPinPolicy | Where-Object PINLifetime -gt 30",
            "The same without a block.",
        )
        .inputs("Any object.")
}

struct Where {
    operator: Option<&'static str>,
}

impl Command for Where {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let both = OPERATORS.iter().flat_map(|(plain, case)| [*plain, *case]);
        let mut given = both
            .chain(["Is", "IsNot", "Not"])
            .filter(|n| args.switch(n));
        self.operator = given.next();
        if let (Some(first), Some(second)) = (self.operator, given.next()) {
            return Err(refuse(
                cx,
                format!("-{first} and -{second} exclude each other"),
            ));
        }
        if args.block("FilterScript").is_some() {
            if let Some(operator) = self.operator {
                return Err(refuse(
                    cx,
                    format!("-{operator} needs the name of a property"),
                ));
            }
            if args.given("Value") {
                return Err(refuse(
                    cx,
                    "after the script block nothing more is expected",
                ));
            }
            return Ok(());
        }
        match (self.operator, args.given("Value")) {
            (Some("Not") | None, true) => Err(refuse(
                cx,
                "how to compare with the value is missing, such as -EQ",
            )),
            (Some(operator), false) if operator != "Not" => {
                Err(refuse(cx, format!("-{operator} needs a -Value")))
            }
            _ => Ok(()),
        }
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let it = input(args);
        let passes = match args.block("FilterScript") {
            Some(block) => cx.test_block(block, &it)?,
            None => self.compare(cx, args, &it)?,
        };
        if passes { cx.emit(it) } else { Ok(()) }
    }
}

impl Where {
    fn compare(&self, cx: &mut Cx, args: &Args, it: &Value) -> Result<bool, crate::Stop> {
        let name = args
            .get("FilterScript")
            .map(Value::to_text)
            .unwrap_or_default();
        let left = it.property(&name).unwrap_or_default();
        let right = args.get("Value").cloned().unwrap_or_default();
        match self.operator {
            None => Ok(left.is_true()),
            Some("Not") => Ok(!left.is_true()),
            Some(operator) => Ok(cx.compare(operator, &left, &right)?.is_true()),
        }
    }
}
