//! Who holds which role, and acting as they do: R-RBAC-1.

use pinward_core::{Role, RoleChange, custom_sid, standard_role};
use pinward_service::{ActAsError, FindUserError, NewRole, Refusal, Right, RoleWarning};
use pinward_store::{AuditQuery, RoleCreated};
use pinward_testkit::Kit;

use crate::helpers::KEN;

#[tokio::test]
async fn a_user_acts_with_the_roles_they_hold_now() {
    let kit = Kit::sample().await;
    let owner = kit.administrator();
    for name in [
        KEN,
        "LITWAREINC\\KenMyer",
        "sip:kenmyer@litwareinc.com",
        "kenmyer@litwareinc.com",
        "kenmyer",
        "ken myer",
        "cn=Ken Myer, ou=Redmond, dc=litwareinc, dc=com",
    ] {
        let caller = kit.service.caller_for(&owner, name).await.expect(name);
        assert_eq!(caller.name(), "LITWAREINC\\kenmyer (by test)");
        assert!(caller.permit(Right::AssignPin).is_ok(), "by their group");
        assert!(caller.permit(Right::ChangePolicy).is_err());
    }
    let john = kit.person("johnsmith").await;
    let none = kit.service.caller_for(&owner, "johnsmith").await;
    assert!(matches!(none, Err(ActAsError::NoRoles { .. })));
    kit.service
        .grant_role(&owner, &john, "cshelpdesk")
        .await
        .expect("granted");
    let caller = kit
        .service
        .caller_for(&owner, "johnsmith")
        .await
        .expect("a role");
    assert!(caller.permit(Right::LockPin).is_ok() && caller.permit(Right::AssignPin).is_err());
    kit.service
        .revoke_role(&owner, &john, "CsHelpDesk")
        .await
        .expect("revoked");
    let none = kit.service.caller_for(&owner, "johnsmith").await;
    assert_eq!(none.expect_err("nothing held").id(), "NoRoles");
    for (name, expected) in [
        ("Maria Garcia", "UserNotUnique"),
        ("* Smith", "UserNotUnique"),
    ] {
        let several = kit.service.caller_for(&owner, name).await;
        assert_eq!(several.expect_err("several").id(), expected, "{name}");
    }
    let nobody = kit.service.caller_for(&owner, "nobody77").await;
    assert!(matches!(
        nobody,
        Err(ActAsError::Find(FindUserError::NotFound { .. }))
    ));
}

// R-SEC-4: the log names the user and the account behind.
#[tokio::test]
async fn what_a_user_does_is_recorded_as_theirs() {
    let kit = Kit::sample().await;
    let owner = kit.administrator();
    let caller = kit.service.caller_for(&owner, KEN).await.expect("a role");
    let john = kit.person("johnsmith").await;
    kit.service.lock_pin(&caller, &john).await.expect("locked");
    let query = AuditQuery {
        action: Some("Lock-CsClientPin".to_owned()),
        ..AuditQuery::default()
    };
    let page = kit.store.audit(&query, None, 10).await.expect("the log");
    assert_eq!(page.records.len(), 1);
    let actor = page.records[0].actor.as_deref();
    assert_eq!(actor, Some("LITWAREINC\\kenmyer (by test)"));
}

// A role that was made by a version whose help desk could do less.
#[tokio::test]
async fn an_update_adds_what_a_standard_role_has_gained() {
    let kit = Kit::sample().await;
    let owner = kit.administrator();
    let help_desk = standard_role("CsHelpDesk").expect("standard");
    let mut old = Role::from_template("Desk", custom_sid(0), help_desk);
    old.template_cmdlets
        .retain(|name| name != "Lock-CsClientPin");
    old.cmdlets = vec!["Get-CsUser".to_owned()];
    let created = kit.store.create_role(&old, &kit.act()).await;
    assert!(matches!(created, Ok(RoleCreated::Done(_))));
    let outdated = kit.service.outdated_roles(&owner).await.expect("roles");
    assert_eq!(outdated.len(), 1);
    assert_eq!(outdated[0].gains, ["Lock-CsClientPin"]);
    let updated = kit
        .service
        .update_role(&owner, &outdated[0], None)
        .await
        .expect("updated");
    assert_eq!(updated.cmdlets, ["Get-CsUser", "Lock-CsClientPin"]);
    assert!(
        kit.service
            .outdated_roles(&owner)
            .await
            .expect("roles")
            .is_empty()
    );
}

// A group of that name may be there before the role is.
#[tokio::test]
async fn a_role_named_like_a_group_is_warned_of() {
    let kit = Kit::sample().await;
    let owner = kit.administrator();
    let mut people = Vec::new();
    for name in [KEN, "johnsmith"] {
        let mut person = kit.person(name).await.person;
        let groups = person.attributes.entry("memberof".to_owned()).or_default();
        groups.push("CN=Reception,OU=Groups,DC=litwareinc,DC=com".to_owned());
        people.push(person);
    }
    let _put = kit.store.put_people(people, false, &kit.act()).await;
    for (name, expected) in [
        ("reception", vec![RoleWarning::HeldByGroup(2)]),
        ("Receptionists", Vec::new()),
    ] {
        let new = NewRole {
            identity: name.to_owned(),
            template: "CsHelpDesk".to_owned(),
            change: RoleChange::default(),
        };
        let (role, warnings) = kit
            .service
            .check_new_role(&owner, &new)
            .await
            .expect("a role");
        assert_eq!(role.identity, name);
        assert_eq!(warnings, expected);
    }
    let told = RoleWarning::HeldByGroup(2).to_string();
    assert!(told.contains("2 of its people hold the role"), "{told}");
}
