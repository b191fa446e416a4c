//! R-PIN-1 to R-PIN-4 and R-PIN-6.

use super::*;
use crate::policy_identity::PolicyIdentity;

fn default_policy() -> Policy {
    Policy::defaults(PolicyIdentity::Global)
}

fn ken() -> PinFacts {
    PinFacts {
        extension: Some("51297".into()),
        phone_digits: Some("14255551297".into()),
    }
}

#[track_caller]
fn check(candidate: &str, policy: &Policy, expected: &[&str]) {
    let found: Vec<_> = match check_pin(candidate, policy, &ken()) {
        Ok(pin) => {
            assert_eq!(pin.reveal().as_str(), candidate);
            Vec::new()
        }
        Err(violations) => violations.iter().map(Violation::code).collect(),
    };
    assert_eq!(found, expected, "{candidate}");
}

#[test]
fn syntax_and_length() {
    let policy = default_policy();
    // R-PIN-1
    check("", &policy, &["PinTooShort"]);
    check("12a45", &policy, &["PinNotDigits"]);
    check("57 204", &policy, &["PinNotDigits"]);
    check("٣٨٣٠٤٢", &policy, &["PinNotDigits"]);
    check("５７２０４", &policy, &["PinNotDigits"]);
    check("383042650383042659170426", &policy, &[]);
    check("3830426503830426591704261", &policy, &["PinTooLong"]);
    check(&"é".repeat(30), &policy, &["PinNotDigits", "PinTooLong"]);
    // R-PIN-2
    check("0573", &policy, &["PinTooShort"]);
    check("05739", &policy, &[]);
    let eight = Policy {
        min_password_length: 8,
        ..default_policy()
    };
    check("1259", &eight, &["PinTooShort"]);
    let allowing = Policy {
        allow_common_patterns: true,
        ..eight
    };
    check("1259", &allowing, &["PinTooShort"]);
    check("11111111", &allowing, &[]);
}

#[test]
fn documented_examples() {
    // R-PIN-6
    let policy = default_policy();
    for good in ["18723834", "121989", "383042650", "1985848"] {
        check(good, &policy, &[]);
    }
    for bad in ["225577", "222222", "11223344", "991234", "123456", "12345"] {
        assert!(
            check_pin(bad, &policy, &PinFacts::default()).is_err(),
            "{bad}"
        );
    }
    // The reference signs in with this one, so a policy of four digits must take it.
    check(
        "0712",
        &Policy {
            min_password_length: 4,
            ..policy
        },
        &[],
    );
}

#[test]
fn each_pattern_rule() {
    let policy = Policy {
        min_password_length: 4,
        ..default_policy()
    };
    // R-PIN-3 (a): runs of two or more alone; one single digit outside a run saves the PIN.
    check("2255577", &policy, &["PinRepeatingDigits"]);
    check("2255771", &policy, &[]);
    check("7225577", &policy, &[]);
    // R-PIN-3 (a): one block repeated; a part of it left over is no repetition.
    check("507350735073", &policy, &["PinRepeatedBlock"]);
    check("50735073507", &policy, &[]);
    check("704704", &policy, &["PinRepeatedBlock"]);
    // R-PIN-3 (b): four and more anywhere, both ways, no wrapping around.
    check("7345608", &policy, &["PinConsecutiveDigits"]);
    check("7065438", &policy, &["PinConsecutiveDigits"]);
    check("7034508", &policy, &[]);
    check("1890157", &policy, &[]);
    check("1210985", &policy, &[]);
    // R-PIN-3 (c): the extension as a whole; the phone number in part.
    check("51297", &policy, &["PinIsExtension", "PinInPhoneNumber"]);
    check("5551297", &policy, &["PinInPhoneNumber"]);
    check("4255", &policy, &["PinInPhoneNumber"]);
    check("512970", &policy, &[]);
    check("91297", &policy, &[]);
}

#[test]
fn own_extension_that_is_no_part_of_the_number() {
    // R-PIN-3 (c)
    let facts = PinFacts {
        extension: Some("80461".into()),
        phone_digits: None,
    };
    let policy = default_policy();
    assert_eq!(
        check_pin("80461", &policy, &facts).err(),
        Some(vec![Violation::Extension])
    );
    assert!(
        check_pin(
            "8046",
            &Policy {
                min_password_length: 4,
                ..policy
            },
            &facts
        )
        .is_ok()
    );
}

#[test]
fn common_pins() {
    // R-PIN-3 (d): the habits, each with a neighbour that is free.
    let policy = Policy {
        min_password_length: 4,
        ..default_policy()
    };
    let refused = [
        "1110",
        "0110011",
        "4774",
        "9074709",
        "123321",
        "7890",
        "0369",
        "13579",
        "97531",
        "02468",
        "102030",
        "112131",
        "100101102",
        "1987",
        "2035",
        "1900",
        "19872012",
        "24121987",
        "12241987",
        "19871224",
        "241287",
        "871224",
        "198712",
        "2580",
        "14789",
        "1596",
        "1478963",
        "147258",
        "159753",
        "1379",
        "4697",
        "2486",
        "15937",
        "3141",
        "314159",
        "8675309",
        "5683",
        "43556",
        "45683968",
        "72779673",
    ];
    for pin in refused {
        let found = check_pin(pin, &policy, &PinFacts::default())
            .err()
            .unwrap_or_default();
        assert!(found.contains(&Violation::CommonPin), "{pin}: {found:?}");
    }
    for free in [
        "1120", "4776", "7892", "0368", "102031", "1899", "2036", "7083", "2593", "1472", "147250",
        "3142", "5684", "0415", "122487",
    ] {
        check(free, &policy, &[]);
    }
}

#[test]
fn all_violations_together_and_without_the_pin() {
    // R-PIN-4
    let eight = Policy {
        min_password_length: 8,
        ..default_policy()
    };
    let found = check_pin(
        "4444",
        &eight,
        &PinFacts {
            extension: Some("4444".into()),
            phone_digits: Some("1444456".into()),
        },
    )
    .err()
    .unwrap_or_default();
    let codes: Vec<_> = found.iter().map(Violation::code).collect();
    let all = [
        "PinTooShort",
        "PinRepeatingDigits",
        "PinRepeatedBlock",
        "PinIsExtension",
        "PinInPhoneNumber",
        "PinTooCommon",
    ];
    assert_eq!(codes, all);
    for violation in found {
        assert!(!violation.to_string().contains("4444"), "{violation}");
    }
}

/// How many of all PINs of that length the rules accept, in thousandths.
fn accepted_share(length: usize) -> u32 {
    let all = 10u32.pow(u32::try_from(length).unwrap());
    let facts = PinFacts::default();
    let accepted = (0..all)
        .filter(|pin| !breaks_a_pattern_rule(format!("{pin:0length$}").as_bytes(), &facts))
        .count();
    u32::try_from(u64::try_from(accepted).unwrap() * 1000 / u64::from(all)).unwrap()
}

#[test]
fn the_rules_leave_most_pins_free() {
    // R-PIN-3 (d), R-PIN-5: rejection sampling ends soon, and choosing a PIN is no guessing game.
    let shares = [4, 5, 6].map(accepted_share);
    assert!((850..950).contains(&shares[0]), "{shares:?}");
    assert!((950..990).contains(&shares[1]), "{shares:?}");
    assert!((900..950).contains(&shares[2]), "{shares:?}");
}
