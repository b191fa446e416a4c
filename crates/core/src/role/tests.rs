//! R-RBAC-1, R-RBAC-2, R-RBAC-5.

use super::*;
use crate::ScopeError;

/// Who holds a cmdlet, by the letters A(dministrator), U(ser), S(erver), H(elp desk), V(iew only),
/// P(hone, that is voice).
fn holders(cmdlet: &str) -> String {
    standard_roles()
        .iter()
        .zip("AUSHVP".chars())
        .filter(|(role, _)| role.allows(cmdlet))
        .map(|(_, letter)| letter)
        .collect()
}

#[test]
fn who_may_do_what() {
    // R-RBAC-2, R-RBAC-4: in any case of letters
    for (cmdlet, expected) in [
        ("Set-CsClientPin", "AU"),
        ("Set-CsPinSendCAWelcomeMail", "AU"),
        ("Get-CsClientPinInfo", "AUV"),
        ("Grant-CsPinPolicy", "AU"),
        ("Lock-CsClientPin", "AUH"),
        ("unlock-csclientpin", "AUH"),
        ("Get-CsPinPolicy", "ASV"),
        ("New-CsPinPolicy", "AS"),
        ("Set-CsPinPolicy", "AS"),
        ("Remove-CsPinPolicy", "AS"),
        ("Test-CsPhoneBootstrap", "AS"),
        ("New-CsAdminRole", "A"),
        ("Get-CsPinAudit", "AV"),
        ("Get-CsUser", "AUHVP"),
        ("Set-CsDialInConferencingAccessNumber", "ASP"),
        ("Set-CsNothing", ""),
    ] {
        assert_eq!(holders(cmdlet), expected, "{cmdlet}");
    }
}

#[test]
fn the_lists_are_sound() {
    // R-RBAC-1, R-RBAC-2
    assert!(ALL_CMDLETS.is_sorted());
    let mut sids: Vec<_> = standard_roles()
        .iter()
        .map(|role| role.sid.as_str())
        .collect();
    sids.dedup();
    assert_eq!(sids.len(), 6);
    for role in standard_roles() {
        assert!(role.cmdlets.is_sorted(), "{}", role.identity);
        assert!(
            role.cmdlets
                .iter()
                .all(|name| ALL_CMDLETS.contains(&name.as_str()))
        );
        assert!(role.is_standard && role.template.is_none());
        assert!(is_sid(&role.sid), "{}", role.sid);
        assert_eq!(standard_role(&role.identity.to_uppercase()), Some(role));
    }
    let view_only = standard_role("CsViewOnlyAdministrator").unwrap();
    for name in ALL_CMDLETS {
        let reads = name.starts_with("Get-") || *name == "Test-CsPinPolicy";
        assert_eq!(view_only.allows(name), reads, "{name}");
    }
}

/// "S-1-5-21-a-b-c-rid" with 32-bit numbers.
fn is_sid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    parts.len() == 8
        && parts[..4] == ["S", "1", "5", "21"]
        && parts[4..].iter().all(|part| part.parse::<u32>().is_ok())
}

#[test]
fn custom_roles_come_from_a_template() {
    // R-RBAC-1, R-RBAC-5: a copy is not standard and so may be changed.
    let voice = standard_role("csvoiceadministrator").unwrap();
    let role = Role::from_template(" RedmondVoiceAdministrator ", custom_sid(0), voice);
    assert_eq!(role.identity, "RedmondVoiceAdministrator");
    assert!(!role.is_standard && is_sid(&role.sid));
    assert_eq!(role.template.as_deref(), Some("CsVoiceAdministrator"));
    assert_eq!(role.cmdlets, voice.cmdlets);
    let administrator = standard_role("CsAdministrator").unwrap();
    let all_but = Role::from_template("Almost", custom_sid(1), administrator);
    for name in ALL_CMDLETS {
        assert_ne!(all_but.allows(name), is_administrator_only(name), "{name}");
    }
    assert!(is_sid(&custom_sid(u32::MAX)));
    assert!(
        standard_roles()
            .iter()
            .all(|standard| standard.sid != role.sid)
    );
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|&text| text.to_owned()).collect()
}

