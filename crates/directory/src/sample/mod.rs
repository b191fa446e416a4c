//! The sample company, Litware: what demonstrations, documentation and tests work on.
//!
//! It is made, not stored: the same thousand people every time, on every machine. The reference
//! pages' own examples find their names here. Nobody has a PIN and nobody is granted a policy.
//!
//! Things to be found in it, each on purpose: people without a line and people who are not
//! enabled; two people called Maria Garcia; two who share one number (R-AUTH-6); a name with a
//! comma, outside every organisational unit; names that are not ASCII; lines with and without
//! an extension; a site that has access numbers and no users; access numbers of several languages and
//! regions, one of no region.

mod access_numbers;
mod named;
mod names;
mod places;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use pinward_core::{AccessNumber, Person, Policy, PolicyIdentity, Site};

use crate::guid;
use crate::import::escape_dn;
use names::{ascii, spellings};
use places::{DEPARTMENTS, PLACES, Place};

/// A company: everything a new store is filled with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Company {
    /// The sites.
    pub sites: Vec<Site>,
    /// The people, in no particular order.
    pub people: Vec<Person>,
    /// The policies besides the global one, which every store has.
    pub policies: Vec<Policy>,
    /// The numbers by which people dial in to conferences.
    pub access_numbers: Vec<AccessNumber>,
}

/// How many people the company has.
const PEOPLE: usize = 1000;
/// NetBIOS name of its domain.
const DOMAIN: &str = "LITWAREINC";
const DNS_DOMAIN: &str = "litwareinc.com";
const DN_SUFFIX: &str = "DC=litwareinc,DC=com";
/// Active Directory allows no longer logon names.
const LOGON_LENGTH: usize = 20;

/// The sample company.
pub fn company() -> Company {
    let ids = ["Redmond", "Paris", "Dublin", "USA"];
    let site = |id: &str| Site {
        id: id.to_owned(),
        display_name: Some(format!("Litware {id}")),
    };
    Company {
        sites: ids.map(site).into(),
        people: people(),
        policies: policies(),
        access_numbers: access_numbers::access_numbers(),
    }
}

fn policies() -> Vec<Policy> {
    let policy = |identity, description: &str| Policy {
        description: Some(description.to_owned()),
        ..Policy::defaults(identity)
    };
    let tag = |name: &str, description| policy(PolicyIdentity::Tag(name.to_owned()), description);
    vec![
        Policy {
            min_password_length: 6,
            pin_history_count: 3,
            ..policy(
                PolicyIdentity::Site("Redmond".to_owned()),
                "Everybody at the Redmond site who has no policy of their own",
            )
        },
        tag(
            "RedmondUsersPinPolicy",
            "For users in Redmond whose telephones are old",
        ),
        Policy {
            min_password_length: 12,
            pin_history_count: 10,
            pin_lifetime_days: 60,
            ..tag(
                "ExecutivesPinPolicy",
                "Board and executives: long PINs, renewed every two months",
            )
        },
        Policy {
            min_password_length: 4,
            allow_common_patterns: true,
            maximum_logon_attempts: Some(5),
            ..tag(
                "LobbyPhonesPinPolicy",
                "Shared telephones without access to conferences",
            )
        },
    ]
}

fn people() -> Vec<Person> {
    let mut office = Office::default();
    let mut people: Vec<Person> = named::PEOPLE
        .iter()
        .map(|given| office.named(given))
        .collect();
    while people.len() < PEOPLE {
        people.extend(office.somebody());
    }
    people
}

/// What is known of a person before the rest follows from it.
struct Draft {
    first: &'static str,
    last: &'static str,
    display_name: String,
    logon: String,
    place: &'static Place,
    department: &'static str,
    title: &'static str,
    unit: String,
    line: Option<String>,
    phone: Option<String>,
    enabled: bool,
}

/// Hands out names and numbers, each once.
struct Office {
    chance: Chance,
    number: usize,
    display_names: HashSet<String>,
    logons: HashSet<String>,
}

impl Default for Office {
    fn default() -> Office {
        Office {
            chance: Chance(0x4c69_7477_6172_6521),
            number: 0,
            display_names: HashSet::new(),
            logons: HashSet::new(),
        }
    }
}

impl Office {
    /// One of the people who are there on purpose.
    fn named(&mut self, given: &named::Named) -> Person {
        self.number += 1;
        let place = &PLACES[given.place];
        self.display_names.insert(given.display_name.to_owned());
        self.logons.insert(given.logon.to_owned());
        let subscriber = given.subscriber;
        let mut person = self.complete(Draft {
            first: given.first,
            last: given.last,
            display_name: given.display_name.to_owned(),
            logon: given.logon.to_owned(),
            place,
            department: given.department,
            title: given.title,
            unit: given.unit.to_owned(),
            line: subscriber.map(|digits| line(place, digits, true)),
            phone: subscriber.map(|digits| written(place, digits)),
            enabled: given.enabled,
        });
        let group = |name: &&str| format!("CN={name},OU=Groups,{DN_SUFFIX}");
        if !given.groups.is_empty() {
            let groups = given.groups.iter().map(group).collect();
            person.attributes.insert("memberof".to_owned(), groups);
        }
        person
    }

