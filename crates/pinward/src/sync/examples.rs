//! Some people as they stand in a directory, and what the mapping makes of them.

use anyhow::Result;
use pinward_core::{Person, TelUri};
use pinward_directory::ldap::Example;
use pinward_directory::source::Entry;
use serde_json::{Map, Value, json};

use crate::run::say;
use crate::terminal::harmless;

/// For people.
pub fn tell(examples: &[Example]) -> Result<()> {
    for example in examples {
        let raw = example.raw.iter();
        let raw: Vec<String> = raw
            .map(|(name, text)| format!("{name} \"{text}\""))
            .collect();
        let became = match &example.entry {
            Entry::Person(person) => of_person(person),
            Entry::Unusable { reason, .. } => format!("cannot be used: {reason}"),
            Entry::Gone { .. } => "gone".to_owned(),
        };
        for line in [
            example.dn.clone(),
            format!("  {}", raw.join(", ")),
            format!("  -> {became}"),
        ] {
            say(&harmless(&line))?;
        }
    }
    Ok(())
}

fn of_person(person: &Person) -> String {
    let mut parts = vec![
        format!("{}\\{}", person.domain, person.sam_account_name),
        match person.enabled {
            true => "enabled".to_owned(),
            false => "not enabled".to_owned(),
        },
    ];
    let or = |value: &Option<String>, without: &str| value.clone().unwrap_or(without.to_owned());
    parts.push(or(&person.sip_address, "no SIP address"));
    parts.push(or(&person.line_uri, "no line URI"));
    parts.extend(extension(person).map(|digits| format!("extension {digits}")));
    parts.extend(person.site.iter().map(|site| format!("site {site}")));
    parts.join(", ")
}

fn extension(person: &Person) -> Option<String> {
    TelUri::parse(person.line_uri.as_deref()?)?.extension
}

/// For programs.
pub fn as_json(example: &Example) -> Value {
    let raw = example.raw.iter();
    let raw: Map<String, Value> = raw
        .map(|(name, text)| (name.clone(), text.as_str().into()))
        .collect();
    let mut object = json!({ "dn": example.dn, "raw": raw });
    match &example.entry {
        Entry::Person(person) => {
            object["logon"] = format!("{}\\{}", person.domain, person.sam_account_name).into();
            object["enabled"] = person.enabled.into();
            object["sipAddress"] = person.sip_address.clone().into();
            object["lineUri"] = person.line_uri.clone().into();
            object["extension"] = extension(person).into();
            object["site"] = person.site.clone().into();
        }
        Entry::Unusable { reason, .. } => object["unusable"] = reason.clone().into(),
        Entry::Gone { .. } => object["gone"] = true.into(),
    }
    object
}
