//! R-RBAC-1, R-RBAC-2, R-RBAC-5.

use super::*;

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
        assert_eq!(view_only.allows(name), name.starts_with("Get-"), "{name}");
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
    assert!(is_sid(&custom_sid(u32::MAX)));
    assert!(
        standard_roles()
            .iter()
            .all(|standard| standard.sid != role.sid)
    );
}
