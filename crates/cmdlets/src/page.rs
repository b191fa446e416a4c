//! The reference page: everything that the definitions say, as Markdown.

use std::fmt::Write as _;

use pinward_shell::{CmdletDef, Param, ParamKind};

const OPENING: &str = "# The cmdlets

Made from the definitions in `crates/cmdlets/src`; change those and run
`UPDATE=1 cargo nextest run -p pinward-cmdlets`. The same text is shown by `Get-Help <cmdlet> -Full`.

Every cmdlet also has the common parameters: `-Verbose`, `-Debug`, `-ErrorAction`, `-WarningAction`,
`-InformationAction`, `-ProgressAction`, `-ErrorVariable`, `-WarningVariable`, `-InformationVariable`,
`-OutVariable`, `-OutBuffer`.
";

/// The page of these cmdlets, in their order.
#[must_use]
pub fn reference_page(cmdlets: &[CmdletDef]) -> String {
    let mut page = String::from(OPENING);
    page.push('\n');
    for def in cmdlets {
        line(
            &mut page,
            &format!(
                "- [{}](#{}): {}",
                def.name,
                def.name.to_lowercase(),
                def.synopsis
            ),
        );
    }
    for def in cmdlets {
        cmdlet(&mut page, def);
    }
    page
}

fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

fn cmdlet(page: &mut String, def: &CmdletDef) {
    line(
        page,
        &format!("\n## {}\n\n{}\n\n```text", def.name, def.synopsis),
    );
    let unnamed: &[&str] = &[""];
    for set in if def.sets.is_empty() {
        unnamed
    } else {
        def.sets
    } {
        line(page, &syntax(def, set));
    }
    line(page, "```");
    if !def.description.is_empty() {
        line(page, &format!("\n{}", def.description));
    }
    parameters(page, def);
    for (heading, text) in [("Input", def.inputs), ("Notes", def.notes)] {
        if !text.is_empty() {
            line(page, &format!("\n**{heading}.** {text}"));
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
                example.caption, example.code
            ),
        );
    }
}

/// The parameters of a set as they are typed: those with a position first.
fn syntax(def: &CmdletDef, set: &str) -> String {
    let common = |param: &Param| {
        pinward_shell::command::COMMON
            .iter()
            .any(|c| c.name == param.name)
    };
    let mut params: Vec<&Param> = def
        .all_params()
        .filter(|p| p.is_in(set) && !p.hidden && !common(p))
        .collect();
    params.sort_by_key(|param| param.position.unwrap_or(u8::MAX));
    let mut text = def.name.to_owned();
    for param in params {
        let name = match param.position {
            Some(_) => format!("[-{}]", param.name),
            None => format!("-{}", param.name),
        };
        let whole = match param.kind {
            ParamKind::Switch => name,
            _ => format!("{name} <{}>", param.type_label()),
        };
        let _ = if param.required {
            write!(text, " {whole}")
        } else {
            write!(text, " [{whole}]")
        };
    }
    text
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
        let help = param.help.replace('|', "\\|");
        line(page, &format!("| `-{}`{traits} | {help} |", param.name));
    }
}
