//! R-RBAC-1: what may be changed of a custom role.

use std::collections::HashSet;

use super::{ALL_CMDLETS, Role, is_administrator_only, standard_role};
use crate::fold::fold;
use crate::scope::{Scope, ScopeError};

/// More entries than a list of a role has.
const MOST_ENTRIES: usize = 256;
/// The longest name of a cmdlet or a script module, in characters.
const LONGEST_NAME: usize = 255;

/// A change to a list of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListEdit {
    /// This list instead.
    Replace(Vec<String>),
    /// These more, those fewer. What is there already is not added again, and what is not there
    /// need not be removed.
    Edit {
        /// To be added.
        add: Vec<String>,
        /// To be removed.
        remove: Vec<String>,
    },
}

/// A change to a role; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleChange {
    /// Names of cmdlets.
    pub cmdlets: Option<ListEdit>,
    /// Names of script modules.
    pub script_modules: Option<ListEdit>,
    /// Scopes over configuration.
    pub config_scopes: Option<ListEdit>,
    /// Scopes over users.
    pub user_scopes: Option<ListEdit>,
    /// What the template has now, where the role is brought up to it.
    pub template_cmdlets: Option<Vec<String>>,
}

/// What is wrong with a changed role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoleProblem {
    /// No cmdlet of that name.
    #[error("there is no cmdlet {name}")]
    UnknownCmdlet {
        /// The name as given.
        name: String,
    },
    /// A cmdlet that would let its holder take any right.
    #[error(
        "{name} belongs to CsAdministrator alone, because whoever has it could give themselves any \
         role"
    )]
    AdministratorOnly {
        /// The cmdlet.
        name: String,
    },
    /// A text that is no scope.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// Configuration does not lie in organisational units.
    #[error("{given} is a scope over users; a scope over configuration is global or site:<SiteId>")]
    UnitOverConfiguration {
        /// The scope as given.
        given: String,
    },
    /// A name that cannot be shown.
    #[error(
        "a script module needs a name of 1 to {LONGEST_NAME} characters, none of them control characters"
    )]
    Module,
    /// More entries than anybody needs.
    #[error("{list} would have {given} entries; it can have {MOST_ENTRIES} at most")]
    TooMany {
        /// The list, as cmdlets call it.
        list: &'static str,
        /// How many there would be.
        given: usize,
    },
}

impl RoleProblem {
    /// Whether it can be about the length of an entry, to which those from before are not held.
    fn is_of_length(&self) -> bool {
        matches!(
            self,
            RoleProblem::Module | RoleProblem::Scope(ScopeError::TooLong { .. })
        )
    }
}

impl Role {
    /// The role as it would become, or everything that is wrong with it.
    pub fn apply(&self, change: &RoleChange) -> Result<Role, Vec<RoleProblem>> {
        let mut problems = Vec::new();
        let mut role = self.clone();
        edit(
            ("Cmdlets", &mut role.cmdlets),
            change.cmdlets.as_ref(),
            |name| cmdlet(name, &self.cmdlets),
            &fold_key,
            &mut problems,
        );
        role.cmdlets.sort_unstable();
        edit(
            ("ScriptModules", &mut role.script_modules),
            change.script_modules.as_ref(),
            module,
            &fold_key,
            &mut problems,
        );
        edit(
            ("ConfigScopes", &mut role.config_scopes),
            change.config_scopes.as_ref(),
            config_scope,
            &scope_key,
            &mut problems,
        );
        edit(
            ("UserScopes", &mut role.user_scopes),
            change.user_scopes.as_ref(),
            |text| Ok(Scope::spelled(text)?),
            &scope_key,
            &mut problems,
        );
        if let Some(known) = &change.template_cmdlets {
            role.template_cmdlets.clone_from(known);
        }
        if problems.is_empty() {
            Ok(role)
        } else {
            Err(problems)
        }
    }
}

