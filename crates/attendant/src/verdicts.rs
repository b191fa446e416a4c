//! A number and a PIN that await a verdict, and what each verdict leads to.

use std::sync::Arc;

use pinward_core::{Outcome, Pin, User};
use pinward_service::MustChoose;

use crate::call::Call;
use crate::question::{Number, Proven, Question};
use crate::{Admission, CallOutcome, Next, Prompt, Said};

/// What a logon came to, as far as the door was told.
#[must_use]
pub enum Answer {
    /// The PIN is that of this user, and opens.
    Admitted(Arc<User>),
    /// The PIN is that of this user and must be replaced first.
    MustChoose(MustChoose),
    /// It does not open; with the reason where the door is trusted with reasons.
    Refused(Option<Outcome>),
}

/// Why a verdict is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The caller keyed a PIN.
    SignIn,
    /// The caller has just chosen this PIN: they are let in by it like everybody else, and it is recorded.
    NewPin,
}

/// A number and a PIN that await a verdict.
#[must_use = "a call goes on with the verdict"]
pub struct Deciding {
    call: Call,
    number: Number,
    pin: Pin,
    purpose: Purpose,
}

impl Deciding {
    pub(crate) fn new(call: Call, number: Number, pin: Pin, purpose: Purpose) -> Self {
        Self {
            call,
            number,
            pin,
            purpose,
        }
    }

    /// The number or extension as keyed. It may be a PIN that was keyed too early: not for a log.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The PIN as keyed.
    pub fn pin(&self) -> &Pin {
        &self.pin
    }

    /// The conference that was named.
    pub fn conference(&self) -> Option<&str> {
        self.call.conference.as_deref()
    }

    /// Whether callers are told why they are refused. Where they are not, the time that a verdict takes
    /// must not tell it either.
    pub fn tells_reasons(&self) -> bool {
        self.call.settings().tell_reasons
    }

    /// Goes on with the verdict.
    pub fn answered(self, answer: Answer) -> Next {
        match self.purpose {
            Purpose::SignIn => self.signed_in(answer),
            Purpose::NewPin => self.signed_in_anew(answer),
        }
    }

    fn signed_in(self, answer: Answer) -> Next {
        let Self { call, number, .. } = self;
        match answer {
            Answer::Admitted(user) => call.admitted(user, Vec::new()),
            Answer::MustChoose(must) => must_choose(call, Proven { number, must }),
            Answer::Refused(why) => {
                let why = call.may_tell(why);
                call.refused(why)
            }
        }
    }

    /// The verdict on a PIN that has just been set: it is the last one of the call.
    fn signed_in_anew(self, answer: Answer) -> Next {
        let call = self.call;
        let mut say = vec![Prompt::PinChanged.into()];
        let why = match answer {
            Answer::Admitted(user) => return call.admitted(user, say),
            Answer::MustChoose(must) => Some(must.why),
            Answer::Refused(why) => call.may_tell(why),
        };
        say.push(reason(why).into());
        call.end(say, CallOutcome::Refused(why))
    }

    /// No verdict could be reached.
    pub fn unavailable(self) -> Next {
        self.call.unavailable()
    }

    /// The caller hung up meanwhile. What is being decided is recorded all the same.
    pub fn hung_up(self) -> Next {
        self.call.hung_up()
    }
}

fn must_choose(call: Call, proven: Proven) -> Next {
    let why = proven.must.why;
    if !call.settings().offer_new_pin {
        return call.refused_for_good(why);
    }
    call.ask(Question::NewPin(proven), &[reason(Some(why))])
}

impl Call {
    fn admitted(mut self, user: Arc<User>, mut say: Vec<Said>) -> Next {
        let conference = self.conference.take();
        let admission = Box::new(Admission { user, conference });
        say.push(Prompt::Admitted.into());
        self.end(say, CallOutcome::Admitted(admission))
    }

    /// The reason of a refusal, where the caller may know it. A refusal is never called a success.
    fn may_tell(&self, why: Option<Outcome>) -> Option<Outcome> {
        why.filter(|&why| self.settings().tell_reasons && why != Outcome::Success)
    }

    /// A caller who proved who they are and cannot be let in may know why (R-AUTH-4).
    pub(crate) fn refused_for_good(self, why: Outcome) -> Next {
        let say: Vec<Said> = vec![reason(Some(why)).into()];
        self.end(say, CallOutcome::Refused(Some(why)))
    }

    /// A wrong PIN, or what looks like one; asked again as long as there are tries left.
    fn refused(mut self, why: Option<Outcome>) -> Next {
        self.refusals = self.refusals.saturating_add(1);
        let out_of_tries = self.refusals >= self.settings().attempts.get();
        if out_of_tries || why.is_some_and(is_final) {
            return self.end(vec![reason(why).into()], CallOutcome::Refused(why));
        }
        self.ask(Question::Number, &[reason(why)])
    }
}

/// Whether another try in the same call is of no use.
fn is_final(why: Outcome) -> bool {
    matches!(
        why,
        Outcome::UserPinAccountLocked
            | Outcome::PinNotSet
            | Outcome::UserPinAccountDisabled
            | Outcome::Throttled
    )
}

fn reason(why: Option<Outcome>) -> Prompt {
    match why {
        None | Some(Outcome::Success) => Prompt::Refused,
        Some(Outcome::IncorrectPin) => Prompt::IncorrectPin,
        Some(Outcome::UserPinAccountLocked) => Prompt::Locked,
        Some(Outcome::PinExpired) => Prompt::PinExpired,
        Some(Outcome::PinMustBeChanged) => Prompt::PinMustBeChanged,
        Some(Outcome::PinNotSet) => Prompt::PinNotSet,
        Some(Outcome::UserPinAccountDisabled) => Prompt::NotEnabled,
        Some(Outcome::UserDoesNotExist) => Prompt::UnknownNumber,
        Some(Outcome::NonUniqueUser) => Prompt::NumberNotUnique,
        Some(Outcome::Throttled) => Prompt::TryLater,
    }
}
