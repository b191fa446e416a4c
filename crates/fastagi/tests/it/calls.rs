//! Whole calls: what Asterisk is told to play, and what the dialplan finds.

use std::collections::BTreeMap;
use std::sync::Arc;

use pinward_attendant::{AskConference, Languages, Settings};
use pinward_core::Outcome;
use pinward_fastagi::{ConfBridge, Desk, Sounds};
use pinward_service::{Attempt, Door, Source, Terms};

use crate::asterisk::{Call, Seen, put_through};
use crate::product::{KEN, PIN, desk, product};

async fn call(desk: &Desk, keyed: &'static str) -> Seen {
    put_through(desk, Call::keying(keyed)).await
}

fn result(seen: &Seen) -> &str {
    seen.variable("PINWARD_RESULT").expect("a result")
}

#[tokio::test]
async fn the_right_pin_sets_what_the_dialplan_needs() {
    let kit = product(Terms::default()).await;
    let seen = call(&desk(&kit), "51219 18723834").await;
    for (name, value) in [
        ("PINWARD_RESULT", "Success"),
        ("PINWARD_SIP", "sip:kenmyer@litwareinc.com"),
        ("PINWARD_DISPLAYNAME", "Ken Myer"),
        ("PINWARD_CONFERENCE", ""),
    ] {
        assert_eq!(seen.variable(name), Some(value), "{name}");
    }
    // Until there is an outcome, the dialplan finds none.
    assert_eq!(seen.commands[0], "SET VARIABLE PINWARD_RESULT Undecided");
    assert_eq!(seen.commands[1], "ANSWER");
    assert_eq!(
        seen.played().join(" "),
        "hello extension astcc-followed-by-the-pound-key confbridge-pin auth-thankyou"
    );
}

#[tokio::test]
async fn everything_else_is_refused() {
    let kit = product(Terms::default()).await;
    let desk = desk(&kit);
    for (keyed, expected) in [
        ("51219 1 51219 2 51219 3", "Refused"),
        ("59999 18723834 59999 18723834 59999 18723834", "Refused"),
        ("~ ~ ~", "NoInput"),
        ("x", "HungUp"),
        ("51219 x", "HungUp"),
        ("51219 1 x", "HungUp"),
        // The keys of an entry that the caller did not end are the entry.
        ("51219~ 18723834~", "Success"),
        // `*` before the right entry.
        ("512* 51219 18723834", "Success"),
        // A key while something is played belongs to the entry.
        ("!5 1219 18723834", "Success"),
        ("!5 1219~ 18723834~", "Success"),
        ("!* 51219 18723834", "Success"),
        ("!# 51219 18723834", "Success"),
    ] {
        let seen = call(&desk, keyed).await;
        assert_eq!(result(&seen), expected, "{keyed}");
        let admitted = seen.variable("PINWARD_SIP").is_some();
        assert_eq!(admitted, expected == "Success", "{keyed}");
    }
}

#[tokio::test]
async fn a_call_is_counted_once_wherever_its_line_goes() {
    let kit = product(Terms::default()).await;
    let desk = desk(&kit);
    let mut counted = BTreeMap::new();
    for (keyed, line_goes_at, expected) in [
        ("51219 18723834", None, "Success"),
        ("51219 18723834", Some("ANSWER"), "BrokenOff"),
        ("51219 18723834", Some("GET DATA"), "BrokenOff"),
        (
            "51219 18723834",
            Some("SET VARIABLE PINWARD_SIP"),
            "Success",
        ),
        (
            "51219 18723834",
            Some("SET VARIABLE PINWARD_RESULT Success"),
            "Success",
        ),
        (
            "51219 18723834",
            Some("STREAM FILE auth-thankyou"),
            "Success",
        ),
        (
            "51219 1 51219 2 51219 3",
            Some("SET VARIABLE PINWARD_RESULT Refused"),
            "Refused",
        ),
    ] {
        let mut call = Call::keying(keyed);
        call.line_goes_at = line_goes_at;
        put_through(&desk, call).await;
        *counted.entry(expected).or_default() += 1;
        let counts = kit.service.calls();
        let counts: BTreeMap<_, u64> = counts.iter().map(|it| (it.what, it.count)).collect();
        assert_eq!(counts, counted, "{keyed}, {line_goes_at:?}");
    }
}

// R-AUTH-5
#[tokio::test]
async fn who_has_an_extension_is_not_told() {
    let kit = product(Terms::default()).await;
    let desk = desk(&kit);
    let wrong = call(&desk, "51219 11111 x").await;
    let nobody = call(&desk, "59999 11111 x").await;
    assert_eq!(wrong.commands, nobody.commands);
}

