//! One record of a file: the attributes that are read, in lower case, whatever the file's format.

use std::collections::BTreeMap;

use super::{MAX_RECORD, MAX_VALUE, Reason};

/// The attributes of one record.
#[derive(Default, Debug)]
pub(crate) struct Entry {
    pub dn: Option<String>,
    /// 16 bytes in the order of Active Directory
    pub binary_guid: Option<[u8; 16]>,
    values: BTreeMap<String, Vec<String>>,
    size: usize,
}

impl Entry {
    pub(crate) fn add(&mut self, name: &str, value: Vec<u8>) -> Result<(), Reason> {
        if name == "objectguid"
            && let Ok(guid) = <[u8; 16]>::try_from(value.as_slice())
        {
            self.binary_guid = Some(guid);
            return Ok(());
        }
        if value.len() > MAX_VALUE {
            return Err(Reason::ValueTooLong(name.to_owned()));
        }
        let text = String::from_utf8(value).map_err(|_| Reason::NotText(name.to_owned()))?;
        if text.trim().is_empty() {
            return Ok(());
        }
        self.size += name.len() + text.len();
        if self.size > MAX_RECORD {
            return Err(Reason::RecordTooLarge);
        }
        self.values.entry(name.to_owned()).or_default().push(text);
        Ok(())
    }

    /// The first value, trimmed, never empty.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).first().map(|value| value.trim())
    }

    /// The first value of the first of these attributes that has one.
    pub(crate) fn first_of(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.first(name))
    }

    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn into_values(self) -> BTreeMap<String, Vec<String>> {
        self.values
    }

    /// Whether this is an account a human logs on with. The object classes decide where there are
    /// any; a name ending in `$` is a machine's.
    pub(crate) fn is_person(&self) -> bool {
        const NOT_PEOPLE: [&str; 4] = [
            "computer",
            "contact",
            "msds-groupmanagedserviceaccount",
            "msds-managedserviceaccount",
        ];
        const PEOPLE: [&str; 5] = [
            "user",
            "person",
            "organizationalperson",
            "inetorgperson",
            "posixaccount",
        ];
        let classes = self.all("objectclass");
        let is_one_of = |names: &[&str]| {
            classes
                .iter()
                .any(|class| names.iter().any(|name| name.eq_ignore_ascii_case(class)))
        };
        let logon = self.first_of(&["samaccountname", "uid", "userprincipalname"]);
        if logon.is_some_and(|logon| logon.ends_with('$')) || is_one_of(&NOT_PEOPLE) {
            return false;
        }
        if classes.is_empty() {
            logon.is_some()
        } else {
            is_one_of(&PEOPLE)
        }
    }
}
