//! The call flow of the telephone doors: what a caller is told and asked, and how the call ends.
//!
//! ```text
//! language? → conference? → number or extension → PIN → verdict ─→ admitted
//!                               ↑                        │ │
//!                               └── refused, tries left ─┘ └─ expired, to be changed:
//!                                                            new PIN → again → verdict
//! ```
//!
//! It knows no protocol and does no I/O; `desk.rs` alone asks the service. A call is a value that says what comes next
//! ([`Next`]), and each of these takes only what can come then: digits cannot be given where a verdict is
//! awaited, and nothing can be given to a call that has ended. A caller may hang up at any moment.
//!
//! Every sequence of keys and silences ends: wrong PINs are counted over the whole call, starting over
//! included; what is not understood is counted until something is; and no call is asked more than
//! [`MOST_TURNS`] times.
//!
//! Where callers are not trusted with reasons ([`Settings::tell_reasons`]), what is said after a number that
//! nobody has is what is said after a wrong PIN (R-AUTH-5).
//!
//! To add a question: a variant of `Question` in `question.rs` with its prompts and limits, and what its
//! answer leads to in `answers.rs`.

mod answers;
mod call;
mod desk;
mod end;
mod keys;
mod new_pin;
mod prompt;
mod question;
mod settings;
mod verdicts;

pub use call::{Call, Gathering, MOST_MISSES, MOST_TURNS, Next};
pub use desk::{Turn, settle};
pub use end::{Admission, CallOutcome, Ending};
pub use keys::{Input, Keys, NotKeys};
pub use new_pin::{ChoiceRefused, Choosing};
pub use prompt::{Prompt, Said};
pub use settings::{AskConference, Languages, Settings};
pub use verdicts::{Answer, Deciding};
