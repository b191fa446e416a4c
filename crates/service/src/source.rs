//! The doors, and where a request comes from.

use pinward_store::Origin;

/// The way by which a request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The shell.
    Shell,
    /// A subcommand of the program, such as `pinward import`.
    Program,
}

impl Door {
    /// Its name in the audit log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shell => "shell",
            Self::Program => "program",
        }
    }
}

/// What is known of where a request comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The way in.
    pub door: Door,
}

impl Source {
    /// A source of which only the door is known.
    #[must_use]
    pub fn of(door: Door) -> Self {
        Self { door }
    }

    /// As it stands in the audit log.
    pub(crate) fn origin(&self) -> Origin {
        Origin::of(self.door.name())
    }
}
