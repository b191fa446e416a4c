//! User-Password (RFC 2865 section 5.2): hidden by a stream made of the secret.

use zeroize::Zeroizing;

use super::digest::md5;
use super::secret::Secret;

const BLOCK: usize = 16;
/// The longest password, in octets.
pub const LONGEST_PASSWORD: usize = 128;

/// A User-Password is 16 to 128 octets long, in steps of 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("User-Password has {0} octets; it has 16 to 128 in steps of 16")]
pub struct NotHidden(pub usize);

/// What was hidden, without the zero octets that fill its last block.
pub fn reveal(
    secret: &Secret,
    authenticator: &[u8; 16],
    hidden: &[u8],
) -> Result<Zeroizing<Vec<u8>>, NotHidden> {
    let length = hidden.len();
    if length == 0 || length > LONGEST_PASSWORD || !length.is_multiple_of(BLOCK) {
        return Err(NotHidden(length));
    }
    let mut clear = Zeroizing::new(Vec::with_capacity(length));
    let mut before: &[u8] = authenticator;
    for block in hidden.chunks(BLOCK) {
        let pad = Zeroizing::new(md5(&[secret.octets(), before]));
        clear.extend(block.iter().zip(pad.iter()).map(|(octet, pad)| octet ^ pad));
        before = block;
    }
    let end = clear.iter().rposition(|octet| *octet != 0);
    clear.truncate(end.map_or(0, |last| last + 1));
    Ok(clear)
}

/// Hides a password as a client does: for tests and measurements. `None` where it is too long.
#[must_use]
pub fn hide(secret: &Secret, authenticator: &[u8; 16], clear: &[u8]) -> Option<Vec<u8>> {
    if clear.len() > LONGEST_PASSWORD {
        return None;
    }
    let blocks = clear.len().div_ceil(BLOCK).max(1);
    let mut hidden: Vec<u8> = Vec::with_capacity(blocks * BLOCK);
    for block in 0..blocks {
        let start = block * BLOCK;
        let before = match start.checked_sub(BLOCK) {
            None => authenticator.to_vec(),
            Some(before) => hidden[before..start].to_vec(),
        };
        let pad = md5(&[secret.octets(), &before]);
        let octets = (start..start + BLOCK).map(|at| clear.get(at).copied().unwrap_or(0));
        hidden.extend(octets.zip(pad).map(|(octet, pad)| octet ^ pad));
    }
    Some(hidden)
}
