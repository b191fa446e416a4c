//! Who does something, and by which way: what every administrative change is recorded with (R-SEC-4).

use std::sync::Arc;

use pinward_core::Timestamp;

/// Where a request comes from, as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The door: a word of the program's own, such as `shell`.
    pub door: &'static str,
    /// The client's address, or the name of a client that is known.
    pub client: Option<Arc<str>>,
    /// The number that calls.
    pub caller: Option<String>,
    /// The number that was called.
    pub called: Option<String>,
    /// The conference that the caller wants to enter.
    pub conference: Option<String>,
}

impl Origin {
    /// An origin of which only the door is known.
    #[must_use]
    pub fn of(door: &'static str) -> Self {
        Self {
            door,
            client: None,
            caller: None,
            called: None,
            conference: None,
        }
    }
}

/// One administrative act. It goes into the audit log in the transaction that makes the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// Who: the account, or the user who acts for themselves.
    pub actor: String,
    /// What: the name of the cmdlet, or of an act of the program. Never text from outside.
    pub action: &'static str,
    /// From where.
    pub origin: Origin,
}

/// One logon, but for what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogOn {
    /// Who tries it on behalf of a user; `None`: whoever it is, the PIN is what proves it.
    pub actor: Option<String>,
    /// What the audit log calls it. Never text from outside.
    pub action: &'static str,
    /// From where.
    pub origin: Origin,
    /// Who is meant. Where that is not clear it says nothing of what was keyed but its kind and length:
    /// people key their PIN into the wrong field.
    pub subject: String,
}
