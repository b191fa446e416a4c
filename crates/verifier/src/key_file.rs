//! The text of a key file:
//!
//! ```text
//! # comment
//! pinward-keys 1
//! key <id> <created> <32 bytes in base64>
//! ```
//!
//! One `key` line per key, oldest first; the last one is in use.

use crate::key::{KEY, Key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use zeroize::Zeroizing;

const HEADER: &str = "pinward-keys 1";
const PREAMBLE: &str = "\
# Secret keys of Pinward. Without this file no PIN can be verified: keep a copy of it,
# apart from the copies of the database. Whoever has both can guess PINs.
# The last key is in use; the others are needed until no PIN depends on them.
";
/// Longest file read; over five hundred keys.
pub(crate) const MAX_FILE: usize = 64 * 1024;

/// Line (from 1) and what is wrong with it.
pub(crate) type BadLine = (usize, &'static str);

/// At least one key; never two with the same id.
pub(crate) fn parse(text: &str) -> Result<Vec<Key>, BadLine> {
    let mut header = false;
    let mut keys: Vec<Key> = Vec::new();
    let mut last = 0;
    for (line, content) in (1..).zip(text.lines()) {
        last = line;
        let content = content.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if !header {
            if content != HEADER {
                return Err((line, "expected \"pinward-keys 1\" before the keys"));
            }
            header = true;
            continue;
        }
        let key = parse_key(content).map_err(|reason| (line, reason))?;
        if keys.iter().any(|other| other.id() == key.id()) {
            return Err((line, "the same key a second time"));
        }
        keys.push(key);
    }
    if keys.is_empty() {
        return Err((last.max(1), "the file ends without a key"));
    }
    Ok(keys)
}

fn parse_key(line: &str) -> Result<Key, &'static str> {
    let mut fields = line.split_ascii_whitespace();
    let (Some("key"), Some(id), Some(created), Some(secret), None) = (
        fields.next(),
        fields.next(),
        fields.next(),
        fields.next(),
        fields.next(),
    ) else {
        return Err("expected \"key <id> <created> <secret>\"");
    };
    let created = created
        .parse()
        .map_err(|_| "the time of creation is not an RFC 3339 time")?;
    let mut buffer = Zeroizing::new([0; KEY + 3]);
    let secret_length = BASE64.decode_slice(secret, buffer.as_mut_slice());
    if secret_length != Ok(KEY) {
        return Err("the secret is not 32 bytes in base64 without padding");
    }
    let mut bytes = Box::new(Zeroizing::new([0; KEY]));
    bytes.copy_from_slice(&buffer[..KEY]);
    let key = Key::new(bytes, created);
    if key.id() != id {
        return Err("the secret does not belong to the id: the line is damaged");
    }
    Ok(key)
}

pub(crate) fn render<'a>(keys: impl Iterator<Item = &'a Key> + Clone) -> Zeroizing<String> {
    // Room for everything from the start: a growing string leaves copies of secrets behind.
    let mut text = Zeroizing::new(String::with_capacity(512 + keys.clone().count() * 160));
    text.push_str(PREAMBLE);
    text.push_str(HEADER);
    text.push('\n');
    for key in keys {
        text.push_str("key ");
        text.push_str(key.id());
        text.push(' ');
        text.push_str(&key.created().to_string());
        text.push(' ');
        BASE64.encode_string(key.bytes(), &mut text);
        text.push('\n');
    }
    text
}
