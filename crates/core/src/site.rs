//! Sites: places with users and, perhaps, a policy of their own.

/// A place with its own policy and users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The id, as first written; compared without regard to case.
    pub id: String,
    /// What people call it.
    pub display_name: Option<String>,
}
