//! R-RBAC-3: sites, and what belongs to the company as a whole.

use std::collections::BTreeSet;

use pinward_core::{
    Enablement, Policy, PolicyIdentity, PolicyPatch, Role, RoleChange, SipSource, User, UserChange,
    UserPatch,
};
use pinward_service::{Caller, NewRole, Right, SiteRequest};
use pinward_store::AuditQuery;
use pinward_testkit::Kit;

use super::{FINANCE, everybody, id, scoped};
use crate::helpers::KEN;

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

// Custom roles are the company's, also as those of a user: whoever reaches the configuration of a part hears of
// the standard ones and of their own.
#[tokio::test]
async fn the_roles_of_a_user_are_told_as_far_as_roles_are() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let ken = kit.person(KEN).await;
    let part = scoped(&kit, &["global"], &["site:Redmond"]).await;
    let none = scoped(&kit, &["global"], &[]).await;
    for name in ["Scoped", "Auditors"] {
        let new = NewRole {
            identity: name.to_owned(),
            template: "CsViewOnlyAdministrator".to_owned(),
            change: RoleChange::default(),
        };
        let created = kit.service.create_role(&administrator, &new).await;
        drop(created.expect("a role"));
        let granted = kit.service.grant_role(&administrator, &ken, name).await;
        granted.expect("granted");
    }
    let viewer = |scopes: &[&str]| {
        let mut role = pinward_core::standard_role("CsViewOnlyAdministrator")
            .expect("standard")
            .clone();
        role.config_scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        Caller::new("viewer", vec![role])
    };
    let all: &[&str] = &["CsUserAdministrator", "Auditors", "Scoped"];
    for (caller, expected) in [
        (&administrator, all),
        (&viewer(&["global"]), all),
        (&viewer(&["site:Redmond", "global"]), all),
        (&viewer(&["site:Redmond"]), &all[..1]),
        // Whoever holds one knows of it.
        (&part, &["CsUserAdministrator", "Scoped"]),
        (&none, &["CsUserAdministrator", "Scoped"]),
    ] {
        let held = kit.service.role_assignment(caller, &ken).await;
        assert_eq!(held.expect("in reach"), expected, "{}", caller.name());
        // The same as of all roles.
        let known = kit.service.roles(caller).await.expect("roles");
        let known: Vec<&str> = known
            .iter()
            .map(|role| role.identity.as_str())
            .filter(|name| all.contains(name))
            .collect();
        assert_eq!(known, expected, "{}", caller.name());
    }
}

