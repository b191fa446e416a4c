//! Why a PIN was not taken, in words: the rules that it breaks, as they stand in the list of rules.

use maud::{Markup, html};
use pinward_core::{MAX_DIGITS, Violation};

use crate::web::words::{Words, with_text};

/// Why.
pub enum Refused {
    /// All rules that it breaks.
    Rules(Vec<Violation>),
    /// It is one of so many last ones.
    UsedBefore(usize),
    /// It was not typed alike twice.
    Differ,
    /// No decision could be reached.
    Unavailable,
}

/// The notice above the form.
pub fn notice(words: &Words, refused: &Refused) -> Markup {
    let rules = match refused {
        Refused::Rules(broken) => broken
            .iter()
            .map(|rule| (rule.code(), told(words, *rule)))
            .collect(),
        Refused::UsedBefore(count) => {
            let count = count.to_string();
            vec![("PinInHistory", with_text(words.rule_history, &count))]
        }
        Refused::Differ => vec![("PinsDiffer", html! { (words.rule_same) })],
        Refused::Unavailable => {
            return html! {
                div.notice.bad role="alert" { p data-code="Unavailable" { (words.unavailable) } }
            };
        }
    };
    html! {
        div.notice.bad #refused role="alert" tabindex="-1" {
            p { (words.refused) }
            ul { @for (code, rule) in rules { li data-code=(code) { (rule) } } }
        }
    }
}

fn told(words: &Words, rule: Violation) -> Markup {
    let text = match rule {
        Violation::TooShort { minimum } => {
            return with_text(words.rule_shortest, &minimum.to_string());
        }
        Violation::TooLong => return with_text(words.rule_longest, &MAX_DIGITS.to_string()),
        Violation::NotDigits => words.rule_digits,
        Violation::RepeatingDigits => words.rule_repeating,
        Violation::RepeatedBlock => words.rule_block,
        Violation::ConsecutiveDigits => words.rule_consecutive,
        Violation::Extension => words.rule_extension,
        Violation::PhoneNumber => words.rule_phone,
        Violation::CommonPin => words.rule_common,
    };
    html! { (text) }
}
