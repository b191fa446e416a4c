//! The commands of the language itself, one file each.

use crate::command::CmdletDef;

/// All of them.
#[must_use]
pub fn all() -> Vec<CmdletDef> {
    Vec::new()
}
