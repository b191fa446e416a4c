//! R-GUESS-1: what an informed attacker finds of the PINs that people choose, measured on data about
//! what people chose. `pinward-load guessing` is the tool; `docs/measurements/guessing.md` the page.
//!
//! The model:
//!
//! - The attacker knows the data: how many people chose each PIN. They know the policy and the limits
//!   too, but of the person nothing, the length of the PIN included.
//! - Each person's limits are those of the length of their PIN (R-LOCK-3): a guess finds a PIN when no
//!   more guesses than the limit of that length have been made, itself included. The attacker
//!   plans for that as well as it can be done: `plan.rs`. So it is never fewer than by going down the
//!   list of the most frequent PINs, and the same where all lengths have one limit.
//! - The attacker is told no reasons (R-AUTH-5). Who is told that a user is locked out learns from when it
//!   happened whether the PIN has four digits, and finds a little more within the global limit.
//! - People whose PIN a policy refuses choose another one. Which, no data tell: the share found is that
//!   of the people whose PIN the policy accepts, as if the others chose like them, and the share of the
//!   people who are refused stands beside it.
//! - The rules about the user's own numbers (R-PIN-3c) do not apply: the data have no people.
//!
//! How often a PIN is chosen is nobody's secret, so the digits are kept as plain numbers while
//! they are counted. Whose PINs the data were is another matter: no digit reaches an error or a result.

mod columns;
mod frequencies;
mod lines;
mod measure;
mod plan;

pub use columns::Order;
pub use frequencies::{Frequencies, SHORTEST, Skipped};
pub use lines::{MAX_LINE, ReadError, Reason};
pub use measure::{Found, Ranked, guesses};
