//! R-RBAC-3: whoever and whatever is out of scope is not there.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use pinward_core::{
    ListEdit, Outcome, Person, Policy, PolicyIdentity, PolicyPatch, Role, RoleChange, Timestamp,
    User, UserId,
};
use pinward_directory::import::PinList;
use pinward_service::{
    Attempt, Caller, Door, FindUserError, NewPin, NewRole, NewScope, PinImport, Refusal, Right,
    SiteRequest, Source, UserPages,
};
use pinward_store::{AuditQuery, Store};
use pinward_testkit::{Hook, Kit};
use proptest::prelude::*;

use crate::helpers::KEN;
use crate::use_cases::new_number;

/// Somebody with every cmdlet that can be delegated, over these users and this configuration.
pub async fn scoped(kit: &Kit, user_scopes: &[&str], config_scopes: &[&str]) -> Caller {
    let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
    let new = NewRole {
        identity: "Scoped".to_owned(),
        template: "CsAdministrator".to_owned(),
        change: RoleChange {
            user_scopes: Some(ListEdit::Replace(texts(user_scopes))),
            config_scopes: Some(ListEdit::Replace(texts(config_scopes))),
            ..RoleChange::default()
        },
    };
    let (role, _) = kit
        .service
        .check_new_role(&kit.administrator(), &new)
        .await
        .expect("a role");
    Caller::new("scoped", vec![role])
}

async fn all(mut pages: UserPages) -> Vec<User> {
    let mut found = Vec::new();
    loop {
        let page = pages.next().await.expect("a page");
        if page.is_empty() {
            return found;
        }
        found.extend(page);
    }
}

async fn everybody(kit: &Kit) -> Vec<User> {
    all(kit.service.people(&kit.administrator()).expect("people")).await
}

/// The identifier of a refusal.
fn id<T, E: Refusal>(answer: Result<T, E>) -> Option<String> {
    answer.err().map(|error| error.id().to_owned())
}

pub const FINANCE: &str = "OU:ou=Finance,dc=litwareinc,dc=com";

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

// Nested units: the scope of an upper one covers those beneath, not the other way round.
#[tokio::test]
async fn a_unit_covers_the_units_beneath_it() {
    let kit = Kit::sample().await;
    let everybody = everybody(&kit).await;
    let within = |person: &Person, unit: &str| person.dn.to_lowercase().ends_with(unit);
    for (scope, suffix) in [
        (
            "OU:OU=North America,DC=litwareinc,DC=com",
            ",ou=north america,dc=litwareinc,dc=com",
        ),
        (
            "OU:ou=Finance,ou=North America,dc=litwareinc,dc=com",
            ",ou=finance,ou=north america,dc=litwareinc,dc=com",
        ),
        (FINANCE, ",ou=finance,dc=litwareinc,dc=com"),
    ] {
        let caller = scoped(&kit, &[scope], &["global"]).await;
        let seen = all(kit.service.people(&caller).expect("people")).await;
        let expected: Vec<_> = everybody
            .iter()
            .filter(|user| within(&user.person, suffix))
            .cloned()
            .collect();
        assert!(
            !expected.is_empty() && expected.len() < everybody.len(),
            "{scope}"
        );
        assert_eq!(seen, expected, "{scope}");
    }
}

