//! R-POL-1 to R-POL-8, as far as they need no store.

use std::collections::HashSet;

use pinward_core::{
    LengthClass, Limits, Policy, PolicyIdentity, PolicyPatch, PolicyViolation, governing,
};
use proptest::prelude::*;

fn global() -> Policy {
    Policy::defaults(PolicyIdentity::Global)
}

#[test]
fn defaults() {
    // R-POL-1, R-POL-5: what a reset returns to.
    let expected = Policy {
        identity: PolicyIdentity::Global,
        description: None,
        min_password_length: 5,
        pin_history_count: 0,
        allow_common_patterns: false,
        pin_lifetime_days: 0,
        maximum_logon_attempts: None,
    };
    assert_eq!(global(), expected);
    assert_eq!(global().validate(), Ok(()));
}

#[test]
fn ranges() {
    // R-POL-1: the ends of each range, and one beyond.
    type Setter = fn(u64) -> PolicyPatch;
    let table: [(&str, Setter, u64, u64); 4] = [
        (
            "MinPasswordLength",
            |v| PolicyPatch {
                min_password_length: Some(v),
                ..PolicyPatch::default()
            },
            4,
            24,
        ),
        (
            "PINHistoryCount",
            |v| PolicyPatch {
                pin_history_count: Some(v),
                ..PolicyPatch::default()
            },
            0,
            20,
        ),
        (
            "PINLifetime",
            |v| PolicyPatch {
                pin_lifetime_days: Some(v),
                pin_history_count: Some(1),
                ..PolicyPatch::default()
            },
            0,
            999,
        ),
        (
            "MaximumLogonAttempts",
            |v| PolicyPatch {
                maximum_logon_attempts: Some(Some(v)),
                ..PolicyPatch::default()
            },
            1,
            999,
        ),
    ];
    for (property, patch, minimum, maximum) in table {
        assert!(global().apply(&patch(minimum)).is_ok(), "{property}");
        assert!(global().apply(&patch(maximum)).is_ok(), "{property}");
        let below = minimum.checked_sub(1);
        for value in [Some(maximum + 1), below, Some(u64::MAX), Some(1 << 32)]
            .into_iter()
            .flatten()
        {
            let found = global().apply(&patch(value)).unwrap_err();
            let expected = PolicyViolation::OutOfRange {
                property,
                value,
                minimum,
                maximum,
            };
            assert_eq!(found, [expected], "{property} {value}");
            let text = found[0].to_string();
            assert!(
                text.contains(property) && text.contains(&value.to_string()),
                "{text}"
            );
        }
    }
}

#[test]
fn a_description_has_its_limit() {
    // R-POL-8: a policy that is made is held to it as one that is changed; one that is longer from before can
    // be changed in all else.
    let described = |length| PolicyPatch {
        description: Some(Some("é".repeat(length))),
        ..PolicyPatch::default()
    };
    let refused = |given| Err(vec![PolicyViolation::DescriptionTooLong { given }]);
    assert!(global().apply(&described(1024)).is_ok());
    assert_eq!(global().apply(&described(1025)), refused(1025));
    let older = Policy {
        description: Some("é".repeat(1025)),
        ..global()
    };
    assert_eq!(older.validate().map(|()| global()), refused(1025));
    for description in [None, Some(older.description.clone()), Some(None)] {
        let shorter_pins = PolicyPatch {
            description: description.clone(),
            min_password_length: Some(4),
            ..PolicyPatch::default()
        };
        let expected = Policy {
            description: description.unwrap_or_else(|| older.description.clone()),
            min_password_length: 4,
            ..older.clone()
        };
        assert_eq!(older.apply(&shorter_pins), Ok(expected));
    }
    assert_eq!(older.apply(&described(1026)), refused(1026));
}

#[test]
fn lifetime_needs_history_in_the_result() {
    // R-POL-2: the parameters given matter nothing.
    let lifetime = PolicyPatch {
        pin_lifetime_days: Some(30),
        ..PolicyPatch::default()
    };
    let history = PolicyPatch {
        pin_history_count: Some(10),
        ..PolicyPatch::default()
    };
    let refused = Err(vec![PolicyViolation::LifetimeNeedsHistory {
        lifetime_days: 30,
    }]);
    assert_eq!(global().apply(&lifetime), refused);
    let both = global()
        .apply(&history)
        .and_then(|policy| policy.apply(&lifetime))
        .unwrap();
    assert_eq!((both.pin_history_count, both.pin_lifetime_days), (10, 30));
    let without = PolicyPatch {
        pin_history_count: Some(0),
        ..PolicyPatch::default()
    };
    assert_eq!(both.apply(&without), refused);
    let neither = PolicyPatch {
        pin_lifetime_days: Some(0),
        ..without
    };
    assert!(both.apply(&neither).is_ok());
}

