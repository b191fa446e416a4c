//! Grant-CsPinPolicy.

use crate::bench::{Bench, text};

// R-POL-4
#[test]
fn granting_a_policy_and_taking_it_back() {
    Bench::on(|bench| {
        bench.silent(
            r#"Grant-CsPinPolicy -Identity "kenmyer@litwareinc.com" -PolicyName RedmondUsersPinPolicy"#,
        );
        assert_eq!(
            bench.info("Ken Myer").effective_policy.to_string(),
            "Tag:RedmondUsersPinPolicy"
        );
        assert_eq!(
            bench.texts("Get-CsUser 'Ken Myer'", "PinPolicy"),
            ["RedmondUsersPinPolicy"]
        );
        bench.silent("Grant-CsPinPolicy -Identity kenmyer@litwareinc.com -PolicyName $Null");
        assert_eq!(
            bench.info("Ken Myer").effective_policy.to_string(),
            "Site:Redmond"
        );
        bench.ok("Grant-CsPinPolicy 'Ken Myer' tag:executivespinpolicy");
        bench.silent("Grant-CsPinPolicy 'Ken Myer' ''");
        assert_eq!(bench.user("Ken Myer").pin_policy, None);
        bench.silent(
            r#"Get-CsUser -LdapFilter "l=Redmond" | Grant-CsPinPolicy -PolicyName RedmondUsersPinPolicy"#,
        );
        let city = bench.ok("Get-CsUser -LdapFilter 'l=Redmond'").len();
        let granted = "Get-CsUser -Filter {PinPolicy -eq 'RedmondUsersPinPolicy'}";
        assert_eq!(bench.ok(granted).len(), city);
        bench.silent(
            r"Get-CsUser -Filter {PinPolicy -eq $Null} | Grant-CsPinPolicy -PolicyName RedmondUsersPinPolicy",
        );
        assert_eq!(bench.ok(granted).len(), bench.ok("Get-CsUser").len());
        let passed = bench.ok("Grant-CsPinPolicy '* Smith' ExecutivesPinPolicy -PassThru");
        assert!(passed.len() >= 2);
        assert!(
            passed
                .iter()
                .all(|user| text(user, "PinPolicy") == "ExecutivesPinPolicy")
        );
    });
}

#[test]
fn a_grant_that_makes_no_sense_is_refused_once() {
    Bench::on(|bench| {
        for (source, id) in [
            (
                "Get-CsUser -ResultSize 5 | Grant-CsPinPolicy -PolicyName Nowhere",
                "PolicyNotFound",
            ),
            (
                "Get-CsUser -ResultSize 5 | Grant-CsPinPolicy -PolicyName site:Redmond",
                "PolicyNotPerUser",
            ),
            ("Grant-CsPinPolicy 'Ken Myer' global", "PolicyNotPerUser"),
            ("Grant-CsPinPolicy 'Ken Myer'", "PolicyNameMissing"),
            (
                "Grant-CsPinPolicy 'Nobody Atall' RedmondUsersPinPolicy",
                "UserNotFound",
            ),
            (
                "Grant-CsPinPolicy 'Maria Garcia' RedmondUsersPinPolicy",
                "UserNotUnique",
            ),
            (
                "Grant-CsPinPolicy 'Ken Myer' Nowhere -WhatIf",
                "PolicyNotFound",
            ),
        ] {
            bench.refused(source, id);
        }
        bench.silent("Grant-CsPinPolicy 'Ken Myer' RedmondUsersPinPolicy -WhatIf");
        assert_eq!(bench.user("Ken Myer").pin_policy, None);
    });
}
