//! Custom roles, and who holds a role.

use pinward_core::{Role, RoleProblem};

/// What came of creating a custom role.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum RoleCreated {
    /// What it is now, with its SID.
    Done(Role),
    /// There is a role of that name; nothing was changed.
    Exists,
}

/// What came of changing a custom role.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum RoleChanged {
    /// What it is now.
    Done(Role),
    /// There is no such custom role.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
    /// Everything that is wrong with the change; nothing was changed.
    Invalid(Vec<RoleProblem>),
}

/// What came of granting a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RoleGranted {
    /// The user holds it, if not before then now.
    Done,
    /// There is no such role, standard or custom.
    NoSuchRole,
    /// There is no such user.
    NoSuchUser,
}
