//! What goes into a store and what comes out: plain values, one small enum per refusal.

mod access_numbers;
mod attempts;
mod clients;
mod people;
mod pins;
mod policies;
mod roles;
mod sites;

pub use pinward_core::Site;

pub use access_numbers::{AccessNumberChanged, AccessNumberCreated, Reordered};
pub use attempts::{Answer, Charged, Delivered, Delivery, Settled, Verdict};
pub use clients::{ClientChanged, ClientCreated};
pub use people::{Put, UserChanged};
pub use pins::{KeyFingerprint, KeyRetired, PinSet, PinStatus, SetPin};
pub use policies::{Changed, Created, Granted, Removed};
pub use roles::{RoleChanged, RoleCreated, RoleGranted};
pub use sites::{
    Judge, KeptPlace, Place, Placed, PlacedBatch, Placing, SiteChanged, SiteCreated, SiteDetails,
    SiteRemoved, SiteRules,
};

/// What came of removing a custom role, an access number or a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Deleted {
    /// It is gone.
    Done,
    /// There is nothing of that name.
    NotFound,
    /// It is another one by now than was seen.
    Overtaken,
}

/// How much there is in a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// People, enabled or not.
    pub users: u64,
    /// People who have a PIN.
    pub users_with_pin: u64,
    /// Sites.
    pub sites: u64,
    /// Policies, the global one included.
    pub policies: u64,
    /// Attempts that are reserved and not settled.
    pub open_attempts: u64,
}
