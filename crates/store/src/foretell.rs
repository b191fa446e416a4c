//! Word of an admission while it is being made durable.

use crate::Charged;

/// What a store does, once and before the sync, when it is about to admit an attempt.
///
/// It is a forecast, not an answer: the transaction may still fail or be run again. Whoever hears of
/// it may begin what would be done next, but must neither look at what comes of that nor tell
/// anybody before the answer itself came and says the same (R-LOCK-10). It holds up everybody who
/// writes: begin, do not wait.
pub struct Foretell(Option<Box<Hear>>);

type Hear = dyn FnOnce(&Charged) + Send;

impl Foretell {
    /// Has this done.
    pub fn to(hear: impl FnOnce(&Charged) + Send + 'static) -> Self {
        Self(Some(Box::new(hear)))
    }

    /// For those who wait for the answer.
    pub fn nobody() -> Self {
        Self(None)
    }

    /// Tells, if it is an admission and the first.
    pub(crate) fn tell(&mut self, charged: &Charged) {
        if let Charged::Admitted { .. } = charged
            && let Some(hear) = self.0.take()
        {
            hear(charged);
        }
    }
}
