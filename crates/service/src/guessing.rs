//! Guessing across users, slowed down without locking anybody out (R-GUESS-2).
//!
//! Each source has an allowance of failures that fills up again with time: a calling number within its
//! client, or all callers of a client who withhold theirs; and the client as a whole. Like a logon itself,
//! an attempt takes from the allowances before anything is evaluated, and gets it back when the PIN was
//! right or when nothing could be decided: so parallel attempts cannot pass it, and whoever knows their PIN
//! uses up nothing.
//!
//! Who calls from the number that the directory gives them is not held up by what others do through the
//! same client: they have an allowance beside it, as large. It is not free either, because numbers can be
//! made up: whoever writes the number of each user that they try uses up that one.
//!
//! One wrong PIN at many users is noticed whatever the source, recorded, and costs its sources more.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pinward_core::{Entropy, LineUri, Outcome, Pin, Timestamp, User, UserId};
use pinward_store::Act;

use crate::allowance::{Allowance, Allowances};
use crate::log_on::{Attempt, Decided, LogOnError, as_pin};
use crate::spraying::{Noticed, Spraying, SprayingLimits};
use crate::{Service, Source};

/// A failure with a PIN that is tried at many users costs so many.
const PRICE_OF_SPRAYING: u32 = 5;
/// Longest part of a calling number that counts, in digits.
const LONGEST_NUMBER: usize = 32;
/// What the audit log calls the alert.
const PIN_SPRAYING: &str = "PinSpraying";

/// How much guessing a source may do before it is slowed down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuessLimits {
    /// For each calling number of a client.
    pub caller: Allowance,
    /// For all callers of a client together who tell no number.
    pub withheld: Allowance,
    /// For each client as a whole.
    pub client: Allowance,
    /// What counts as one PIN tried at many users.
    pub spraying: SprayingLimits,
}

impl Default for GuessLimits {
    fn default() -> Self {
        Self {
            caller: Allowance {
                burst: 30,
                per_hour: 60,
            },
            withheld: Allowance {
                burst: 300,
                per_hour: 600,
            },
            client: Allowance {
                burst: 1000,
                per_hour: 3600,
            },
            spraying: SprayingLimits {
                users: 10,
                minutes: 60,
            },
        }
    }
}

/// What was seen of guessing since the program was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GuessFigures {
    /// Attempts that were not evaluated because their calling number had used up its allowance, or the
    /// callers without a number theirs.
    pub callers_slowed: u64,
    /// The same for clients.
    pub clients_slowed: u64,
    /// PINs that were tried at many users.
    pub sprayings: u64,
}

/// The state of it all, in memory: a restart begins anew.
pub(crate) struct Guessing {
    limits: GuessLimits,
    callers: Allowances,
    withheld: Allowances,
    clients: Allowances,
    spraying: Spraying,
    callers_slowed: AtomicU64,
    clients_slowed: AtomicU64,
    sprayings: AtomicU64,
}

/// What an attempt took from the allowances of its source.
pub(crate) struct Taken {
    caller: Option<By>,
    client: Option<Arc<str>>,
}

/// Whose allowance within a client it is.
enum By {
    /// That of a number.
    Number(String),
    /// That of those who tell none.
    Withheld(Arc<str>),
}

impl By {
    /// `None` where neither a number nor a client is known.
    fn of(number: Option<&str>, client: Option<&Arc<str>>) -> Option<Self> {
        match (number, client) {
            (Some(number), client) => {
                let client = client.map_or("", |client| client);
                Some(Self::Number(format!("{client}\n{number}")))
            }
            (None, Some(client)) => Some(Self::Withheld(Arc::clone(client))),
            (None, None) => None,
        }
    }
}

impl Guessing {
    pub(crate) fn new(limits: GuessLimits, entropy: &dyn Entropy) -> Self {
        Self {
            limits,
            callers: Allowances::new(limits.caller),
            withheld: Allowances::new(limits.withheld),
            clients: Allowances::new(limits.client),
            spraying: Spraying::new(limits.spraying, entropy),
            callers_slowed: AtomicU64::new(0),
            clients_slowed: AtomicU64::new(0),
            sprayings: AtomicU64::new(0),
        }
    }

