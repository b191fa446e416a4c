//! What a directory says about a person.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::dn::Dn;

/// The key of a user in the store; it never changes and is never reused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct UserId(pub i64);

/// A person as the directory describes them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Lower-case UUID; the key that survives renames. See [`Person::guid_is_made_up`].
    pub guid: String,
    /// The distinguished name, as the directory writes it.
    pub dn: String,
    /// "Ken Myer".
    pub display_name: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Logon name without the domain, "kenmyer".
    pub sam_account_name: String,
    /// NetBIOS name of the domain, "LITWAREINC".
    pub domain: String,
    /// User principal name, "kenmyer@litwareinc.com".
    pub upn: Option<String>,
    /// With its scheme: "sip:kenmyer@litwareinc.com".
    pub sip_address: Option<String>,
    /// "tel:+14255551219;ext=51219"; see [`crate::LineUri`].
    pub line_uri: Option<String>,
    /// Whether the person may use PIN authentication at all.
    pub enabled: bool,
    /// Fully qualified name of the pool.
    pub registrar_pool: Option<String>,
    /// Id of the site the person belongs to; decides the site policy.
    pub site: Option<String>,
    /// Other directory attributes by lower-case name: title, department, l, company ….
    pub attributes: BTreeMap<String, Vec<String>>,
    /// When the entry was created in the directory.
    pub when_created: Option<Timestamp>,
    /// When the entry was last changed in the directory.
    pub when_changed: Option<Timestamp>,
}

impl Person {
    /// Whether the directory gave no GUID, so that one was made of the domain and the logon name: a
    /// UUID of version 8, which no directory hands out.
    pub fn guid_is_made_up(&self) -> bool {
        let digit = |place: usize| self.guid.as_bytes().get(place);
        digit(14) == Some(&b'8') && matches!(digit(19), Some(b'8' | b'9' | b'a' | b'b'))
    }

    /// The folded common names of the groups that the directory says this person is a member of.
    pub fn groups(&self) -> Vec<String> {
        let listed = self
            .attributes
            .get("memberof")
            .map_or(&[][..], Vec::as_slice);
        listed
            .iter()
            .filter_map(|group| Some(Dn::parse(group).ok()?.common_name()?.to_owned()))
            .collect()
    }
}

/// A person together with what Pinward itself knows about them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// The store's key.
    pub id: UserId,
    /// What the directory says.
    pub person: Person,
    /// Name of the granted per-user policy, without `Tag:`.
    pub pin_policy: Option<String>,
    /// Whether the source that they come from has them no more: they are nobody until it has them again.
    pub gone: bool,
}
