//! What a password policy says with the answer to a bind (draft-behera-ldap-password-policy): more than
//! the one code that stands for every refusal.

use ldap3::controls::RawControl;

/// The control, both of the request and of the answer.
const CONTROL: &str = "1.3.6.1.4.1.42.2.27.8.5.1";

/// What it can say of an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Told {
    PasswordExpired,
    Locked,
    MustChange,
}

/// Asks for it.
pub(super) fn asked() -> RawControl {
    RawControl {
        ctype: CONTROL.to_owned(),
        crit: false,
        val: None,
    }
}

/// What stands in the controls of an answer.
pub(super) fn told<'a>(controls: impl IntoIterator<Item = &'a RawControl>) -> Option<Told> {
    let mut controls = controls.into_iter();
    let answer = controls.find(|control| control.ctype == CONTROL)?;
    match error(answer.val.as_deref()?)? {
        0 => Some(Told::PasswordExpired),
        1 => Some(Told::Locked),
        2 => Some(Told::MustChange),
        _ => None,
    }
}

/// The error in `SEQUENCE { warning [0] … OPTIONAL, error [1] ENUMERATED OPTIONAL }`.
fn error(value: &[u8]) -> Option<u8> {
    const SEQUENCE: u8 = 0x30;
    const ERROR: u8 = 0x81;
    let (SEQUENCE, mut rest, _) = element(value)? else {
        return None;
    };
    loop {
        match element(rest)? {
            (ERROR, &[error], _) => return Some(error),
            (_, _, after) => rest = after,
        }
    }
}

/// The first element: its tag, what is in it, and what follows. Only short ones occur here.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, length], rest) = bytes.split_first_chunk()?;
    let (inside, after) = rest.split_at_checked(usize::from(length))?;
    (length < 0x80).then_some((tag, inside, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_found_beside_a_warning() {
        for (value, expected) in [
            (&[0x30, 0x03, 0x81, 0x01, 0x00][..], Some(0)),
            (&[0x30, 0x03, 0x81, 0x01, 0x02], Some(2)),
            (
                &[0x30, 0x08, 0xa0, 0x03, 0x80, 0x01, 0x05, 0x81, 0x01, 0x01],
                Some(1),
            ),
            (&[0x30, 0x05, 0xa0, 0x03, 0x80, 0x01, 0x05], None),
            (&[0x30, 0x00], None),
            (&[0x30, 0x03, 0x81, 0x01], None),
            (&[0x30, 0x83, 0x81, 0x01, 0x00], None),
            (&[0x81, 0x01, 0x00], None),
            (&[], None),
        ] {
            assert_eq!(error(value), expected, "{value:x?}");
        }
    }
}
