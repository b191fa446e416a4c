//! Clients of the API.

use pinward_core::{Client, ClientViolation};

/// What came of storing a new client of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ClientCreated {
    /// It is kept.
    Done,
    /// There is one of that name.
    Exists,
    /// A client has that certificate.
    KeyTaken {
        /// The client.
        by: String,
    },
}

/// What came of changing a client of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ClientChanged {
    /// What it became.
    Done(Client),
    /// There is no client of that name.
    NotFound,
    /// It is another one by now than was seen, or has other keys.
    Overtaken,
    /// It would make no sense.
    Invalid(ClientViolation),
    /// A client has that certificate, perhaps this one.
    KeyTaken {
        /// The client.
        by: String,
    },
}
