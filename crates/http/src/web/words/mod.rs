//! What the users' page says, in each language.
//!
//! To add a language: a variant of [`Language`], and a file with its [`Words`]. To add a message: a line in
//! `message.rs`; the compiler names every language where it is missing.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;
mod message;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use maud::{Markup, PreEscaped, html};
use pinward_core::Timestamp;

pub use message::Words;

/// The languages of the pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Japanese.
    Japanese,
    /// Arabic.
    Arabic,
}

impl Language {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 6] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Japanese,
        Self::Arabic,
    ];

    /// As HTML and HTTP call it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Japanese => "ja",
            Self::Arabic => "ar",
        }
    }

    /// As its speakers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Japanese => "日本語",
            Self::Arabic => "العربية",
        }
    }

    /// `ltr` or `rtl`.
    pub fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            _ => "ltr",
        }
    }

    /// All its messages.
    pub fn words(self) -> &'static Words {
        match self {
            Self::English => &en::WORDS,
            Self::German => &de::WORDS,
            Self::French => &fr::WORDS,
            Self::Spanish => &es::WORDS,
            Self::Japanese => &ja::WORDS,
            Self::Arabic => &ar::WORDS,
        }
    }

    /// The language of a tag such as `de` or `de-AT`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let (first, _) = tag.trim().split_once('-').unwrap_or((tag.trim(), ""));
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(first))
    }

    /// The one that the browser's user likes best; English where it names none of them.
    pub fn liked(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT_LANGUAGE).iter();
        let mut best = (0.0, Self::English);
        for wish in lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
        {
            let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
            let weight = weight.trim().strip_prefix("q=").map(str::parse::<f64>);
            if let (Some(language), Some(Ok(weight))) = (Self::of_tag(tag), weight)
                && weight > best.0
            {
                best = (weight, language);
            }
        }
        best.1
    }

    /// A date and a time as its speakers write them in figures; a script may show them in the time zone of
    /// the browser.
    pub fn moment(self, at: Timestamp) -> Markup {
        let pattern = match self {
            Self::English => "%-d %b %Y, %H:%M UTC",
            Self::German => "%d.%m.%Y, %H:%M UTC",
            Self::French | Self::Spanish | Self::Arabic => "%d/%m/%Y, %H:%M UTC",
            Self::Japanese => "%Y年%-m月%-d日 %H:%M UTC",
        };
        let text = at.strftime(pattern).to_string();
        let exact = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        html! { time datetime=(exact) dir="auto" { (text) } }
    }
}

/// A message with what stands in place of its `{0}`, which is isolated from the direction of the text.
pub fn with(message: &str, value: &Markup) -> Markup {
    match message.split_once("{0}") {
        Some((before, after)) => html! { (before) bdi { (value) } (after) },
        None => html! { (message) },
    }
}

/// The same with plain text.
pub fn with_text(message: &str, value: &str) -> Markup {
    let escaped: Markup = html! { (value) };
    with(message, &PreEscaped(escaped.into_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn every_language_has_every_message() {
        let english = Language::English.words().all();
        for language in Language::ALL {
            let all = language.words().all();
            for ((name, text), (_, original)) in all.iter().zip(&english) {
                assert!(!text.trim().is_empty(), "{language:?} {name}");
                let places = |text: &str| text.matches("{0}").count();
                assert_eq!(places(text), places(original), "{language:?} {name}");
                assert!(!text.contains("TODO"), "{language:?} {name}");
            }
            // What is not translated by mistake is what English says too.
            let same = all
                .iter()
                .zip(&english)
                .filter(|(one, other)| one.1 == other.1);
            let most = if language == Language::English {
                all.len()
            } else {
                2
            };
            let same: Vec<_> = same.map(|(one, _)| one.0).collect();
            assert!(same.len() <= most, "{language:?}: {same:?}");
        }
        let tags: HashSet<_> = Language::ALL.map(Language::tag).into_iter().collect();
        assert_eq!(tags.len(), Language::ALL.len());
    }

    #[test]
    fn the_language_that_is_liked_best() {
        for (wish, expected) in [
            ("", Language::English),
            ("de", Language::German),
            ("de-AT,en;q=0.5", Language::German),
            ("it,fr;q=0.4,es;q=0.7", Language::Spanish),
            ("pt-BR,pt;q=0.9", Language::English),
            ("ar-EG", Language::Arabic),
            ("JA", Language::Japanese),
            ("fr;q=x,de;q=0.1", Language::German),
            ("de;q=0", Language::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(wish));
            assert_eq!(Language::liked(&headers), expected, "{wish}");
        }
    }

    #[test]
    fn values_are_escaped_and_isolated() {
        let told = with_text("Ask {0}.", "<b>").into_string();
        assert_eq!(told, "Ask <bdi>&lt;b&gt;</bdi>.");
        assert_eq!(with_text("Plain", "x").into_string(), "Plain");
    }
}
