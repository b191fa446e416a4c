//! What users see of their own PIN, and the rules that bind them when they choose one.
//!
//! There is no right to check: the door has proven who the user is.

use pinward_core::{User, refused_count};

use crate::{PinInfo, Service, Unavailable};

/// How it stands with a user's own PIN.
#[derive(Clone, Debug)]
pub struct OwnPin {
    /// The state of the PIN.
    pub info: PinInfo,
    /// What binds the next one.
    pub rules: Rules,
}

/// What binds a PIN that its user chooses: the policy that governs them, as far as it concerns them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Fewest digits.
    pub shortest: u32,
    /// Whether patterns, the own number and common PINs are allowed.
    pub common_patterns: bool,
    /// How many of the last PINs cannot be chosen again; 0: any can.
    pub not_one_of_the_last: usize,
    /// For how many days it will be good; 0: it does not expire.
    pub lifetime_days: u32,
}

impl Service {
    /// The state of the user's own PIN and the rules for another one; `None`: the user is no longer
    /// there.
    pub async fn own_pin(&self, user: &User) -> Result<Option<OwnPin>, Unavailable> {
        let found = self.info_and_policy(user).await?;
        Ok(found.map(|(info, policy)| OwnPin {
            rules: Rules {
                shortest: policy.min_password_length,
                common_patterns: policy.allow_common_patterns,
                not_one_of_the_last: refused_count(policy.pin_history_count)
                    .max(usize::from(info.must_change)),
                lifetime_days: policy.pin_lifetime_days,
            },
            info,
        }))
    }
}
