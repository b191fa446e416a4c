//! Who belongs to which site, by the rules that administrators give.

use std::sync::LazyLock;

use pinward_core::{Clock, Membership, Person, PolicyIdentity, Site, UserId};
use pinward_service::{ChangedSite, Refusal as _, SiteError, SiteRequest};
use pinward_testkit::{Kit, act};

fn units(units: &[&str]) -> SiteRequest {
    SiteRequest {
        units: Some(units.iter().map(|&unit| unit.to_owned()).collect()),
        ..SiteRequest::default()
    }
}

fn filter(filter: &str) -> SiteRequest {
    SiteRequest {
        filter: Some(Some(filter.to_owned())),
        ..SiteRequest::default()
    }
}

async fn create(kit: &Kit, id: &str, request: &SiteRequest) -> ChangedSite {
    let caller = kit.administrator();
    let created = kit.service.create_site(&caller, id, request, |_| {});
    created.await.expect("created")
}

/// Somebody of whom the directory names no site.
fn person(number: usize, unit: &str, city: &str) -> Person {
    static SOMEBODY: LazyLock<Person> =
        LazyLock::new(|| pinward_directory::sample::company().people.remove(0));
    let mut person = SOMEBODY.clone();
    person.guid = format!("10000000-0000-4000-8000-{number:012x}");
    person.dn = format!("CN=New {number},{unit},DC=litwareinc,DC=com");
    person.display_name = format!("New {number}");
    person.sam_account_name = format!("new{number}");
    person.upn = None;
    person.sip_address = Some(format!("sip:new{number}@litwareinc.com"));
    person.line_uri = None;
    person.site = None;
    person.enabled = true;
    person
        .attributes
        .insert("l".to_owned(), vec![city.to_owned()]);
    person
}

async fn import(kit: &Kit, people: Vec<Person>) {
    let mut rows = people.into_iter().map(|person| Ok((1, person)));
    let caller = kit.administrator();
    let mut go_on = |_| true;
    let report = kit
        .service
        .import_people(&caller, &mut rows, false, &mut go_on);
    assert_eq!(report.await.expect("imported").refused, []);
}

async fn site_of(kit: &Kit, name: &str) -> Option<String> {
    kit.person(name).await.person.site
}

#[tokio::test]
async fn the_deeper_unit_holds_then_the_first_site() {
    let kit = Kit::sample().await;
    create(&kit, "B-All", &units(&["DC=litwareinc,DC=com"])).await;
    create(&kit, "Lyon", &units(&["OU=Lyon,DC=litwareinc,DC=com"])).await;
    create(&kit, "Twin-A", &units(&["OU=Twin,DC=litwareinc,DC=com"])).await;
    create(&kit, "Twin-B", &units(&["ou=twin, dc=litwareinc,dc=com"])).await;
    create(&kit, "A-City", &filter("l=Lyon")).await;
    import(
        &kit,
        vec![
            person(1, "OU=Sales,OU=Lyon", "Lyon"),
            person(2, "OU=Twin", "Nice"),
            person(3, "OU=Elsewhere", "Lyon"),
        ],
    )
    .await;
    for (name, expected) in [("New 1", "Lyon"), ("New 2", "Twin-A"), ("New 3", "B-All")] {
        assert_eq!(
            site_of(&kit, name).await.as_deref(),
            Some(expected),
            "{name}"
        );
    }
    let caller = kit.administrator();
    let removed = kit.service.remove_site(&caller, "B-All", None, |_| {});
    removed.await.expect("removed");
    assert_eq!(site_of(&kit, "New 3").await.as_deref(), Some("A-City"));
    // Somebody whom the directory names a site for stays there whatever the rules say.
    assert_eq!(site_of(&kit, "Ken Myer").await.as_deref(), Some("Redmond"));
}

#[tokio::test]
async fn people_follow_their_unit_and_their_rule() {
    let kit = Kit::sample().await;
    let lyon = create(&kit, "Lyon", &units(&["OU=Lyon,DC=litwareinc,DC=com"])).await;
    assert_eq!(lyon.applied.expect("a rule").meant, 0);
    create(&kit, "Nice", &filter("(l=Nice)")).await;
    import(&kit, vec![person(1, "OU=Lyon", "Lyon")]).await;
    assert_eq!(site_of(&kit, "New 1").await.as_deref(), Some("Lyon"));
    // Another unit, the same person.
    import(&kit, vec![person(1, "OU=Paris", "Nice")]).await;
    assert_eq!(site_of(&kit, "New 1").await.as_deref(), Some("Nice"));
    // The rule goes; the person is given back to the directory, which names no site.
    let caller = kit.administrator();
    let nothing = SiteRequest {
        filter: Some(None),
        ..SiteRequest::default()
    };
    let changed = kit
        .service
        .change_site(&caller, "Nice", &nothing, None, |_| {});
    let changed = changed.await.expect("changed");
    assert_eq!(changed.applied.expect("a rule").moved, 1);
    assert_eq!(site_of(&kit, "New 1").await, None);
}

