//! Commands of PowerShell that this language does not have: what to write instead.

/// Whether `name` is such a command, and what to do about it where that can be said.
pub(super) fn advice(name: &str) -> Option<Option<&'static str>> {
    let name = name.to_ascii_lowercase();
    let found = |names: &[&str]| names.contains(&name.as_str());
    if let Some((_, advice)) = INSTEAD.iter().find(|(names, _)| found(names)) {
        return Some(Some(advice));
    }
    found(NAMES).then_some(None)
}

/// Those that stand in many scripts.
const INSTEAD: &[(&[&str], &str)] = &[
    (
        &[
            "import-module",
            "add-pssnapin",
            "ipmo",
            "remove-module",
            "get-module",
            "get-pssnapin",
        ],
        "The cmdlets are there without a module: leave this line out.",
    ),
    (
        &["new-object"],
        "[pscustomobject]@{Name = 'value'} makes an object.",
    ),
    (
        &["add-member"],
        "Select-Object *, @{Name = 'New'; Expression = {…}} adds a property.",
    ),
    (
        &["set-content", "add-content", "sc", "ac"],
        "Out-File writes text to a file, and adds to it with -Append.",
    ),
    (
        &[
            "set-variable",
            "new-variable",
            "remove-variable",
            "clear-variable",
            "sv",
            "nv",
            "rv",
        ],
        "$name = value sets a variable, $name = $null empties it.",
    ),
    (
        &["select-string", "sls", "grep", "findstr"],
        "Where-Object {$_ -match 'pattern'} selects.",
    ),
    (
        &[
            "invoke-command",
            "icm",
            "new-pssession",
            "enter-pssession",
            "import-pssession",
        ],
        "Commands work on this machine alone: run the program there.",
    ),
    (
        &[
            "set-strictmode",
            "set-executionpolicy",
            "start-transcript",
            "stop-transcript",
        ],
        "It is not needed here: leave this line out.",
    ),
    (
        &["read-host"],
        "Scripts take what they need from variables and files; -Confirm asks.",
    ),
    (
        &["write-progress"],
        "Cmdlets that take long show their progress by themselves.",
    ),
];

/// Others that are known by name, so that nobody looks for a slip of the pen.
const NAMES: &[&str] = &[
    "clear-host",
    "cls",
    "clear",
    "compare-object",
    "convertfrom-securestring",
    "convertto-html",
    "convertto-securestring",
    "convertto-xml",
    "copy-item",
    "cp",
    "copy",
    "dir",
    "export-clixml",
    "format-custom",
    "format-wide",
    "get-acl",
    "get-aduser",
    "get-childitem",
    "get-credential",
    "get-culture",
    "get-eventlog",
    "get-host",
    "get-item",
    "get-itemproperty",
    "get-job",
    "get-location",
    "get-process",
    "get-random",
    "get-service",
    "get-unique",
    "get-wmiobject",
    "import-clixml",
    "invoke-expression",
    "iex",
    "invoke-history",
    "invoke-item",
    "invoke-restmethod",
    "invoke-webrequest",
    "join-path",
    "ls",
    "cd",
    "chdir",
    "del",
    "rm",
    "move",
    "mv",
    "move-item",
    "new-alias",
    "new-item",
    "out-gridview",
    "out-printer",
    "ping",
    "pwd",
    "receive-job",
    "remove-item",
    "rename-item",
    "resolve-path",
    "send-mailmessage",
    "set-acl",
    "set-alias",
    "set-date",
    "set-item",
    "set-location",
    "split-path",
    "start-job",
    "start-process",
    "start-service",
    "start-sleep",
    "sleep",
    "stop-process",
    "stop-service",
    "test-connection",
    "test-path",
    "update-help",
    "wait-job",
];
