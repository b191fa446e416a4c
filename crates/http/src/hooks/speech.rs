//! What is said, in English, for systems that read it out. No mark-up is in it.

use pinward_attendant::Said;

/// Everything that is said.
pub(super) fn spoken(say: &[Said]) -> String {
    let words: Vec<String> = say.iter().map(one).collect();
    words.join(" ")
}

fn one(said: &Said) -> String {
    match said {
        Said::Prompt(prompt) => prompt.english().to_owned(),
        Said::Number(number) => format!("{number}."),
        Said::Digits(digits) => {
            let digits: Vec<String> = digits.chars().map(String::from).collect();
            format!("{}.", digits.join(" "))
        }
        Said::PressFor { key, language } => format!("For {language}, press {key}."),
    }
}
