//! Ordering values for people: text without regard to case, accents after plain letters, a column
//! of mixed kinds in an order that is always total.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};

use crate::value::{Number, NumberKind, Value};

/// What a value is sorted by. Keys of one column must have been made even with [`level`].
#[derive(Clone)]
pub(super) enum Key {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Date(Timestamp),
    Span(SignedDuration),
    Text(Text),
}

/// A text to sort by.
#[derive(Clone)]
pub(super) struct Text {
    /// Without case and accents.
    base: String,
    /// Without case.
    folded: String,
    /// As it is, where case counts.
    exact: Option<String>,
}

/// Letters with marks and the plain letters they are sorted with.
const MARKED: &[(&str, &str)] = &[
    ("àáâãåāăą", "a"),
    ("ä", "a"),
    ("æ", "ae"),
    ("çćĉċč", "c"),
    ("ďđ", "d"),
    ("èéêëēĕėęě", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįı", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņň", "n"),
    ("òóôõøōŏő", "o"),
    ("ö", "o"),
    ("œ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşš", "s"),
    ("ß", "ss"),
    ("ţťŧ", "t"),
    ("ùúûũūŭůűų", "u"),
    ("ü", "u"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
];

impl Text {
    fn new(text: &str, case: bool) -> Text {
        let folded = text.to_lowercase();
        let base = if folded.is_ascii() {
            folded.clone()
        } else {
            let mut base = String::with_capacity(folded.len());
            for c in folded.chars() {
                match MARKED.iter().find(|(marked, _)| marked.contains(c)) {
                    Some((_, plain)) => base.push_str(plain),
                    None => base.push(c),
                }
            }
            base
        };
        Text {
            base,
            folded,
            exact: case.then(|| text.to_owned()),
        }
    }

    fn order(&self, other: &Text) -> Ordering {
        let plain = self
            .base
            .cmp(&other.base)
            .then_with(|| self.folded.cmp(&other.folded));
        // Small letters before capitals, as cultures have it.
        plain.then_with(|| other.exact.cmp(&self.exact))
    }
}

impl Key {
    /// The key of a value.
    pub(super) fn new(value: &Value, case: bool) -> Key {
        match value {
            Value::Null => Key::Null,
            Value::Bool(b) => Key::Bool(*b),
            Value::Number(n) => Key::number(n),
            Value::Date(d) => Key::Date(d.timestamp()),
            Value::Span(s) => Key::Span(*s),
            other => Key::Text(Text::new(&other.to_text(), case)),
        }
    }

    fn number(number: &Number) -> Key {
        match number.kind() {
            NumberKind::Int(i) => Key::Int(i),
            NumberKind::Float(f) => Key::Float(f),
        }
    }

    /// Roughly how many cells of 32 bytes it takes.
    pub(super) fn cells(&self) -> u64 {
        match self {
            Key::Text(t) => 3 + (t.base.len() + t.folded.len()) as u64 / 32,
            _ => 1,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Key::Null => 0,
            Key::Bool(_) => 1,
            Key::Int(_) | Key::Float(_) => 2,
            Key::Date(_) => 3,
            Key::Span(_) => 4,
            Key::Text(_) => 5,
        }
    }

    /// A total order among the keys of one column.
    pub(super) fn order(&self, other: &Key) -> Ordering {
        match (self, other) {
            (Key::Bool(a), Key::Bool(b)) => a.cmp(b),
            (Key::Int(a), Key::Int(b)) => a.cmp(b),
            (Key::Float(a), Key::Float(b)) => a.total_cmp(b),
            (Key::Date(a), Key::Date(b)) => a.cmp(b),
            (Key::Span(a), Key::Span(b)) => a.cmp(b),
            (Key::Text(a), Key::Text(b)) => a.order(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// Makes the keys of a column comparable: whole numbers beside fractions become such, text beside
/// numbers becomes numbers if all of it spells numbers.
pub(super) fn level<'a>(keys: impl Iterator<Item = &'a mut Key>) {
    let mut keys: Vec<&mut Key> = keys.collect();
    let any = |keys: &[&mut Key], test: fn(&Key) -> bool| keys.iter().any(|k| test(k));
    let numbers = any(&keys, |k| matches!(k, Key::Int(_) | Key::Float(_)));
    let texts = any(&keys, |k| matches!(k, Key::Text(_)));
    if numbers && texts {
        let parsed = |k: &Key| match k {
            Key::Text(t) => Number::parse(t.folded.trim()).map(|n| Key::number(&n)),
            other => Some(other.clone()),
        };
        let all: Option<Vec<Key>> = keys.iter().map(|k| parsed(k)).collect();
        if let Some(all) = all {
            keys.iter_mut().zip(all).for_each(|(old, new)| **old = new);
        }
    }
    if any(&keys, |k| matches!(k, Key::Float(_))) {
        for key in keys {
            if let Key::Int(i) = key {
                #[expect(clippy::cast_precision_loss, reason = "compared as fractions")]
                let float = *i as f64;
                // `total_cmp` tells -0.0 from 0.0; an integer zero is the latter.
                *key = Key::Float(float);
            } else if let Key::Float(f) = key
                && *f == 0.0
            {
                *key = Key::Float(0.0);
            }
        }
    }
}

/// A text that is the same for values that `-Unique` takes for the same: without regard to case,
/// with all properties of an object.
pub(super) fn text_key(value: &Value, case: bool) -> String {
    let fold = |text: &str| {
        if case {
            text.to_owned()
        } else {
            text.to_lowercase()
        }
    };
    match value {
        Value::Object(o) => {
            let mut key = String::from("o");
            for p in o.properties().iter() {
                for part in [&*p.name, &*p.value.to_text()] {
                    let part = fold(part);
                    key.push_str(&format!("{}:{part}", part.len()));
                }
            }
            key
        }
        Value::Null => "n".to_owned(),
        other => format!("t{}", fold(&other.to_text())),
    }
}
