//! R-POL: PIN policies, their ranges, and which one governs a user.

use crate::policy_identity::PolicyIdentity;

/// The longest description, in characters.
const LONGEST_DESCRIPTION: usize = 1024;

/// A PIN policy; [`Policy::validate`] says whether its values are in their ranges (R-POL-1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Scope and name.
    pub identity: PolicyIdentity,
    /// Free text for administrators: up to 1024 characters.
    pub description: Option<String>,
    /// Fewest digits of a PIN: 4–24.
    pub min_password_length: u32,
    /// How many of the most recent PINs a user may not choose: 0–20.
    pub pin_history_count: u32,
    /// Whether R-PIN-3 is not applied.
    pub allow_common_patterns: bool,
    /// Days after which a PIN expires: 0–999, 0 for never.
    pub pin_lifetime_days: u32,
    /// Replaces the local limit of R-LOCK-3: 1–999.
    pub maximum_logon_attempts: Option<u32>,
}

/// What to change in a policy; `None` leaves a property as it is.
///
/// The numbers are wider than the properties, so that a value out of range is refused by name
/// instead of being cut.
#[derive(Default, Clone, Debug, PartialEq, Eq)]
pub struct PolicyPatch {
    /// `Some(None)` removes the description.
    pub description: Option<Option<String>>,
    /// See [`Policy::min_password_length`].
    pub min_password_length: Option<u64>,
    /// See [`Policy::pin_history_count`].
    pub pin_history_count: Option<u64>,
    /// See [`Policy::allow_common_patterns`].
    pub allow_common_patterns: Option<bool>,
    /// See [`Policy::pin_lifetime_days`].
    pub pin_lifetime_days: Option<u64>,
    /// `Some(None)` returns to the limits of R-LOCK-3.
    pub maximum_logon_attempts: Option<Option<u64>>,
}

/// Why a policy is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyViolation {
    /// A value outside its range (R-POL-1).
    #[error("{property} is {value}; it must be between {minimum} and {maximum}")]
    OutOfRange {
        /// The property, as cmdlets call it.
        property: &'static str,
        /// The value given.
        value: u64,
        /// The smallest value allowed.
        minimum: u64,
        /// The largest value allowed.
        maximum: u64,
    },
    /// A description longer than anybody reads.
    #[error("Description has {given} characters; it can have {LONGEST_DESCRIPTION} at most")]
    DescriptionTooLong {
        /// How many were given.
        given: usize,
    },
    /// R-POL-2: PINs that expire could otherwise be replaced by themselves.
    #[error(
        "PINLifetime is {lifetime_days} while PINHistoryCount is 0; set PINHistoryCount to 1 or more, \
         or PINLifetime to 0"
    )]
    LifetimeNeedsHistory {
        /// The lifetime the policy would have, in days.
        lifetime_days: u32,
    },
}

impl PolicyViolation {
    /// Stable identifier for programs.
    pub fn code(&self) -> &'static str {
        match self {
            PolicyViolation::OutOfRange { .. } => "PolicyValueOutOfRange",
            PolicyViolation::DescriptionTooLong { .. } => "PolicyDescriptionTooLong",
            PolicyViolation::LifetimeNeedsHistory { .. } => "PolicyLifetimeNeedsHistory",
        }
    }
}

/// A numeric property and its range (R-POL-1).
struct Range {
    property: &'static str,
    minimum: u32,
    maximum: u32,
}

const MIN_LENGTH: Range = Range {
    property: "MinPasswordLength",
    minimum: 4,
    maximum: 24,
};
const HISTORY: Range = Range {
    property: "PINHistoryCount",
    minimum: 0,
    maximum: 20,
};
const LIFETIME: Range = Range {
    property: "PINLifetime",
    minimum: 0,
    maximum: 999,
};
const ATTEMPTS: Range = Range {
    property: "MaximumLogonAttempts",
    minimum: 1,
    maximum: 999,
};

