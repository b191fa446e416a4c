//! Searching people as somebody types: what is asked, and the answer.

use pinward_core::{Reach, User};

/// Who is looked for.
#[derive(Clone, Debug)]
pub struct SearchFor {
    /// Each of them begins a word of a name, or a number, of whoever is found, whatever the case and the
    /// accents of letters. None: nobody is found.
    pub words: Vec<String>,
    /// Whom to find among those who are enabled (R-RBAC-3).
    pub enabled: Reach,
    /// Whom to find among those who are not.
    pub disabled: Reach,
    /// How many at most.
    pub most: usize,
}

/// Who was found: those who have the very words first, and by id.
#[derive(Clone, Debug, Default)]
pub struct FoundPeople {
    /// They.
    pub people: Vec<User>,
    /// Whether there are more than were wanted.
    pub more: bool,
}
