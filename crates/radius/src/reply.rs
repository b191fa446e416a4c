//! What is answered to a verdict.

use pinward_core::{Outcome, User};
use pinward_service::Verdict;

use crate::client::Client;
use crate::codec::{Answer, CISCO, Code, cisco, kind};

/// They may come in.
pub(crate) fn accept(client: &Client, user: &User) -> Answer {
    let name = user.person.sip_address.clone().unwrap_or_else(|| {
        let person = &user.person;
        format!("{}\\{}", person.domain, person.sam_account_name)
    });
    let mut answer = Answer::new(Code::AccessAccept).with(kind::USER_NAME, name.as_bytes());
    if client.reasons {
        answer = with_return_code(answer, Outcome::Success);
    }
    for extra in &client.accept {
        answer = extra.add(answer, user);
    }
    answer
}

/// They may not, and nothing more is said.
pub(crate) fn reject() -> Answer {
    Answer::new(Code::AccessReject)
}

/// They may not, for a client that is told why.
pub(crate) fn reject_because(verdict: &Verdict) -> Answer {
    let outcome = verdict.outcome;
    let mut said = format!("{}: {}", outcome.name(), sentence(outcome));
    if let Some(until) = verdict.locked_until {
        said.push_str(&format!(", until {}", until.strftime("%Y-%m-%dT%H:%M:%SZ")));
    }
    with_return_code(reject(), outcome).with(kind::REPLY_MESSAGE, said.as_bytes())
}

/// It came with a method that cannot be checked.
pub(crate) fn reject_method(client: &Client, method: &str) -> Answer {
    match client.reasons {
        true => reject().with(
            kind::REPLY_MESSAGE,
            format!("{method} cannot be checked here: use PAP").as_bytes(),
        ),
        false => reject(),
    }
}

fn with_return_code(answer: Answer, outcome: Outcome) -> Answer {
    let value = format!("h323-return-code={}", return_code(outcome));
    answer.with_vendor(CISCO, cisco::H323_RETURN_CODE, value.as_bytes())
}

/// What Cisco's scripts know.
fn return_code(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Success => 0,
        Outcome::UserDoesNotExist | Outcome::NonUniqueUser => 1,
        Outcome::IncorrectPin => 2,
        Outcome::PinExpired | Outcome::PinMustBeChanged => 5,
        Outcome::PinNotSet | Outcome::UserPinAccountDisabled => 7,
        Outcome::Throttled => 8,
        Outcome::UserPinAccountLocked => 10,
    }
}

fn sentence(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Success => "welcome",
        Outcome::IncorrectPin => "the PIN is wrong",
        Outcome::UserPinAccountLocked => "the PIN is locked",
        Outcome::PinExpired => "the PIN has expired",
        Outcome::PinMustBeChanged => "the PIN must be changed first",
        Outcome::PinNotSet => "no PIN is set",
        Outcome::UserPinAccountDisabled => "the user may not use a PIN",
        Outcome::UserDoesNotExist => "nobody has this number or name",
        Outcome::NonUniqueUser => "several have this number or name",
        Outcome::Throttled => "too many failures from this source, try later",
    }
}