/// Edits one list. `read` judges a text and spells it; `key` tells two spellings of one thing. A list or an
/// entry that is longer from before can stay, and the list get shorter.
fn edit(
    (name, list): (&'static str, &mut Vec<String>),
    change: Option<&ListEdit>,
    read: impl Fn(&str) -> Result<String, RoleProblem>,
    key: &dyn Fn(&str) -> String,
    problems: &mut Vec<RoleProblem>,
) {
    let kept: HashSet<String> = list.iter().map(|kept| key(kept)).collect();
    let is_kept = |text: &String| kept.contains(&key(text));
    let longest = list.len().max(MOST_ENTRIES);
    let (add, remove) = match change {
        None => return,
        Some(ListEdit::Replace(all)) => {
            list.clear();
            (all, &Vec::new())
        }
        Some(ListEdit::Edit { add, remove }) => (add, remove),
    };
    let given = add.len();
    if given > longest || (given > MOST_ENTRIES && !add.iter().all(is_kept)) {
        problems.push(RoleProblem::TooMany { list: name, given });
        return;
    }
    let mut read_all = |texts: &[String]| -> Vec<String> {
        let mut good = Vec::with_capacity(texts.len());
        for text in texts {
            match read(text) {
                Ok(text) => good.push(text),
                Err(problem) if problem.is_of_length() && is_kept(text) => good.push(text.clone()),
                Err(problem) => problems.push(problem),
            }
        }
        good
    };
    let (add, remove) = (read_all(add), read_all(remove));
    list.retain(|kept| remove.iter().all(|gone| key(gone) != key(kept)));
    for text in add {
        if list.iter().all(|known| key(known) != key(&text)) {
            list.push(text);
        }
    }
    if list.len() > MOST_ENTRIES && !list.iter().all(is_kept) {
        let given = list.len();
        problems.push(RoleProblem::TooMany { list: name, given });
    }
}

/// The cmdlet of that name; one that the role has already may be named although it is not known any
/// more.
fn cmdlet(name: &str, held: &[String]) -> Result<String, RoleProblem> {
    let wanted = name.trim();
    let is_it = |known: &&str| known.eq_ignore_ascii_case(wanted);
    let known = ALL_CMDLETS.iter().copied().find(is_it);
    let Some(known) = known.or_else(|| held.iter().map(String::as_str).find(is_it)) else {
        return Err(RoleProblem::UnknownCmdlet {
            name: wanted.to_owned(),
        });
    };
    let name = known.to_owned();
    if is_administrator_only(known) {
        return Err(RoleProblem::AdministratorOnly { name });
    }
    Ok(name)
}

fn module(name: &str) -> Result<String, RoleProblem> {
    let name = name.trim();
    let length = name.chars().count();
    if !(1..=LONGEST_NAME).contains(&length) || name.contains(char::is_control) {
        return Err(RoleProblem::Module);
    }
    Ok(name.to_owned())
}

fn config_scope(text: &str) -> Result<String, RoleProblem> {
    let spelled = Scope::spelled(text)?;
    match Scope::parse(&spelled)? {
        Scope::Ou(_) => Err(RoleProblem::UnitOverConfiguration { given: spelled }),
        Scope::Global | Scope::Site(_) => Ok(spelled),
    }
}

fn fold_key(text: &str) -> String {
    fold(text)
}

fn scope_key(text: &str) -> String {
    Scope::parse(text).map_or_else(|_| fold(text), |scope| scope.to_string())
}

/// Why a text cannot be the name of a custom role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoleNameError {
    /// Nothing, or something that cannot be shown or told from a wildcard.
    #[error(
        "\"{given}\" cannot be the name of a role: it must have 1 to 255 characters, without *, ? and \
         control characters, and be neither . nor .."
    )]
    Bad {
        /// The text given.
        given: String,
    },
    /// A standard role has it.
    #[error("{name} is a standard role, and there is only one of that name")]
    Standard {
        /// The role.
        name: String,
    },
}

/// Reads the name of a new custom role.
pub fn role_name(text: &str) -> Result<String, RoleNameError> {
    let name = text.trim();
    // In an address `.` and `..` are no names.
    let bad = matches!(name, "" | "." | "..")
        || name.contains(['*', '?'])
        || name.chars().any(char::is_control)
        || name.chars().nth(255).is_some();
    if bad {
        return Err(RoleNameError::Bad {
            given: name.to_owned(),
        });
    }
    match standard_role(name) {
        Some(role) => Err(RoleNameError::Standard {
            name: role.identity.clone(),
        }),
        None => Ok(name.to_owned()),
    }
}
