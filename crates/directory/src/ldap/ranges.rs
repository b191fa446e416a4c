//! Attributes of which a directory gives only so many values at a time: Active Directory calls the first
//! 1500 members of a group `member;range=0-1499`, and has to be asked for the next ones.

use super::connection::Connection;
use super::entry::RawEntry;
use super::error::LdapError;
use super::search::Search;

/// Asks for the values that are missing, and gives them all under the attribute's own name.
pub(super) async fn complete(
    connection: &Connection,
    entry: &mut RawEntry,
) -> Result<(), LdapError> {
    while let Some(part) = take_part(entry) {
        let Part { name, mut last } = part;
        while let Some(at) = last {
            let wanted = format!("{name};range={}-*", at.saturating_add(1));
            let search = Search::of_entry(&entry.dn, &[&wanted]);
            let (found, _) = connection.page(&search, Vec::new()).await?;
            let Some(mut more) = found.into_iter().next() else {
                break;
            };
            // A directory that does not get further would be asked for ever.
            last = take_part(&mut more).and_then(|part| part.last.filter(|next| *next > at));
            let values = more.values.remove(&name).unwrap_or_default();
            entry.values.entry(name.clone()).or_default().extend(values);
        }
    }
    Ok(())
}

/// A part of an attribute's values.
#[derive(PartialEq, Eq, Debug)]
struct Part {
    name: String,
    /// The number of the last value that came; `None`: there are no more.
    last: Option<u64>,
}

/// Puts the values of an attribute that came in part under its own name.
fn take_part(entry: &mut RawEntry) -> Option<Part> {
    let (key, name, last) = entry.values.keys().find_map(|key| {
        let (name, range) = key.split_once(";range=")?;
        let (_, last) = range.split_once('-')?;
        Some((key.clone(), name.to_owned(), last.parse().ok()))
    })?;
    let values = entry.values.remove(&key)?;
    entry.values.entry(name.clone()).or_default().extend(values);
    Some(Part { name, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_go_under_the_own_name() {
        for (key, last) in [
            ("member;range=0-1499", Some(1499)),
            ("member;range=1500-*", None),
        ] {
            let values = [
                ("member".to_owned(), Vec::new()),
                (key.to_owned(), vec![b"x".to_vec()]),
            ];
            let mut entry = RawEntry {
                dn: "cn=a".to_owned(),
                values: values.into(),
                unreadable: None,
            };
            let name = "member".to_owned();
            assert_eq!(take_part(&mut entry), Some(Part { name, last }), "{key}");
            assert_eq!(entry.values.len(), 1, "{key}");
            assert_eq!(entry.text("member"), Some("x"), "{key}");
            assert_eq!(take_part(&mut entry), None, "{key}");
        }
    }
}
