//! The reference pages: everything that the definitions say, as Markdown. One page for each cmdlet
//! and one that lists them.

use pinward_shell::{CmdletDef, help};

const OPENING: &str = "# The cmdlets

These pages are made from the definitions in `crates/cmdlets/src`; change those and run
`UPDATE=1 cargo nextest run -p pinward-cmdlets`. The same text is shown by `Get-Help <cmdlet> -Full`.

Every cmdlet also has the common parameters: `-Verbose`, `-Debug`, `-ErrorAction`, `-WarningAction`,
`-InformationAction`, `-ProgressAction`, `-ErrorVariable`, `-WarningVariable`, `-InformationVariable`,
`-OutVariable`, `-OutBuffer`. Those that change something have `-WhatIf` and `-Confirm`.
";

/// The headings of the list, each with the nouns of its cmdlets. What is nowhere comes last.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "PINs",
        &["CsClientPin", "CsClientPinInfo", "CsPinSendCAWelcomeMail"],
    ),
    ("PIN policies", &["CsPinPolicy"]),
    ("Logons", &["CsPhoneBootstrap"]),
    ("Users", &["CsUser", "CsAdUser"]),
    ("Sites", &["CsSite"]),
    (
        "Dial-in access numbers",
        &[
            "CsDialInConferencingAccessNumber",
            "CsDialInConferencingLanguageList",
        ],
    ),
    ("Roles", &["CsAdminRole", "CsAdminRoleAssignment"]),
    ("Audit", &["CsPinAudit"]),
];

/// The pages of these cmdlets: file name and text, the list first.
#[must_use]
pub fn reference_pages(cmdlets: &[CmdletDef]) -> Vec<(String, String)> {
    let mut pages = vec![("README.md".to_owned(), index(cmdlets))];
    for def in cmdlets {
        let mut page = String::new();
        cmdlet(&mut page, def);
        pages.push((file_name(def), page));
    }
    pages
}

fn file_name(def: &CmdletDef) -> String {
    format!("{}.md", def.name)
}

fn index(cmdlets: &[CmdletDef]) -> String {
    let mut page = String::from(OPENING);
    let listed = |noun: &str| GROUPS.iter().any(|(_, nouns)| nouns.contains(&noun));
    for (heading, nouns) in GROUPS {
        group(&mut page, heading, cmdlets, |noun| nouns.contains(&noun));
    }
    group(&mut page, "Others", cmdlets, |noun| !listed(noun));
    page
}

fn group(page: &mut String, heading: &str, cmdlets: &[CmdletDef], holds: impl Fn(&str) -> bool) {
    let of_group = |def: &&CmdletDef| holds(def.name.split_once('-').map_or("", |(_, noun)| noun));
    for (i, def) in cmdlets.iter().filter(of_group).enumerate() {
        if i == 0 {
            line(page, &format!("\n## {heading}\n"));
        }
        let text = format!("- [{}]({}): {}", def.name, file_name(def), def.synopsis);
        line(page, &text);
    }
}

/// Text in which Markdown must see nothing of its own; what stands in backquotes is left alone.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (i, part) in text.split('`').enumerate() {
        if i > 0 {
            escaped.push('`');
        }
        for letter in part.chars() {
            if i % 2 == 0 && "<*_[\\|".contains(letter) {
                escaped.push('\\');
            }
            escaped.push(letter);
        }
    }
    escaped
}

fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

fn cmdlet(page: &mut String, def: &CmdletDef) {
    line(
        page,
        &format!("# {}\n\n{}\n\n```text", def.name, def.synopsis),
    );
    for call in help::syntax(def) {
        line(page, &call);
    }
    line(page, "```");
    if !def.description.is_empty() {
        line(page, &format!("\n{}", plain(def.description)));
    }
    parameters(page, def);
    for (heading, text) in [("Input", def.inputs), ("Notes", def.notes)] {
        if !text.is_empty() {
            line(page, &format!("\n**{heading}.** {}", plain(text)));
        }
    }
    for desc in def.outputs {
        let names: Vec<String> = desc
            .properties
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        line(
            page,
            &format!("\n**Output.** `{}`: {}.", desc.name, names.join(", ")),
        );
    }
    for example in &def.examples {
        line(
            page,
            &format!(
                "\n{}\n\n```powershell\n{}\n```",
                plain(example.caption),
                example.code
            ),
        );
    }
}

fn parameters(page: &mut String, def: &CmdletDef) {
    line(page, "\n| parameter | what it does |\n|---|---|");
    for param in def.params.iter().filter(|param| !param.hidden) {
        let mut traits = Vec::new();
        if param.required {
            traits.push("required".to_owned());
        }
        match (param.by_value, param.by_property) {
            (true, true) => traits.push("from the pipeline by value or property".to_owned()),
            (true, false) => traits.push("from the pipeline by value".to_owned()),
            (false, true) => traits.push("from the pipeline by property".to_owned()),
            (false, false) => {}
        }
        if !param.aliases.is_empty() {
            let names: Vec<String> = param
                .aliases
                .iter()
                .map(|name| format!("`-{name}`"))
                .collect();
            traits.push(format!("also {}", names.join(", ")));
        }
        let traits = match traits.is_empty() {
            true => String::new(),
            false => format!(" ({})", traits.join("; ")),
        };
        let help = plain(param.help);
        line(page, &format!("| `-{}`{traits} | {help} |", param.name));
    }
}
