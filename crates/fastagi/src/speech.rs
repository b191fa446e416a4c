//! What is said, as commands of Asterisk.

use pinward_attendant::{Prompt, Said};

use crate::{Command, Sounds};

/// One thing that is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    File(String),
    Number(u32),
    Digits(String),
    /// From here on in this language.
    Language(&'static str),
}

impl Piece {
    /// The command that plays it.
    pub(crate) fn command(self, interruptible: bool) -> Command {
        match self {
            Self::File(file) => Command::Play {
                file,
                interruptible,
            },
            Self::Number(number) => Command::SayNumber(number),
            Self::Digits(digits) => Command::SayDigits(digits),
            Self::Language(tag) => speak(tag),
        }
    }
}

/// The command that sets the language of the channel. Asterisk looks for `en_US` and then for `en`.
pub(crate) fn speak(tag: &str) -> Command {
    Command::SetVariable {
        name: "CHANNEL(language)",
        value: tag.replace('-', "_"),
    }
}

/// What is played for what is said; in `language` again at the end.
pub(crate) fn pieces(say: &[Said], language: &'static str, sounds: &Sounds) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let files = |prompt| sounds.files(prompt).into_iter().map(Piece::File);
    for said in say {
        match said {
            Said::Prompt(prompt) => pieces.extend(files(*prompt)),
            Said::Number(number) => pieces.push(Piece::Number(*number)),
            Said::Digits(digits) => pieces.push(Piece::Digits(digits.clone())),
            Said::PressFor { key, language } => {
                pieces.push(Piece::Language(language));
                pieces.extend(files(Prompt::PressForLanguage));
                pieces.push(Piece::Number(u32::from(*key)));
            }
        }
    }
    if pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Language(_)))
    {
        pieces.push(Piece::Language(language));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_offered_each_in_its_own_voice() {
        let own = Sounds::Folder("pinward".to_owned());
        let say = [
            Prompt::Welcome.into(),
            Said::PressFor {
                key: 1,
                language: "de-DE",
            },
            Said::Number(7),
        ];
        let lines: String = pieces(&say, "en-US", &own)
            .into_iter()
            .map(|piece| piece.command(true).line())
            .collect();
        assert_eq!(
            lines,
            "STREAM FILE pinward/welcome 0123456789*#\n\
             SET VARIABLE CHANNEL(language) de_DE\n\
             STREAM FILE pinward/press-for-language 0123456789*#\n\
             SAY NUMBER 1 0123456789*#\n\
             SAY NUMBER 7 0123456789*#\n\
             SET VARIABLE CHANNEL(language) en_US\n"
        );
    }

    #[test]
    fn every_prompt_has_sounds() {
        for &prompt in Prompt::ALL {
            assert!(!Sounds::Stock.files(prompt).is_empty(), "{}", prompt.name());
        }
    }
}
