//! What a test may do between the steps of logons: hold them, order them, let them fail.

use async_trait::async_trait;
use pinward_core::{AttemptId, UserId};
use pinward_store::{Charged, Delivered, Settled, StoreError, Verdict};

/// A step of a logon that is about to be taken.
pub enum Step<'a> {
    /// An attempt is asked for.
    Charge(UserId),
    /// An attempt is settled.
    Settle(AttemptId, &'a Verdict),
}

/// What a step came to.
pub enum Made<'a> {
    /// An attempt that is delivered once.
    Charged(UserId, &'a Charged),
    /// An attempt that may be delivered again.
    Delivered(UserId, &'a Delivered<Charged>),
    /// A settlement.
    Settled(AttemptId, &'a Verdict, Settled),
}

/// What a test does between the steps of logons. An error takes the place of the store's answer.
#[async_trait]
pub trait Hook: Send + Sync {
    /// Before a step is taken.
    async fn before(&self, _step: Step<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    /// After the state of a user's PIN was read, before whoever asked goes on.
    async fn looked(&self, _user: UserId) {}

    /// After it was taken, before whoever asked hears of it.
    async fn after(&self, _made: Made<'_>) -> Result<(), StoreError> {
        Ok(())
    }
}
