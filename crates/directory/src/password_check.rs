//! Whether a password is right, asked of whoever keeps it.

use async_trait::async_trait;
use pinward_core::Person;

use crate::password::Password;
use crate::source::SourceError;

/// Keeps the passwords of people, or asks a directory that does.
#[async_trait]
pub trait PasswordCheck: Send + Sync {
    /// Whether the password is that of the person. For nobody (`None`) it is wrong, and that takes as
    /// long to say as of somebody.
    ///
    /// # Errors
    /// When nobody could be asked: no directory was given the password.
    async fn check(
        &self,
        person: Option<&Person>,
        password: &Password,
    ) -> Result<PasswordAnswer, SourceError>;
}

/// What a directory says of a password and its account, as far as it tells them apart: Active Directory
/// and password policies do, others say [`PasswordAnswer::Wrong`] to everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PasswordAnswer {
    /// It is right.
    Right,
    /// It is wrong, or there is no such account.
    Wrong,
    /// No directory that is asked for passwords knows the person.
    NotKept,
    /// The account is disabled.
    Disabled,
    /// The account has expired.
    Expired,
    /// The password has expired.
    PasswordExpired,
    /// The password has to be changed first.
    MustChange,
    /// The account is locked after too many wrong passwords.
    Locked,
    /// Not at this time, or not from here.
    NotAllowed,
    /// The directory was given the password and said nothing: it may have counted a wrong one.
    NoAnswer,
}

/// One password for everybody: that of the demo, which is no secret.
pub struct SamplePassword(pub &'static str);

#[async_trait]
impl PasswordCheck for SamplePassword {
    async fn check(
        &self,
        person: Option<&Person>,
        password: &Password,
    ) -> Result<PasswordAnswer, SourceError> {
        Ok(match person.is_some() && password.is(self.0) {
            true => PasswordAnswer::Right,
            false => PasswordAnswer::Wrong,
        })
    }
}
