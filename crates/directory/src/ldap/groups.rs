//! Who is in which group, directly or through other groups.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pinward_core::Dn;
use sha2::{Digest, Sha256};

use super::connection::Connection;
use super::entry::RawEntry;
use super::error::LdapError;
use super::increment::domain;
use super::mapping::{Groups, Mapping};
use super::search::{Progress, Search};

/// The groups of a directory.
#[derive(Default)]
pub(super) struct Memberships {
    /// By the folded name of a member: the groups it is in directly.
    above: BTreeMap<String, Vec<Arc<str>>>,
    /// The groups and when they changed, to see whether anything did.
    seen: Vec<String>,
}

impl Memberships {
    /// Reads the groups beneath the bases, and those of the whole domain where people name their groups:
    /// these can be anywhere in it.
    pub(super) async fn read(
        connection: &Connection,
        bases: &[String],
        mapping: &Mapping,
    ) -> Result<Memberships, LdapError> {
        let mut found = Memberships::default();
        let attributes: &[&str] = match mapping.groups {
            Groups::None => return Ok(found),
            Groups::MemberOf => &["memberof", "usnchanged", "modifytimestamp"],
            Groups::Members => &["member", "uniquemember"],
        };
        let mut bases = bases.to_vec();
        if mapping.groups == Groups::MemberOf
            && let Some(domain) = domain(connection).await?
        {
            bases.retain(|base| !is_beneath(base, &domain));
            bases.push(domain);
        }
        for base in &bases {
            let names = attributes.iter().map(|&name| name.to_owned()).collect();
            let search = Search::beneath(base, mapping.group_filter.clone(), names);
            let mut progress = Progress::new(search);
            while let Some(page) = progress.next(connection).await? {
                page.iter().for_each(|group| found.add(group));
            }
        }
        Ok(found)
    }

    fn add(&mut self, group: &RawEntry) {
        let name: Arc<str> = group.dn.as_str().into();
        for member in group.texts("member").chain(group.texts("uniquemember")) {
            let groups = self.above.entry(folded(member)).or_default();
            groups.push(Arc::clone(&name));
        }
        let parents: Vec<Arc<str>> = group.texts("memberof").map(Arc::from).collect();
        if !parents.is_empty() {
            self.above
                .entry(folded(&group.dn))
                .or_default()
                .extend(parents);
        }
        let changed = group.text("usnchanged").or(group.text("modifytimestamp"));
        self.seen
            .push(format!("{} {}", changed.unwrap_or_default(), group.dn));
    }

    /// The names of all groups that an entry is in, as far as the mapping wants to know.
    pub(super) fn of(&self, entry: &RawEntry, mapping: &Mapping) -> Vec<String> {
        match mapping.groups {
            Groups::None => Vec::new(),
            Groups::MemberOf | Groups::Members => self.all_of(entry),
        }
    }

    fn all_of(&self, entry: &RawEntry) -> Vec<String> {
        let own = self.above.get(&folded(&entry.dn)).into_iter().flatten();
        let mut left: Vec<Arc<str>> = own.cloned().collect();
        left.extend(entry.texts("memberof").map(Arc::from));
        let mut known = BTreeSet::new();
        let mut names = BTreeSet::new();
        while let Some(group) = left.pop() {
            let key = folded(&group);
            if known.contains(&key) {
                continue;
            }
            left.extend(self.above.get(&key).into_iter().flatten().cloned());
            known.insert(key);
            names.insert(group.to_string());
        }
        names.into_iter().collect()
    }

    /// How many groups there are.
    pub(super) fn count(&self) -> usize {
        self.seen.len()
    }

    /// Differs when any group, or who is in it, does, or when any of the places does.
    pub(super) fn fingerprint(&self, places: &[String]) -> String {
        let mut seen: Vec<&str> = self.seen.iter().map(String::as_str).collect();
        seen.sort_unstable();
        let mut hash = Sha256::new();
        for line in seen.into_iter().chain(places.iter().map(String::as_str)) {
            hash.update(line);
            hash.update([0]);
        }
        for (member, groups) in &self.above {
            let mut groups: Vec<&str> = groups.iter().map(AsRef::as_ref).collect();
            groups.sort_unstable();
            hash.update(member);
            for group in groups {
                hash.update([1]);
                hash.update(group);
            }
            hash.update([0]);
        }
        short_hash(hash)
    }
}

/// The first 64 bits in hexadecimal digits.
pub(super) fn short_hash(hash: Sha256) -> String {
    let bytes = hash.finalize();
    bytes[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Whether a name is another one or beneath it.
fn is_beneath(dn: &str, above: &str) -> bool {
    match (Dn::parse(dn), Dn::parse(above)) {
        (Ok(dn), Ok(above)) => dn.is_within(&above),
        _ => false,
    }
}

fn folded(dn: &str) -> String {
    Dn::parse(dn).map_or_else(|_| dn.to_lowercase(), |dn| dn.folded())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(dn: &str, name: &str, values: &[&str]) -> RawEntry {
        let values = values.iter().map(|value| value.as_bytes().to_vec());
        RawEntry {
            dn: dn.to_owned(),
            values: [(name.to_owned(), values.collect())].into(),
            unreadable: None,
        }
    }

    #[test]
    fn groups_within_groups_and_in_circles() {
        let mut by_members = Memberships::default();
        by_members.add(&entry(
            "cn=A,dc=x",
            "member",
            &["CN=Ken\\2C M,dc=x", "cn=c,dc=x"],
        ));
        by_members.add(&entry("cn=B,dc=x", "member", &["cn=a, dc=x"]));
        by_members.add(&entry("cn=C,dc=x", "member", &["cn=b,dc=x"]));
        let ken = entry("cn=ken\\, m,DC=x", "uid", &["ken"]);
        assert_eq!(
            by_members.all_of(&ken),
            ["cn=A,dc=x", "cn=B,dc=x", "cn=C,dc=x"]
        );
        assert!(
            by_members
                .all_of(&entry("cn=other,dc=x", "uid", &[]))
                .is_empty()
        );

        let mut by_names = Memberships::default();
        by_names.add(&entry("cn=A,dc=x", "memberof", &["cn=B,dc=x"]));
        by_names.add(&entry("cn=B,dc=x", "usnchanged", &["7"]));
        let ken = entry("cn=ken,dc=x", "memberof", &["CN=a,dc=x"]);
        assert_eq!(by_names.all_of(&ken), ["CN=a,dc=x", "cn=B,dc=x"]);
    }

    #[test]
    fn a_change_is_seen() {
        let of = |name: &str, values: &[&str]| {
            let mut groups = Memberships::default();
            groups.add(&entry("cn=A,dc=x", name, values));
            groups.fingerprint(&[])
        };
        assert_eq!(
            of("member", &["cn=b", "cn=c"]),
            of("member", &["cn=c", "cn=b"])
        );
        assert_ne!(of("member", &["cn=b"]), of("member", &["cn=c"]));
        assert_ne!(of("usnchanged", &["7"]), of("usnchanged", &["8"]));
    }
}
