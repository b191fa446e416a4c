//! What a caller hears, by name. Doors turn names into recordings or into speech.

/// One thing that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// An announcement, in the language of the call.
    Prompt(Prompt),
    /// A number, in the language of the call.
    Number(u32),
    /// The caller's own number, digit by digit.
    Digits(String),
    /// "For English press 1", in that language.
    PressFor {
        /// The key, 1–9.
        key: u8,
        /// The tag of the language.
        language: &'static str,
    },
}

impl From<Prompt> for Said {
    fn from(prompt: Prompt) -> Self {
        Self::Prompt(prompt)
    }
}

macro_rules! prompts {
    ($($variant:ident $name:literal $text:literal,)*) => {
        /// An announcement.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Prompt {
            $(#[doc = $text] $variant,)*
        }

        impl Prompt {
            /// All announcements, in the order in which a call may come by them.
            pub const ALL: &[Prompt] = &[$(Prompt::$variant,)*];

            /// Its name, which is that of its recording: `enter-pin`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Prompt::$variant => $name,)*
                }
            }

            /// What it says, in English.
            #[must_use]
            pub fn english(self) -> &'static str {
                match self {
                    $(Prompt::$variant => $text,)*
                }
            }
        }
    };
}

prompts! {
    Welcome "welcome" "Welcome.",
    EnterConference "enter-conference" "Please enter the conference number, followed by pound.",
    OrPoundForNone "or-pound-for-none" "To go on without a conference, press pound.",
    EnterNumber "enter-number" "Please enter your telephone number or extension, followed by pound.",
    OrPoundForThisNumber "or-pound-for-this-number" "Or press pound for the number you are calling from:",
    EnterPin "enter-pin" "Please enter your PIN, followed by pound.",
    NothingKeyed "nothing-keyed" "I did not hear any keys.",
    NotUnderstood "not-understood" "That is not a valid entry.",
    StartingOver "starting-over" "Starting over.",
    Refused "refused" "Sorry, the number and the PIN do not match.",
    IncorrectPin "incorrect-pin" "Sorry, the PIN is not correct.",
    UnknownNumber "unknown-number" "Sorry, nobody has this number.",
    NumberNotUnique "number-not-unique" "Several people have this extension. Please enter your full telephone number.",
    Locked "locked" "Your PIN is locked. Please ask your help desk.",
    PinNotSet "pin-not-set" "You do not have a PIN yet. Please ask your help desk.",
    NotEnabled "not-enabled" "Your account is not enabled for telephone sign-in.",
    TryLater "try-later" "Too many attempts. Please try again later.",
    PinExpired "pin-expired" "Your PIN has expired.",
    PinMustBeChanged "pin-must-be-changed" "Your PIN must be changed.",
    EnterNewPin "enter-new-pin" "Please enter a new PIN, followed by pound.",
    EnterNewPinAgain "enter-new-pin-again" "Please enter the new PIN again, followed by pound.",
    PinsDiffer "pins-differ" "The two entries are not the same.",
    PinTooShort "pin-too-short" "The PIN is too short. The fewest digits it must have are:",
    PinTooLong "pin-too-long" "The PIN is too long. The most digits it may have are:",
    PinRepeating "pin-repeating" "The PIN must not be made of repeated digits.",
    PinConsecutive "pin-consecutive" "The PIN must not contain consecutive digits such as one, two, three, four.",
    PinIsNumber "pin-is-number" "The PIN must not be part of your telephone number or extension.",
    PinTooCommon "pin-too-common" "Too many people choose this PIN.",
    PinUsedBefore "pin-used-before" "You have used this PIN before.",
    PinSetMeanwhile "pin-set-meanwhile" "Your help desk has set another PIN for you meanwhile. Please use that one.",
    PinChanged "pin-changed" "Your PIN has been changed.",
    Admitted "admitted" "Thank you.",
    Unavailable "unavailable" "Sorry, PINs cannot be checked right now. Please call again later.",
    Goodbye "goodbye" "Goodbye.",
    PressForLanguage "press-for-language" "For English, press:",
}
