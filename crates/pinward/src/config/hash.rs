//! `[hash]`: the cost of one PIN verification.

use anyhow::{Context, Result};
use pinward_verifier::HashParams;
use serde::Deserialize;

/// Argon2id parameters of new verifiers. Old ones keep verifying and are made anew at the next
/// successful logon.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hash {
    /// Memory in KiB, 7168–262144.
    pub memory_kib: u32,
    /// Passes over the memory, 1–64; memory × passes at least 35840 KiB.
    pub passes: u32,
    /// Argon2's own parallelism, 1–16.
    pub lanes: u32,
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# The cost of one PIN verification: the parameters of Argon2id for new verifiers. Old ones keep verifying and are
# made anew at the next successful logon. Read at the start.
[hash]

# Memory in KiB, 7168 to 262144.
#memory_kib = 19456

# Passes over the memory, 1 to 64; memory times passes is at least 35840 KiB.
#passes = 2

# Argon2's own parallelism, 1 to 16.
#lanes = 1
"#;

impl Default for Hash {
    fn default() -> Self {
        let HashParams {
            memory_kib,
            passes,
            lanes,
        } = HashParams::default();
        Self {
            memory_kib,
            passes,
            lanes,
        }
    }
}

impl Hash {
    /// The parameters, checked.
    pub fn checked(&self) -> Result<HashParams> {
        HashParams::configured(self.memory_kib, self.passes, self.lanes)
            .context("[hash] in pinward.toml")
    }
}
