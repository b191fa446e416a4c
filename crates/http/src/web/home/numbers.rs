//! The access numbers by region.

use maud::{Markup, html};
use pinward_core::AccessNumber;
use pinward_service::Region;

use crate::web::words::Words;

/// The table; each number can be called from a telephone that shows the page.
pub fn part(words: &Words, regions: &[Region]) -> Markup {
    html! {
        section.card aria-labelledby="numbers" {
            h2 #numbers { (words.numbers) }
            @if regions.is_empty() {
                p { (words.no_numbers) }
            } @else {
                div.scroll tabindex="0" role="group" aria-labelledby="numbers" {
                    table {
                        thead { tr {
                            th scope="col" { (words.region) }
                            th scope="col" { (words.number) }
                            th scope="col" { (words.languages) }
                        } }
                        tbody {
                            @for region in regions { (rows(region)) }
                        }
                    }
                }
            }
        }
    }
}

fn rows(region: &Region) -> Markup {
    let count = region.numbers.len();
    html! {
        @for (at, number) in region.numbers.iter().enumerate() {
            tr {
                @if at == 0 {
                    th scope="rowgroup" rowspan=(count) { bdi { (region.name) } }
                }
                td {
                    a.number href=(number.line_uri) dir="ltr" { (number.display_number) }
                    @if let Some(name) = &number.display_name { br; bdi.quiet { (name) } }
                }
                td { (languages(number)) }
            }
        }
    }
}

/// What is spoken there, each language by its own name.
fn languages(number: &AccessNumber) -> Markup {
    let all = std::iter::once(&number.primary_language).chain(&number.secondary_languages);
    html! {
        @for (at, tag) in all.enumerate() {
            @if at > 0 { br; }
            bdi lang=(tag) { (own_name(tag)) }
        }
    }
}

/// The languages of announcements, as their speakers call them; what is not known by its tag.
fn own_name(tag: &str) -> &str {
    match tag {
        "ca-ES" => "Català",
        "da-DK" => "Dansk",
        "de-DE" => "Deutsch",
        "en-AU" => "English (Australia)",
        "en-CA" => "English (Canada)",
        "en-GB" => "English (United Kingdom)",
        "en-IN" => "English (India)",
        "en-US" => "English (United States)",
        "es-ES" => "Español (España)",
        "es-MX" => "Español (México)",
        "fi-FI" => "Suomi",
        "fr-CA" => "Français (Canada)",
        "fr-FR" => "Français (France)",
        "it-IT" => "Italiano",
        "ja-JP" => "日本語",
        "ko-KR" => "한국어",
        "nb-NO" => "Norsk bokmål",
        "nl-NL" => "Nederlands",
        "pl-PL" => "Polski",
        "pt-BR" => "Português (Brasil)",
        "pt-PT" => "Português (Portugal)",
        "ru-RU" => "Русский",
        "sv-SE" => "Svenska",
        "zh-CN" => "中文（中国）",
        "zh-HK" => "中文（香港）",
        "zh-TW" => "中文（台灣）",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use pinward_core::LANGUAGES;

    use super::*;

    #[test]
    fn every_language_of_announcements_has_a_name() {
        for tag in LANGUAGES {
            assert_ne!(own_name(tag), *tag);
        }
    }
}
