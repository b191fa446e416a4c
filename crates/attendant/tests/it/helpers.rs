//! A call driven by what is keyed, with a front desk that knows two people.

use std::collections::BTreeMap;
use std::sync::Arc;

use pinward_attendant::{
    Answer, Call, CallOutcome, ChoiceRefused, Deciding, Input, Keys, Next, Said, Settings,
};
use pinward_core::{Outcome, Person, User, UserId, Violation};
use pinward_service::{MustChoose, PinVersion};

/// Ken's extension, right PIN, and the PIN with which he has to choose another.
pub const KEN: &str = "51219";
pub const RIGHT: &str = "246810";
pub const EXPIRED: &str = "135790";
/// Nobody has this extension.
pub const NOBODY: &str = "59999";
/// Refused when chosen.
pub const SHORT: &str = "12";
pub const OLD: &str = "864209";
/// Chosen after an administrator has set another PIN.
pub const LATE: &str = "753196";

pub fn ken() -> User {
    User {
        id: UserId(7),
        person: Person {
            guid: "3b6f1c62-6a39-4d1f-9d0e-3a9a53b9a001".to_owned(),
            dn: "CN=Ken Myer,DC=litwareinc,DC=com".to_owned(),
            display_name: "Ken Myer".to_owned(),
            first_name: None,
            last_name: None,
            sam_account_name: "kenmyer".to_owned(),
            domain: "LITWAREINC".to_owned(),
            upn: None,
            sip_address: Some("sip:kenmyer@litwareinc.com".to_owned()),
            line_uri: Some("tel:+14255551219;ext=51219".to_owned()),
            enabled: true,
            registrar_pool: None,
            site: None,
            attributes: BTreeMap::new(),
            when_created: None,
            when_changed: None,
        },
        pin_policy: None,
        gone: false,
    }
}

/// Ken keyed the right PIN and has to replace it.
pub fn must_choose(why: Outcome) -> Answer {
    Answer::MustChoose(MustChoose {
        user: Arc::new(ken()),
        why,
        proven: PinVersion(1),
    })
}

/// What happened in a call, in order.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Everything said, by name; numbers as digits.
    pub said: Vec<String>,
    /// How many verdicts were asked for, and how many PINs were set or refused.
    pub verdicts: usize,
    pub choices: usize,
    /// The name of the outcome.
    pub outcome: String,
    /// The conference of who was let in.
    pub conference: Option<String>,
}

pub fn said(what: &Said) -> String {
    match what {
        Said::Prompt(prompt) => prompt.name().to_owned(),
        Said::Number(number) => number.to_string(),
        Said::Digits(digits) => digits.clone(),
        Said::PressFor { key, language } => format!("press {key} for {language}"),
    }
}

/// The front desk: Ken is known by his extension; everybody else does not exist.
pub fn verdict(deciding: &Deciding, changed: bool) -> Answer {
    let known = deciding.number() == KEN || deciding.number() == "+14255551219";
    match deciding.pin().reveal().as_str() {
        _ if !known => Answer::Refused(Some(Outcome::UserDoesNotExist)),
        RIGHT => Answer::Admitted(Arc::new(ken())),
        _ if changed => Answer::Admitted(Arc::new(ken())),
        EXPIRED => must_choose(Outcome::PinExpired),
        _ => Answer::Refused(Some(Outcome::IncorrectPin)),
    }
}

/// Goes through a call; `keyed` gives what comes of each question. A caller who has nothing more to say
/// hangs up.
pub fn drive(call: Call, mut keyed: impl Iterator<Item = Input>) -> Heard {
    drive_with(call, &mut keyed, verdict)
}

pub fn drive_with(
    call: Call,
    keyed: &mut dyn Iterator<Item = Input>,
    verdict: impl Fn(&Deciding, bool) -> Answer,
) -> Heard {
    let mut heard = Heard::default();
    let mut changed = false;
    let mut next = call.start();
    loop {
        next = match next {
            Next::Gather(gathering) => {
                heard.said.extend(gathering.say().iter().map(said));
                gathering.take(keyed.next().unwrap_or(Input::HungUp))
            }
            Next::Decide(deciding) => {
                heard.verdicts += 1;
                let answer = verdict(&deciding, changed);
                deciding.answered(answer)
            }
            Next::Choose(choosing) => {
                heard.choices += 1;
                let refused = match choosing.pin().reveal().as_str() {
                    SHORT => Some(ChoiceRefused::Rules(vec![
                        Violation::TooShort { minimum: 5 },
                        Violation::RepeatingDigits,
                        Violation::RepeatedBlock,
                    ])),
                    OLD => Some(ChoiceRefused::UsedBefore),
                    LATE => Some(ChoiceRefused::Superseded),
                    _ => None,
                };
                changed |= refused.is_none();
                match refused {
                    Some(why) => choosing.refused(&why),
                    None => choosing.chosen(),
                }
            }
            Next::End(ending) => {
                heard.said.extend(ending.say.iter().map(said));
                heard.outcome = ending.outcome.name().to_owned();
                if let CallOutcome::Admitted(admission) = ending.outcome {
                    heard.conference = admission.conference;
                }
                return heard;
            }
        };
    }
}

/// `51219#` are keys, `-` is silence, `x` hangs up.
pub fn script(text: &str) -> impl Iterator<Item = Input> {
    text.split_whitespace()
        .map(|word| match word {
            "-" => Input::Nothing,
            "x" => Input::HungUp,
            keys => Input::Keys(Keys::parse(keys).expect("keys")),
        })
        .collect::<Vec<_>>()
        .into_iter()
}

pub fn call(settings: &Settings) -> Call {
    Call::new(Arc::new(settings.clone()))
}
