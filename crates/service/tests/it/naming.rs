//! However a user is named, it is the same user with the same counts.

use pinward_core::Outcome;
use pinward_service::{FindUserError, Right};
use pinward_testkit::Kit;

use crate::helpers::{KEN, assign, failures, log_on};

// R-LOCK-13, R-AUTH-6, R-ID-1
#[tokio::test]
async fn every_name_leads_to_the_same_counts() {
    let kit = Kit::sample().await;
    let user = assign(&kit, KEN, "18723834").await;
    let dn = user.person.dn.clone();
    let names = [
        "51219",
        "+14255551219",
        "14255551219",
        "+1 (425) 555-1219",
        "tel:+14255551219",
        "tel:+14255551219;ext=51219",
        " 51219 ",
        "sip:kenmyer@litwareinc.com",
        "kenmyer@litwareinc.com",
        "KenMyer@LitwareInc.com",
        "SIP:KENMYER@LITWAREINC.COM",
        "litwareinc\\kenmyer",
        "LITWAREINC\\KenMyer",
        "Ken Myer",
        "ken myer",
        "kenmyer",
        dn.as_str(),
    ];
    for (index, name) in names.iter().enumerate() {
        assert_eq!(
            log_on(&kit, name, "00").await,
            Outcome::IncorrectPin,
            "{name}"
        );
        let expected = u32::try_from(index).expect("few") + 1;
        assert_eq!(failures(&kit, KEN).await, (expected, expected), "{name}");
    }
}

// R-ID-2, R-ID-3
#[tokio::test]
async fn wildcards_name_many_and_ambiguous_names_say_how_many() {
    let kit = Kit::sample().await;
    let smiths = kit
        .service
        .find_people(&kit.administrator(), Right::ViewUsers, "* Smith")
        .await
        .expect("the Smiths");
    assert!(smiths.len() > 1);
    assert!(
        smiths
            .iter()
            .all(|user| user.person.display_name.ends_with(" Smith"))
    );
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    let mut pages = kit.service.users(&kit.administrator()).expect("users");
    loop {
        let page = pages.next().await.expect("a page");
        if page.is_empty() {
            break;
        }
        for user in page {
            *seen.entry(user.person.display_name).or_default() += 1;
        }
    }
    let (shared, count) = seen
        .into_iter()
        .find(|(_, count)| *count > 1)
        .expect("a shared name");
    let named = async |name: &str| {
        kit.service
            .find_people(&kit.administrator(), Right::ViewUsers, name)
            .await
    };
    match named(&shared).await {
        Err(FindUserError::NotUnique { count: told, .. }) => assert_eq!(told, count),
        other => panic!("not unique: {:?}", other.map(|users| users.len())),
    }
    let nobody = named("Nobody Nowhere").await;
    assert!(matches!(nobody, Err(FindUserError::NotFound { .. })));
}

// R-AUTH-6: a shared number is not guessed at
#[tokio::test]
async fn a_shared_number_is_not_guessed_at() {
    let kit = Kit::sample().await;
    let mut by_line = std::collections::BTreeMap::<String, usize>::new();
    let mut pages = kit.service.users(&kit.administrator()).expect("users");
    loop {
        let page = pages.next().await.expect("a page");
        if page.is_empty() {
            break;
        }
        for line in page.into_iter().filter_map(|user| user.person.line_uri) {
            *by_line.entry(line).or_default() += 1;
        }
    }
    let shared = by_line
        .into_iter()
        .find(|(_, count)| *count > 1)
        .expect("a shared line")
        .0;
    assert_eq!(
        log_on(&kit, &shared, "18723834").await,
        Outcome::NonUniqueUser
    );
}

// R-AUTH-6: a number of very many is not guessed at either
#[tokio::test]
async fn a_number_of_many_is_nobodys_even_if_one_of_the_first_is_enabled() {
    let kit = Kit::sample().await;
    let template = kit.person(KEN).await.person;
    let shared = |number: usize| {
        let mut person = template.clone();
        person.guid = format!("00000000-0000-4000-8000-{number:012x}");
        person.dn = format!("CN=Lobby {number},DC=litwareinc,DC=com");
        person.display_name = format!("Lobby {number}");
        person.sam_account_name = format!("lobby{number}");
        person.upn = None;
        person.sip_address = None;
        person.line_uri = Some("tel:+14255559999;ext=59999".to_owned());
        person.enabled = number == 3 || number == 29;
        person
    };
    for (people, expected) in [
        (0..10, Outcome::IncorrectPin),
        (10..30, Outcome::NonUniqueUser),
    ] {
        let people = people.map(shared).collect();
        let _put = kit
            .store
            .put_people(people, false, &kit.act())
            .await
            .expect("kept");
        assign(&kit, "Lobby 3", "18723834").await;
        assert_eq!(log_on(&kit, "59999", "72940618").await, expected);
    }
}
