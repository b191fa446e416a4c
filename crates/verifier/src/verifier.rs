//! Deriving and verifying PINs.

use crate::arena::Arena;
use crate::error::{StartError, VerifierError};
use crate::key::Key;
use crate::key_ring::KeyRing;
use crate::params::HashParams;
use crate::pool::{self, Engine, Pool, Work};
use crate::stored::{HASH, SALT, StoredVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use pinward_core::{Entropy, Pin};
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use subtle::ConstantTimeEq as _;
use tokio::sync::oneshot;

/// How many verifications may wait for each lane: at the default cost about ten seconds of waiting,
/// as long as the service lets anybody wait for their turn, and well within an attempt's lease.
const QUEUE_PER_LANE: usize = 512;

/// How many may wait for a lane at this cost: as long as at the default cost. A queue that takes longer
/// than an attempt's lease would count right PINs as failures.
fn queue_per_lane(params: HashParams) -> usize {
    let default = HashParams::default().work();
    let dearer = params.work().div_ceil(default).max(1);
    QUEUE_PER_LANE / usize::try_from(dearer).unwrap_or(QUEUE_PER_LANE)
}

/// Stands for the user where the PIN of an input is hashed: no GUID is like it.
const INPUT: &str = "pinward-input";

/// A hash in the pool.
type Hash = oneshot::Receiver<Result<Box<Work>, VerifierError>>;

/// What a verification found.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verified {
    /// The PIN is the one the verifier was made from, for this user.
    pub correct: bool,
    /// The verifier was made with another key or other parameters than new ones are: derive and
    /// store it anew if the PIN was correct (R-SEC-1).
    pub upgrade: bool,
}

/// A verification under way.
#[must_use]
pub struct Begun {
    hash: Hash,
    upgrade: bool,
}

impl Begun {
    /// What it found, beside the verifier that it was begun with.
    pub async fn verified(self, stored: &StoredVerifier) -> Result<Verified, VerifierError> {
        let done = pool::answer(self.hash).await?;
        Ok(Verified {
            correct: is_hash(&done, stored),
            upgrade: self.upgrade,
        })
    }
}

/// Makes and checks verifiers, on a bounded number of threads. Share it in an `Arc`. Dropping one of
/// its futures gives the place in the queue back. Not printable, since it holds the keys.
pub struct Verifier {
    ring: RwLock<Arc<KeyRing>>,
    params: HashParams,
    pool: Pool,
    entropy: Arc<dyn Entropy>,
    /// Stands for the verifier of those who have none.
    dummy_salt: [u8; SALT],
}

