//! The cost of one verification.

use crate::error::ParamsError;
use std::fmt;

/// Argon2id parameters. The default, 19 MiB and two passes, is the first recommendation of the OWASP
/// password storage cheat sheet; the other recommendations there trade memory for passes at about
/// the same product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HashParams {
    /// Memory in KiB, 8 × `lanes` to [`HashParams::MAX_MEMORY_KIB`]. Default 19456.
    pub memory_kib: u32,
    /// Passes over the memory, 1 to [`HashParams::MAX_PASSES`]. Default 2.
    pub passes: u32,
    /// Argon2's own parallelism, 1 to [`HashParams::MAX_LANES`]; computed on one thread here, so 1 is
    /// the sensible value. Not the number of threads of the pool. Default 1.
    pub lanes: u32,
}

impl Default for HashParams {
    fn default() -> Self {
        HashParams {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1,
        }
    }
}

impl HashParams {
    /// Most memory one verification may use: 256 MiB. A verifier in the database that asks for more
    /// is refused as malformed, so that forged rows cannot exhaust the machine.
    pub const MAX_MEMORY_KIB: u32 = 256 * 1024;
    /// Most passes.
    pub const MAX_PASSES: u32 = 64;
    /// Most lanes in Argon2's sense.
    pub const MAX_LANES: u32 = 16;
    /// Most work (KiB × passes) of one verification: about 27 times the default, half a second.
    pub const MAX_WORK: u64 = 1024 * 1024;
    /// Least work (KiB × passes) that a configuration may ask for: 7 MiB and five passes, the
    /// weakest of the equivalent settings in the OWASP password storage cheat sheet.
    pub const LEAST_CONFIGURED_WORK: u64 = 7 * 1024 * 5;
    /// Least memory that a configuration may ask for, in KiB.
    pub const LEAST_CONFIGURED_MEMORY_KIB: u32 = 7 * 1024;
    /// The cheapest Argon2id there is, for tests and for measuring everything around the hash.
    /// [`HashParams::configured`] never yields it.
    pub const MINIMUM_FOR_MEASUREMENTS: HashParams = HashParams {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    /// Parameters from a configuration: as [`HashParams::validate`], and not weaker than PINs need.
    pub fn configured(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, ParamsError> {
        let params = HashParams {
            memory_kib,
            passes,
            lanes,
        };
        params.validate()?;
        range(
            "memory_kib",
            memory_kib,
            Self::LEAST_CONFIGURED_MEMORY_KIB,
            Self::MAX_MEMORY_KIB,
        )?;
        if params.work() < Self::LEAST_CONFIGURED_WORK {
            let least = Self::LEAST_CONFIGURED_WORK;
            return Err(ParamsError::TooWeak {
                memory_kib,
                passes,
                least,
            });
        }
        Ok(params)
    }

    /// Whether these can be computed within the bounds above. Weak ones pass: verifiers made long
    /// ago must stay readable to be upgraded.
    pub fn validate(&self) -> Result<(), ParamsError> {
        range("lanes", self.lanes, 1, Self::MAX_LANES)?;
        range("passes", self.passes, 1, Self::MAX_PASSES)?;
        range(
            "memory_kib",
            self.memory_kib,
            8 * self.lanes,
            Self::MAX_MEMORY_KIB,
        )?;
        if self.work() > Self::MAX_WORK {
            return Err(ParamsError::TooMuchWork {
                memory_kib: self.memory_kib,
                passes: self.passes,
                most: Self::MAX_WORK,
            });
        }
        Ok(())
    }

    pub(crate) fn work(&self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    /// Reads exactly what [`fmt::Display`] writes: no signs, no leading zeros, no other order.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(',');
        let mut number = |prefix: &str| {
            let digits = parts.next()?.strip_prefix(prefix)?;
            let canonical = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
            if canonical { digits.parse().ok() } else { None }
        };
        let params = HashParams {
            memory_kib: number("m=")?,
            passes: number("t=")?,
            lanes: number("p=")?,
        };
        parts.next().is_none().then_some(params)
    }
}

impl fmt::Display for HashParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "m={},t={},p={}",
            self.memory_kib, self.passes, self.lanes
        )
    }
}

fn range(name: &'static str, value: u32, least: u32, most: u32) -> Result<(), ParamsError> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(ParamsError::OutOfRange {
            name,
            value,
            least,
            most,
        })
    }
}