// R-RBAC-3: the chain of the log leads over the records of everybody
#[tokio::test]
async fn the_audit_log_as_a_whole_is_for_those_who_reach_everybody() {
    let kit = Kit::sample().await;
    let verified = async |caller: &Caller| {
        let all = Box::new(|_, _| true);
        let verified = kit.service.verify_audit(caller, Vec::new(), all).await;
        verified.err().map(|error| error.id())
    };
    let limited = scoped(&kit, &[FINANCE], &["global"]).await;
    assert_eq!(verified(&limited).await, Some("OutOfScope"));
    let unlimited = scoped(&kit, &["global"], &["global"]).await;
    assert_eq!(verified(&unlimited).await, None);
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

// The configuration of a site, and what belongs to the company as a whole.
#[tokio::test]
async fn configuration_goes_by_its_site() {
    let kit = Kit::sample().await;
    let service = &kit.service;
    let caller = scoped(&kit, &["global"], &["site:REDMOND"]).await;
    let sites = service.sites(&caller).await.expect("sites");
    let sites: Vec<_> = sites.iter().map(|site| site.id.as_str()).collect();
    assert_eq!(sites, ["Redmond"]);
    let policies = service.policies(&caller).await.expect("policies");
    let policies: Vec<_> = policies
        .iter()
        .map(|policy| policy.identity.to_string())
        .collect();
    assert_eq!(policies, ["Site:Redmond"]);
    let patch = PolicyPatch::default();
    for (name, there) in [
        ("site:Redmond", true),
        ("site:Paris", false),
        ("global", false),
        ("tag:RedmondUsersPinPolicy", false),
        ("tag:Nothing", false),
    ] {
        let identity = PolicyIdentity::parse(name).expect("an identity");
        let expected = (!there).then(|| "PolicyNotFound".to_owned());
        assert_eq!(
            id(service.policy(&caller, &identity).await),
            expected,
            "{name}"
        );
        assert_eq!(
            id(service.check_change(&caller, &identity, &patch).await),
            expected
        );
        assert_eq!(
            id(service
                .change_policy(&caller, &identity, &patch, None)
                .await),
            expected
        );
        if !there {
            assert_eq!(
                id(service.remove_policy(&caller, &identity, None).await),
                expected
            );
        }
    }
    for (name, expected) in [
        ("site:Redmond", "PolicyExists"),
        ("site:Paris", "SiteNotFound"),
        ("site:Nowhere", "SiteNotFound"),
        ("tag:RedmondUsersPinPolicy", "OutOfScope"),
        ("tag:New", "OutOfScope"),
        ("global", "OutOfScope"),
    ] {
        let policy = Policy::defaults(PolicyIdentity::parse(name).expect("an identity"));
        let created = service.create_policy(&caller, &policy).await;
        assert_eq!(id(created).as_deref(), Some(expected), "{name}");
    }
    let named = SiteRequest {
        display_name: Some(Some("Another name".to_owned())),
        ..SiteRequest::default()
    };
    let ruled = SiteRequest {
        filter: Some(Some("l=Paris".to_owned())),
        ..SiteRequest::default()
    };
    // Whoever draws people into a site reaches them: that is for those who reach all.
    for (site, request, changed, removed) in [
        ("Redmond", &named, None, Some("OutOfScope")),
        ("Redmond", &ruled, Some("OutOfScope"), Some("OutOfScope")),
        ("Paris", &named, Some("SiteNotFound"), Some("SiteNotFound")),
        (
            "Nowhere",
            &ruled,
            Some("SiteNotFound"),
            Some("SiteNotFound"),
        ),
    ] {
        let check = service.check_site_change(&caller, site, request).await;
        assert_eq!(id(check).as_deref(), changed, "{site}");
        let change = service
            .change_site(&caller, site, request, None, |_| ())
            .await;
        assert_eq!(id(change).as_deref(), changed, "{site}");
        let removal = service.remove_site(&caller, site, None, |_| ()).await;
        assert_eq!(id(removal).as_deref(), removed, "{site}");
        let creation = service.create_site(&caller, site, request, |_| ()).await;
        assert_eq!(id(creation).as_deref(), Some("OutOfScope"), "{site}");
    }
    let details = service.site_details(&caller).await.expect("sites");
    assert_eq!(details.len(), 1);
    let roles = service.roles(&caller).await.expect("roles");
    assert!(
        roles.iter().all(|role| role.is_standard),
        "custom roles are the company's"
    );
}

// Whoever reaches some users only, with whichever of their roles, does not say who belongs to a site: they
// would choose whom they reach.
#[tokio::test]
async fn a_scope_among_users_is_not_widened_by_sites() {
    let kit = Kit::sample().await;
    let service = &kit.service;
    let role = |cmdlets: &[&str], scopes: &[&str]| Role {
        cmdlets: cmdlets.iter().map(|&name| name.to_owned()).collect(),
        user_scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        ..pinward_core::standard_roles()[0].clone()
    };
    let sites = ["New-CsSite", "Set-CsSite", "Remove-CsSite"];
    let of_the_site = scoped(&kit, &["site:Redmond"], &["global"]).await;
    let of_the_unit = scoped(&kit, &[FINANCE], &["global"]).await;
    let by_two_roles = Caller::new(
        "two roles",
        vec![
            role(&sites, &["global"]),
            role(&["Set-CsClientPin"], &["site:Redmond"]),
        ],
    );
    let of_all = Caller::new("all", vec![role(&sites, &["global"])]);
    let named = SiteRequest {
        display_name: Some(Some("Another name".to_owned())),
        ..SiteRequest::default()
    };
    let ruled = SiteRequest {
        filter: Some(Some("(DisplayName=*)".to_owned())),
        ..SiteRequest::default()
    };
    let before = service
        .site_details(&kit.administrator())
        .await
        .expect("sites");
    for caller in [&of_the_site, &of_the_unit, &by_two_roles] {
        let refused = Some("OutOfScope".to_owned());
        let name = caller.name();
        let check = service.check_site_change(caller, "Redmond", &ruled).await;
        assert_eq!(id(check), refused, "{name}");
        let change = service
            .change_site(caller, "Redmond", &ruled, None, |_| ())
            .await;
        assert_eq!(id(change), refused, "{name}");
        let check = service.check_site_removal(caller, "Paris").await;
        assert_eq!(id(check), refused, "{name}");
        let removal = service.remove_site(caller, "Paris", None, |_| ()).await;
        assert_eq!(id(removal), refused, "{name}");
        let creation = service.create_site(caller, "New", &ruled, |_| ()).await;
        assert_eq!(id(creation), refused, "{name}");
        let check = service.check_site_change(caller, "Redmond", &named).await;
        assert_eq!(id(check), None, "{name}");
    }
    let after = service
        .site_details(&kit.administrator())
        .await
        .expect("sites");
    assert_eq!(after, before);
    let removal = service.remove_site(&of_all, "Paris", None, |_| ()).await;
    assert_eq!(id(removal), None);
}

// The users of a site are counted as far as the caller reaches them.
#[tokio::test]
async fn a_site_has_the_users_within_reach() {
    let kit = Kit::sample().await;
    let service = &kit.service;
    let everybody = everybody(&kit).await;
    let mut differs = false;
    for scopes in [&["global"][..], &[FINANCE], &["site:Paris"], &[]] {
        let caller = scoped(&kit, scopes, &["global"]).await;
        let permit = caller.permit(Right::ViewSites).expect("held");
        for details in service.site_details(&caller).await.expect("sites") {
            let id = &details.site.id;
            let of_the_site = |user: &&User| {
                user.person.enabled && user.person.site.as_deref() == Some(id.as_str())
            };
            let all = everybody.iter().filter(of_the_site);
            let total = all.clone().count() as u64;
            let reached = all.filter(|user| permit.reaches(&user.person)).count();
            assert_eq!(details.users, reached as u64, "{scopes:?} {id}");
            differs |= details.users > 0 && details.users < total;
            let named = SiteRequest {
                display_name: Some(Some(format!("The site {id}"))),
                ..SiteRequest::default()
            };
            let changed = service.change_site(&caller, id, &named, None, |_| ()).await;
            assert_eq!(changed.expect("renamed").site.users, reached as u64);
        }
    }
    assert!(differs, "some scope reaches a part of a site");
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

// A user who was in scope when they were read, and is not when something is done to them.
#[tokio::test]
async fn whoever_moved_away_is_not_touched() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let caller = scoped(&kit, &[FINANCE], &["global"]).await;
    let user = kit.person("johnsmith").await;
    kit.service
        .lock_pin(&caller, &user)
        .await
        .expect("in scope");
    kit.service
        .unlock_pin(&caller, &user)
        .await
        .expect("in scope");
    let mut moved = user.person.clone();
    moved.dn = "CN=John Smith,OU=Legal,DC=litwareinc,DC=com".to_owned();
    let act = kit.act();
    let _put = kit.store.put_people(vec![moved], false, &act).await;
    let service = &kit.service;
    let generated = NewPin::Generated;
    for answer in [
        id(service.assign_pin(&caller, &user, &generated).await),
        id(service.pin_info(&caller, &user).await),
        id(service.check_lock(&caller, &user).await),
        id(service.lock_pin(&caller, &user).await),
        id(service.check_unlock(&caller, &user).await),
        id(service.unlock_pin(&caller, &user).await),
        id(service.grant_policy(&caller, &user, None).await),
        id(service.role_assignment(&caller, &user).await),
    ] {
        assert_eq!(answer.as_deref(), Some("UserNotFound"));
    }
    let info = service
        .pin_info(&administrator, &user)
        .await
        .expect("the state");
    assert!(!info.is_pin_set && !info.is_locked_out);
    // And one who moved into the scope is reached, though they were read outside it.
    let back = user.person.clone();
    let elsewhere = User {
        person: Person {
            dn: "CN=John Smith,OU=Legal,DC=litwareinc,DC=com".to_owned(),
            ..user.person.clone()
        },
        ..user
    };
    let _put = kit.store.put_people(vec![back], false, &act).await;
    service
        .lock_pin(&caller, &elsewhere)
        .await
        .expect("in scope again");
}

/// What was refused and recorded since the last time: action and subject.
async fn refusals(kit: &Kit, seen: &mut usize) -> Vec<(String, String)> {
    let query = AuditQuery {
        outcome: Some("AccessDenied".to_owned()),
        ..AuditQuery::default()
    };
    let page = kit.store.audit(&query, None, 1000).await.expect("the log");
    let new = page.records.iter().skip(*seen);
    let new = new
        .map(|record| {
            (
                record.action.clone(),
                record.subject.clone().unwrap_or_default(),
            )
        })
        .collect();
    *seen = page.records.len();
    new
}

// A write out of scope leaves a record, a read does not, and neither does what is not there at all.
#[tokio::test]
async fn writes_out_of_scope_are_recorded() {
    let kit = Kit::sample().await;
    let caller = scoped(&kit, &[FINANCE], &["site:Redmond"]).await;
    let ken = kit.person(KEN).await;
    let service = &kit.service;
    let mut seen = 0;
    let paris = PolicyIdentity::Site("Paris".to_owned());
    let refused = |action: &str, subject: &str| vec![(action.to_owned(), subject.to_owned())];
    let sip = "sip:kenmyer@litwareinc.com";
    for (right, name, expected) in [
        (Right::AssignPin, KEN, refused("Set-CsClientPin", sip)),
        (Right::LockPin, "Ken Myer", refused("Lock-CsClientPin", sip)),
        (Right::LockPin, "Ken My*", Vec::new()),
        (Right::LockPin, "nobody77", Vec::new()),
        (Right::LockPin, "johnsmith", Vec::new()),
        (Right::ViewPin, KEN, Vec::new()),
    ] {
        let _found = service.find_people(&caller, right, name).await;
        assert_eq!(refusals(&kit, &mut seen).await, expected, "{name}");
    }
    let _refused = service.unlock_pin(&caller, &ken).await;
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("Unlock-CsClientPin", sip)
    );
    let mut list = PinList::open(&b"Ext,PIN\n51219,18723834\n"[..]).expect("a list");
    let report = service
        .import_pins(&caller, &mut list, PinImport::default(), &mut |_| true)
        .await;
    assert_eq!(report.expect("a report").refused, 1);
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("Set-CsClientPin", sip)
    );
    let _refused = service.pin_info(&caller, &ken).await;
    let _refused = service.policy(&caller, &paris).await;
    assert!(refusals(&kit, &mut seen).await.is_empty());
    let _refused = service.remove_policy(&caller, &paris, None).await;
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("Remove-CsPinPolicy", "Site:Paris")
    );
    let policy = Policy::defaults(PolicyIdentity::Tag("New".to_owned()));
    let _refused = service.create_policy(&caller, &policy).await;
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("New-CsPinPolicy", "Tag:New")
    );
    let number = new_number();
    let uri = number.primary_uri.clone();
    let administrator = kit.administrator();
    let created = service
        .create_access_number(&caller, number.clone(), NewScope::Global)
        .await;
    assert_eq!(id(created).as_deref(), Some("OutOfScope"));
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("New-CsDialInConferencingAccessNumber", &uri)
    );
    let created = service
        .create_access_number(&administrator, number, NewScope::Global)
        .await;
    created.expect("created");
    let removed = service.remove_access_number(&caller, &uri, None).await;
    assert_eq!(id(removed).as_deref(), Some("AccessNumberNotFound"));
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("Remove-CsDialInConferencingAccessNumber", &uri)
    );
    let _refused = service.remove_site(&caller, "Redmond", None, |_| ()).await;
    assert_eq!(
        refusals(&kit, &mut seen).await,
        refused("Remove-CsSite", "Site:Redmond")
    );
    // Nor is it told by what a SIP address is taken, only that it is: there is one of each. That somebody
    // tried is recorded.
    let mut same = new_number();
    same.pool = Some("atl-cs-001.litwareinc.com".to_owned());
    for (who, told) in [
        (&caller, "PrimaryUriTaken"),
        (&administrator, "AccessNumberExists"),
    ] {
        let scope = NewScope::SiteOfPool;
        let checked = service.check_access_number(who, same.clone(), scope).await;
        assert_eq!(id(checked).as_deref(), Some(told));
        let created = service.create_access_number(who, same.clone(), scope);
        assert_eq!(id(created.await).as_deref(), Some(told));
    }
    let tried = refused("New-CsDialInConferencingAccessNumber", &uri);
    assert_eq!(
        refusals(&kit, &mut seen).await,
        [tried.clone(), tried].concat()
    );
    // A number whose line is taken says by whom only to those who may see that number.
    let mut same_line = new_number();
    same_line.primary_uri = "sip:same@litwareinc.com".to_owned();
    same_line.pool = Some("atl-cs-001.litwareinc.com".to_owned());
    for (who, named) in [(&caller, false), (&administrator, true)] {
        let scope = NewScope::SiteOfPool;
        let checked = service.check_access_number(who, same_line.clone(), scope);
        let checked = checked.await.expect_err("a line that is taken");
        let created = service.create_access_number(who, same_line.clone(), scope);
        let created = created.await.expect_err("a line that is taken");
        for refusal in [checked, created] {
            assert_eq!(refusal.id(), "LineUriTaken", "{refusal}");
            assert_eq!(refusal.to_string().contains(&uri), named, "{refusal}");
        }
    }
}

