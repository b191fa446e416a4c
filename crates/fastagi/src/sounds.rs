//! Which files of Asterisk are played for each prompt.

use pinward_attendant::Prompt;

/// Where the sounds come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Sounds {
    /// Those that come with Asterisk. They were recorded for voicemail and conferences, so they say less
    /// than recordings of one's own, and there are none for the choice of a language.
    #[default]
    Stock,
    /// Recordings of one's own: a folder below Asterisk's folder of sounds, in which each file has the name
    /// of its prompt, such as `pinward/enter-pin`.
    Folder(String),
}

impl Sounds {
    /// The files of a prompt, in the order in which they are played.
    pub(crate) fn files(&self, prompt: Prompt) -> Vec<String> {
        match self {
            Self::Stock => stock(prompt).iter().map(|&file| file.to_owned()).collect(),
            Self::Folder(folder) => vec![format!("{folder}/{}", prompt.name())],
        }
    }
}

/// What of the sounds of Asterisk comes closest.
fn stock(prompt: Prompt) -> &'static [&'static str] {
    match prompt {
        Prompt::Welcome => &["hello"],
        Prompt::EnterConference => &["conf-getconfno"],
        Prompt::OrPoundForNone => &["vm-tocancel"],
        Prompt::EnterNumber => &["extension", "astcc-followed-by-the-pound-key"],
        Prompt::OrPoundForThisNumber => &["vm-press", "digits/pound", "vm-for"],
        Prompt::EnterPin => &["confbridge-pin"],
        Prompt::NothingKeyed | Prompt::NotUnderstood => &["vm-sorry"],
        Prompt::StartingOver => &["please-try-again"],
        Prompt::Refused | Prompt::IncorrectPin => &["vm-incorrect"],
        Prompt::UnknownNumber => &["privacy-incorrect"],
        Prompt::NumberNotUnique => &["privacy-incorrect", "privacy-prompt"],
        Prompt::Locked => &["im-sorry", "your", "vm-password", "is", "de-activated"],
        Prompt::PinNotSet => &["im-sorry", "feature-not-avail-line"],
        Prompt::NotEnabled => &["im-sorry", "your", "extension", "is", "disabled"],
        Prompt::TryLater => &["please-try-call-later"],
        Prompt::PinExpired | Prompt::PinMustBeChanged => {
            &["your", "vm-password", "is", "de-activated"]
        }
        Prompt::EnterNewPin => &["vm-newpassword"],
        Prompt::EnterNewPinAgain => &["vm-reenterpassword"],
        Prompt::PinsDiffer => &["vm-mismatch"],
        Prompt::PinTooShort => &["vm-invalid-password"],
        Prompt::PinTooLong
        | Prompt::PinRepeating
        | Prompt::PinConsecutive
        | Prompt::PinIsNumber
        | Prompt::PinTooCommon
        | Prompt::PinUsedBefore => &["vm-invalidpassword"],
        Prompt::PinSetMeanwhile => &["vm-invalidpassword", "please-try-call-later"],
        Prompt::PinChanged => &["vm-passchanged"],
        Prompt::Admitted => &["auth-thankyou"],
        Prompt::Unavailable => &["im-sorry", "please-try-call-later"],
        Prompt::Goodbye => &["vm-goodbye"],
        Prompt::PressForLanguage => &["vm-press"],
    }
}
