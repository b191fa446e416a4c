//! The methods there are; every other one is refused by name.

use std::rc::Rc;

use super::arithmetic::seconds;
use super::format::formatted;
use super::runtime::Runtime;
use crate::ast::At;
use crate::command::Stop;
use crate::error::Category;
use crate::value::{Date, Hash, Object, TypeDesc, Value};

impl Runtime {
    pub(crate) fn method(
        &mut self,
        value: &Value,
        name: &str,
        args: &[Value],
        at: At,
    ) -> Result<Value, Stop> {
        let lower = name.to_ascii_lowercase();
        let found = match (value, lower.as_str(), args) {
            (Value::Null, _, _) => {
                let message = format!("$null has no method {name}()");
                return Err(self.fault(at, "NullMethod", Category::InvalidOperation, message));
            }
            (_, "tostring", []) if !matches!(value, Value::Array(_)) => {
                Some(Value::Str(value.to_text()))
            }
            (Value::Date(_) | Value::Number(_), "tostring", [format]) => {
                let text = formatted(value, &format.to_text(), self.host.locale())
                    .map_err(|e| self.fault(at, "Format", Category::InvalidArgument, e))?;
                Some(Value::from(text))
            }
            (_, "equals", [other]) => Some(Value::Bool(crate::value::equals(value, other, true))),
            (_, "gettype", []) => {
                let full = value.type_name();
                let short = full.rsplit('.').next().unwrap_or_default().to_owned();
                Some(
                    Object::custom()
                        .with("Name", short)
                        .with("FullName", full)
                        .into(),
                )
            }
            (Value::Str(text), method, args) => self.text_method(text, method, args, at)?,
            (Value::Date(date), method, [amount]) => self.date_method(*date, method, amount, at)?,
            (Value::Date(date), "touniversaltime", []) => {
                Some(date.in_zone(&jiff::tz::TimeZone::UTC).into())
            }
            (Value::Date(date), "toshortdatestring", []) => Some(self.shown(date, "d")),
            (Value::Date(date), "toshorttimestring", []) => Some(self.shown(date, "t")),
            (Value::Date(date), "tolongtimestring", []) => Some(self.shown(date, "T")),
            (Value::Date(date), "tolongdatestring", []) => Some(self.shown(date, "D")),
            (Value::Date(date), "tolocaltime", []) => Some(date.in_zone(&self.zone).into()),
            (Value::Hash(hash), method, args) => self.hash_method(hash, method, args)?,
            (Value::Array(items), "contains", [one]) => {
                self.step(items.len() as u64)?;
                Some(Value::Bool(
                    items.iter().any(|v| crate::value::equals(v, one, true)),
                ))
            }
            (Value::Array(items), "indexof", [one]) => {
                self.step(items.len() as u64)?;
                Some(position(
                    items
                        .iter()
                        .position(|v| crate::value::equals(v, one, true)),
                ))
            }
            (Value::Array(items), _, _)
                if !matches!(lower.as_str(), "foreach" | "where" | "add") =>
            {
                return self.method_of_each(items, name, args, at);
            }
            _ => None,
        };
        found.ok_or_else(|| {
            let message = format!(
                "the method {name}() with {} argument(s) is not available on {}",
                args.len(),
                value.type_name()
            );
            self.fault(at, "MethodNotAvailable", Category::NotImplemented, message)
        })
    }

    fn shown(&self, date: &Date, format: &str) -> Value {
        let text = crate::format::dates::dotnet(date, format, self.host.locale());
        Value::from(text.unwrap_or_else(|_| date.to_string()))
    }

    /// A method of an array that arrays do not have is one of its elements.
    fn method_of_each(
        &mut self,
        items: &[Value],
        name: &str,
        args: &[Value],
        at: At,
    ) -> Result<Value, Stop> {
        let mut results = Vec::new();
        for item in items {
            self.step(1)?;
            let result = self.deeper(|rt| rt.method(item, name, args, at))?;
            results.push(result);
        }
        self.charge_cells(results.len() as u64)?;
        Ok(Value::from_items(results))
    }

