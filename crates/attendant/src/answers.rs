//! What the answer to each question leads to.

use pinward_core::Pin;
use zeroize::Zeroizing;

use crate::call::{Call, is_digits};
use crate::question::{LONGEST_CONFERENCE, LONGEST_NUMBER, Proven, Question};
use crate::verdicts::{Deciding, Purpose};
use crate::{AskConference, Choosing, Keys, Next, Prompt};

impl Question {
    /// `*`: the call from its beginning; whoever is choosing a PIN chooses anew.
    pub(crate) fn start_over(self, call: Call) -> Next {
        match self {
            Self::NewPin(proven) | Self::NewPinAgain(proven, _) => {
                call.ask(Self::NewPin(proven), &[Prompt::StartingOver])
            }
            _ => call.begin(&[Prompt::StartingOver]),
        }
    }

    /// Goes on with digits; there may be none.
    pub(crate) fn answered(self, call: Call, keys: Keys) -> Next {
        match self {
            Self::Language => language(call, &keys),
            Self::Conference => conference(call, &keys),
            Self::Number => number(call, keys),
            Self::Pin(number) => match Pin::parse(keys.digits()) {
                Ok(pin) => Next::Decide(Deciding::new(call, number, pin, Purpose::SignIn)),
                Err(_) => call.ask_again(Self::Pin(number), not_an_answer(&keys)),
            },
            Self::NewPin(proven) => match Pin::parse(keys.digits()) {
                Ok(pin) => call.ask(Self::NewPinAgain(proven, pin), &[]),
                Err(_) => call.ask_again(Self::NewPin(proven), not_an_answer(&keys)),
            },
            Self::NewPinAgain(proven, first) => again(call, proven, first, &keys),
        }
    }
}

fn not_an_answer(keys: &Keys) -> Prompt {
    match keys.digits() {
        "" => Prompt::NothingKeyed,
        _ => Prompt::NotUnderstood,
    }
}

fn language(mut call: Call, keys: &Keys) -> Next {
    let offered = call.settings().languages.tags();
    let key = keys.digits().parse::<usize>().ok();
    let chosen = key
        .and_then(|key| offered.get(key.checked_sub(1)?))
        .copied();
    match chosen {
        Some(tag) => {
            call.speak(tag);
            let question = call.after_language();
            call.ask(question, &[])
        }
        None => call.ask_again(Question::Language, not_an_answer(keys)),
    }
}

fn conference(mut call: Call, keys: &Keys) -> Next {
    let optional = call.settings().conference == AskConference::Optional;
    match keys.digits() {
        "" if optional => call.ask(Question::Number, &[]),
        digits if is_digits(digits, LONGEST_CONFERENCE) => {
            call.conference = Some(digits.to_owned());
            call.ask(Question::Number, &[])
        }
        _ => call.ask_again(Question::Conference, not_an_answer(keys)),
    }
}

fn number(call: Call, keys: Keys) -> Next {
    let number = match (keys.digits(), call.own_number()) {
        ("", Some(own)) => Zeroizing::new(own.to_owned()),
        (digits, _) if is_digits(digits, LONGEST_NUMBER) => keys.into_digits(),
        _ => return call.ask_again(Question::Number, not_an_answer(&keys)),
    };
    call.ask(Question::Pin(number), &[])
}

fn again(call: Call, proven: Proven, first: Pin, keys: &Keys) -> Next {
    match keys.digits() {
        "" => call.ask_again(Question::NewPinAgain(proven, first), Prompt::NothingKeyed),
        digits if digits.as_bytes() == first.digits() => {
            Next::Choose(Choosing::new(call, proven, first))
        }
        _ => call.ask_again(Question::NewPin(proven), Prompt::PinsDiffer),
    }
}
