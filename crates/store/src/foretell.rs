//! Word of an admission while it is being made durable.

use tokio::sync::oneshot;

use crate::Charged;

/// Where a store says, once and before the sync, that it is about to admit an attempt.
///
/// It is a forecast, not an answer: the transaction may still fail or be run again. Whoever hears of
/// it may begin what would be done next, but must neither look at what comes of that nor tell
/// anybody before the answer itself came and says the same (R-LOCK-10).
#[derive(Debug)]
pub struct Foretell(Option<oneshot::Sender<Charged>>);

/// Where the forecast arrives; an error means that there is none.
pub type Foretold = oneshot::Receiver<Charged>;

impl Foretell {
    /// A forecast and the place where it arrives.
    pub fn new() -> (Self, Foretold) {
        let (sender, receiver) = oneshot::channel();
        (Self(Some(sender)), receiver)
    }

    /// For those who wait for the answer.
    pub fn nobody() -> Self {
        Self(None)
    }

    /// Tells, if it is an admission and the first.
    pub(crate) fn tell(&mut self, charged: &Charged) {
        if let Charged::Admitted { .. } = charged
            && let Some(sender) = self.0.take()
        {
            // Whoever asked may have gone away.
            let _gone = sender.send(charged.clone());
        }
    }
}
