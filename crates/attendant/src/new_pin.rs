//! A new PIN that the caller chose, entered twice, and what comes of setting it (R-EXP-2).

use pinward_core::{MAX_DIGITS, Outcome, Pin, User, Violation};
use pinward_service::PinVersion;

use crate::call::Call;
use crate::question::{Proven, Question};
use crate::verdicts::{Deciding, Purpose};
use crate::{CallOutcome, Next, Prompt, Said};

/// Why a chosen PIN was not taken.
#[derive(Clone, Debug)]
pub enum ChoiceRefused {
    /// It breaks these rules.
    Rules(Vec<Violation>),
    /// It is one of the user's recent ones.
    UsedBefore,
    /// The user's PIN was locked meanwhile.
    Locked,
    /// The user is not enabled any more.
    NotEnabled,
    /// The PIN that the caller proved is not the user's any more: an administrator set another.
    Superseded,
}

/// A new PIN that is to be set for a user who proved who they are.
#[must_use = "a call goes on with what came of it"]
pub struct Choosing {
    call: Call,
    proven: Proven,
    pin: Pin,
}

impl Choosing {
    pub(crate) fn new(call: Call, proven: Proven, pin: Pin) -> Self {
        Self { call, proven, pin }
    }

    /// Whose PIN.
    pub fn user(&self) -> &User {
        &self.proven.must.user
    }

    /// The PIN that they proved to know, which is to be replaced.
    pub fn proven(&self) -> PinVersion {
        self.proven.must.proven
    }

    /// The PIN they chose.
    pub fn pin(&self) -> &Pin {
        &self.pin
    }

    /// The conference that was named.
    pub fn conference(&self) -> Option<&str> {
        self.call.conference.as_deref()
    }

    /// The PIN was set: the caller is let in by it.
    pub fn chosen(self) -> Next {
        let Self { call, proven, pin } = self;
        Next::Decide(Deciding::new(call, proven.number, pin, Purpose::NewPin))
    }

    /// The PIN was not taken: another one, as long as there are tries left.
    pub fn refused(self, why: &ChoiceRefused) -> Next {
        let Self {
            mut call, proven, ..
        } = self;
        let unchanged = CallOutcome::Refused(Some(proven.must.why));
        let say = match why {
            ChoiceRefused::Superseded => {
                return call.end(vec![Prompt::PinSetMeanwhile.into()], unchanged);
            }
            ChoiceRefused::Locked => return call.refused_for_good(Outcome::UserPinAccountLocked),
            ChoiceRefused::NotEnabled => {
                return call.refused_for_good(Outcome::UserPinAccountDisabled);
            }
            ChoiceRefused::UsedBefore => vec![Prompt::PinUsedBefore.into()],
            ChoiceRefused::Rules(violations) => reasons(violations),
        };
        call.refused_choices = call.refused_choices.saturating_add(1);
        if call.refused_choices >= call.settings().attempts.get() {
            return call.end(say, unchanged);
        }
        call.gather(Question::NewPin(proven), say)
    }

    /// It could not be set, nor refused.
    pub fn unavailable(self) -> Next {
        self.call.unavailable()
    }

    /// The caller hung up meanwhile.
    pub fn hung_up(self) -> Next {
        self.call.hung_up()
    }
}

/// All rules that a PIN breaks, each said once (R-PIN-4).
fn reasons(violations: &[Violation]) -> Vec<Said> {
    let mut say: Vec<Said> = Vec::new();
    for violation in violations {
        let (prompt, number) = match violation {
            Violation::NotDigits => (Prompt::NotUnderstood, None),
            Violation::TooLong => (Prompt::PinTooLong, u32::try_from(MAX_DIGITS).ok()),
            Violation::TooShort { minimum } => (Prompt::PinTooShort, Some(*minimum)),
            Violation::RepeatingDigits | Violation::RepeatedBlock => (Prompt::PinRepeating, None),
            Violation::ConsecutiveDigits => (Prompt::PinConsecutive, None),
            Violation::Extension | Violation::PhoneNumber => (Prompt::PinIsNumber, None),
            Violation::CommonPin => (Prompt::PinTooCommon, None),
        };
        if !say.contains(&prompt.into()) {
            say.push(prompt.into());
            say.extend(number.map(Said::Number));
        }
    }
    say
}
