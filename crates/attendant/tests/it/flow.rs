//! From the first question to the verdict.

use pinward_attendant::{AskConference, Input, Keys, Languages, MOST_TURNS, Settings};

use crate::helpers::{call, drive, script};

fn check(settings: &Settings, keyed: &str, outcome: &str, said: &str) {
    let heard = drive(call(settings), script(keyed));
    assert_eq!(heard.outcome, outcome, "{keyed}");
    assert_eq!(heard.said.join(" "), said, "{keyed}");
}

#[test]
fn a_number_and_a_pin_are_all_it_takes() {
    let plain = Settings::default();
    let check = |keyed, outcome, said| check(&plain, keyed, outcome, said);
    check(
        "51219# 246810#",
        "Success",
        "welcome enter-number enter-pin admitted",
    );
    check("x", "HungUp", "welcome enter-number");
    check("51219# x", "HungUp", "welcome enter-number enter-pin");
    // What was keyed when the caller falls silent is the answer, also without `#`.
    check(
        "51219 246810",
        "Success",
        "welcome enter-number enter-pin admitted",
    );
    check(
        "51219# 11# 51219# 246810#",
        "Success",
        "welcome enter-number enter-pin refused enter-number enter-pin admitted",
    );
    check(
        "51219# 11# 51219# 12# 51219# 13#",
        "Refused",
        "welcome enter-number enter-pin refused enter-number enter-pin refused enter-number \
         enter-pin refused goodbye",
    );
}

#[test]
fn silence_and_what_is_no_answer_end_a_call_when_they_come_too_often() {
    let plain = Settings::default();
    let check = |keyed, outcome, said| check(&plain, keyed, outcome, said);
    check(
        "- - -",
        "NoInput",
        "welcome enter-number nothing-keyed enter-number nothing-keyed enter-number \
         nothing-keyed goodbye",
    );
    // An answer that is understood starts the count anew.
    check(
        "- # 51219# - - 246810#",
        "Success",
        "welcome enter-number nothing-keyed enter-number nothing-keyed enter-number enter-pin \
         nothing-keyed enter-pin nothing-keyed enter-pin admitted",
    );
    // 25 digits are no PIN.
    check(
        "51219# 1234567890123456789012345 246810#",
        "Success",
        "welcome enter-number enter-pin not-understood enter-pin admitted",
    );
}

#[test]
fn a_star_starts_over_and_forgives_nothing() {
    let plain = Settings::default();
    let check = |keyed, outcome, said| check(&plain, keyed, outcome, said);
    check(
        "51218# * 51219# 246810#",
        "Success",
        "welcome enter-number enter-pin starting-over enter-number enter-pin admitted",
    );
    check(
        "512*",
        "HungUp",
        "welcome enter-number starting-over enter-number",
    );
    let wrong = "51219# 11# * ";
    let heard = drive(call(&plain), script(&wrong.repeat(5)));
    assert_eq!(heard.outcome, "Refused");
    assert_eq!(heard.verdicts, 3);
    let stars = std::iter::repeat_with(|| Input::Keys(Keys::parse("*").expect("a key")));
    let heard = drive(call(&plain), stars);
    assert_eq!(heard.outcome, "NoInput");
    let asked = heard.said.iter().filter(|said| *said == "enter-number");
    assert_eq!(asked.count(), usize::from(MOST_TURNS));
}

#[test]
fn languages_are_offered_where_there_are_several() {
    let two = Settings {
        languages: Languages::parse(&["en-US", "DE-de"]).expect("languages"),
        ..Settings::default()
    };
    check(
        &two,
        "7 2 51219# 246810#",
        "Success",
        "welcome press 1 for en-US press 2 for de-DE not-understood press 1 for en-US press 2 \
         for de-DE enter-number enter-pin admitted",
    );
    // `*` goes back to the choice.
    check(
        &two,
        "2 *",
        "HungUp",
        "welcome press 1 for en-US press 2 for de-DE enter-number starting-over press 1 for \
         en-US press 2 for de-DE",
    );
    for wrong in [&[][..], &["en-US", "EN-us"], &["tlh-KL"], &["en-US"; 10]] {
        assert_eq!(Languages::parse(wrong), None, "{wrong:?}");
    }
}

#[test]
fn a_conference_is_asked_for_or_known() {
    let with = |conference| Settings {
        conference,
        ..Settings::default()
    };
    let optional = with(AskConference::Optional);
    check(
        &optional,
        "# 51219# 246810#",
        "Success",
        "welcome enter-conference or-pound-for-none enter-number enter-pin admitted",
    );
    let conference = |settings: &Settings, keyed: &str| {
        let heard = drive(call(settings), script(keyed));
        assert_eq!(heard.outcome, "Success", "{keyed}");
        heard.conference
    };
    assert_eq!(conference(&optional, "# 51219# 246810#"), None);
    let named = Some("4711".to_owned());
    assert_eq!(conference(&optional, "4711# 51219# 246810#"), named);
    // Whoever starts over names another.
    assert_eq!(conference(&optional, "815# * 4711# 51219# 246810#"), named);
    check(
        &with(AskConference::Required),
        "# 4711# 51219# 246810#",
        "Success",
        "welcome enter-conference nothing-keyed enter-conference enter-number enter-pin admitted",
    );
    let known = call(&optional).to_conference("4711");
    let heard = drive(known, script("* 51219# 246810#"));
    assert_eq!(heard.conference, named);
    assert_eq!(
        heard.said.join(" "),
        "welcome enter-number starting-over enter-number enter-pin admitted"
    );
}

#[test]
fn the_callers_own_number_is_offered_where_it_is_known() {
    for (number, digits) in [("51219", "51219"), ("+14255551219", "14255551219")] {
        let own = call(&Settings::default()).from_number(number);
        let heard = drive(own, script("# 246810#"));
        assert_eq!(heard.outcome, "Success", "{number}");
        assert_eq!(
            heard.said.join(" "),
            format!("welcome enter-number or-pound-for-this-number {digits} enter-pin admitted")
        );
    }
    for number in ["", "anonymous", "+", "1234x"] {
        let own = call(&Settings::default()).from_number(number);
        let heard = drive(own, script("#"));
        assert_eq!(
            heard.said.join(" "),
            "welcome enter-number nothing-keyed enter-number",
            "{number}"
        );
    }
}

#[test]
fn reasons_are_told_where_callers_are_trusted_with_them() {
    let open = Settings {
        tell_reasons: true,
        ..Settings::default()
    };
    check(
        &open,
        "59999# 11# 51219# 11# 51219# 12#",
        "IncorrectPin",
        "welcome enter-number enter-pin unknown-number enter-number enter-pin incorrect-pin \
         enter-number enter-pin incorrect-pin goodbye",
    );
}

#[test]
fn keys_are_digits_and_stars() {
    for good in ["", "#", "1", "12#", "1*2", &"1".repeat(64)] {
        assert!(Keys::parse(good).is_ok(), "{good}");
    }
    for bad in ["a", "1#2", "##", " 1", "\u{661}", &"1".repeat(65)] {
        assert!(Keys::parse(bad).is_err(), "{bad}");
    }
}