#[test]
fn all_at_once_or_nothing() {
    // R-POL-8: all violations together; the policy itself is untouched.
    let before = global();
    let patch = PolicyPatch {
        description: Some(Some("new".into())),
        min_password_length: Some(3),
        pin_history_count: Some(21),
        pin_lifetime_days: Some(1000),
        maximum_logon_attempts: Some(Some(0)),
        allow_common_patterns: Some(true),
    };
    let found = before.apply(&patch).unwrap_err();
    assert_eq!(
        found
            .iter()
            .filter(|one| one.code() == "PolicyValueOutOfRange")
            .count(),
        4
    );
    assert_eq!(before, global());
}

#[test]
fn attempts_are_replaced_for_the_local_limit_only() {
    // R-POL-7, R-LOCK-3: read at each logon; null returns to the limits by length.
    let set = PolicyPatch {
        maximum_logon_attempts: Some(Some(3)),
        ..PolicyPatch::default()
    };
    let clear = PolicyPatch {
        maximum_logon_attempts: Some(None),
        ..PolicyPatch::default()
    };
    let three = global().apply(&set).unwrap();
    let limits = Limits::of(LengthClass::Five, three.maximum_logon_attempts);
    assert_eq!((limits.local, limits.global), (3, 1000));
    assert_eq!(three.apply(&clear).unwrap().maximum_logon_attempts, None);
    assert_eq!(three.apply(&PolicyPatch::default()).unwrap(), three);
}

#[test]
fn identities() {
    // R-POL-3
    for (text, shown) in [
        ("global", "Global"),
        (" GLOBAL ", "Global"),
        ("site:Redmond", "Site:Redmond"),
        ("SITE: Redmond", "Site:Redmond"),
        ("tag:RedmondUsersPinPolicy", "Tag:RedmondUsersPinPolicy"),
        ("RedmondUsersPinPolicy", "Tag:RedmondUsersPinPolicy"),
        ("Tag:North America", "Tag:North America"),
    ] {
        let identity: PolicyIdentity = text.parse().unwrap();
        assert_eq!(identity.to_string(), shown);
        assert_eq!(PolicyIdentity::parse(shown), Ok(identity));
    }
    for bad in [
        "",
        "  ",
        "site:",
        "tag: ",
        "ou:x",
        "site:a:b",
        "tag:*",
        "a?",
        "tag:global",
        ".",
        "tag:..",
        "site:..",
        "a\nb",
    ] {
        assert!(PolicyIdentity::parse(bad).is_err(), "{bad:?}");
    }
    let same: HashSet<_> = ["site:redmond", "Site:REDMOND", "SITE:Redmond"]
        .iter()
        .map(|text| PolicyIdentity::parse(text).unwrap())
        .collect();
    assert_eq!(same.len(), 1);
    assert_ne!(
        PolicyIdentity::Site("A".into()),
        PolicyIdentity::Tag("A".into())
    );
}

#[test]
fn which_policy_governs() {
    // R-POL-4, R-POL-6: with the grant or the site policy gone, the next scope governs.
    let [tag, site] = [
        PolicyIdentity::Tag("T".into()),
        PolicyIdentity::Site("S".into()),
    ]
    .map(Policy::defaults);
    let global = global();
    for (granted, of_site, expected) in [
        (Some(&tag), Some(&site), &tag),
        (Some(&tag), None, &tag),
        (None, Some(&site), &site),
        (None, None, &global),
    ] {
        assert_eq!(governing(granted, of_site, &global), expected);
    }
}

proptest! {
    /// R-POL-1, R-POL-2, R-POL-8: what `apply` lets through is valid, and `validate` agrees.
    #[test]
    fn what_is_applied_is_valid(
        length in prop::option::of(0..30u64), history in prop::option::of(0..25u64),
        lifetime in prop::option::of(0..1100u64),
        attempts in prop::option::of(prop::option::of(0..1100u64)),
    ) {
        let patch = PolicyPatch {
            min_password_length: length, pin_history_count: history, pin_lifetime_days: lifetime,
            maximum_logon_attempts: attempts, ..PolicyPatch::default()
        };
        let (l, h, t) = (length.unwrap_or(5), history.unwrap_or(0), lifetime.unwrap_or(0));
        let a = attempts.flatten().unwrap_or(1);
        let valid = (4..=24).contains(&l) && h <= 20 && t <= 999 && (1..=999).contains(&a)
            && (t == 0 || h > 0);
        let applied = global().apply(&patch);
        prop_assert_eq!(applied.is_ok(), valid);
        if let Ok(policy) = applied {
            prop_assert_eq!(policy.validate(), Ok(()));
        }
    }
}
