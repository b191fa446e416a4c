//! Development only: the whole product on a folder of its own, with a manual clock and seeded
//! entropy, so that a test controls everything the product depends on.
//!
//! ```no_run
//! # async fn example() {
//! let kit = pinward_testkit::Kit::sample().await;
//! kit.clock.advance_minutes(30);
//! let kit = kit.restart().await; // the same folder, opened anew
//! # }
//! ```

mod authority;
mod clock;
mod entropy;
mod hook;
mod hooked;
mod kit;
mod passwords;
mod samba;

pub use authority::{Authority, For};
pub use clock::ManualClock;
pub use entropy::SeededEntropy;
pub use hook::{Hook, Made, Step};
pub use hooked::HookedStore;
pub use kit::{Kit, act};
pub use passwords::FakePasswords;
pub use samba::Samba;