/// Moves a user out of the unit the moment the state of their PIN was read.
struct MovesAway {
    store: Arc<dyn Store>,
    to: Person,
}

#[async_trait]
impl Hook for MovesAway {
    async fn looked(&self, _user: UserId) {
        let act = pinward_testkit::act(Timestamp::UNIX_EPOCH);
        let moved = vec![self.to.clone()];
        let _put = self.store.put_people(moved, false, &act).await;
    }
}

// Who moves away while their PIN is hashed does not get it.
#[tokio::test]
async fn whoever_moves_away_meanwhile_is_not_touched() {
    let kit = Kit::sample().await;
    let user = kit.person("johnsmith").await;
    let moves = MovesAway {
        store: Arc::clone(&kit.store),
        to: Person {
            dn: "CN=John Smith,OU=Legal,DC=litwareinc,DC=com".to_owned(),
            ..user.person.clone()
        },
    };
    let kit = kit.hooked(Arc::new(moves)).await;
    let caller = scoped(&kit, &[FINANCE], &["global"]).await;
    let assigned = kit
        .service
        .assign_pin(&caller, &user, &NewPin::Generated)
        .await;
    assert_eq!(id(assigned).as_deref(), Some("UserNotFound"));
    let info = kit.service.pin_info(&kit.administrator(), &user).await;
    assert!(!info.expect("the state").is_pin_set);
}

