//! What a telephone system tells of a call. Keys are among it: it is wiped after use and cannot be printed.

use axum::Form;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use pinward_attendant::{Input, Keys};
use zeroize::Zeroizing;

/// The longest name of a call.
const LONGEST_NAME: usize = 64;

/// The fields of a request.
pub(super) struct Fields(Vec<(String, Zeroizing<String>)>);

impl Fields {
    /// A field; empty where it is not there.
    pub(super) fn get(&self, wanted: &str) -> &str {
        let found = self.0.iter().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// A field that says something.
    pub(super) fn said(&self, wanted: &str) -> Option<String> {
        Some(self.get(wanted).to_owned()).filter(|said| !said.is_empty())
    }

    /// The field with the name of the call; `None`: there is none, or it is too long.
    pub(super) fn name(&self, wanted: &str) -> Option<&str> {
        let name = self.get(wanted);
        (1..=LONGEST_NAME).contains(&name.len()).then_some(name)
    }

    /// All fields, sorted.
    pub(super) fn sorted(&self) -> Vec<(&str, &str)> {
        let pairs = self.0.iter();
        let mut sorted: Vec<_> = pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        sorted.sort_unstable();
        sorted
    }
}

impl From<Vec<(String, String)>> for Fields {
    fn from(fields: Vec<(String, String)>) -> Self {
        let fields = fields.into_iter();
        Self(
            fields
                .map(|(name, value)| (name, Zeroizing::new(value)))
                .collect(),
        )
    }
}

impl Fields {
    /// Reads the form of a request; the status to refuse it with, where that cannot be done.
    pub(super) async fn read(request: Request) -> Result<Self, StatusCode> {
        let form = Form::<Vec<(String, String)>>::from_request(request, &());
        match form.await {
            Ok(Form(fields)) => Ok(fields.into()),
            Err(unreadable) => Err(unreadable.status()),
        }
    }
}

/// What the caller keyed; without `ended` and digits it is nothing.
pub(super) fn input(digits: &str, ended: bool) -> Input {
    match Keys::parse(digits) {
        Ok(_nothing) if digits.is_empty() && !ended => Input::Nothing,
        Ok(keys) => Input::Keys(keys),
        Err(_not_keys) => Input::Nothing,
    }
}
