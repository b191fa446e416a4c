//! A PIN that has expired or must be changed is replaced over the telephone. R-EXP-2

use pinward_attendant::{Answer, Settings};
use pinward_core::Outcome;

use crate::helpers::{
    EXPIRED, Heard, KEN, LATE, OLD, SHORT, call, drive, drive_with, must_choose, script,
};

fn choose(keyed: &str) -> Heard {
    let keyed = format!("{KEN}# {EXPIRED}# {keyed}");
    drive(call(&Settings::default()), script(&keyed))
}

fn check(keyed: &str, outcome: &str, said_then: &str) {
    let heard = choose(keyed);
    assert_eq!(heard.outcome, outcome, "{keyed}");
    let said = heard.said.join(" ");
    let before = "welcome enter-number enter-pin pin-expired enter-new-pin ";
    assert_eq!(said.strip_prefix(before), Some(said_then), "{keyed}");
}

#[test]
fn a_new_pin_is_entered_twice_and_lets_in() {
    let again = "enter-new-pin-again";
    check(
        "975310# 975310#",
        "Success",
        &format!("{again} pin-changed admitted"),
    );
    check(
        "975310# 975311# 975310# 975310#",
        "Success",
        &format!("{again} pins-differ enter-new-pin {again} pin-changed admitted"),
    );
    check(
        "975310# * 975310# 975310#",
        "Success",
        &format!("{again} starting-over enter-new-pin {again} pin-changed admitted"),
    );
    // The new PIN is checked like every other, so that letting in is recorded.
    assert_eq!(choose("975310# 975310#").verdicts, 2);
}

#[test]
fn why_a_pin_is_refused_is_said() {
    let again = "enter-new-pin-again";
    check(
        &format!("{SHORT}# {SHORT}# {OLD}# {OLD}# 975310# 975310#"),
        "Success",
        &format!(
            "{again} pin-too-short 5 pin-repeating enter-new-pin {again} pin-used-before \
             enter-new-pin {again} pin-changed admitted"
        ),
    );
    let heard = choose(&format!("{OLD}# {OLD}# ").repeat(9));
    assert_eq!(heard.outcome, "PinExpired");
    assert_eq!(heard.choices, 3);
}

#[test]
fn a_pin_that_was_set_meanwhile_ends_the_call() {
    check(
        &format!("{LATE}# {LATE}#"),
        "PinExpired",
        "enter-new-pin-again pin-set-meanwhile goodbye",
    );
}

#[test]
fn where_it_is_not_offered_the_reason_is_told() {
    let settings = Settings {
        offer_new_pin: false,
        ..Settings::default()
    };
    let heard = drive(call(&settings), script(&format!("{KEN}# {EXPIRED}#")));
    assert_eq!(heard.outcome, "PinExpired");
    assert_eq!(
        heard.said.join(" "),
        "welcome enter-number enter-pin pin-expired goodbye"
    );
}

#[test]
fn a_new_pin_that_does_not_open_ends_the_call() {
    type Second = fn() -> Answer;
    let cases: [(Second, &str); 2] = [
        (
            || must_choose(Outcome::PinMustBeChanged),
            "PinMustBeChanged",
        ),
        (
            || Answer::Refused(Some(Outcome::UserPinAccountLocked)),
            "Refused",
        ),
    ];
    for (second, outcome) in cases {
        let mut keyed = script("51219# 135790# 975310# 975310#");
        let heard = drive_with(
            call(&Settings::default()),
            &mut keyed,
            |_, changed| match changed {
                false => must_choose(Outcome::PinExpired),
                true => second(),
            },
        );
        assert_eq!(heard.outcome, outcome);
        assert_eq!(heard.verdicts, 2);
    }
}
