//! Ranges of the hash parameters.

use pinward_verifier::{HashParams, ParamsError};

fn check(memory_kib: u32, passes: u32, lanes: u32, usable: bool, configurable: bool) {
    let params = HashParams {
        memory_kib,
        passes,
        lanes,
    };
    assert_eq!(params.validate().is_ok(), usable, "{params}");
    let configured = HashParams::configured(memory_kib, passes, lanes);
    assert_eq!(configured.is_ok(), configurable, "{params}");
    if let Ok(configured) = configured {
        assert_eq!(configured, params);
    }
}

#[test]
fn what_is_usable_and_what_a_configuration_may_ask_for() {
    let default = HashParams::default();
    assert_eq!(
        default,
        HashParams {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1
        }
    );
    check(
        default.memory_kib,
        default.passes,
        default.lanes,
        true,
        true,
    );
    // The equivalents that OWASP lists.
    check(47_104, 1, 1, true, true);
    check(12_288, 3, 1, true, true);
    check(9_216, 4, 1, true, true);
    check(7_168, 5, 1, true, true);
    // Usable for old verifiers, too weak for new ones.
    check(7_167, 6, 1, true, false);
    check(19_456, 1, 1, true, false);
    check(8, 1, 1, true, false);
    check(128, 1, 16, true, false);
    // Out of range.
    check(7, 1, 1, false, false);
    check(15, 1, 2, false, false);
    check(19_456, 0, 1, false, false);
    check(19_456, 2, 0, false, false);
    check(19_456, 2, 17, false, false);
    check(19_456, 65, 1, false, false);
    check(u32::MAX, 1, 1, false, false);
    check(19_456, u32::MAX, 1, false, false);
    check(8, 1, u32::MAX, false, false);
    // The bounds themselves.
    check(262_144, 4, 1, true, true);
    check(262_145, 1, 1, false, false);
    check(262_144, 5, 1, false, false);
    check(16_384, 64, 16, true, true);
}

#[test]
fn refusals_name_the_value_and_the_range() {
    for (params, expected) in [
        ((7, 2, 1), "memory_kib is 7; it must be 8 to 262144"),
        ((100, 2, 1), "memory_kib is 100; it must be 7168 to 262144"),
        ((19_456, 0, 1), "passes is 0; it must be 1 to 64"),
        (
            (8_000, 2, 1),
            "8000 KiB times 2 passes is too weak; the product must be at least 35840 \
             (for example 19456 KiB and 2 passes)",
        ),
    ] {
        let refused: ParamsError =
            HashParams::configured(params.0, params.1, params.2).unwrap_err();
        assert_eq!(refused.to_string(), expected);
    }
}
