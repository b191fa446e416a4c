//! The languages that announcements of dial-in conferencing can be made in.

/// Their tags, in the order in which they are listed.
pub const LANGUAGES: &[&str] = &[
    "ca-ES", "da-DK", "de-DE", "en-AU", "en-CA", "en-GB", "en-IN", "en-US", "es-ES", "es-MX",
    "fi-FI", "fr-CA", "fr-FR", "it-IT", "ja-JP", "ko-KR", "nb-NO", "nl-NL", "pl-PL", "pt-BR",
    "pt-PT", "ru-RU", "sv-SE", "zh-CN", "zh-HK", "zh-TW",
];

/// The language that a text names, in any case.
pub fn parse_language(text: &str) -> Option<&'static str> {
    let text = text.trim();
    LANGUAGES
        .iter()
        .copied()
        .find(|tag| tag.eq_ignore_ascii_case(text))
}
