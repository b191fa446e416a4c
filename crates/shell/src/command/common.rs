//! Parameters that come with every command.

use super::{Param, ParamKind};

const ACTIONS: ParamKind =
    ParamKind::Enum(&["Continue", "SilentlyContinue", "Stop", "Ignore", "Inquire"]);

/// The common parameters of every command.
pub const COMMON: &[Param] = &[
    Param::switch("Verbose")
        .alias(&["vb"])
        .help("Tells in detail what is done."),
    Param::switch("Debug")
        .alias(&["db"])
        .help("Shows messages for finding faults."),
    Param::new("ErrorAction", ACTIONS).alias(&["ea"]).help(
        "What an error with one object does: Continue (show it), SilentlyContinue, Ignore, Stop.",
    ),
    Param::new("WarningAction", ACTIONS)
        .alias(&["wa"])
        .help("What a warning does."),
    Param::new("InformationAction", ACTIONS)
        .alias(&["infa"])
        .help("What a remark does."),
    Param::new("ProgressAction", ACTIONS)
        .alias(&["proga"])
        .help("What a progress report does."),
    Param::string("ErrorVariable")
        .alias(&["ev"])
        .help("A variable that receives the errors."),
    Param::string("WarningVariable")
        .alias(&["wv"])
        .help("A variable that receives the warnings."),
    Param::string("InformationVariable")
        .alias(&["iv"])
        .help("A variable that receives the remarks."),
    Param::string("OutVariable")
        .alias(&["ov"])
        .help("A variable that also receives the output."),
    Param::int32("OutBuffer")
        .alias(&["ob"])
        .help("Accepted; output is never held back."),
    Param::string("PipelineVariable")
        .alias(&["pv"])
        .hidden()
        .help("Not supported."),
];

/// The further parameters of commands that change something.
pub const CHANGES: &[Param] = &[
    Param::switch("WhatIf")
        .alias(&["wi"])
        .help("Says what would be done, without doing it."),
    Param::switch("Confirm")
        .alias(&["cf"])
        .help("Asks before doing it."),
];
