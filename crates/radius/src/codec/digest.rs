//! MD5 as RADIUS uses it. It is no good hash; where it matters (Message-Authenticator) it is within an
//! HMAC.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};

use super::secret::Secret;

/// The MD5 of all parts in their order.
pub(super) fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut state = Md5::new();
    for part in parts {
        state.update(part);
    }
    state.finalize().into()
}

/// The HMAC-MD5 of all parts in their order.
pub(super) fn hmac_md5(secret: &Secret, parts: &[&[u8]]) -> [u8; 16] {
    #[expect(clippy::expect_used, reason = "an HMAC takes keys of any length")]
    let mut state = Hmac::<Md5>::new_from_slice(secret.octets()).expect("a key of any length");
    for part in parts {
        state.update(part);
    }
    state.finalize().into_bytes().into()
}
