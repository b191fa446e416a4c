//! Lock-CsClientPin and Unlock-CsClientPin.

use pinward_core::{LockState, Outcome};

use crate::bench::{Bench, text};

// R-LOCK-7, R-LOCK-9
#[test]
fn a_lock_holds_until_it_is_taken_off() {
    Bench::on(|bench| {
        bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
        bench.silent(r#"Lock-CsClientPin -Identity "kenmyer@litwareinc.com""#);
        assert_eq!(
            bench.log_on("51219", "18723834"),
            Outcome::UserPinAccountLocked
        );
        let info = bench.info("Ken Myer");
        assert!(info.is_locked_out);
        assert_eq!(info.lock_state, LockState::Administrator);
        bench.silent(r#"Unlock-CsClientPin -Identity "litwareinc\kenmyer""#);
        assert_eq!(bench.log_on("51219", "18723834"), Outcome::Success);
    });
}

// R-LOCK-7: also where it was not locked.
#[test]
fn unlocking_sets_both_counts_to_zero() {
    Bench::on(|bench| {
        bench.ok("Set-CsClientPin 'Ken Myer' -Pin 18723834");
        assert_eq!(bench.log_on("51219", "99999999"), Outcome::IncorrectPin);
        let failures = |bench: &Bench| {
            let info = bench.info("Ken Myer");
            (info.local_failures, info.global_failures)
        };
        assert_eq!(failures(bench), (1, 1));
        bench.silent("Unlock-CsClientPin 'Ken Myer'");
        assert_eq!(failures(bench), (0, 0));
    });
}

#[test]
fn all_pins_that_are_set_are_locked() {
    Bench::on(|bench| {
        bench.ok(r#"Set-CsClientPin "* Smith""#);
        let set = bench
            .ok(r"Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet}")
            .len();
        bench.silent(
            r"Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet -eq $True} | Lock-CsClientPin",
        );
        let locked = r"Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsLockedOut -eq $True}";
        assert_eq!(bench.ok(locked).len(), set);
        assert!(bench.info("John Smith").is_locked_out);
        bench.silent(&format!("{locked} | Unlock-CsClientPin"));
        assert!(bench.ok(locked).is_empty());
    });
}

// R-EXP-1
#[test]
fn expired_pins_are_locked_and_the_others_are_not() {
    Bench::on(|bench| {
        bench.ok("Set-CsPinPolicy site:Redmond -PINLifetime 30");
        bench.ok("Set-CsClientPin 'Ken Myer'");
        bench.kit.clock.advance_days(31);
        bench.tell_time();
        bench.ok("Set-CsClientPin 'Pilar Ackerman'");
        let paris = bench.texts(
            "Get-CsUser -Filter {City -eq 'Paris'} -ResultSize 1",
            "SipAddress",
        );
        bench.ok(&format!("Set-CsClientPin {}", paris[0]));
        bench.silent(
            r"Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.PinExpirationTime -lt (Get-Date)} | Lock-CsClientPin",
        );
        assert!(bench.info("Ken Myer").is_locked_out, "expired");
        assert!(
            !bench.info("Pilar Ackerman").is_locked_out,
            "not expired yet"
        );
        assert!(!bench.info(&paris[0]).is_locked_out, "never expires");
    });
}

#[test]
fn refusals_are_reported_and_the_others_go_through() {
    Bench::on(|bench| {
        for verb in ["Lock", "Unlock"] {
            bench.values(&format!(
                "'Nobody Atall', 'Gary Winslow', 'Maria Garcia', 'Ken Myer' | {verb}-CsClientPin"
            ));
            let expected = ["UserNotFound", "UserNotEnabled", "UserNotUnique"];
            assert_eq!(bench.host.error_ids(), expected);
            assert_eq!(bench.info("Ken Myer").is_locked_out, verb == "Lock");
            bench.refused(
                &format!("{verb}-CsClientPin garywinslow@litwareinc.com -WhatIf"),
                "UserNotEnabled",
            );
        }
    });
}

#[test]
fn what_if_locks_nothing_and_verbose_tells() {
    Bench::on(|bench| {
        bench.silent("Lock-CsClientPin 'Ken Myer' -WhatIf");
        assert_eq!(bench.remarks().len(), 1);
        assert!(!bench.info("Ken Myer").is_locked_out);
        bench.ok("Lock-CsClientPin 'Ken Myer' -Verbose");
        let told = bench.host.with(|seen| seen.verbose.clone());
        assert_eq!(told, ["The PIN of sip:kenmyer@litwareinc.com is locked."]);
        let state = bench.ok("Get-CsClientPinInfo 'Ken Myer'");
        assert_eq!(text(&state[0], "LockState"), "Administrator");
        assert_eq!(
            text(&state[0], "IsPinSet"),
            "False",
            "no PIN, and locked all the same"
        );
    });
}

// R-RBAC-4
#[test]
fn the_help_desk_locks_and_unlocks_and_nothing_else() {
    Bench::with_role("CsHelpDesk", |bench| {
        bench.silent("Lock-CsClientPin 'Ken Myer'");
        bench.silent("Get-CsUser 'Ken Myer' | Unlock-CsClientPin");
        for source in [
            "Set-CsClientPin 'Ken Myer'",
            "Get-CsPinPolicy",
            "Get-CsAdminRole",
        ] {
            assert!(bench.values(source).is_empty());
            let ids = bench.host.error_ids();
            assert!(
                ids.len() == 1 && ids[0].contains("NotFound"),
                "{source}: {ids:?}"
            );
        }
    });
}