// Only the roles that hold a right say how far it reaches.
#[tokio::test]
async fn each_right_reaches_as_far_as_the_roles_that_hold_it() {
    let kit = Kit::sample().await;
    let role = |cmdlet: &str, scopes: &[&str]| Role {
        cmdlets: vec![cmdlet.to_owned()],
        user_scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        ..pinward_core::standard_roles()[0].clone()
    };
    let caller = Caller::new(
        "two roles",
        vec![
            role("Get-CsUser", &["global"]),
            role("Lock-CsClientPin", &[FINANCE]),
            role("Lock-CsClientPin", &["site:Paris"]),
            role("Unlock-CsClientPin", &[]),
        ],
    );
    let ken = kit.person(KEN).await;
    let john = kit.person("johnsmith").await;
    for (right, reaches_ken, reaches_john) in [
        (Right::ViewUsers, true, true),
        (Right::LockPin, false, true),
        (Right::UnlockPin, false, false),
    ] {
        let permit = caller.permit(right).expect("held");
        assert_eq!(permit.reaches(&ken.person), reaches_ken, "{right:?}");
        assert_eq!(permit.reaches(&john.person), reaches_john, "{right:?}");
    }
    let parisian = everybody(&kit)
        .await
        .into_iter()
        .find(|user| user.person.site.as_deref() == Some("Paris"));
    let permit = caller.permit(Right::LockPin).expect("held");
    assert!(permit.reaches(&parisian.expect("somebody in Paris").person));
}

