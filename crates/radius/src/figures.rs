//! What the door counts.

use std::sync::atomic::{AtomicU64, Ordering};

/// Why a packet was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// From an address of no client.
    UnknownClient,
    /// Lengths that do not fit, or no name, or no password.
    Malformed,
    /// Something else than Access-Request and Status-Server.
    UnexpectedCode,
    /// Without the Message-Authenticator that it must have.
    Unsigned,
    /// With a Message-Authenticator that is wrong: another secret, or changed on its way.
    WrongSignature,
    /// A repetition while the first is being decided: that one is answered.
    UnderWay,
    /// The authenticator of an earlier request with something else in the packet.
    Reused,
    /// More is being decided than can be.
    Busy,
    /// The service could not decide: the store is down, or too slow. The client asks again or elsewhere.
    NoDecision,
    /// The answer would be longer than a packet may be.
    TooLong,
}

impl Dropped {
    /// All reasons.
    pub const ALL: [Dropped; 10] = [
        Self::UnknownClient,
        Self::Malformed,
        Self::UnexpectedCode,
        Self::Unsigned,
        Self::WrongSignature,
        Self::UnderWay,
        Self::Reused,
        Self::Busy,
        Self::NoDecision,
        Self::TooLong,
    ];

    /// Its name among the metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownClient => "unknown_client",
            Self::Malformed => "malformed",
            Self::UnexpectedCode => "unexpected_code",
            Self::Unsigned => "unsigned",
            Self::WrongSignature => "wrong_signature",
            Self::UnderWay => "under_way",
            Self::Reused => "reused",
            Self::Busy => "busy",
            Self::NoDecision => "no_decision",
            Self::TooLong => "too_long",
        }
    }
}

/// Counts since the program was started.
#[derive(Default)]
pub struct Figures {
    accepted: AtomicU64,
    rejected: AtomicU64,
    repeated: AtomicU64,
    status: AtomicU64,
    not_pap: AtomicU64,
    dropped: [AtomicU64; Dropped::ALL.len()],
}

fn read(count: &AtomicU64) -> u64 {
    count.load(Ordering::Relaxed)
}

impl Figures {
    /// Requests that were accepted.
    pub fn accepted(&self) -> u64 {
        read(&self.accepted)
    }

    /// Requests that were rejected by the service.
    pub fn rejected(&self) -> u64 {
        read(&self.rejected)
    }

    /// Repetitions that got the answer of the first.
    pub fn repeated(&self) -> u64 {
        read(&self.repeated)
    }

    /// Status-Server.
    pub fn status(&self) -> u64 {
        read(&self.status)
    }

    /// Requests that were rejected because they came with CHAP, MS-CHAP or EAP.
    pub fn not_pap(&self) -> u64 {
        read(&self.not_pap)
    }

    /// Packets that were not answered for this reason.
    pub fn dropped(&self, reason: Dropped) -> u64 {
        self.dropped.get(reason as usize).map_or(0, read)
    }

    pub(crate) fn count_decided(&self, accepted: bool) {
        let count = if accepted {
            &self.accepted
        } else {
            &self.rejected
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_repeated(&self) {
        self.repeated.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_status(&self) {
        self.status.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_not_pap(&self) {
        self.not_pap.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_dropped(&self, reason: Dropped) {
        if let Some(count) = self.dropped.get(reason as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}
