//! R-RBAC-3: what a name means goes by whom the scope covers.

use pinward_core::Outcome;
use pinward_service::{Attempt, Caller, Door, FindUserError, Refusal, Right, Source};
use pinward_testkit::Kit;

use super::{FINANCE, everybody, scoped};
use crate::helpers::KEN;

// Every form of a name, whether the user is out of scope or does not exist, gives the same answer.
#[tokio::test]
async fn nobody_can_tell_out_of_scope_from_nowhere() {
    let kit = Kit::sample().await;
    let caller = scoped(&kit, &[FINANCE], &["site:Paris"]).await;
    let ken = kit.person(KEN).await.person;
    let sip = ken.sip_address.clone().expect("an address");
    for name in [
        sip.as_str(),
        sip.trim_start_matches("sip:"),
        ken.upn.as_deref().expect("a name"),
        KEN,
        &ken.sam_account_name,
        &ken.display_name,
        &ken.dn,
        "Ken*",
        "*en My*",
    ] {
        for right in [Right::ViewUsers, Right::AssignPin, Right::ViewAssignments] {
            let found = kit.service.find_people(&caller, right, name).await;
            let text = match &found {
                Err(error @ FindUserError::NotFound { .. }) => error.to_string(),
                other => panic!("{name}: {other:?}"),
            };
            let nowhere = FindUserError::NotFound {
                identity: name.to_owned(),
            };
            assert_eq!(text, nowhere.to_string());
        }
    }
}

// R-ID-3, R-RBAC-3: one of many is told from several without reading all of them
#[tokio::test]
async fn one_person_is_found_among_those_in_scope() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let finance = scoped(&kit, &[FINANCE], &["global"]).await;
    for (caller, name, expected) in [
        (&administrator, "kenmyer", Ok("kenmyer")),
        (&administrator, "Maria Garcia", Err("UserNotUnique")),
        (&administrator, "*", Err("UserNotUnique")),
        (&administrator, "Ken My*", Ok("kenmyer")),
        (&administrator, "nobody", Err("UserNotFound")),
        (&administrator, "no* such", Err("UserNotFound")),
        // Whoever is beyond stands before nobody, however many they are.
        (&finance, "Maria Garcia", Ok("mariagarcia2")),
        (&finance, "*", Err("UserNotUnique")),
        (&finance, "no* such", Err("UserNotFound")),
    ] {
        let found = kit
            .service
            .find_person(caller, Right::AssignPin, name)
            .await;
        let found = found.map(|user| user.person.sam_account_name);
        let found = found.as_deref().map_err(Refusal::id);
        assert_eq!(found, expected, "{name}");
    }
}

// What a name shared by several means, and how many it counts, goes by those in scope.
#[tokio::test]
async fn those_out_of_scope_do_not_count() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let named = async |caller: &Caller| {
        kit.service
            .find_people(caller, Right::AssignPin, "Maria Garcia")
            .await
    };
    match named(&administrator).await {
        Err(FindUserError::NotUnique { count: 2, .. }) => {}
        other => panic!("two: {other:?}"),
    }
    let caller = scoped(&kit, &[FINANCE], &["global"]).await;
    let found = named(&caller).await.expect("one of them");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].person.sam_account_name, "mariagarcia2");
    let smiths = kit.service.find_users(&caller, "* Smith").await;
    let smiths = smiths.expect("a Smith");
    assert!(
        smiths
            .iter()
            .all(|user| user.person.dn.contains("OU=Finance,DC"))
    );
    let pages = kit.service.users(&caller).expect("users");
    assert_eq!(
        pages.size().await.expect("a size"),
        0,
        "not all are to be known of"
    );
}

// Somebody out of scope does not stand before somebody in scope whom the name means too.
#[tokio::test]
async fn a_name_means_whom_it_means_within_the_scope() {
    let kit = Kit::sample().await;
    let mut shadow = kit.person("johnsmith").await.person;
    shadow.guid = "00000000-0000-4000-8000-000000000001".to_owned();
    shadow.sam_account_name = "another".to_owned();
    shadow.upn = Some("another@litwareinc.com".to_owned());
    shadow.sip_address = Some("sip:another@litwareinc.com".to_owned());
    // A display name that looks like Ken's name in the domain.
    shadow.display_name = KEN.to_owned();
    shadow.dn = "CN=Another,OU=Finance,DC=litwareinc,DC=com".to_owned();
    let act = kit.act();
    let _put = kit.store.put_people(vec![shadow], false, &act).await;
    let caller = scoped(&kit, &[FINANCE], &["global"]).await;
    let found = kit.service.find_people(&caller, Right::LockPin, KEN).await;
    assert_eq!(
        found.expect("the other one")[0].person.sam_account_name,
        "another"
    );
}

// A logon that somebody tries is decided as a telephone's would be; one that is none of theirs is nobody's.
#[tokio::test]
async fn a_number_out_of_scope_still_makes_a_number_not_unique() {
    let kit = Kit::sample().await;
    let mut john = kit.person("johnsmith").await.person;
    let ken = kit.person(KEN).await.person;
    let paris = everybody(&kit).await.into_iter().find(|user| {
        user.person.enabled
            && user.person.site.as_deref() == Some("Paris")
            && user.person.line_uri.is_some()
    });
    let line = paris
        .expect("somebody in Paris")
        .person
        .line_uri
        .expect("a line");
    john.line_uri.clone_from(&ken.line_uri);
    let act = kit.act();
    let _put = kit.store.put_people(vec![john], false, &act).await;
    let caller = scoped(&kit, &[FINANCE], &["global"]).await;
    let shared = ken.line_uri.expect("a line");
    let john = "sip:johnsmith@litwareinc.com";
    for (who, alias, to_all, to_the_scoped) in [
        (
            shared.as_str(),
            None,
            Outcome::NonUniqueUser,
            Outcome::NonUniqueUser,
        ),
        (&shared, Some(john), Outcome::PinNotSet, Outcome::PinNotSet),
        (
            &shared,
            Some("sip:kenmyer@litwareinc.com"),
            Outcome::PinNotSet,
            Outcome::UserDoesNotExist,
        ),
        (john, None, Outcome::PinNotSet, Outcome::PinNotSet),
        (&line, None, Outcome::PinNotSet, Outcome::UserDoesNotExist),
        (
            "+19995550000",
            None,
            Outcome::UserDoesNotExist,
            Outcome::UserDoesNotExist,
        ),
    ] {
        let attempt = Attempt {
            who,
            pin: "18723834",
            also_known_as: alias,
            source: Source::of(Door::Shell),
            delivery: None,
        };
        let phone = kit.service.log_on(&attempt).await.expect("a verdict");
        assert_eq!(phone.outcome, to_all, "{who} {alias:?}");
        let tried = kit
            .service
            .test_log_on(&caller, &attempt)
            .await
            .expect("a verdict");
        assert_eq!(tried.outcome, to_the_scoped, "{who} {alias:?}");
        assert!(
            tried
                .user
                .is_none_or(|user| user.person.dn.contains("OU=Finance,DC"))
        );
    }
}
