//! What a caller can be asked.

use pinward_core::{MAX_DIGITS, Pin};
use pinward_service::MustChoose;
use zeroize::Zeroizing;

use crate::call::Call;
use crate::{AskConference, Prompt, Said};

/// The longest conference number, in digits.
pub(crate) const LONGEST_CONFERENCE: usize = 16;
/// The longest telephone number or extension, in digits.
pub(crate) const LONGEST_NUMBER: usize = 32;

/// The digits of a number; they may be a PIN that was keyed too early.
pub(crate) type Number = Zeroizing<String>;

/// Somebody who keyed the right PIN, which has to be replaced.
pub(crate) struct Proven {
    pub(crate) number: Number,
    pub(crate) must: MustChoose,
}

/// What is asked.
pub(crate) enum Question {
    Language,
    Conference,
    Number,
    Pin(Number),
    NewPin(Proven),
    NewPinAgain(Proven, Pin),
}

impl Question {
    /// What is said to ask it.
    pub(crate) fn prompts(&self, call: &Call) -> Vec<Said> {
        let settings = call.settings();
        match self {
            Self::Language => (1..)
                .zip(settings.languages.tags())
                .map(|(key, language)| Said::PressFor { key, language })
                .collect(),
            Self::Conference if settings.conference == AskConference::Optional => vec![
                Prompt::EnterConference.into(),
                Prompt::OrPoundForNone.into(),
            ],
            Self::Conference => vec![Prompt::EnterConference.into()],
            Self::Number => {
                let mut say = vec![Prompt::EnterNumber.into()];
                if let Some(own) = call.own_number() {
                    let digits = own.trim_start_matches('+').to_owned();
                    say.extend([Prompt::OrPoundForThisNumber.into(), Said::Digits(digits)]);
                }
                say
            }
            Self::Pin(_) => vec![Prompt::EnterPin.into()],
            Self::NewPin(_) => vec![Prompt::EnterNewPin.into()],
            Self::NewPinAgain(..) => vec![Prompt::EnterNewPinAgain.into()],
        }
    }

    /// After how many keys the entry ends without `#`: one more than the longest answer, so that `#`
    /// after the longest belongs to it, and what is too long is seen.
    pub(crate) fn most_keys(&self) -> usize {
        match self {
            Self::Language => 1,
            Self::Conference => LONGEST_CONFERENCE + 1,
            Self::Number => LONGEST_NUMBER + 1,
            Self::Pin(_) | Self::NewPin(_) | Self::NewPinAgain(..) => MAX_DIGITS + 1,
        }
    }
}