#[tokio::test]
async fn reasons_are_told_where_the_configuration_says_so() {
    let kit = product(Terms::default()).await;
    let mut desk = desk(&kit);
    desk.settings = Arc::new(Settings {
        tell_reasons: true,
        ..Settings::default()
    });
    let seen = call(&desk, "51219 1 51219 2 51219 3").await;
    assert_eq!(result(&seen), "IncorrectPin");
    let seen = call(&desk, "59999 1 59999 2 59999 3").await;
    assert_eq!(result(&seen), "UserDoesNotExist");
    let ken = kit.person("litwareinc\\kenmyer").await;
    let locked = kit.service.lock_pin(&kit.administrator(), &ken).await;
    assert!(locked.is_ok());
    let seen = call(&desk, "51219 18723834").await;
    assert_eq!(result(&seen), "UserPinAccountLocked");
}

// R-EXP-2
#[tokio::test]
async fn a_pin_that_must_be_changed_is_changed_by_telephone() {
    let must_change = Terms {
        must_change: true,
        ..Terms::default()
    };
    let kit = product(must_change).await;
    let desk = desk(&kit);
    // 90 is too short; then it is mistyped; then it is taken.
    let seen = call(
        &desk,
        "51219 18723834 90 90 90217463 90217464 90217463 90217463",
    )
    .await;
    assert_eq!(result(&seen), "Success");
    assert_eq!(
        seen.played().join(" "),
        "hello extension astcc-followed-by-the-pound-key confbridge-pin your vm-password is \
         de-activated vm-newpassword vm-reenterpassword vm-invalid-password vm-newpassword \
         vm-reenterpassword vm-mismatch vm-newpassword vm-reenterpassword vm-passchanged \
         auth-thankyou"
    );
    assert!(
        seen.commands
            .iter()
            .any(|line| line.starts_with("SAY NUMBER "))
    );
    for (pin, outcome) in [(PIN, Outcome::IncorrectPin), ("90217463", Outcome::Success)] {
        let attempt = Attempt {
            who: KEN,
            pin,
            also_known_as: None,
            source: Source::of(Door::Shell),
            delivery: None,
        };
        let verdict = kit.service.log_on(&attempt).await.expect("a verdict");
        assert_eq!(verdict.outcome, outcome);
    }
}

#[tokio::test]
async fn callers_are_handed_to_the_conference_bridge() {
    let kit = product(Terms::default()).await;
    let mut desk = desk(&kit);
    desk.settings = Arc::new(Settings {
        conference: AskConference::Optional,
        ..Settings::default()
    });
    let seen = call(&desk, "4711 51219 18723834").await;
    assert_eq!(seen.variable("PINWARD_CONFERENCE"), Some("4711"));
    assert_eq!(result(&seen), "Success");
    desk.confbridge = Some(ConfBridge {
        user: "staff".to_owned(),
        ..ConfBridge::default()
    });
    let seen = call(&desk, "4711 51219 18723834").await;
    // Whoever comes back from the bridge was not let in anew.
    assert_eq!(result(&seen), "Conference");
    assert_eq!(seen.variable("CALLERID(name)"), Some("Ken Myer"));
    let last = seen.commands.last().map(String::as_str);
    assert_eq!(last, Some("EXEC ConfBridge \"4711,,staff\""));
    // Without a conference there is nothing to hand over to.
    assert_eq!(result(&call(&desk, "# 51219 18723834").await), "Success");
    // The dialplan may know the conference.
    let known = Call::keying("51219 18723834").with("arg_1", "4712");
    let seen = put_through(&desk, known).await;
    assert_eq!(seen.variable("PINWARD_CONFERENCE"), Some("4712"));
}

#[tokio::test]
async fn the_callers_number_is_offered_only_where_it_is_trusted() {
    let kit = product(Terms::default()).await;
    let mut desk = desk(&kit);
    let own = || Call::keying("# 18723834").with("callerid", KEN);
    let seen = put_through(&desk, own()).await;
    assert_ne!(result(&seen), "Success");
    desk.trust_caller_number = true;
    let seen = put_through(&desk, own()).await;
    assert_eq!(result(&seen), "Success");
    let says = |word: &str| seen.commands.iter().any(|line| line.starts_with(word));
    assert!(says("SAY DIGITS 51219 "), "{:?}", seen.commands);
}

#[tokio::test]
async fn languages_have_recordings_of_their_own() {
    let kit = product(Terms::default()).await;
    let mut desk = desk(&kit);
    desk.sounds = Sounds::Folder("pinward".to_owned());
    desk.settings = Arc::new(Settings {
        languages: Languages::parse(&["en-US", "de-DE"]).expect("languages"),
        ..Settings::default()
    });
    let seen = call(&desk, "2 51219 18723834").await;
    assert_eq!(result(&seen), "Success");
    assert_eq!(seen.variable("CHANNEL(language)"), Some("de_DE"));
    assert_eq!(
        seen.played().join(" "),
        "pinward/welcome pinward/press-for-language pinward/press-for-language \
         pinward/enter-number pinward/enter-pin pinward/admitted"
    );
}

#[tokio::test]
async fn a_sound_that_is_not_there_ends_no_call() {
    let kit = product(Terms::default()).await;
    let seen = call(&desk(&kit), "? 51219 18723834").await;
    assert_eq!(result(&seen), "Success");
    assert!(seen.commands.iter().any(|line| line == "CHANNEL STATUS"));
}
