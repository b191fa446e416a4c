//! What was found, for people and as JSON. No PIN is in it.

use std::fmt::Write;

use pinward_core::{LengthClass, Limits, MAX_DIGITS};
use pinward_guessing::{SHORTEST, guesses};
use serde_json::{Value, json};

use super::Measured;

/// Lengths that have the same limits: the first, the last, the limits.
fn limits(found: &Measured) -> Vec<(usize, usize, Limits)> {
    let mut all: Vec<(usize, usize, Limits)> = Vec::new();
    for length in SHORTEST..=MAX_DIGITS {
        let limits = guesses(LengthClass::of(length), found.maximum_logon_attempts);
        match all.last_mut() {
            Some((_, last, same)) if *same == limits => *last = length,
            _ => all.push((length, length, limits)),
        }
    }
    all
}

/// Why the figures may mean nothing.
fn warnings(found: &Measured) -> Vec<&'static str> {
    let alike = "no PIN was chosen by more than one person: a list that is only sorted by frequency does not say \
                 how often PINs were chosen, and the shares below are not those of an attacker who knows that";
    match found.differ {
        true => Vec::new(),
        false => vec![alike],
    }
}

/// A part of a whole, where there is a whole.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.2} %", 100.0 * share))
}

/// The report for people.
pub fn text(found: &Measured) -> String {
    let mut out = String::new();
    let people = found.people;
    let files = match found.files {
        1 => "1 file".to_owned(),
        files => format!("{files} files"),
    };
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        "{people} people chose {} different PINs; read from {files}",
        found.different_pins
    );
    let skipped = &found.skipped;
    for (lines, people, what) in [
        (
            skipped.lines_not_digits,
            skipped.people_not_digits,
            "something other than digits".to_owned(),
        ),
        (
            skipped.lines_of_other_length,
            skipped.people_of_other_length,
            format!("fewer than {SHORTEST} or more than {MAX_DIGITS} digits"),
        ),
    ] {
        if lines > 0 {
            let _ = writeln!(out, "skipped: {lines} lines ({people} people) with {what}");
        }
    }
    for warning in warnings(found) {
        let _ = writeln!(out, "warning: {warning}");
    }
    let _ = write!(out, "limits, local and global:");
    for (first, last, limits) in limits(found) {
        let digits = match first == last {
            true => first.to_string(),
            false => format!("{first} to {last}"),
        };
        let _ = write!(out, " {digits} digits {}, {};", limits.local, limits.global);
    }
    out.pop();
    let _ = writeln!(
        out,
        "\n\n{:<28} {:^21} {:^23} {:^21}\n{:<9} {:<18} {:>10} {:>10} {:>12} {:>10} {:>10} {:>10}",
        "",
        "refused as",
        "accepted",
        "of these found within",
        "MinLength",
        "CommonPatterns",
        "too short",
        "pattern",
        "people",
        "PINs",
        "local",
        "global"
    );
    for (policy, of) in &found.policies {
        let patterns = match policy.allow_common_patterns {
            true => "allowed",
            false => "refused",
        };
        let _ = writeln!(
            out,
            "{:<9} {patterns:<18} {:>10} {:>10} {:>12} {:>10} {:>10} {:>10}",
            policy.min_password_length,
            percent(share(of.too_short, people)),
            percent(share(of.common_pattern, people)),
            of.accepted,
            of.different_pins,
            percent(share(of.within_local, of.accepted)),
            percent(share(of.within_global, of.accepted)),
        );
    }
    out.trim_end().to_owned()
}

/// The report for programs. Shares are of 1; those found are of the people accepted, null where there is
/// nobody.
pub fn json(found: &Measured) -> Value {
    let limits: Vec<Value> = limits(found)
        .into_iter()
        .map(|(first, last, limits)| {
            json!({
                "minDigits": first,
                "maxDigits": last,
                "local": limits.local,
                "global": limits.global,
            })
        })
        .collect();
    let policies: Vec<Value> = found
        .policies
        .iter()
        .map(|(policy, of)| {
            json!({
                "minPasswordLength": policy.min_password_length,
                "allowCommonPatterns": policy.allow_common_patterns,
                "maximumLogonAttempts": policy.maximum_logon_attempts,
                "people": of.people(),
                "refusedTooShort": of.too_short,
                "refusedCommonPattern": of.common_pattern,
                "accepted": of.accepted,
                "acceptedDifferentPins": of.different_pins,
                "foundWithinLocal": of.within_local,
                "foundWithinGlobal": of.within_global,
                "shareRefused": share(of.too_short + of.common_pattern, of.people()),
                "shareFoundWithinLocal": share(of.within_local, of.accepted),
                "shareFoundWithinGlobal": share(of.within_global, of.accepted),
            })
        })
        .collect();
    let skipped = &found.skipped;
    json!({
        "people": found.people,
        "differentPins": found.different_pins,
        "files": found.files,
        "skipped": {
            "linesNotDigits": skipped.lines_not_digits,
            "peopleNotDigits": skipped.people_not_digits,
            "linesOfOtherLength": skipped.lines_of_other_length,
            "peopleOfOtherLength": skipped.people_of_other_length,
        },
        "warnings": warnings(found),
        "limits": limits,
        "policies": policies,
    })
}
