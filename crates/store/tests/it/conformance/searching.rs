//! Searching people as somebody types.

use std::collections::BTreeSet;
use std::sync::Arc;

use pinward_core::{Membership, Person, Reach};
use pinward_store::{Place, Put, SearchFor, Store};

use super::sites::{by_unit, create, settle, unit};
use crate::support::{act, at, people, person};

async fn searched(
    store: &dyn Store,
    words: &[&str],
    reach: Reach,
    most: usize,
) -> (Vec<String>, bool) {
    let of = SearchFor {
        words: words.iter().map(|&word| word.to_owned()).collect(),
        enabled: reach,
        disabled: Reach::Of(Vec::new()),
        most,
    };
    let found = store.search(&of).await.unwrap();
    let names = found
        .people
        .into_iter()
        .map(|user| user.person.display_name);
    (names.collect(), found.more)
}

pub async fn people_are_searched_by_beginnings(store: &dyn Store) {
    people(store, 12).await;
    let all = || Reach::Everything;
    let named = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    // The very word first.
    let ones = named(&["Person 1", "Person 10", "Person 11", "Person 12"]);
    assert_eq!(searched(store, &["person1"], all(), 9).await.0, ones);
    assert_eq!(
        searched(store, &["per", "12"], all(), 9).await,
        (named(&["Person 12"]), false)
    );
    assert_eq!(
        searched(store, &["14255550003"], all(), 9).await.0,
        named(&["Person 3"])
    );
    assert_eq!(
        searched(store, &["50004"], all(), 9).await.0,
        named(&["Person 4"])
    );
    assert_eq!(
        searched(store, &["PÉRSON5"], all(), 9).await.0,
        named(&["Person 5"])
    );
    // Numbers by their beginnings too, each user once.
    let last = named(&["Person 10", "Person 11", "Person 12"]);
    for digits in ["5001", "1425555001"] {
        assert_eq!(
            searched(store, &[digits], all(), 3).await,
            (last.clone(), false),
            "{digits}"
        );
        let (names, more) = searched(store, &[digits], all(), 2).await;
        assert_eq!((names.len(), more), (2, true), "{digits}");
    }
    for (most, more) in [(11, true), (12, false)] {
        let (names, told) = searched(store, &["p"], all(), most).await;
        assert_eq!((names.len(), told), (most, more));
    }
    for words in [&[][..], &["zz"], &["litwareinc"], &["1", "zz"]] {
        assert_eq!(
            searched(store, words, all(), 9).await,
            (Vec::new(), false),
            "{words:?}"
        );
    }
    let elsewhere = Reach::of(["OU:ou=Sales,dc=litwareinc,dc=com"]);
    assert_eq!(
        searched(store, &["1"], elsewhere, 9).await,
        (Vec::new(), false)
    );
    let mut renamed = person(1);
    renamed.display_name = "Quispe".to_owned();
    renamed.enabled = false;
    for enabled in [true, false] {
        renamed.enabled = enabled;
        let put = store
            .put_people(vec![renamed.clone()], false, &act(at(0)))
            .await;
        assert_eq!(put.unwrap(), [Put::Updated]);
        let expected = if enabled {
            named(&["Quispe"])
        } else {
            Vec::new()
        };
        assert_eq!(searched(store, &["quis"], all(), 9).await.0, expected);
    }
}

/// Everybody who has the words and lies within reach, gone through one by one.
async fn expected(store: &dyn Store, word: &str, reach: &Reach) -> BTreeSet<String> {
    let users = store.users_after(None, 1000).await.unwrap();
    let within = users
        .into_iter()
        .filter(|user| reach.covers_person(&user.person));
    let names = within.map(|user| user.person.display_name);
    let has = |name: &String| {
        let folded = name.to_lowercase();
        folded.split(' ').any(|part| part.starts_with(word))
    };
    names.filter(has).collect()
}

const EVERYWHERE: &[&str] = &["OU:DC=litwareinc,DC=com"];