impl Verifier {
    /// Starts the pool: `lanes` threads with the memory for `params` each (as many as processor
    /// cores is right). Keys are to be confirmed before ([`KeyRing::confirm`]).
    pub fn new(
        ring: KeyRing,
        params: HashParams,
        lanes: NonZeroUsize,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Verifier, StartError> {
        let per_lane = NonZeroUsize::new(queue_per_lane(params)).unwrap_or(NonZeroUsize::MIN);
        let queue = lanes.saturating_mul(per_lane);
        Self::with_queue(ring, params, lanes, queue, entropy)
    }

    /// As [`Verifier::new`], with the number of verifications that may wait before
    /// [`VerifierError::Busy`] is answered.
    pub fn with_queue(
        ring: KeyRing,
        params: HashParams,
        lanes: NonZeroUsize,
        queue: NonZeroUsize,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Verifier, StartError> {
        params.validate()?;
        Self::start(ring, params, lanes, queue, entropy, &engine())
    }

    fn start(
        ring: KeyRing,
        params: HashParams,
        lanes: NonZeroUsize,
        queue: NonZeroUsize,
        entropy: Arc<dyn Entropy>,
        engine: &Arc<Engine>,
    ) -> Result<Verifier, StartError> {
        let pool = Pool::start(lanes, queue, params.memory_kib, engine)?;
        let mut dummy_salt = [0; SALT];
        entropy.fill(&mut dummy_salt);
        Ok(Verifier {
            ring: RwLock::new(Arc::new(ring)),
            params,
            pool,
            entropy,
            dummy_salt,
        })
    }

    /// Takes a ring that was loaded again after a rotation; verifications under way keep the old one.
    pub fn replace_ring(&self, ring: KeyRing) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }

    /// The keys in use.
    pub fn ring(&self) -> Arc<KeyRing> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether another verification would be answered [`VerifierError::Busy`] right now.
    pub fn is_full(&self) -> bool {
        self.pool.is_full()
    }

    /// How many verifications are computed at a time.
    pub fn lanes(&self) -> usize {
        self.pool.lanes()
    }

    /// How many verifications are being computed or wait for it.
    pub fn queued(&self) -> usize {
        self.pool.queued()
    }

    /// The parameters of new verifiers.
    pub fn params(&self) -> HashParams {
        self.params
    }

    /// Makes the verifier to store for a PIN. `binding` is what names the user for ever (the
    /// directory's GUID): the verifier is worth nothing for anybody else.
    pub async fn derive(&self, binding: &str, pin: &Pin) -> Result<StoredVerifier, VerifierError> {
        let mut salt = [0; SALT];
        self.entropy.fill(&mut salt);
        let ring = self.ring();
        let key = current(&ring)?;
        let work = self
            .pool
            .submit(work(key, binding, &salt, self.params, pin))?;
        let done = pool::answer(work).await?;
        Ok(StoredVerifier::new(key.id(), self.params, salt, done.hash))
    }

    /// Whether the PIN is the one that `stored` was made from. An error is not a verdict: it lets
    /// nobody in and must not be counted against the user (R-AUTH-7).
    pub async fn verify(
        &self,
        binding: &str,
        pin: &Pin,
        stored: &StoredVerifier,
    ) -> Result<Verified, VerifierError> {
        self.begin(binding, pin, stored)?.verified(stored).await
    }

    /// Begins to verify: the hash is computed whether or not anybody waits, unless what is returned
    /// here is dropped before its turn comes.
    pub fn begin(
        &self,
        binding: &str,
        pin: &Pin,
        stored: &StoredVerifier,
    ) -> Result<Begun, VerifierError> {
        let ring = self.ring();
        let hash = self.submit(&ring, binding, pin, stored)?;
        let upgrade = stored.key_id() != ring.current_id() || stored.params() != self.params;
        Ok(Begun { hash, upgrade })
    }

    /// Takes as long as [`Verifier::verify`] with the current parameters and finds nothing: for
    /// users who do not exist, have no PIN or are locked (R-AUTH-5).
    pub async fn verify_dummy(&self, pin: &Pin) -> Result<(), VerifierError> {
        let ring = self.ring();
        let work = work(current(&ring)?, "", &self.dummy_salt, self.params, pin);
        let done = pool::answer(self.pool.submit(work)?).await?;
        std::hint::black_box(bool::from(done.hash.ct_eq(&[0; HASH])));
        Ok(())
    }

    /// A digest of an attempt's input under each key, that of the current key first: whether two
    /// deliveries of it are the same can be told from it, also after a rotation, and by nobody who
    /// has not the key (R-LOCK-11). The PIN goes in as hard to guess as in a verifier (R-SEC-1): one
    /// hash for each key. The parts are told apart by their lengths.
    pub async fn input_tags(
        &self,
        salt: &[u8; SALT],
        parts: &[&[u8]],
        pin: Option<&Pin>,
    ) -> Result<Vec<[u8; HASH]>, VerifierError> {
        let ring = self.ring();
        let mut tags = Vec::new();
        for key in ring.newest_first() {
            let hashed = match pin {
                Some(pin) => {
                    let work = work(key, INPUT, salt, self.params, pin);
                    Some(pool::answer(self.pool.submit(work)?).await?)
                }
                None => None,
            };
            let mut message = parts.to_vec();
            message.push(hashed.as_ref().map_or(&[], |work| &work.hash));
            tags.push(key.input_tag(&message));
        }
        Ok(tags)
    }

    /// The first of `candidates` that was made from this PIN: for the history of a user's PINs.
    /// Uses no more than the lanes at a time and goes to the end of the queue for each candidate,
    /// so that a long history does not keep others from signing in.
    pub async fn matches_any(
        &self,
        binding: &str,
        pin: &Pin,
        candidates: &[StoredVerifier],
    ) -> Result<Option<usize>, VerifierError> {
        let ring = self.ring();
        let mut waiting = VecDeque::with_capacity(self.pool.lanes());
        let mut rest = candidates.iter().enumerate();
        loop {
            while waiting.len() < self.pool.lanes() {
                let Some((index, stored)) = rest.next() else {
                    break;
                };
                waiting.push_back((index, stored, self.submit(&ring, binding, pin, stored)?));
            }
            let Some((index, stored, receiver)) = waiting.pop_front() else {
                return Ok(None);
            };
            if is_hash(&*pool::answer(receiver).await?, stored) {
                return Ok(Some(index));
            }
        }
    }

    fn submit(
        &self,
        ring: &KeyRing,
        binding: &str,
        pin: &Pin,
        stored: &StoredVerifier,
    ) -> Result<Hash, VerifierError> {
        let id = stored.key_id();
        let key = ring
            .get(id)
            .ok_or_else(|| VerifierError::UnknownKey { id: id.to_owned() })?;
        self.pool
            .submit(work(key, binding, stored.salt(), stored.params(), pin))
    }
}

fn current(ring: &KeyRing) -> Result<&Key, VerifierError> {
    let id = ring.current_id();
    ring.get(id)
        .ok_or_else(|| VerifierError::UnknownKey { id: id.to_owned() })
}

fn work(key: &Key, binding: &str, salt: &[u8; SALT], params: HashParams, pin: &Pin) -> Box<Work> {
    let mut work = Box::new(Work {
        mac: [0; HASH],
        hash: [0; HASH],
        salt: *salt,
        params,
    });
    work.mac.copy_from_slice(&*key.pin_mac(binding, salt, pin));
    work
}

fn is_hash(done: &Work, stored: &StoredVerifier) -> bool {
    done.hash.ct_eq(stored.hash()).into()
}

/// Argon2id in the lane's arena; in memory of its own, one at a time, for the rare verifier of
/// larger parameters than configured.
fn engine() -> Arc<Engine> {
    let larger = Mutex::new(());
    Arc::new(move |arena: &mut Arena, work: &mut Work| {
        let memory_kib = work.params.memory_kib;
        let blocks = memory_kib as usize;
        if blocks <= arena.capacity() {
            return argon2id(arena, work);
        }
        let _one_at_a_time = larger.lock().unwrap_or_else(PoisonError::into_inner);
        let mut own = Arena::new(blocks).ok_or(VerifierError::OutOfMemory { memory_kib })?;
        argon2id(&mut own, work)
    })
}

pub(crate) fn argon2id(arena: &mut Arena, work: &mut Work) -> Result<(), VerifierError> {
    let HashParams {
        memory_kib,
        passes,
        lanes,
    } = work.params;
    // Parameters were validated where they came in; an error here is ours, not the user's.
    let params = Params::new(memory_kib, passes, lanes, Some(HASH));
    let params = params.map_err(|_| VerifierError::Failed)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(
            &work.mac,
            &work.salt,
            &mut work.hash,
            arena.blocks(memory_kib as usize),
        )
        .map_err(|_| VerifierError::Failed)
}

#[cfg(test)]
mod tests;
