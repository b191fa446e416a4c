//! An entry as it came: names in lower case, values as bytes.

use std::collections::BTreeMap;

use ldap3::asn1::{PL, StructureTag};

use crate::filter::{Attribute, AttributeSource};

/// An entry of a directory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct RawEntry {
    pub dn: String,
    pub values: BTreeMap<String, Vec<Vec<u8>>>,
}

impl RawEntry {
    /// Reads a SearchResultEntry; `None` where it is none.
    pub(super) fn read(tag: StructureTag) -> Option<RawEntry> {
        let mut parts = constructed(tag)?.into_iter();
        let dn = String::from_utf8(primitive(parts.next()?)?).ok()?;
        let mut values = BTreeMap::new();
        for attribute in constructed(parts.next()?)? {
            let mut attribute = constructed(attribute)?.into_iter();
            let name = String::from_utf8(primitive(attribute.next()?)?).ok()?;
            let mut name = name.to_ascii_lowercase();
            if let Some(plain) = name.strip_suffix(";binary") {
                name = plain.to_owned();
            }
            let found = constructed(attribute.next()?)?;
            values.insert(name, found.into_iter().filter_map(primitive).collect());
        }
        Some(RawEntry { dn, values })
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
