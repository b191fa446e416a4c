//! The name of a bind.

use std::fmt;

use pinward_core::Dn;

/// A distinguished name, a user principal name, or `DOMAIN\name`. The two latter are understood by
/// Active Directory only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BindName(String);

/// A text that is none of the three.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "\"{0}\" is no name to bind with; write CN=Pinward,OU=Services,DC=litwareinc,DC=com, \
     pinward@litwareinc.com or LITWAREINC\\pinward"
)]
pub struct BindNameError(pub String);

impl BindName {
    /// Reads a name in one of the three forms.
    ///
    /// # Errors
    /// When it is empty or in none of them: without a name a bind would be anonymous.
    pub fn parse(text: &str) -> Result<BindName, BindNameError> {
        let text = text.trim();
        let two_parts = |at: char| {
            text.split_once(at)
                .is_some_and(|(before, after)| !before.is_empty() && !after.is_empty())
        };
        let known = match text.contains('=') {
            true => Dn::parse(text).is_ok() || two_parts('@') || two_parts('\\'),
            false => two_parts('@') || two_parts('\\'),
        };
        match known {
            true => Ok(BindName(text.to_owned())),
            false => Err(BindNameError(text.to_owned())),
        }
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BindName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, known) in [
            ("CN=Pin\\, ward,DC=litwareinc,DC=com", true),
            ("pinward@litwareinc.com", true),
            ("LITWAREINC\\pinward", true),
            ("", false),
            ("  ", false),
            ("pinward", false),
            ("@litwareinc.com", false),
            ("LITWAREINC\\", false),
        ] {
            assert_eq!(BindName::parse(text).is_ok(), known, "{text}");
        }
    }
}
