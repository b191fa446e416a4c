//! The key of a person: a UUID in lower-case text.

use sha2::{Digest, Sha256};

/// Active Directory writes the first three fields of a GUID with their least significant byte
/// first, the rest as it stands.
pub(crate) fn from_active_directory(b: [u8; 16]) -> String {
    text(u128::from_be_bytes([
        b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13],
        b[14], b[15],
    ]))
}

/// Reads 32 hexadecimal digits with hyphens and braces wherever they stand, so that besides
/// `entryUUID` the `nsUniqueId` of other directories serves too.
pub(crate) fn parse(written: &str) -> Option<String> {
    let mut value: u128 = 0;
    let mut digits = 0;
    for c in written
        .trim()
        .trim_start_matches('{')
        .trim_end_matches('}')
        .chars()
    {
        match c.to_digit(16) {
            Some(digit) if digits < 32 => value = value << 4 | u128::from(digit),
            None if c == '-' => continue,
            _ => return None,
        }
        digits += 1;
    }
    (digits == 32).then(|| text(value))
}

/// The UUID of a person whose directory gives none: the first 128 bits of
/// SHA-256("pinward-guid-v1" 00 *domain* 00 *logon*), both folded, marked as version 8 (RFC 9562).
///
/// The logon name is used rather than the distinguished name because it survives moves between
/// organisational units; importing the same people again therefore updates them.
pub(crate) fn derive(domain: &str, logon: &str) -> String {
    let mut hash = Sha256::new();
    for part in [
        "pinward-guid-v1",
        &pinward_core::fold(domain),
        &pinward_core::fold(logon),
    ] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    text(u128::from_be_bytes(bytes))
}

fn text(value: u128) -> String {
    let hex = format!("{value:032x}");
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_directory_order() {
        let bytes = std::array::from_fn(|index| index as u8);
        assert_eq!(
            from_active_directory(bytes),
            "03020100-0504-0706-0809-0a0b0c0d0e0f"
        );
    }

    #[test]
    fn written_forms() {
        let expected = Some("03020100-0504-0706-0809-0a0b0c0d0e0f".to_owned());
        for form in [
            "03020100-0504-0706-0809-0a0b0c0d0e0f",
            "{03020100-0504-0706-0809-0A0B0C0D0E0F}",
            " 03020100-05040706-08090a0b-0c0d0e0f ",
            "0302010005040706 08090a0b0c0d0e0f"
                .replace(' ', "")
                .as_str(),
        ] {
            assert_eq!(parse(form), expected, "{form}");
        }
        for form in [
            "",
            "03020100-0504-0706-0809-0a0b0c0d0e0",
            "g3020100-0504-0706-0809-0a0b0c0d0e0f",
        ] {
            assert_eq!(parse(form), None, "{form}");
        }
        assert_eq!(parse(&"0".repeat(33)), None);
    }

    #[test]
    fn derived_is_stable_and_ignores_case() {
        let guid = derive("LITWAREINC", "kenmyer");
        assert_eq!(guid, derive("litwareinc", "KenMyer"));
        assert_ne!(guid, derive("litwareinc", "kenmyer2"));
        assert_eq!(guid, derive(" LitwareInc ", "kenmyer"));
        assert_eq!(&guid[14..15], "8", "version of {guid}");
    }
}