/// Each reach and text finds whom it should.
async fn agree(store: &dyn Store) {
    let many: Vec<String> = (0..600).map(|n| format!("OU:OU=None{n},DC=com")).collect();
    let mut among_many: Vec<&str> = many.iter().map(String::as_str).collect();
    among_many.push("OU:OU=Sales,DC=litwareinc,DC=com");
    for scopes in [
        &["global"][..],
        EVERYWHERE,
        &["OU:ou=sales , dc=LitwareInc,dc=com"],
        &["OU:OU=East,OU=Sales,DC=litwareinc,DC=com"],
        &["OU:OU=Sale,DC=litwareinc,DC=com"],
        &["OU:OU=\"Research, far\",DC=litwareinc,DC=com"],
        // A person is a place too, if but a small one.
        &["OU:CN=Person 2,OU=Sales,DC=litwareinc,DC=com"],
        &["site:SALES"],
        &["site:Finance"],
        &["site:nowhere"],
        &["site:Finance", "OU:OU=East,OU=Sales,DC=litwareinc,DC=com"],
        &["OU:OU=Sales,DC=litwareinc,DC=com", "global"],
        &among_many,
        &[],
    ] {
        let reach = Reach::of(scopes.iter().copied());
        for word in ["person", "p", "2", "13", "zz"] {
            let (names, more) = searched(store, &[word], reach.clone(), 1000).await;
            let told = names.iter().cloned().collect::<BTreeSet<_>>();
            assert_eq!(told.len(), names.len(), "{word}, {scopes:?}: each once");
            assert_eq!(
                told,
                expected(store, word, &reach).await,
                "{word}, {scopes:?}"
            );
            assert!(!more);
            if names.len() > 1 {
                let (fewer, more) = searched(store, &[word], reach.clone(), 1).await;
                assert_eq!((fewer.as_slice(), more), (&names[..1], true));
            }
        }
    }
}

// R-RBAC-3
pub async fn a_search_finds_whoever_lies_within_reach(store: &dyn Store) {
    let units = ["Finance", "Sales", "East,OU=Sales", "Research\\, far"];
    let moved = |number: u32, unit: &str| {
        let mut somebody = person(number);
        somebody.dn = somebody.dn.replace("Finance", unit);
        // Found by the words of the name alone.
        somebody.line_uri = None;
        somebody
    };
    let all: Vec<Person> = (0..40)
        .map(|number| moved(number, units[number as usize % units.len()]))
        .collect();
    drop(store.put_people(all, false, &act(at(0))).await.unwrap());
    agree(store).await;
    // Sites draw people in, people move, sites are removed.
    for name in ["Finance", "Sales"] {
        create(store, name, &unit(name)).await;
    }
    settle(store, by_unit(), 7).await;
    agree(store).await;
    let mut named = moved(5, "Finance");
    named.site = Some("Sales".to_owned());
    named.display_name = "Person 5 of 13".to_owned();
    let put = store
        .put_people(vec![named, moved(8, "Sales")], false, &act(at(0)))
        .await;
    assert_eq!(put.unwrap(), [Put::Updated, Put::Updated]);
    agree(store).await;
    settle(store, by_unit(), 7).await;
    agree(store).await;
    let _removed = store.remove_site("Sales", None, &act(at(0))).await.unwrap();
    agree(store).await;
    create(store, "Sales", &Membership::Directory).await;
    agree(store).await;
    settle(store, Arc::new(|_| Place::default()), 7).await;
    agree(store).await;
}

// R-RBAC-3: who is enabled and who is not may be within reach of different roles.
pub async fn whoever_is_not_enabled_is_looked_for_elsewhere(store: &dyn Store) {
    people(store, 4).await;
    let mut away = person(4);
    away.dn = away.dn.replace("Finance", "Sales");
    let mut off = [person(1), away];
    for somebody in &mut off {
        somebody.enabled = false;
    }
    drop(
        store
            .put_people(off.to_vec(), false, &act(at(0)))
            .await
            .unwrap(),
    );
    let finance = || Reach::of(["OU:OU=Finance,DC=litwareinc,DC=com"]);
    let sales = || Reach::of(["OU:OU=Sales,DC=litwareinc,DC=com"]);
    for (enabled, disabled, expected) in [
        (
            finance(),
            sales(),
            &["Person 2", "Person 3", "Person 4"][..],
        ),
        (sales(), finance(), &["Person 1"]),
        (
            Reach::Everything,
            Reach::Of(Vec::new()),
            &["Person 2", "Person 3"],
        ),
        (
            Reach::Of(Vec::new()),
            Reach::Everything,
            &["Person 1", "Person 4"],
        ),
    ] {
        let of = SearchFor {
            words: vec!["person".to_owned()],
            enabled,
            disabled,
            most: 9,
        };
        let found = store.search(&of).await.unwrap().people;
        let names: Vec<&str> = found
            .iter()
            .map(|user| user.person.display_name.as_str())
            .collect();
        assert_eq!(names, expected, "{of:?}");
    }
}