/// Any few scopes.
fn scopes() -> impl Strategy<Value = Vec<String>> {
    let unit = prop::sample::select(vec![
        "OU:ou=Finance,dc=litwareinc,dc=com",
        "OU:ou=Finance,ou=North America,dc=litwareinc,dc=com",
        "OU:OU=North America,DC=litwareinc,DC=com",
        "OU:dc=com",
        "OU:ou=Nowhere,dc=com",
        "OU:CN=Users,dc=litwareinc,dc=com",
        "site:Paris",
        "site:dublin",
        "site:Nowhere",
        "global",
    ]);
    prop::collection::vec(unit.prop_map(str::to_owned), 0..3)
}

// Whoever is listed, found by a wildcard and found by name are those whom the scopes cover.
#[test]
fn the_visible_are_the_covered() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let kit = runtime.block_on(Kit::sample());
    let everybody = runtime.block_on(everybody(&kit));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(24));
    let outcome = runner.run(
        &(scopes(), any::<prop::sample::Index>()),
        |(scopes, one)| {
            let covers = |person: &Person| {
                scopes.iter().any(|scope| {
                    pinward_core::Scope::parse(scope)
                        .expect("a scope")
                        .covers_person(person)
                })
            };
            let role = Role {
                user_scopes: scopes.clone(),
                ..pinward_core::standard_roles()[0].clone()
            };
            let caller = Caller::new("any", vec![role]);
            let expected: BTreeSet<_> = everybody
                .iter()
                .filter(|user| covers(&user.person))
                .map(|user| user.id)
                .collect();
            let (listed, starred, named) = runtime.block_on(async {
                let service = &kit.service;
                let listed = all(service.people(&caller).expect("people")).await;
                let starred = service.find_people(&caller, Right::ViewPeople, "*").await;
                let one = one.get(&everybody);
                let named = service
                    .find_people(&caller, Right::ViewPeople, &one.person.dn)
                    .await;
                let named = named.is_ok() == covers(&one.person);
                (listed, starred.unwrap_or_default(), named)
            });
            let ids =
                |users: Vec<User>| -> BTreeSet<_> { users.iter().map(|user| user.id).collect() };
            prop_assert_eq!(ids(listed), expected.clone());
            prop_assert_eq!(ids(starred), expected);
            prop_assert!(named);
            Ok(())
        },
    );
    outcome.expect("holds");
}