fn add(list: &[&str]) -> Option<ListEdit> {
    Some(ListEdit::Edit {
        add: texts(list),
        remove: Vec::new(),
    })
}

fn remove(list: &[&str]) -> Option<ListEdit> {
    Some(ListEdit::Edit {
        add: Vec::new(),
        remove: texts(list),
    })
}

fn custom() -> Role {
    let template = standard_role("CsHelpDesk").unwrap();
    Role::from_template("Desk", custom_sid(0), template)
}

#[test]
fn lists_are_replaced_added_to_and_taken_from() {
    // R-RBAC-1
    let role = custom();
    for (change, expected) in [
        (
            Some(ListEdit::Replace(texts(&["set-csclientpin", "Get-CsUser"]))),
            &["Get-CsUser", "Set-CsClientPin"][..],
        ),
        (
            add(&["Set-CsClientPin", "GET-CSUSER"]),
            &[
                "Get-CsAdUser",
                "Get-CsSite",
                "Get-CsUser",
                "Lock-CsClientPin",
                "Set-CsClientPin",
                "Unlock-CsClientPin",
            ],
        ),
        (
            remove(&["lock-csclientpin", "Set-CsClientPin"]),
            &[
                "Get-CsAdUser",
                "Get-CsSite",
                "Get-CsUser",
                "Unlock-CsClientPin",
            ],
        ),
        (Some(ListEdit::Replace(Vec::new())), &[]),
    ] {
        let change = RoleChange {
            cmdlets: change,
            ..RoleChange::default()
        };
        assert_eq!(role.apply(&change).unwrap().cmdlets, expected);
    }
}

#[test]
fn scopes_are_kept_as_typed_and_compared_as_names() {
    // R-RBAC-3
    let redmond = "OU:ou=Redmond,dc=litwareinc,dc=com";
    let scoped = |edit| RoleChange {
        user_scopes: edit,
        ..RoleChange::default()
    };
    let role = custom()
        .apply(&scoped(Some(ListEdit::Replace(texts(&[
            "ou: ou=Redmond,dc=litwareinc,dc=com ",
            "OU:OU=REDMOND, DC=litwareinc, DC=com",
            "SITE: Paris",
        ])))))
        .unwrap();
    assert_eq!(role.user_scopes, [redmond, "site:Paris"]);
    let fewer = role
        .apply(&scoped(remove(&["OU:OU=Redmond,DC=LitwareInc,DC=com"])))
        .unwrap();
    assert_eq!(fewer.user_scopes, ["site:Paris"]);
}

#[test]
fn everything_wrong_with_a_change_is_told_together() {
    // R-RBAC-1, R-RBAC-3
    let change = RoleChange {
        cmdlets: add(&["Set-CsClientPins", "grant-csadminrole"]),
        script_modules: add(&[" "]),
        config_scopes: add(&["OU:ou=Redmond,dc=com", "galaxy"]),
        user_scopes: add(&["OU:Redmond"]),
        ..RoleChange::default()
    };
    let problems = custom().apply(&change).unwrap_err();
    let ids: Vec<_> = problems
        .iter()
        .map(|problem| match problem {
            RoleProblem::UnknownCmdlet { .. } => 'c',
            RoleProblem::AdministratorOnly { .. } => 'a',
            RoleProblem::Scope(ScopeError::Unknown { .. }) => 's',
            RoleProblem::Scope(ScopeError::Dn(_)) => 'd',
            RoleProblem::Scope(ScopeError::TooLong { .. }) => 'l',
            RoleProblem::UnitOverConfiguration { .. } => 'u',
            RoleProblem::Module => 'm',
            RoleProblem::TooMany { .. } => 't',
        })
        .collect();
    assert_eq!(ids, ['c', 'a', 'm', 'u', 's', 'd'], "{problems:?}");
}

