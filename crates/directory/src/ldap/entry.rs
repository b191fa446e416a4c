//! An entry as it came: names in lower case, values as bytes.

use std::collections::BTreeMap;

use ldap3::asn1::{PL, StructureTag};

use crate::filter::{Attribute, AttributeSource};

/// An entry of a directory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct RawEntry {
    pub dn: String,
    pub values: BTreeMap<String, Vec<Vec<u8>>>,
    /// What of it could not be read.
    pub unreadable: Option<&'static str>,
}

impl RawEntry {
    /// Reads a SearchResultEntry as far as it can be read.
    pub(super) fn read(tag: StructureTag) -> RawEntry {
        let mut entry = RawEntry::default();
        let mut parts = constructed(tag).unwrap_or_default().into_iter();
        let name = parts.next().and_then(primitive);
        match name.map(String::from_utf8) {
            Some(Ok(dn)) => entry.dn = dn,
            Some(Err(error)) => {
                entry.dn = String::from_utf8_lossy(error.as_bytes()).into_owned();
                entry.unreadable = Some("its name is not written in UTF-8");
            }
            None => entry.unreadable = Some("the directory gives no name of it"),
        }
        let Some(attributes) = parts.next().and_then(constructed) else {
            entry.unreadable = Some("its attributes cannot be read");
            return entry;
        };
        for attribute in attributes {
            match read_attribute(attribute) {
                Some((name, values)) => drop(entry.values.insert(name, values)),
                None => entry.unreadable = Some("one of its attributes cannot be read"),
            }
        }
        entry
    }

    /// The values of an attribute of that lower-case name that are text.
    pub(super) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.values.get(name).map_or(&[][..], Vec::as_slice);
        values.iter().filter_map(|value| {
            let text = std::str::from_utf8(value).ok()?.trim();
            (!text.is_empty()).then_some(text)
        })
    }

    /// The first value that is text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).next()
    }
}

/// Filters ask for the attribute as the directory calls it.
impl AttributeSource for RawEntry {
    fn any_value(&self, attribute: &Attribute, test: &mut dyn FnMut(&str) -> bool) -> bool {
        let own = attribute.to_string().to_ascii_lowercase();
        let also = match attribute {
            Attribute::DistinguishedName => return test(&self.dn),
            Attribute::SamAccountName => "uid",
            Attribute::WhenCreated => "createtimestamp",
            Attribute::WhenChanged => "modifytimestamp",
            _ => "",
        };
        self.texts(&own).chain(self.texts(also)).any(test)
    }
}

/// The name in lower case, and the values.
fn read_attribute(tag: StructureTag) -> Option<(String, Vec<Vec<u8>>)> {
    let mut parts = constructed(tag)?.into_iter();
    let name = String::from_utf8(primitive(parts.next()?)?).ok()?;
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(";binary").unwrap_or(&name).to_owned();
    let values = constructed(parts.next()?)?.into_iter().map(primitive);
    Some((name, values.collect::<Option<_>>()?))
}

fn constructed(tag: StructureTag) -> Option<Vec<StructureTag>> {
    match tag.payload {
        PL::C(parts) => Some(parts),
        PL::P(_) => None,
    }
}

fn primitive(tag: StructureTag) -> Option<Vec<u8>> {
    match tag.payload {
        PL::P(bytes) => Some(bytes),
        PL::C(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use ldap3::asn1::TagClass;

    use super::*;

    fn tag(payload: PL) -> StructureTag {
        StructureTag {
            class: TagClass::Universal,
            id: 4,
            payload,
        }
    }

    fn text(bytes: &[u8]) -> StructureTag {
        tag(PL::P(bytes.to_vec()))
    }

    fn list(parts: Vec<StructureTag>) -> StructureTag {
        tag(PL::C(parts))
    }

    #[test]
    fn what_cannot_be_read_of_an_entry_is_told() {
        let attribute = |name: &[u8], value| list(vec![text(name), value]);
        let uid = || attribute(b"uid", list(vec![text(b"ken")]));
        let whole = list(vec![text(b"cn=Ken"), list(vec![uid()])]);
        let read = RawEntry::read(whole);
        assert_eq!((read.text("uid"), read.unreadable), (Some("ken"), None));
        for (entry, dn, what) in [
            (
                list(vec![text(b"cn=M\xfcller"), list(vec![uid()])]),
                "cn=M\u{fffd}ller",
                "its name is not written in UTF-8",
            ),
            (
                list(vec![
                    text(b"cn=Ken"),
                    list(vec![attribute(b"\xff", list(vec![])), uid()]),
                ]),
                "cn=Ken",
                "one of its attributes cannot be read",
            ),
            (
                list(vec![
                    text(b"cn=Ken"),
                    list(vec![attribute(b"mail", text(b"k")), uid()]),
                ]),
                "cn=Ken",
                "one of its attributes cannot be read",
            ),
        ] {
            let read = RawEntry::read(entry);
            assert_eq!((read.dn.as_str(), read.unreadable), (dn, Some(what)));
            assert_eq!(read.text("uid"), Some("ken"));
        }
        for (entry, what) in [
            (list(vec![text(b"cn=Ken")]), "its attributes cannot be read"),
            (text(b"?"), "its attributes cannot be read"),
            (
                list(vec![list(vec![]), list(vec![])]),
                "the directory gives no name of it",
            ),
        ] {
            assert_eq!(RawEntry::read(entry).unreadable, Some(what));
        }
    }
}