impl Range {
    /// The value where it is in range; else notes the violation and gives back `otherwise`.
    fn take(&self, value: u64, otherwise: u32, found: &mut Vec<PolicyViolation>) -> u32 {
        match u32::try_from(value) {
            Ok(small) if (self.minimum..=self.maximum).contains(&small) => small,
            _ => {
                found.push(PolicyViolation::OutOfRange {
                    property: self.property,
                    value,
                    minimum: self.minimum.into(),
                    maximum: self.maximum.into(),
                });
                otherwise
            }
        }
    }
}

impl Policy {
    /// A policy with the default of every property (R-POL-1).
    pub fn defaults(identity: PolicyIdentity) -> Policy {
        Policy {
            identity,
            description: None,
            min_password_length: 5,
            pin_history_count: 0,
            allow_common_patterns: false,
            pin_lifetime_days: 0,
            maximum_logon_attempts: None,
        }
    }

    /// Whether all values are in their ranges and go together; all violations at once.
    pub fn validate(&self) -> Result<(), Vec<PolicyViolation>> {
        // A description is judged as one that is new.
        let undescribed = Policy {
            description: None,
            ..self.clone()
        };
        let patch = PolicyPatch {
            description: Some(self.description.clone()),
            min_password_length: Some(self.min_password_length.into()),
            pin_history_count: Some(self.pin_history_count.into()),
            pin_lifetime_days: Some(self.pin_lifetime_days.into()),
            maximum_logon_attempts: Some(self.maximum_logon_attempts.map(u64::from)),
            ..PolicyPatch::default()
        };
        undescribed.apply(&patch).map(drop)
    }

    /// The policy with the change made, judged as a whole: what counts is the result, not the
    /// parameters given (R-POL-2, R-POL-8). `self` is untouched, so a refusal changes nothing.
    pub fn apply(&self, patch: &PolicyPatch) -> Result<Policy, Vec<PolicyViolation>> {
        let mut next = self.clone();
        let mut found = Vec::new();
        // A description that is longer from before is not refused where it stays.
        let described = patch.description.as_ref();
        if let Some(description) = described.filter(|given| **given != self.description) {
            let given = description.as_ref().map_or(0, |text| text.chars().count());
            if given > LONGEST_DESCRIPTION {
                found.push(PolicyViolation::DescriptionTooLong { given });
            }
            next.description.clone_from(description);
        }
        if let Some(allow) = patch.allow_common_patterns {
            next.allow_common_patterns = allow;
        }
        // A value that is out of range keeps the old one, so that it is not blamed twice.
        if let Some(value) = patch.min_password_length {
            next.min_password_length = MIN_LENGTH.take(value, self.min_password_length, &mut found);
        }
        if let Some(value) = patch.pin_history_count {
            next.pin_history_count = HISTORY.take(value, self.pin_history_count, &mut found);
        }
        if let Some(value) = patch.pin_lifetime_days {
            next.pin_lifetime_days = LIFETIME.take(value, self.pin_lifetime_days, &mut found);
        }
        match patch.maximum_logon_attempts {
            Some(Some(value)) => {
                next.maximum_logon_attempts = Some(ATTEMPTS.take(value, 1, &mut found));
            }
            Some(None) => next.maximum_logon_attempts = None,
            None => {}
        }
        if next.pin_lifetime_days > 0 && next.pin_history_count == 0 {
            found.push(PolicyViolation::LifetimeNeedsHistory {
                lifetime_days: next.pin_lifetime_days,
            });
        }
        if found.is_empty() {
            Ok(next)
        } else {
            Err(found)
        }
    }
}

/// R-POL-4: the granted policy, else the one of the site, else the global one.
pub fn governing<'a>(
    granted: Option<&'a Policy>,
    site: Option<&'a Policy>,
    global: &'a Policy,
) -> &'a Policy {
    granted.or(site).unwrap_or(global)
}