    /// Somebody new, unless chance came up with a name that is taken.
    fn somebody(&mut self) -> Option<Person> {
        let place = self.place();
        let names = self.chance.pick(place.names);
        let (first, first_latin) = spellings(self.chance.pick(names.first));
        let (last, last_latin) = spellings(self.chance.pick(names.last));
        let display_name = match names.family_first {
            true => format!("{last}{first}"),
            false => format!("{first} {last}"),
        };
        if !self.display_names.insert(display_name.clone()) {
            return None;
        }
        self.number += 1;
        let department = self.chance.pick(&DEPARTMENTS);
        let title = match self.chance.below(24) {
            0 | 1 => "Manager",
            2..=4 => "Supervisor",
            _ => self.chance.pick(department.titles),
        };
        // Each number once, and none of those the reference pages give to access numbers.
        let subscriber = format!("{:04}", 2000 + self.number * 7 % 5000);
        let has_line = !self.number.is_multiple_of(111);
        let has_extension = !self.number.is_multiple_of(6);
        let logon = self.logon(&format!("{}{}", ascii(first_latin), ascii(last_latin)));
        Some(self.complete(Draft {
            first,
            last,
            display_name,
            logon,
            place,
            department: department.name,
            title,
            unit: places::unit(place, department.name, self.number),
            line: has_line.then(|| line(place, &subscriber, has_extension)),
            phone: has_line.then(|| written(place, &subscriber)),
            enabled: !self.number.is_multiple_of(240),
        }))
    }

    fn place(&mut self) -> &'static Place {
        let mut at = self.chance.below(100);
        for place in &PLACES {
            match at.checked_sub(place.share) {
                Some(rest) => at = rest,
                None => return place,
            }
        }
        &PLACES[places::REDMOND]
    }

    fn logon(&mut self, wanted: &str) -> String {
        let wanted: String = wanted.chars().take(LOGON_LENGTH - 2).collect();
        let mut logon = wanted.clone();
        let mut suffix = 2;
        while !self.logons.insert(logon.clone()) {
            logon = format!("{wanted}{suffix}");
            suffix += 1;
        }
        logon
    }

    fn complete(&mut self, draft: Draft) -> Person {
        let address = format!("{}@{DNS_DOMAIN}", draft.logon);
        let mut dn = format!("CN={}", escape_dn(&draft.display_name));
        for part in [draft.unit.as_str(), DN_SUFFIX] {
            dn.push(',');
            dn.push_str(part);
        }
        let room = 100 * (1 + self.chance.below(4)) + self.chance.below(60);
        let office = format!("{} {}/{room}", draft.place.city, 1 + self.chance.below(9));
        let created = self.created();
        let changed = created.as_millisecond() + self.chance.below(400) as i64 * 86_400_000;
        let attributes = [
            ("title", Some(draft.title.to_owned())),
            ("department", Some(draft.department.to_owned())),
            ("l", Some(draft.place.city.to_owned())),
            ("st", draft.place.state.map(str::to_owned)),
            ("c", Some(draft.place.country.to_owned())),
            ("physicaldeliveryofficename", Some(office)),
            ("company", Some("Litware, Inc.".to_owned())),
            ("telephonenumber", draft.phone),
            ("mail", Some(address.clone())),
        ];
        let kept = |(name, value): (&str, Option<String>)| Some((name.to_owned(), vec![value?]));
        Person {
            guid: guid::derive(DOMAIN, &draft.logon),
            dn,
            display_name: draft.display_name,
            first_name: Some(draft.first.to_owned()),
            last_name: Some(draft.last.to_owned()),
            sam_account_name: draft.logon,
            domain: DOMAIN.to_owned(),
            sip_address: Some(format!("sip:{address}")),
            upn: Some(address),
            line_uri: draft.line,
            enabled: draft.enabled,
            registrar_pool: Some(draft.place.pool.to_owned()),
            site: Some(draft.place.site.to_owned()),
            attributes: attributes
                .into_iter()
                .filter_map(kept)
                .collect::<BTreeMap<_, _>>(),
            when_created: Some(created),
            when_changed: Timestamp::from_millisecond(changed).ok(),
        }
    }

    /// Some second of the years 2010 and 2011.
    fn created(&mut self) -> Timestamp {
        const BEGIN: i64 = 1_262_304_000;
        const SPAN: u64 = 2 * 365 * 86_400;
        Timestamp::from_second(BEGIN + self.chance.below(SPAN) as i64)
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// The line of a place's subscriber number.
fn line(place: &Place, subscriber: &str, with_extension: bool) -> String {
    let mut line = format!("tel:{}{subscriber}", place.prefix);
    if with_extension {
        line.push_str(&format!(";ext={}{subscriber}", place.extension));
    }
    line
}

/// The number as people write it, which differs from country to country.
fn written(place: &Place, subscriber: &str) -> String {
    let prefix = place.prefix;
    match place.country {
        "US" => format!("+1 ({}) {}-{subscriber}", &prefix[2..5], &prefix[5..]),
        "FR" => format!("+33 1 99 00 {} {}", &subscriber[..2], &subscriber[2..]),
        _ => format!("+353 20 911 {subscriber}"),
    }
}

/// A small generator of numbers that are the same every time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}
