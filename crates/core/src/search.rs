//! Searching people as somebody types: by the beginnings of words of their names, and of their numbers.

/// Words that a search looks at; the rest of a text is ignored.
const MOST_WORDS: usize = 8;

/// The words that whoever is looked for must have, as their beginnings; none: the text names nothing.
///
/// A text without letters is one number, however it is grouped. Of an address the part before `@` counts
/// and of `domain\logon` the part after the backslash, as everybody shares the rest.
pub fn search_words(text: &str) -> Vec<String> {
    let text = text.trim();
    if !text.chars().any(char::is_alphabetic) {
        let digits: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        return match digits.is_empty() {
            true => Vec::new(),
            false => vec![digits],
        };
    }
    let parts = text.split_whitespace().flat_map(|part| {
        let part = without_scheme(part);
        let part = part.split_once('@').map_or(part, |(local, _)| local);
        let part = part.rsplit_once('\\').map_or(part, |(_, logon)| logon);
        part.split(|c: char| !c.is_alphanumeric())
    });
    parts
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(str::to_owned)
        .collect()
}

fn without_scheme(part: &str) -> &str {
    match part.split_once(':') {
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("tel") =>
        {
            rest
        }
        _ => part,
    }
}

#[cfg(test)]
mod tests {
    use super::search_words;

    #[test]
    fn words_of_a_search() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            (" ( ", &[]),
            ("Ken", &["Ken"]),
            ("Ken Myer", &["Ken", "Myer"]),
            ("o'brien-smith", &["o", "brien", "smith"]),
            ("sip:ken.myer@litwareinc.com", &["ken", "myer"]),
            ("LITWAREINC\\kenmyer", &["kenmyer"]),
            ("+1 (425) 555-1219", &["14255551219"]),
            ("tel:+14255551219", &["14255551219"]),
            ("51219", &["51219"]),
            ("Zoë 512", &["Zoë", "512"]),
            ("\"*:", &[]),
            (
                "a b c d e f g h i j",
                &["a", "b", "c", "d", "e", "f", "g", "h"],
            ),
        ];
        for (text, expected) in table {
            assert_eq!(search_words(text), *expected, "{text}");
        }
    }
}
