//! The reference page: everything that the definitions say, as Markdown.

use pinward_shell::{CmdletDef, help};

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
        &format!("\n## {}\n\n{}\n\n```text", def.name, def.synopsis),
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