#[tokio::test]
async fn texts_that_are_longer_from_before_may_be_sent_again() {
    let kit = Kit::sample().await;
    let (name, rule) = ("é".repeat(300), format!("(l={})", "x".repeat(5000)));
    let older = Site {
        id: "Older".to_owned(),
        display_name: Some(name.clone()),
    };
    let (membership, act) = (Membership::Filter(rule.clone()), kit.act());
    let created = kit.store.create_site(&older, &membership, &act).await;
    assert_eq!(created.expect("made"), pinward_store::SiteCreated::Done);
    let caller = kit.administrator();
    let sent = |name: &str, rule: &str| SiteRequest {
        display_name: Some(Some(name.to_owned())),
        ..filter(rule)
    };
    let (longer_name, longer_rule) = (format!("{name}é"), format!("(l={})", "x".repeat(5001)));
    for (request, refused) in [
        (sent(&name, &rule), None),
        (sent("Old", &rule), None),
        (sent(&name, &rule), Some("SiteDisplayNameInvalid")),
        (sent(&longer_name, &rule), Some("SiteDisplayNameInvalid")),
        (sent("Old", &longer_rule), Some("LdapFilterInvalid")),
        (sent("Old", "(l=Paris)"), None),
        (sent("Old", &rule), Some("LdapFilterInvalid")),
    ] {
        let service = &kit.service;
        let checked = service.check_site_change(&caller, "older", &request).await;
        let changed = service.change_site(&caller, "older", &request, None, |_| {});
        let changed = changed.await.err().map(|error| error.id());
        assert_eq!(
            (checked.err().map(|error| error.id()), changed),
            (refused, refused)
        );
    }
}

// R-POL-6
#[tokio::test]
async fn a_site_goes_with_its_policy() {
    let kit = Kit::sample().await;
    let caller = kit.administrator();
    let users = |details: Vec<pinward_service::SiteDetails>| {
        let redmond = details.into_iter().find(|one| one.site.id == "Redmond");
        redmond.expect("Redmond").users
    };
    let before = users(kit.service.site_details(&caller).await.expect("sites"));
    let removed = kit
        .service
        .remove_site(&caller, "site:redmond", None, |_| {});
    let removed = removed.await.expect("removed");
    assert_eq!((removed.users, removed.policy), (before, true));
    let ken = kit.person("Ken Myer").await;
    let info = kit.service.pin_info(&caller, &ken).await.expect("seen");
    assert_eq!(info.effective_policy, PolicyIdentity::Global);
    let again = kit
        .service
        .remove_site(&caller, "Redmond", None, |_| {})
        .await;
    assert!(matches!(again, Err(SiteError::NotFound { .. })));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let kit = Kit::sample().await;
    let caller = kit.administrator();
    let both = SiteRequest {
        filter: Some(Some("l=Paris".to_owned())),
        ..units(&["OU=Paris,DC=litwareinc,DC=com"])
    };
    let named = |length| SiteRequest {
        display_name: Some(Some("x".repeat(length))),
        ..SiteRequest::default()
    };
    let long = format!("(l={})", "x".repeat(4093));
    for (id, request, expected) in [
        ("redmond", SiteRequest::default(), "SiteExists"),
        ("a:b", SiteRequest::default(), "SiteIdInvalid"),
        ("", SiteRequest::default(), "SiteIdInvalid"),
        ("New", units(&["Paris"]), "OuInvalid"),
        ("New", filter("(l=Paris"), "LdapFilterInvalid"),
        ("New", filter(&long), "LdapFilterInvalid"),
        ("New", named(257), "SiteDisplayNameInvalid"),
        ("New", both, "SiteRulesExclusive"),
    ] {
        let refused = kit.service.create_site(&caller, id, &request, |_| {}).await;
        let refused = refused.expect_err(id);
        assert_eq!(pinward_service::Refusal::id(&refused), expected, "{id}");
        let checked = kit.service.check_site_creation(&caller, id, &request).await;
        assert!(checked.is_err(), "{id}");
    }
}

// What was left undone when the program ended is done when it starts.
#[tokio::test]
async fn a_restart_takes_up_what_was_left() {
    let kit = Kit::sample().await;
    import(&kit, vec![person(1, "OU=Lyon", "Lyon")]).await;
    let membership = pinward_core::Membership::Filter("l=Lyon".to_owned());
    let site = pinward_core::Site {
        id: "Lyon".to_owned(),
        display_name: None,
    };
    let _created = kit
        .store
        .create_site(&site, &membership, &act(kit.clock.now()))
        .await
        .expect("kept");
    assert_eq!(site_of(&kit, "New 1").await, None);
    let kit = kit.restart().await;
    assert_eq!(site_of(&kit, "New 1").await.as_deref(), Some("Lyon"));
}

/// Prints how long it takes to go through 100,000 people, and the longest that a change of
/// somebody else waited meanwhile: `cargo test -p pinward-service --release -- --ignored placing`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn placing_a_hundred_thousand() {
    let kit = Kit::sample().await;
    for batch in 0..100 {
        let people = (0..1000).map(|n| person(batch * 1000 + n, "OU=Lyon", "Lyon"));
        let _put = kit
            .store
            .put_people(people.collect(), false, &act(kit.clock.now()))
            .await
            .expect("kept");
    }
    let store = std::sync::Arc::clone(&kit.store);
    let grant = act(kit.clock.now());
    let others = tokio::spawn(async move {
        let mut longest = std::time::Duration::ZERO;
        loop {
            let began = std::time::Instant::now();
            let _locked = store.grant_policy(UserId(1), None, &grant).await;
            longest = longest.max(began.elapsed());
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            let rules = store.site_rules().await.expect("rules");
            if rules.version > 0 && !rules.pending {
                return longest;
            }
        }
    });
    let began = std::time::Instant::now();
    let created = create(&kit, "Lyon", &units(&["OU=Lyon,DC=litwareinc,DC=com"])).await;
    let took = began.elapsed();
    assert_eq!(created.site.users, 100_000);
    eprintln!(
        "moved 100,000 in {took:?}; others waited {:?} at most",
        others.await.expect("ended")
    );
}
