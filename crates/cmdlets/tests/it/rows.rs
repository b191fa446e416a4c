//! PINs that come row by row: `Import-Csv pins.csv | Set-CsClientPin`.

use pinward_core::Outcome;

use crate::bench::{Bench, text};

const ROWS: &str = "\
Identity,Pin,Note
litwareinc\\kenmyer,018723834,with a zero
Pilar Ackerman,,nothing
nobody@litwareinc.com,383042650,nobody
sip:johnsmith@litwareinc.com,123456,counting
sip:johnsmith@litwareinc.com,1985848,
";

/// The rows as objects, as Import-Csv makes them.
fn rows(csv: &str) -> String {
    let rows: Vec<String> = csv
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            format!(
                "[pscustomobject]@{{Identity='{}'; Pin='{}'}}",
                cells[0], cells[1]
            )
        })
        .collect();
    rows.join(", ")
}

// R-SET-1, R-SET-6, R-PIN-4
#[test]
fn each_row_brings_its_own_pin() {
    Bench::on(|bench| {
        let shown = bench.values(&format!("{} | Set-CsClientPin", rows(ROWS)));
        let pairs: Vec<(String, String)> = shown
            .iter()
            .map(|one| (text(one, "Identity"), text(one, "Pin")))
            .collect();
        let ken = "sip:kenmyer@litwareinc.com".to_owned();
        let john = "sip:johnsmith@litwareinc.com".to_owned();
        assert_eq!(
            pairs,
            [(ken, "018723834".to_owned()), (john, "1985848".to_owned())]
        );
        let errors = bench.host.with(|seen| seen.errors.clone());
        let told: Vec<(&str, &str)> = errors
            .iter()
            .map(|error| (error.id.as_ref(), error.message.as_str()))
            .collect();
        let ids: Vec<&str> = told.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, ["PinMissing", "UserNotFound", "PinRefused"]);
        for (user, (_, message)) in ["packerman", "nobody", "johnsmith"].iter().zip(&told) {
            assert!(message.contains(user), "{message}");
        }
        assert!(!bench.everything_shown().contains("123456"));
        assert!(
            !bench.info("Pilar Ackerman").is_pin_set,
            "none is generated in place of an empty one"
        );
        assert_eq!(bench.log_on("51219", "018723834"), Outcome::Success);
        assert_eq!(bench.log_on("51219", "18723834"), Outcome::IncorrectPin);
    });
}

#[test]
fn pins_do_not_wander_between_rows() {
    Bench::on(|bench| {
        let users = bench.texts("Get-CsUser -ResultSize 90", "SipAddress");
        let rows: Vec<String> = (0..)
            .zip(&users)
            .map(|(i, user)| {
                format!(
                    "[pscustomobject]@{{Identity='{user}'; Pin='{}'}}",
                    pin_of(i)
                )
            })
            .collect();
        let shown = bench.ok(&format!("{} | Set-CsClientPin", rows.join(", ")));
        assert_eq!(shown.len(), users.len());
        for ((i, user), shown) in (0..).zip(&users).zip(&shown) {
            assert_eq!(&text(shown, "Identity"), user);
            assert_eq!(text(shown, "Pin"), pin_of(i));
            assert_eq!(bench.log_on(user, &pin_of(i)), Outcome::Success, "{user}");
        }
    });
}

/// Different PINs of ten digits that break no rule.
fn pin_of(row: usize) -> String {
    format!("{}{:02}73902618", 4 + row % 5, row)[..10].to_owned()
}

// A PIN that was meant to come from somewhere and is not there is never generated instead.
#[test]
fn an_empty_pin_is_an_error() {
    Bench::on(|bench| {
        for source in [
            "Set-CsClientPin 'Ken Myer' -Pin ''",
            "Set-CsClientPin 'Ken Myer' -Pin ' '",
            "Set-CsClientPin 'Ken Myer' -Pin $null",
            "Set-CsClientPin 'Ken Myer' -Pin $never.Pin",
            "Set-CsClientPin 'Ken Myer' -Pin '' -WhatIf",
            "[pscustomobject]@{Identity='Ken Myer'; Pin=''} | Set-CsClientPin",
            "[pscustomobject]@{Identity='Ken Myer'; Pin=$null} | Set-CsClientPin",
            "[pscustomobject]@{Identity='Ken Myer'; Pin=@('18723834','1985848')} | Set-CsClientPin",
            "@{Identity='Ken Myer'; Pin=@{}} | Set-CsClientPin",
        ] {
            bench.refused(source, "PinMissing");
            assert!(!bench.info("Ken Myer").is_pin_set, "{source}");
        }
        // What is written goes before what comes along.
        let source =
            "[pscustomobject]@{Identity='Ken Myer'; Pin=''} | Set-CsClientPin -Pin 1985848";
        bench.ok(source);
        assert_eq!(bench.log_on("51219", "1985848"), Outcome::Success);
    });
}
