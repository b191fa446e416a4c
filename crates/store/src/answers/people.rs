//! People and users.

use pinward_core::{User, UserViolation};

/// What came of one row of [`crate::Store::put_people`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Put {
    /// The person was not there before.
    Created,
    /// The person's details changed.
    Updated,
    /// The person was there just so.
    Unchanged,
    /// The row was left out; why, and what to do.
    Refused(String),
}

/// What came of changing a user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum UserChanged {
    /// Changed.
    Done {
        /// The user as they are now.
        user: Box<User>,
        /// How those are named whose line is reached by the same number (R-AUTH-6).
        same_line: Vec<String>,
    },
    /// The person was enabled already; nothing was changed.
    AlreadyEnabled,
    /// Everything that is wrong with the change; nothing was changed.
    Invalid(Vec<UserViolation>),
    /// The SIP address belongs to somebody else; nothing was changed.
    SipAddressTaken {
        /// The address.
        address: String,
        /// The display name of whoever has it.
        by: String,
    },
    /// The line that the change would give or bring into use reaches somebody else who is enabled, so
    /// that nobody could sign in by it any more (R-AUTH-6); nothing was changed.
    LineTaken {
        /// The line.
        line: String,
        /// How whoever has it is named.
        by: String,
    },
    /// A rule would give the person another site; nothing was changed.
    OtherSite,
    /// The rules were changed in between: read them again. Nothing was changed.
    RulesChanged,
    /// There is no such user.
    NoSuchUser,
}
