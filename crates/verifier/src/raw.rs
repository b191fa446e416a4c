//! Argon2id alone: the limit by which everything around it is measured.

use crate::arena::Arena;
use crate::error::{StartError, VerifierError};
use crate::params::HashParams;
use crate::pool::Work;
use crate::stored::{HASH, SALT};
use crate::verifier::argon2id;

/// A lane's memory and the hash in it, without key, queue, threads or wiping. For measurements
/// only: what it computes is nobody's verifier.
pub struct RawHash {
    arena: Arena,
    work: Box<Work>,
}

impl RawHash {
    /// Allocates and touches the memory.
    pub fn new(params: HashParams) -> Result<RawHash, StartError> {
        params.validate()?;
        let memory_kib = params.memory_kib;
        let no_memory = StartError::Memory {
            lanes: 1,
            memory_kib,
        };
        let mut arena = Arena::new(memory_kib as usize).ok_or(no_memory)?;
        arena.prepare();
        let work = Box::new(Work {
            mac: [1; HASH],
            hash: [0; HASH],
            salt: [2; SALT],
            params,
        });
        Ok(RawHash { arena, work })
    }

    /// Computes one hash. The next one depends on it, so that none can be left out.
    pub fn compute(&mut self) -> Result<(), VerifierError> {
        argon2id(&mut self.arena, &mut self.work)?;
        self.work.mac = self.work.hash;
        Ok(())
    }
}