    fn text_method(
        &mut self,
        text: &str,
        method: &str,
        args: &[Value],
        at: At,
    ) -> Result<Option<Value>, Stop> {
        self.step(1 + text.len() as u64 / 16)?;
        let made = match (method, args) {
            ("toupper" | "toupperinvariant", []) => text.to_uppercase(),
            ("tolower" | "tolowerinvariant", []) => text.to_lowercase(),
            ("trim", []) => text.trim().to_owned(),
            ("trimstart", []) => text.trim_start().to_owned(),
            ("trimend", []) => text.trim_end().to_owned(),
            ("trim", [chars]) => {
                let chars = chars.to_text();
                text.trim_matches(|c| chars.contains(c)).to_owned()
            }
            ("trimstart", [chars]) => {
                let chars = chars.to_text();
                text.trim_start_matches(|c| chars.contains(c)).to_owned()
            }
            ("trimend", [chars]) => {
                let chars = chars.to_text();
                text.trim_end_matches(|c| chars.contains(c)).to_owned()
            }
            ("replace", [old, new]) => {
                let (old, new) = (old.to_text(), new.to_text());
                if old.is_empty() {
                    return Ok(None);
                }
                let count = text.matches(&*old).count();
                self.check_text(text.len().saturating_add(new.len().saturating_mul(count)))?;
                text.replace(&*old, &new)
            }
            ("substring", [start]) => {
                let length = text.chars().count();
                self.substring(text, start, length, at)?
            }
            ("substring", [start, length]) => {
                let length = self.whole(length, at)?;
                self.substring(text, start, length, at)?
            }
            ("padleft" | "padright", [width]) => {
                let width = self.whole(width, at)?;
                self.check_text(width)?;
                let blanks = " ".repeat(width.saturating_sub(text.chars().count()));
                if method == "padleft" {
                    blanks + text
                } else {
                    text.to_owned() + &blanks
                }
            }
            ("startswith", [part]) => return Ok(Some(text.starts_with(&*part.to_text()).into())),
            ("endswith", [part]) => return Ok(Some(text.ends_with(&*part.to_text()).into())),
            ("contains", [part]) => return Ok(Some(text.contains(&*part.to_text()).into())),
            ("indexof", [part]) => {
                let place = text
                    .find(&*part.to_text())
                    .map(|i| text[..i].chars().count());
                return Ok(Some(position(place)));
            }
            ("lastindexof", [part]) => {
                let place = text
                    .rfind(&*part.to_text())
                    .map(|i| text[..i].chars().count());
                return Ok(Some(position(place)));
            }
            ("split", [separators]) => {
                let separators = match separators {
                    Value::Array(all) => all
                        .iter()
                        .map(|v| v.to_text().to_string())
                        .collect::<String>(),
                    one => one.to_text().to_string(),
                };
                let parts: Vec<Value> = text
                    .split(|c| separators.contains(c))
                    .map(Value::from)
                    .collect();
                self.check_elements(parts.len())?;
                self.charge_cells(2 * parts.len() as u64)?;
                return Ok(Some(Value::array(parts)));
            }
            _ => return Ok(None),
        };
        self.made_text(made).map(Some)
    }

    fn whole(&self, value: &Value, at: At) -> Result<usize, Stop> {
        let number = self
            .number(value, at)?
            .as_i64()
            .and_then(|n| usize::try_from(n).ok());
        number.ok_or_else(|| {
            self.fault(
                at,
                "NotWhole",
                Category::InvalidArgument,
                "a whole number that is not negative is needed",
            )
        })
    }

    fn substring(&self, text: &str, start: &Value, length: usize, at: At) -> Result<String, Stop> {
        let start = self.whole(start, at)?;
        if start > text.chars().count() {
            let message = "the text is shorter than where the part should start";
            return Err(self.fault(at, "OutOfRange", Category::InvalidArgument, message));
        }
        Ok(text.chars().skip(start).take(length).collect())
    }

    fn date_method(
        &mut self,
        date: Date,
        method: &str,
        amount: &Value,
        at: At,
    ) -> Result<Option<Value>, Stop> {
        let each = match method {
            "adddays" => 86_400.0,
            "addhours" => 3600.0,
            "addminutes" => 60.0,
            "addseconds" => 1.0,
            "addmilliseconds" => 0.001,
            "addmonths" | "addyears" => {
                let count = self.number(amount, at)?.as_i64().unwrap_or(i64::MAX);
                let count = if method == "addyears" {
                    count.saturating_mul(12)
                } else {
                    count
                };
                return self.in_range(date.plus_months(count), at).map(Some);
            }
            "subtract" => {
                return match amount {
                    Value::Date(other) => Ok(Some(date.since(other).into())),
                    Value::Span(span) => {
                        let earlier = span.checked_neg().and_then(|s| date.plus(s));
                        self.in_range(earlier, at).map(Some)
                    }
                    _ => Ok(None),
                };
            }
            "add" => {
                return match amount {
                    Value::Span(span) => self.in_range(date.plus(*span), at).map(Some),
                    _ => Ok(None),
                };
            }
            _ => return Ok(None),
        };
        let span = seconds(self.number(amount, at)?.as_f64() * each);
        self.in_range(span.and_then(|s| date.plus(s)), at).map(Some)
    }

    fn in_range(&self, date: Option<Date>, at: At) -> Result<Value, Stop> {
        date.map(Value::Date).ok_or_else(|| {
            self.fault(
                at,
                "DateOutOfRange",
                Category::InvalidArgument,
                "the date is out of range",
            )
        })
    }

    fn hash_method(
        &mut self,
        hash: &Hash,
        method: &str,
        args: &[Value],
    ) -> Result<Option<Value>, Stop> {
        // What .NET calls void puts out nothing: an array of none.
        let nothing = || Some(Value::array(Vec::new()));
        Ok(match (method, args) {
            ("containskey" | "contains", [key]) => Some(hash.contains(&key.to_text()).into()),
            ("remove", [key]) => {
                hash.remove(&key.to_text());
                nothing()
            }
            ("getenumerator", []) => {
                let pairs = hash.pairs();
                self.charge_cells(8 * pairs.len() as u64)?;
                Some(pairs.into_iter().map(entry).collect::<Vec<_>>().into())
            }
            ("add", [key, value]) => {
                self.check_elements(hash.len() + 1)?;
                self.charge_cells(4)?;
                hash.set(&key.to_text(), value.clone());
                nothing()
            }
            _ => None,
        })
    }
}

/// An entry of a hash table as an object.
fn entry((key, value): (Rc<str>, Value)) -> Value {
    static ENTRY: TypeDesc = TypeDesc::new("DictionaryEntry", &["Name", "Value", "Key"])
        .also(&["System.Collections.DictionaryEntry"])
        .shows(&["Name", "Value"]);
    let name = Value::Str(key);
    Object::of(&ENTRY, [name.clone(), value, name]).into()
}

fn position(place: Option<usize>) -> Value {
    place.map_or(Value::from(-1), Value::from)
}
