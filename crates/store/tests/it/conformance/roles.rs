//! Custom roles and grants: R-RBAC-1, R-RBAC-5.

use pinward_core::{ListEdit, Role, RoleChange, RoleProblem, UserId, standard_role};
use pinward_store::{Deleted, RoleChanged, RoleCreated, RoleGranted, Site, Store};

use crate::support::{act, at, people, person};

async fn create(store: &dyn Store, name: &str) -> Role {
    match store
        .create_role(&from_help_desk(name), &act(at(0)))
        .await
        .unwrap()
    {
        RoleCreated::Done(role) => role,
        RoleCreated::Exists => panic!("{name} exists"),
    }
}

pub fn from_help_desk(name: &str) -> Role {
    Role::from_template(name, String::new(), standard_role("CsHelpDesk").unwrap())
}

async fn names(store: &dyn Store) -> Vec<String> {
    let roles = store.custom_roles().await.unwrap();
    roles.into_iter().map(|role| role.identity).collect()
}

// R-RBAC-1
pub async fn a_role_is_kept_as_it_was_made(store: &dyn Store) {
    assert!(names(store).await.is_empty());
    let made = create(store, " Redmond Desk ").await;
    let expected = Role {
        sid: made.sid.clone(),
        ..from_help_desk("Redmond Desk")
    };
    assert_eq!(made, expected);
    assert_eq!(store.custom_roles().await.unwrap(), [made]);
}

// R-RBAC-1, R-RBAC-5
pub async fn role_names_compare_without_case(store: &dyn Store) {
    create(store, "Desk").await;
    for taken in ["DESK", " desk", "cshelpdesk"] {
        let again = store
            .create_role(&from_help_desk(taken), &act(at(0)))
            .await
            .unwrap();
        assert_eq!(again, RoleCreated::Exists, "{taken}");
    }
    create(store, "Another").await;
    assert_eq!(names(store).await, ["Another", "Desk"]);
}

// R-RBAC-1
pub async fn a_sid_is_never_given_twice(store: &dyn Store) {
    let first = create(store, "Desk").await.sid;
    for removed in [Deleted::Done, Deleted::NotFound] {
        let again = store.remove_role("DESK", None, &act(at(0))).await;
        assert_eq!(again.unwrap(), removed);
    }
    let second = create(store, "Desk").await.sid;
    assert_ne!(first, second);
}

// R-RBAC-1, R-RBAC-5
pub async fn a_role_changes_as_a_whole(store: &dyn Store) {
    create(store, "Desk").await;
    let mut change = RoleChange {
        user_scopes: Some(ListEdit::Replace(vec!["site:Redmond".to_owned()])),
        script_modules: Some(ListEdit::Edit {
            add: vec!["a.psm1".to_owned()],
            remove: Vec::new(),
        }),
        template_cmdlets: Some(vec!["Get-CsUser".to_owned()]),
        ..RoleChange::default()
    };
    let expected = store.custom_roles().await.unwrap()[0]
        .apply(&change)
        .unwrap();
    assert_eq!(
        store
            .change_role("desk", &change, None, &act(at(0)))
            .await
            .unwrap(),
        RoleChanged::Done(expected.clone())
    );
    change.cmdlets = Some(ListEdit::Replace(vec!["Get-Nothing".to_owned()]));
    change.user_scopes = Some(ListEdit::Replace(Vec::new()));
    let refused = store
        .change_role("desk", &change, None, &act(at(0)))
        .await
        .unwrap();
    assert!(
        matches!(&refused, RoleChanged::Invalid(problems)
            if matches!(problems[..], [RoleProblem::UnknownCmdlet { .. }])),
        "{refused:?}"
    );
    assert_eq!(store.custom_roles().await.unwrap(), [expected]);
    for missing in ["Nothing", "CsHelpDesk"] {
        let change = RoleChange::default();
        assert_eq!(
            store
                .change_role(missing, &change, None, &act(at(0)))
                .await
                .unwrap(),
            RoleChanged::NotFound
        );
    }
}

// R-RBAC-1
pub async fn roles_are_granted_and_taken_back(store: &dyn Store) {
    let ids = people(store, 2).await;
    create(store, "Desk").await;
    for (user, role, expected) in [
        (ids[0], "DESK", RoleGranted::Done),
        (ids[0], "desk", RoleGranted::Done),
        (ids[0], "CsVoiceAdministrator", RoleGranted::Done),
        (ids[1], "Desk", RoleGranted::Done),
        (ids[0], "Nothing", RoleGranted::NoSuchRole),
        (UserId(99), "Desk", RoleGranted::NoSuchUser),
    ] {
        assert_eq!(
            store.grant_role(user, role, &act(at(0))).await.unwrap(),
            expected,
            "{role}"
        );
    }
    let granted = async |user| store.granted_roles(user).await.unwrap();
    assert_eq!(granted(ids[0]).await, ["csvoiceadministrator", "desk"]);
    assert!(
        store
            .revoke_role(ids[0], "csVoiceAdministrator", &act(at(0)))
            .await
            .unwrap()
    );
    assert!(
        !store
            .revoke_role(ids[0], "csVoiceAdministrator", &act(at(0)))
            .await
            .unwrap()
    );
    assert_eq!(granted(ids[0]).await, ["desk"]);
    // Grants go with their role, so that a later one of the same name captures nobody.
    let removed = store.remove_role("Desk", None, &act(at(0))).await;
    assert_eq!(removed.unwrap(), Deleted::Done);
    create(store, "Desk").await;
    assert!(granted(ids[0]).await.is_empty() && granted(ids[1]).await.is_empty());
}

// R-RBAC-1
pub async fn grants_stay_with_the_person(store: &dyn Store) {
    let id = people(store, 1).await[0];
    assert_eq!(
        store
            .grant_role(id, "CsHelpDesk", &act(at(0)))
            .await
            .unwrap(),
        RoleGranted::Done
    );
    let mut renamed = person(1);
    renamed.dn = "CN=Another Name,OU=Legal,DC=litwareinc,DC=com".to_owned();
    renamed.sam_account_name = "another".to_owned();
    let _put = store
        .put_people(vec![renamed.clone()], false, &act(at(0)))
        .await
        .unwrap();
    assert_eq!(store.granted_roles(id).await.unwrap(), ["cshelpdesk"]);
    // Somebody else under the same name is not the one who was granted the role.
    renamed.guid = "11111111-0000-4000-8000-000000000001".to_owned();
    let _put = store
        .put_people(vec![renamed], false, &act(at(0)))
        .await
        .unwrap();
    assert!(store.granted_roles(id).await.unwrap().is_empty());
}

// R-RBAC-3: a later site of the same name does not fall to a role that was meant for another.
pub async fn a_site_takes_its_scopes_along(store: &dyn Store) {
    let site = Site {
        id: "Redmond".to_owned(),
        display_name: None,
    };
    store.put_sites(&[site], &act(at(0))).await.unwrap();
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let role = Role {
        config_scopes: texts(&["site:REDMOND", "site:Paris"]),
        user_scopes: texts(&["site: redmond"]),
        ..from_help_desk("Desk")
    };
    let _created = store.create_role(&role, &act(at(0))).await.unwrap();
    let untouched = create(store, "Other").await;
    let _removed = store
        .remove_site("redmond", None, &act(at(1)))
        .await
        .unwrap();
    let roles = store.custom_roles().await.unwrap();
    assert_eq!(roles[0].config_scopes, ["site:Paris"]);
    assert!(roles[0].user_scopes.is_empty());
    assert_eq!(roles[1], untouched);
}
