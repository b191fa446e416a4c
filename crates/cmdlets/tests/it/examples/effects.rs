//! What a command leaves behind, told as differences.

use std::collections::BTreeMap;

use pinward_shell::Value;

use crate::bench::{Bench, text};

/// All policies.
pub const POLICIES: &str = "Get-CsPinPolicy";
/// The state of everybody's PIN.
pub const PINS: &str = "Get-CsUser | Get-CsClientPinInfo";
/// All users.
pub const USERS: &str = "Get-CsUser";
/// All roles.
pub const ROLES: &str = "Get-CsAdminRole";
/// All access numbers.
pub const NUMBERS: &str = "Get-CsDialInConferencingAccessNumber";

type Snapshot = BTreeMap<String, BTreeMap<String, String>>;

fn snapshot(bench: &mut Bench, listing: &str) -> Snapshot {
    let values = bench.ok(listing);
    let all: Snapshot = values
        .iter()
        .map(|value| (text(value, "Identity"), properties(value)))
        .collect();
    assert_eq!(all.len(), values.len(), "identities are unique");
    all
}

fn properties(value: &Value) -> BTreeMap<String, String> {
    let object = value.as_object().expect("an object");
    let properties = object.properties();
    properties
        .iter()
        // A change is seen in what changed, not in when.
        .filter(|property| !property.name.starts_with("When"))
        .map(|property| {
            (
                property.name.to_string(),
                property.value.to_text().to_string(),
            )
        })
        .collect()
}

/// What `code` changes in what `listing` lists: `+ identity`, `- identity`, and
/// `identity property=value`, sorted; and what it puts out.
pub fn effect(bench: &mut Bench, listing: &str, code: &str) -> (Vec<String>, Vec<Value>) {
    let before = snapshot(bench, listing);
    let put_out = bench.ok(code);
    let after = snapshot(bench, listing);
    let mut changes = Vec::new();
    for gone in before.keys().filter(|key| !after.contains_key(*key)) {
        changes.push(format!("- {gone}"));
    }
    for (identity, now) in &after {
        match before.get(identity) {
            None => changes.push(format!("+ {identity}")),
            Some(old) => changes.extend(
                now.iter()
                    .filter(|(name, value)| old.get(*name) != Some(*value))
                    .map(|(name, value)| format!("{identity} {name}={value}")),
            ),
        }
    }
    changes.sort();
    (changes, put_out)
}

/// Runs a command that puts out nothing and changes exactly this.
#[track_caller]
pub fn changes(bench: &mut Bench, listing: &str, code: &str, expected: &[&str]) {
    let (changes, put_out) = effect(bench, listing, code);
    assert_eq!(changes, expected, "{code}");
    assert!(put_out.is_empty(), "{code}: {put_out:?}");
}

/// Runs a command that lists exactly these, in this order.
#[track_caller]
pub fn lists(bench: &mut Bench, code: &str, property: &str, expected: &[&str]) {
    assert_eq!(bench.texts(code, property), expected, "{code}");
}

/// The identities among differences of this kind, sorted.
pub fn with(changes: &[String], what: &str) -> Vec<String> {
    changes
        .iter()
        .filter_map(|change| change.strip_suffix(what))
        .map(|identity| identity.trim_end().to_owned())
        .collect()
}