#[test]
fn lists_and_their_entries_have_limits() {
    // R-RBAC-1
    let modules = |edit| RoleChange {
        script_modules: Some(edit),
        ..RoleChange::default()
    };
    let many = |count: usize| -> Vec<String> { (0..count).map(|n| format!("m{n}")).collect() };
    let many_modules = |given| {
        let list = "ScriptModules";
        vec![RoleProblem::TooMany { list, given }]
    };
    let too_many = |given| Err(many_modules(given));
    let full = custom().apply(&modules(ListEdit::Replace(many(256))));
    let full = full.unwrap();
    assert_eq!(full.script_modules.len(), 256);
    let replaced = custom().apply(&modules(ListEdit::Replace(many(257))));
    assert_eq!(replaced, too_many(257));
    let repeated = custom().apply(&modules(ListEdit::Replace(texts(&["same"; 257]))));
    assert_eq!(repeated, too_many(257));
    assert_eq!(full.apply(&modules(add(&["more"]).unwrap())), too_many(257));
    assert!(full.apply(&modules(add(&["m0"]).unwrap())).is_ok());
    // A list that is longer from before can still get shorter.
    let mut older = full.clone();
    older.script_modules = many(300);
    let fewer = older.apply(&modules(remove(&["m0"]).unwrap()));
    assert_eq!(fewer.unwrap().script_modules.len(), 299);
    let replaced = |list: Vec<String>| {
        let role = older.apply(&modules(ListEdit::Replace(list)))?;
        Ok(role.script_modules.len())
    };
    assert_eq!(replaced(many(300)), Ok(300));
    assert_eq!(replaced(many(299)), Ok(299));
    assert_eq!(replaced(many(301)), Err(many_modules(301)));
    let mut another = many(298);
    another.push("more".to_owned());
    assert_eq!(replaced(another), Err(many_modules(299)));
    assert_eq!(replaced(texts(&["m0"; 301])), Err(many_modules(301)));
    // Nor is an entry refused that is longer from before.
    older.script_modules = vec!["x".repeat(300), "short".to_owned()];
    older.user_scopes = vec![format!("OU:ou={}", "x".repeat(3000))];
    let sent_again = RoleChange {
        script_modules: Some(ListEdit::Replace(older.script_modules.clone())),
        user_scopes: Some(ListEdit::Replace(older.user_scopes.clone())),
        ..RoleChange::default()
    };
    assert_eq!(older.apply(&sent_again), Ok(older.clone()));
    let less = modules(remove(&[&older.script_modules[0]]).unwrap());
    assert_eq!(older.apply(&less).unwrap().script_modules, ["short"]);

    let long = |length| ListEdit::Replace(vec!["x".repeat(length)]);
    assert!(custom().apply(&modules(long(255))).is_ok());
    let refused = custom().apply(&modules(long(256)));
    assert_eq!(refused, Err(vec![RoleProblem::Module]));
    let scoped = |length: usize| RoleChange {
        user_scopes: add(&[&format!("OU:ou={}", "x".repeat(length - 6))]),
        ..RoleChange::default()
    };
    assert!(custom().apply(&scoped(2048)).is_ok());
    let given = 2049;
    let refused = Err(vec![RoleProblem::Scope(ScopeError::TooLong { given })]);
    assert_eq!(custom().apply(&scoped(given)), refused);
}

#[test]
fn names_of_custom_roles() {
    // R-RBAC-1, R-RBAC-5
    assert_eq!(role_name(" Redmond Desk ").unwrap(), "Redmond Desk");
    for bad in ["", ".", " .. ", "*", "a?b", "a\nb", &"x".repeat(256)] {
        assert!(matches!(role_name(bad), Err(RoleNameError::Bad { .. })));
    }
    let standard = role_name("csadministrator");
    assert!(matches!(standard, Err(RoleNameError::Standard { name }) if name == "CsAdministrator"));
}
