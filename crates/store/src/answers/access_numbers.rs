//! Access numbers.

use pinward_core::{AccessNumber, AccessNumberViolation};

/// What came of creating an access number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum AccessNumberCreated {
    /// It exists now.
    Done,
    /// There is one of that SIP address.
    Exists,
    /// Another one has that line.
    LineTaken {
        /// Its SIP address.
        by: String,
    },
    /// There is no such site.
    NoSuchSite,
}

/// What came of changing an access number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum AccessNumberChanged {
    /// What it is now.
    Done(Box<AccessNumber>),
    /// There is no such number.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
    /// Everything that is wrong with the result; nothing was changed.
    Invalid(Vec<AccessNumberViolation>),
    /// Another one has that line.
    LineTaken {
        /// Its SIP address.
        by: String,
    },
    /// There is no such site.
    NoSuchSite,
}

/// What came of giving an access number another place in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Reordered {
    /// It has this place now, from 0.
    Done {
        /// The place.
        priority: usize,
    },
    /// There is no such number.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
    /// The number is not in that region.
    NotInRegion,
}
