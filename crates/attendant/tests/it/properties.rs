//! What holds for every caller, whatever they key.

use std::num::NonZeroU8;
use std::sync::Arc;

use pinward_attendant::{Answer, AskConference, Input, Keys, Languages, MOST_TURNS, Settings};
use pinward_core::Outcome;
use proptest::prelude::*;

use crate::helpers::{EXPIRED, KEN, NOBODY, OLD, RIGHT, SHORT, call, drive, drive_with, ken};

/// What comes of a question, as text so that it can be shown; `None` hangs up.
fn keyed() -> impl Strategy<Value = Vec<Option<String>>> {
    let known = prop::sample::select(vec![KEN, NOBODY, RIGHT, EXPIRED, SHORT, OLD, "975310"]);
    let one = prop_oneof![
        8 => known.prop_map(|text| Some(text.to_owned())),
        2 => "[0-9*]{0,30}".prop_map(Some),
        2 => "[1-3]".prop_map(Some),
        1 => Just(Some("-".to_owned())),
    ];
    let gone = prop_oneof![20 => one, 1 => Just(None)];
    prop::collection::vec(gone, 0..120)
}

fn inputs(keyed: &[Option<String>]) -> impl Iterator<Item = Input> {
    keyed.iter().map(|keys| match keys.as_deref() {
        None => Input::HungUp,
        Some("-") => Input::Nothing,
        Some(keys) => Input::Keys(Keys::parse(keys).expect("keys")),
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    let languages = prop::sample::select(vec![&["en-US"][..], &["en-US", "de-DE", "fr-FR"]]);
    let conference = prop::sample::select(vec![
        AskConference::No,
        AskConference::Optional,
        AskConference::Required,
    ]);
    (languages, conference, 1..9_u8, any::<bool>(), any::<bool>()).prop_map(
        |(languages, conference, attempts, offer_new_pin, tell_reasons)| Settings {
            languages: Languages::parse(languages).expect("languages"),
            conference,
            attempts: NonZeroU8::new(attempts).expect("not zero"),
            offer_new_pin,
            tell_reasons,
            ..Settings::default()
        },
    )
}

const OUTCOMES: &[&str] = &[
    "Success",
    "Refused",
    "NoInput",
    "HungUp",
    "IncorrectPin",
    "UserDoesNotExist",
    "PinExpired",
];

proptest! {
    #[test]
    fn every_call_ends_and_no_pin_too_many_is_checked(
        settings in settings(), keyed in keyed()
    ) {
        let heard = drive(call(&settings), inputs(&keyed));
        prop_assert!(OUTCOMES.contains(&heard.outcome.as_str()), "{}", heard.outcome);
        let attempts = usize::from(settings.attempts.get());
        // One proof of the old PIN beside the refusals; then the PIN that was just chosen.
        prop_assert!(heard.choices <= attempts, "{} choices", heard.choices);
        let chosen = heard.said.iter().any(|said| said == "pin-changed");
        prop_assert!(heard.verdicts <= attempts + usize::from(chosen), "{}", heard.verdicts);
        let questions = heard.said.iter().filter(|said| said.starts_with("enter-")).count();
        prop_assert!(questions <= usize::from(MOST_TURNS));
        if heard.outcome == "Success" {
            prop_assert!(keyed.iter().flatten().any(|keys| keys == RIGHT) || chosen);
        }
    }

    // R-AUTH-5: what is said is the same whatever the reason of a refusal is.
    #[test]
    fn nothing_that_is_said_tells_why(
        settings in settings(), keyed in keyed(), reasons in prop::collection::vec(0..6_usize, 9)
    ) {
        let settings = Settings { tell_reasons: false, ..settings };
        let refusals = [
            None,
            Some(Outcome::IncorrectPin),
            Some(Outcome::UserDoesNotExist),
            Some(Outcome::UserPinAccountLocked),
            Some(Outcome::PinNotSet),
            Some(Outcome::NonUniqueUser),
        ];
        let refuse = |why: &dyn Fn() -> Option<Outcome>| {
            drive_with(call(&settings), &mut inputs(&keyed), |deciding, _| {
                match deciding.pin().reveal().as_str() {
                    RIGHT => Answer::Admitted(Arc::new(ken())),
                    _ => Answer::Refused(why()),
                }
            })
        };
        let reason = std::cell::Cell::new(0);
        let varied = refuse(&|| {
            let nth = reason.replace(reason.get() + 1);
            refusals[reasons[nth % reasons.len()]]
        });
        prop_assert_eq!(varied, refuse(&|| None));
    }
}
