//! Writing values as JSON, as `ConvertTo-Json` does.

use jiff::tz::TimeZone;

use crate::value::{Date, Number, NumberKind, Value};

/// How JSON is written.
#[derive(Debug, Clone, Copy)]
pub struct JsonOptions {
    /// How many levels of containers are written out; deeper ones become text.
    pub depth: usize,
    /// Without blanks and line ends.
    pub compress: bool,
    /// The longest result, in bytes.
    pub most_bytes: usize,
}

/// What came of it.
pub struct Json {
    /// The text.
    pub text: String,
    /// Whether something was deeper than it should be and became text.
    pub cut: bool,
}

struct Writer {
    options: JsonOptions,
    out: String,
    cut: bool,
}

/// `value` as JSON; `None` if it would be longer than allowed.
#[must_use]
pub fn write(value: &Value, options: JsonOptions) -> Option<Json> {
    let mut writer = Writer {
        options,
        out: String::new(),
        cut: false,
    };
    writer.value(value, 0)?;
    Some(Json {
        text: writer.out,
        cut: writer.cut,
    })
}

/// A date as ISO 8601 with its offset, `Z` where that is none.
#[must_use]
pub fn iso(date: &Date) -> String {
    let civil = date.civil();
    let offset = civil.to_zoned(TimeZone::UTC).map_or(0, |z| {
        z.timestamp().duration_since(date.timestamp()).as_secs()
    });
    let day = civil.strftime("%Y-%m-%dT%H:%M:%S");
    let fraction = match civil.subsec_nanosecond() {
        0 => String::new(),
        n => format!(".{n:09}").trim_end_matches('0').to_owned(),
    };
    if offset == 0 {
        return format!("{day}{fraction}Z");
    }
    let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
    format!(
        "{day}{fraction}{sign}{:02}:{:02}",
        minutes / 60,
        minutes % 60
    )
}

impl Writer {
    /// Recursion is bounded by `depth`, which the command limits to 100; breadth by `most_bytes`.
    fn value(&mut self, value: &Value, level: usize) -> Option<()> {
        if self.out.len() > self.options.most_bytes {
            return None;
        }
        let container = matches!(value, Value::Array(_) | Value::Hash(_) | Value::Object(_));
        if container && level > self.options.depth {
            self.cut = true;
            self.text(&value.to_text());
            return Some(());
        }
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(b) => self.out.push_str(if *b { "true" } else { "false" }),
            Value::Number(n) => self.number(n),
            Value::Date(d) => self.text(&iso(d)),
            Value::Array(items) => {
                self.list('[', ']', level, items.iter(), Self::value)?;
            }
            Value::Hash(h) => {
                let pairs = h.pairs();
                self.list('{', '}', level, pairs.iter(), |w, (k, v), l| {
                    w.member(k, v, l)
                })?;
            }
            Value::Object(o) => {
                let properties: Vec<_> = o.properties().to_vec();
                self.list('{', '}', level, properties.iter(), |w, p, l| {
                    w.member(&p.name, &p.value, l)
                })?;
            }
            other => self.text(&other.to_text()),
        }
        Some(())
    }

    fn list<T>(
        &mut self,
        open: char,
        close: char,
        level: usize,
        items: impl Iterator<Item = T>,
        mut write: impl FnMut(&mut Self, T, usize) -> Option<()>,
    ) -> Option<()> {
        self.out.push(open);
        let mut empty = true;
        for item in items {
            if !empty {
                self.out.push(',');
            }
            empty = false;
            self.new_line(level + 1);
            write(self, item, level + 1)?;
        }
        if !empty {
            self.new_line(level);
        }
        self.out.push(close);
        Some(())
    }

    fn member(&mut self, name: &str, value: &Value, level: usize) -> Option<()> {
        self.text(name);
        self.out
            .push_str(if self.options.compress { ":" } else { ": " });
        self.value(value, level)
    }

    fn new_line(&mut self, level: usize) {
        if !self.options.compress {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", level));
        }
    }

    fn number(&mut self, number: &Number) {
        match (number.kind(), number.as_u64()) {
            (NumberKind::Int(i), _) => self.out.push_str(&i.to_string()),
            // A whole number beyond what is calculated with, which remembers its text.
            (NumberKind::Float(_), Some(whole)) if number.typed().is_some() => {
                self.out.push_str(&whole.to_string());
            }
            (NumberKind::Float(f), _) if f.is_finite() => {
                let text = number.without_text().to_string();
                self.out.push_str(&text);
                // `1.0` must come back as a floating point number.
                if !text.contains(['.', 'E']) {
                    self.out.push_str(".0");
                }
            }
            _ => self.text(&number.without_text().to_string()),
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                // Also those that would act on a terminal or end a line in JavaScript.
                c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                    self.out.push_str(&format!("\\u{:04x}", u32::from(c)));
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}