    /// Takes one attempt from the allowances of its source; `None`: they are used up.
    pub(crate) fn enter(
        &self,
        source: &Source,
        user: Option<&User>,
        now: Timestamp,
    ) -> Option<Taken> {
        let number = source.caller.as_deref().and_then(digits);
        let own = number.as_ref().zip(user);
        let own = own.is_some_and(|(number, user)| is_own(number, user));
        let name = source.client.as_ref();
        let caller = By::of(number.as_deref(), name);
        let client = name.map(|name| match own {
            true => format!("{name}\nown numbers").into(),
            false => Arc::clone(name),
        });
        let taken = Taken { caller, client };
        let within = taken.caller.as_ref().map(|by| self.within(by));
        if within.is_some_and(|(all, key)| !all.take(key, now)) {
            self.callers_slowed.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        let client = taken.client.as_ref();
        if client.is_some_and(|key| !self.clients.take(key, now)) {
            if let Some((all, key)) = within {
                all.give_back(key, now);
            }
            self.clients_slowed.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(taken)
    }

    /// The allowances that it is one of, and which.
    fn within<'a>(&self, by: &'a By) -> (&Allowances, &'a str) {
        match by {
            By::Number(key) => (&self.callers, key),
            By::Withheld(key) => (&self.withheld, key),
        }
    }

    /// Gives back what an attempt took that was no guess.
    fn give_back(&self, taken: &Taken, now: Timestamp) {
        if let Some(by) = &taken.caller {
            let (all, key) = self.within(by);
            all.give_back(key, now);
        }
        if let Some(key) = &taken.client {
            self.clients.give_back(key, now);
        }
    }

    /// Remembers a wrong PIN, for which its source pays more where it is tried at many. Says whether
    /// it is known as such from now on.
    fn wrong(&self, taken: &Taken, user: UserId, pin: &Pin, now: Timestamp) -> bool {
        let noticed = self.spraying.wrong(pin, user, now);
        if noticed == Noticed::Nothing {
            return false;
        }
        if let Some(by) = &taken.caller {
            let (all, key) = self.within(by);
            for _ in 1..PRICE_OF_SPRAYING {
                all.pay(key, now);
            }
        }
        noticed == Noticed::First
    }
}

/// The digits of a calling number; `None` where there are none, as of callers who withhold theirs.
fn digits(number: &str) -> Option<String> {
    let digits = number.chars().filter(char::is_ascii_digit);
    let digits: String = digits.take(LONGEST_NUMBER).collect();
    (!digits.is_empty()).then_some(digits)
}

/// Whether these digits are the number or the extension of a user.
fn is_own(digits: &str, user: &User) -> bool {
    let line = user.person.line_uri.as_deref().and_then(LineUri::parse);
    line.is_some_and(|line| {
        let own = [line.number, line.extension];
        own.into_iter().flatten().any(|own| own == digits)
    })
}

impl Service {
    /// The service with these limits of guessing instead of the usual ones.
    #[must_use]
    pub fn with_guess_limits(mut self, limits: GuessLimits) -> Self {
        self.guessing = Guessing::new(limits, &*self.entropy);
        self
    }

    /// What was seen of guessing. For the program's own figures: there is no right to check.
    #[must_use]
    pub fn guess_figures(&self) -> GuessFigures {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        GuessFigures {
            callers_slowed: read(&self.guessing.callers_slowed),
            clients_slowed: read(&self.guessing.clients_slowed),
            sprayings: read(&self.guessing.sprayings),
        }
    }

    /// Settles with the source what came of its attempt.
    pub(crate) async fn leave(
        &self,
        taken: &Taken,
        attempt: &Attempt<'_>,
        came_of_it: &Result<Decided, LogOnError>,
    ) {
        let now = self.clock.now();
        let verdict = match came_of_it {
            Ok(decided) if !decided.again => &decided.verdict,
            _ => return self.guessing.give_back(taken, now),
        };
        match (verdict.outcome, &verdict.user) {
            (Outcome::Success | Outcome::PinExpired | Outcome::PinMustBeChanged, _) => {
                self.guessing.give_back(taken, now);
            }
            (Outcome::IncorrectPin, Some(user)) => {
                let Some(pin) = as_pin(attempt.pin) else {
                    return;
                };
                if self.guessing.wrong(taken, user.id, &pin, now) {
                    self.alert(&attempt.source, now).await;
                }
            }
            _ => {}
        }
    }

    /// One PIN is tried at many users.
    async fn alert(&self, source: &Source, now: Timestamp) {
        self.guessing.sprayings.fetch_add(1, Ordering::Relaxed);
        let SprayingLimits { users, minutes } = self.guessing.limits.spraying;
        let act = Act {
            at: now,
            actor: "pinward".to_owned(),
            action: PIN_SPRAYING,
            origin: source.origin(),
        };
        let subject = format!("one wrong PIN at {users} users within {minutes} minutes");
        // The logon itself is decided and recorded. Where the store cannot take this record, the
        // figure above tells of it.
        let _recorded = self.store.record_detection(&act, &subject).await;
    }
}
