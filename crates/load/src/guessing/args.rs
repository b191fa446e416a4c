//! The command line of `pinward-load guessing`, and the model as its help tells it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pinward_core::MAX_DIGITS;
use pinward_guessing::{Order, SHORTEST};

/// What an attacker who knows which PINs people choose finds of them within the limits, for each policy
///
/// Reads how often PINs were chosen, and prints for policies how many people they refuse, and how
/// many of those they accept have a PIN that is found within the local and within the global limit.
///
/// The attacker knows the data, the policy and the limits, but not the length of a person's PIN. The
/// limits of a person are those of the length of their PIN; a PIN is found if it is guessed within them.
/// The order of the guesses is the best one: the most frequent PINs that the policy accepts, those first
/// that have a lower limit. Each limit is measured by itself.
///
/// People whose PIN the policy refuses choose another one, and no data tell which. The shares found are of
/// those whose PIN is accepted, as if the others chose like them. If all the others chose PINs that nobody
/// guesses, it would be that times the share accepted; if they all turn to what is popular, it is more.
///
/// The attacker is told no reasons: who is told that a user is locked out learns whether the PIN has four
/// digits, and finds a little more within the global limit.
///
/// The rule that a PIN must not be the user's own extension or number does not apply: there are no people in
/// the data. Where data are few the attacker knows these people rather than people's habits, and finds too
/// many.
///
/// A line is a PIN and how many people chose it, or the other way round, between commas, semicolons, tabs or
/// spaces; or a PIN alone, one line for each person. A header (PIN and Count) or --order says which; there
/// may be comments (#). What is no PIN of 4 to 24 digits is skipped and counted.
#[derive(Args, Debug)]
pub struct GuessingArgs {
    /// Files with frequencies of PINs, taken together; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// What stands in a line of the files, where no header says it
    #[arg(long, value_enum)]
    order: Option<Columns>,

    /// MinPasswordLength of the policies; each is measured with common patterns and without
    #[arg(
        long,
        value_name = "N,…",
        value_delimiter = ',',
        default_value = "4,5,6,7,8",
        value_parser = clap::value_parser!(u32).range(SHORTEST as i64..=MAX_DIGITS as i64)
    )]
    pub min_password_length: Vec<u32>,

    /// MaximumLogonAttempts of the policies [default: none, the limits of the lengths hold]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=999))]
    pub maximum_logon_attempts: Option<u32>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// [`Order`] on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Columns {
    /// A PIN and how many people chose it
    PinCount,
    /// How many people chose it and the PIN, as "uniq -c" prints
    CountPin,
    /// A PIN as it stands, one line for each person
    Pin,
}

impl GuessingArgs {
    /// What stands in a line, where it was said.
    pub fn order(&self) -> Option<Order> {
        self.order.map(|columns| match columns {
            Columns::PinCount => Order::PinCount,
            Columns::CountPin => Order::CountPin,
            Columns::Pin => Order::Pin,
        })
    }
}
