//! R-RBAC-3: whoever and whatever is out of scope is not there.

mod configuration;
mod names;
mod writes;

use std::collections::BTreeSet;

use pinward_core::{ListEdit, Person, Role, RoleChange, User};
use pinward_service::{Caller, NewRole, Refusal, Right, UserPages};
use pinward_testkit::Kit;
use proptest::prelude::*;

use crate::helpers::KEN;

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
