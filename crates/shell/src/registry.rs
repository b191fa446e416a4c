//! The commands a session knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::command::CmdletDef;

/// The commands a session knows, by name and alias.
#[derive(Default)]
pub struct Registry {
    commands: BTreeMap<String, Arc<CmdletDef>>,
    aliases: BTreeMap<String, (String, Arc<CmdletDef>)>,
}

impl Registry {
    /// Without any commands.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With the commands of the language itself (`Where-Object`, `Format-Table` …).
    #[must_use]
    pub fn with_language_commands() -> Self {
        let mut registry = Self::new();
        registry.extend(crate::commands::all());
        registry
    }

    /// Adds a command; a later one of the same name replaces an earlier one.
    pub fn add(&mut self, def: CmdletDef) {
        let def = Arc::new(def);
        for alias in def.aliases {
            self.aliases.insert(
                alias.to_lowercase(),
                ((*alias).to_owned(), Arc::clone(&def)),
            );
        }
        self.commands.insert(def.name.to_lowercase(), def);
    }

    /// Adds several commands.
    pub fn extend(&mut self, defs: impl IntoIterator<Item = CmdletDef>) {
        for def in defs {
            self.add(def);
        }
    }

    /// The command of that name or alias, without regard to case.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Arc<CmdletDef>> {
        let key = name.to_lowercase();
        self.commands
            .get(&key)
            .or_else(|| self.aliases.get(&key).map(|(_, def)| def))
    }

    /// All commands, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<CmdletDef>> {
        self.commands.values()
    }

    /// All aliases with their commands.
    pub fn aliases(&self) -> impl Iterator<Item = (&str, &Arc<CmdletDef>)> {
        self.aliases
            .values()
            .map(|(name, def)| (name.as_str(), def))
    }

    /// The known name nearest to `name`, if one is near enough to be meant.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&'static str> {
        crate::error::nearest(name, self.commands.values().map(|d| d.name))
    }
}
