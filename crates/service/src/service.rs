//! The service itself: what every use case works with.

use std::path::PathBuf;
use std::sync::Arc;

use pinward_core::{Clock, Entropy, UserId};
use pinward_store::Store;
use pinward_verifier::Verifier;

use crate::complaints::Complaints;
use crate::door_counts::DoorCounts;
use crate::figures::Counted;
use crate::guessing::{GuessLimits, Guessing};
use crate::meter::Meter;
use crate::sign_in::SignIns;
use crate::silence::Tempo;
use crate::spans::SpanCounts;
use crate::turnstile::Turnstiles;

/// All use cases, over one store, one verifier, one clock and one source of randomness.
pub struct Service {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    /// Who waits for a user's budget.
    pub(crate) turnstiles: Turnstiles<UserId>,
    /// Who waits for the answer to the same delivery.
    pub(crate) repetitions: Turnstiles<[u8; 32]>,
    pub(crate) tempo: Tempo,
    /// Who is asked whether a password is right, and how often people may be wrong.
    pub(crate) sign_ins: SignIns,
    /// What was counted of the audit log.
    pub(crate) ledger: Counted,
    /// What is counted for monitoring.
    pub(crate) meter: Meter,
    /// What the doors count.
    pub(crate) door_counts: DoorCounts,
    /// What they wrote into the log of it.
    pub(crate) complaints: Complaints,
    /// What became of the spans of traces.
    pub(crate) span_counts: SpanCounts,
    /// How much each source has guessed of late.
    pub(crate) guessing: Guessing,
    /// Where the keys are read again when another process rotated them.
    pub(crate) key_file: Option<PathBuf>,
}

impl Service {
    /// The service over its neighbours. The keys are checked by [`Service::open`], which is what
    /// the program calls.
    pub(crate) fn new(
        store: Arc<dyn Store>,
        verifier: Arc<Verifier>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let guessing = Guessing::new(GuessLimits::default(), &*entropy);
        let complaints = Complaints::new(Arc::clone(&clock));
        Self {
            store,
            verifier,
            clock,
            entropy,
            turnstiles: Turnstiles::default(),
            repetitions: Turnstiles::default(),
            tempo: Tempo::default(),
            sign_ins: SignIns::default(),
            ledger: Counted::default(),
            meter: Meter::default(),
            door_counts: DoorCounts::default(),
            span_counts: SpanCounts::default(),
            complaints,
            guessing,
            key_file: None,
        }
    }
}