// What the log says of configuration goes by the configuration that is reached, whichever users are.
#[tokio::test]
async fn the_log_tells_of_the_configuration_within_reach() {
    let kit = Kit::sample().await;
    let administrator = kit.administrator();
    let service = &kit.service;
    let ken = kit.person(KEN).await;
    // A role may be called as the log calls a site.
    for name in ["Auditors", "Site:Redmond"] {
        let new = NewRole {
            identity: name.to_owned(),
            template: "CsViewOnlyAdministrator".to_owned(),
            change: RoleChange::default(),
        };
        let created = service.create_role(&administrator, &new).await;
        drop(created.expect("a role"));
    }
    for role in ["Auditors", "CsHelpDesk"] {
        let granted = service.grant_role(&administrator, &ken, role).await;
        granted.expect("granted");
        let taken = service.revoke_role(&administrator, &ken, role).await;
        taken.expect("taken back");
    }
    let patch = PolicyPatch {
        min_password_length: Some(7),
        ..PolicyPatch::default()
    };
    for name in ["global", "site:Redmond", "tag:RedmondUsersPinPolicy"] {
        let identity = PolicyIdentity::parse(name).expect("an identity");
        let changed = service
            .change_policy(&administrator, &identity, &patch, None)
            .await;
        drop(changed.expect("changed"));
    }
    for id in ["Redmond", "Paris"] {
        let named = SiteRequest {
            display_name: Some(Some("Another name".to_owned())),
            ..SiteRequest::default()
        };
        let changed = service
            .change_site(&administrator, id, &named, None, |_| ())
            .await;
        drop(changed.expect("changed"));
    }
    service
        .lock_pin(&administrator, &ken)
        .await
        .expect("locked");
    let viewer = |users: &str, sites: &[&str]| {
        let mut role = pinward_core::standard_role("CsViewOnlyAdministrator")
            .expect("standard")
            .clone();
        role.user_scopes = vec![users.to_owned()];
        role.config_scopes = sites.iter().map(|&scope| scope.to_owned()).collect();
        Caller::new("viewer", vec![role])
    };
    let of_ken = [
        "Grant-CsAdminRole CsHelpDesk",
        "Revoke-CsAdminRole CsHelpDesk",
        "Lock-CsClientPin",
    ];
    let of_all = [
        "New-CsAdminRole",
        "Grant-CsAdminRole Auditors",
        "Revoke-CsAdminRole Auditors",
        "Set-CsPinPolicy Global",
        "Set-CsPinPolicy Tag:RedmondUsersPinPolicy",
        "Set-CsSite Site:Paris",
    ];
    let of_redmond = ["Set-CsPinPolicy Site:Redmond", "Set-CsSite Site:Redmond"];
    for (caller, expected) in [
        (
            viewer("global", &["global"]),
            [&of_ken[..], &of_all, &of_redmond],
        ),
        (
            viewer("global", &["site:redmond"]),
            [&of_ken, &[], &of_redmond],
        ),
        (viewer("global", &[]), [&of_ken, &[], &[]]),
        (
            viewer("site:Redmond", &["global"]),
            [&of_ken, &of_all[1..3], &[]],
        ),
        (
            viewer("site:Redmond", &["site:Redmond"]),
            [&of_ken, &[], &[]],
        ),
    ] {
        // Everybody who was imported has a record too.
        let newest = AuditQuery {
            newest_first: true,
            ..AuditQuery::default()
        };
        let part = service.audit_page(&caller, &newest, None, 100).await;
        let told = part
            .expect("the log")
            .records
            .into_iter()
            .filter_map(|record| {
                let changes = record.changes.unwrap_or_default();
                let role = ["Auditors", "CsHelpDesk"]
                    .into_iter()
                    .find(|role| changes.contains(role) && record.action.ends_with("Role"));
                match (record.user, role) {
                    (Some(_), Some(role)) => Some(format!("{} {role}", record.action)),
                    (Some(_), None) => {
                        Some(record.action).filter(|action| action.starts_with("Lock"))
                    }
                    (None, _) if record.action == "New-CsAdminRole" => Some(record.action),
                    (None, _) => record.action.starts_with("Set-").then(|| {
                        format!("{} {}", record.action, record.subject.unwrap_or_default())
                    }),
                }
            });
        let told: BTreeSet<String> = told.collect();
        let expected: BTreeSet<String> = expected
            .into_iter()
            .flatten()
            .map(|&text| text.to_owned())
            .collect();
        assert_eq!(told, expected);
    }
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

// Nor by changing a user so that the rule of a site means them.
#[tokio::test]
async fn a_scope_among_users_is_not_widened_by_changes_of_users() {
    let kit = Kit::sample().await;
    let service = &kit.service;
    let administrator = kit.administrator();
    for (site, filter) in [
        ("Oslo", "(LineURI=tel:+47*)"),
        ("Users", "(&(Enabled=TRUE)(SamAccountName=nosite))"),
    ] {
        let rule = SiteRequest {
            filter: Some(Some(filter.to_owned())),
            ..SiteRequest::default()
        };
        let created = service.create_site(&administrator, site, &rule, |_| ());
        created.await.expect("created");
    }
    let mut person = pinward_directory::sample::company().people.remove(0);
    person.guid = "10000000-0000-4000-8000-000000000001".to_owned();
    person.dn = "CN=nosite,DC=litwareinc,DC=com".to_owned();
    person.sam_account_name = "nosite".to_owned();
    person.display_name = "No Site".to_owned();
    person.sip_address = Some("sip:nosite@litwareinc.com".to_owned());
    person.upn = None;
    person.line_uri = None;
    person.site = None;
    person.enabled = false;
    let _put = kit.store.put_people(vec![person], false, &kit.act()).await;
    let role = |cmdlets: &[&str], scope: &str| Role {
        cmdlets: cmdlets.iter().map(|&name| name.to_owned()).collect(),
        user_scopes: vec![scope.to_owned()],
        ..pinward_core::standard_roles()[0].clone()
    };
    let users = ["Set-CsUser", "Enable-CsUser", "Disable-CsUser"];
    let two_roles = Caller::new(
        "two roles",
        vec![
            role(&users, "global"),
            role(&["Set-CsClientPin"], "site:Oslo"),
        ],
    );
    let of_all = Caller::new("all", vec![role(&users, "global")]);
    let line = |text: Option<&str>| {
        UserChange::Set(UserPatch {
            line_uri: Some(text.map(str::to_owned)),
            ..UserPatch::default()
        })
    };
    let enable = UserChange::Enable(Enablement {
        registrar_pool: None,
        sip_address: SipSource::Kept,
    });
    let refused = Some("OutOfScope");
    let mut recorded = 0;
    for (name, caller, change, expected, site) in [
        (
            "nosite",
            &two_roles,
            line(Some("tel:+4722000000")),
            refused,
            None,
        ),
        ("nosite", &two_roles, enable.clone(), refused, None),
        (
            "nosite",
            &two_roles,
            line(Some("tel:+4622000000")),
            None,
            None,
        ),
        ("nosite", &of_all, enable, None, Some("Users")),
        (
            "nosite",
            &of_all,
            line(Some("tel:+4722000000")),
            None,
            Some("Oslo"),
        ),
        // What the rule says already, and a site that the directory names, stay as they are.
        (
            "nosite",
            &two_roles,
            line(Some("tel:+4722000001")),
            None,
            Some("Oslo"),
        ),
        ("nosite", &two_roles, line(None), refused, Some("Oslo")),
        ("nosite", &two_roles, UserChange::Disable, None, None),
        (
            KEN,
            &two_roles,
            line(Some("tel:+4722000002")),
            None,
            Some("Redmond"),
        ),
    ] {
        let what = format!("{name} {} {change:?}", caller.name());
        let user = kit.person(name).await;
        let check = service.check_user_change(caller, &user, &change).await;
        assert_eq!(id(check).as_deref(), expected, "{what}");
        let changed = service.change_user(caller, &user, &change).await;
        assert_eq!(id(changed).as_deref(), expected, "{what}");
        let now = kit.person(name).await;
        assert_eq!(now.person.site.as_deref(), site, "{what}");
        if expected.is_some() {
            assert_eq!(now, user, "{what}");
            recorded += 2;
        }
        let query = AuditQuery {
            outcome: Some("AccessDenied".to_owned()),
            ..AuditQuery::default()
        };
        let log = kit.store.audit(&query, None, 100).await.expect("the log");
        assert_eq!(log.records.len(), recorded, "{what}");
    }
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
