//! What the mapping makes of some entries, for whoever sets it up.

use std::collections::BTreeSet;

use super::entry::RawEntry;
use super::mapping::Mapping;
use crate::source::Entry;

/// So many examples say enough.
const MOST: usize = 12;
/// Values are shown up to so many characters.
const LONGEST: usize = 120;

/// An entry as it stands in the directory, and what came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    /// The distinguished name.
    pub dn: String,
    /// What the directory says in the attributes that the mapping looks at.
    pub raw: Vec<(String, String)>,
    /// What came of it.
    pub entry: Entry,
}

/// Collects an example of each way in which addresses and numbers are written.
#[derive(Default)]
pub(super) struct Examples {
    shapes: BTreeSet<String>,
    pub found: Vec<Example>,
}

impl Examples {
    pub(super) fn look(&mut self, raw: &RawEntry, entry: &Entry, mapping: &Mapping) {
        if self.found.len() >= MOST {
            return;
        }
        let raw_values = values(raw, mapping);
        if self.shapes.insert(shape(&raw_values, entry)) {
            self.found.push(Example {
                dn: raw.dn.clone(),
                raw: raw_values,
                entry: entry.clone(),
            });
        }
    }
}

fn values(raw: &RawEntry, mapping: &Mapping) -> Vec<(String, String)> {
    let single = [&mapping.line_uri, &mapping.telephone, &mapping.extension];
    let names = mapping.logon.iter().chain(&mapping.sip_address);
    let names = names.chain(single.into_iter().flatten());
    let shown = |name: &String| {
        let texts: Vec<&str> = raw.texts(name).collect();
        let text: String = texts.join(", ").chars().take(LONGEST).collect();
        (!text.is_empty()).then(|| (name.clone(), text))
    };
    names.filter_map(shown).collect()
}

/// Equal where values are written alike: runs of digits and of letters count as one each. Zeros in front
/// stand for themselves, because `00` may stand for `+`.
fn shape(raw: &[(String, String)], entry: &Entry) -> String {
    let mut shape = match entry {
        Entry::Person(person) => format!("{} {:?}", person.enabled, person.site),
        Entry::Unusable { reason, .. } => reason.chars().take(20).collect(),
        Entry::Gone { .. } => String::new(),
    };
    for (name, value) in raw {
        shape.push(' ');
        shape.push_str(name);
        shape.push('=');
        let is_number =
            value.chars().filter(char::is_ascii_digit).count() > 1 && !value.contains('@');
        if !is_number {
            continue;
        }
        let zeros = value.chars().take_while(|&c| c == '0').count();
        shape.push_str(&value[..zeros]);
        let mut last = None;
        for c in value.chars() {
            let kind = match c {
                c if c.is_ascii_digit() => '9',
                c if c.is_alphabetic() => 'a',
                c => c,
            };
            if last != Some(kind) {
                shape.push(kind);
            }
            last = Some(kind);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::super::mapping::Preset;
    use super::*;

    #[test]
    fn one_of_each_way_to_write() {
        let mapping = Mapping::of(Preset::Openldap).unwrap();
        let mut examples = Examples::default();
        for (uid, phone) in [
            ("a", "+49 711 1"),
            ("b", "+49 89 22"),
            ("c", "0711/1"),
            ("g", "0049/1"),
            ("h", "0089/1"),
            ("d", "none"),
            ("e", "nobody"),
        ] {
            let values = [("uid", uid), ("telephonenumber", phone)];
            let values = values.map(|(n, v)| (n.to_owned(), vec![v.as_bytes().to_vec()]));
            let raw = RawEntry {
                dn: format!("uid={uid}"),
                values: values.into(),
                unreadable: None,
            };
            let guid = String::new();
            examples.look(&raw, &Entry::Gone { guid }, &mapping);
        }
        let found: Vec<&str> = examples.found.iter().map(|e| e.dn.as_str()).collect();
        assert_eq!(found, ["uid=a", "uid=c", "uid=g", "uid=d"]);
        let expected = [("uid", "a"), ("telephonenumber", "+49 711 1")];
        let expected = expected.map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(examples.found[0].raw, expected);
    }
}
