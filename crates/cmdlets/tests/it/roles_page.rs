//! The table of `docs/roles.md`, made from the lists of the core.

use std::path::Path;

use pinward_core::{ALL_CMDLETS, standard_roles};
use pinward_shell::CmdletDef;

use crate::bench::{Bench, definitions};

const BEGIN: &str = "<!-- Made from the lists in crates/core/src/role.rs: UPDATE=1 cargo nextest run -p pinward-cmdlets -->\n";
const END: &str = "<!-- end -->\n";

/// The roles across, the cmdlets that there are down.
fn table(there: &[CmdletDef]) -> String {
    let mut table = String::from("\n| cmdlet |");
    for role in standard_roles() {
        table.push_str(&format!(" {} |", role.identity));
    }
    table.push_str("\n|---|");
    table.push_str(&":-:|".repeat(standard_roles().len()));
    for name in ALL_CMDLETS {
        let shown = match *name {
            // They have no cmdlet: the right is that of the subcommand.
            "Import-CsUser" => "`pinward import`, `pinward sync` (`Import-CsUser`)".to_owned(),
            "Get-CsPinClient" => "`pinward client list` (`Get-CsPinClient`)".to_owned(),
            "New-CsPinClient" => "`pinward client add` (`New-CsPinClient`)".to_owned(),
            "Remove-CsPinClient" => "`pinward client remove` (`Remove-CsPinClient`)".to_owned(),
            "Set-CsPinClient" => {
                "`pinward client set`, `pinward client rotate` (`Set-CsPinClient`)".to_owned()
            }
            name if there.iter().any(|def| def.name == name) => {
                format!("[{name}](cmdlets/{name}.md)")
            }
            _ => continue,
        };
        table.push_str(&format!("\n| {shown} |"));
        for role in standard_roles() {
            table.push_str(if role.allows(name) { " ● |" } else { " |" });
        }
    }
    table.push_str("\n\n");
    table
}

// R-RBAC-2
#[test]
fn the_table_of_roles_is_current() {
    Bench::on(|bench| check(&definitions(bench)));
}

fn check(there: &[CmdletDef]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/roles.md");
    let page = std::fs::read_to_string(&path).expect("docs/roles.md");
    let (head, rest) = page.split_once(BEGIN).expect("the beginning of the table");
    let (kept, tail) = rest.split_once(END).expect("the end of the table");
    if std::env::var_os("UPDATE").is_some() {
        let page = [head, BEGIN, &table(there), END, tail].concat();
        std::fs::write(&path, page).expect("written");
        return;
    }
    assert!(
        kept == table(there),
        "docs/roles.md is not current: run this test with UPDATE=1"
    );
}
