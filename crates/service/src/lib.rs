//! The use cases of Pinward: who may do what, and what then happens.
//!
//! One file per use case. Each one authorises the caller, loads, asks the core, saves. No protocol,
//! no text layout and no SQL is known here, and no door may go around it.
//!
//! To add a thing the service can do: one file with a public method on [`Service`], its
//! [`Right`] stated at the top, a line in the list of modules below, and one in the table of
//! `tests/it/use_cases.rs`. Users and configuration that the permit does not reach are not there for it:
//! see `people.rs`.

mod access_numbers;
mod admission;
mod allowance;
mod assertions;
mod assign_pin;
mod audit;
mod background;
mod caller;
mod change_user;
mod choose_pin;
mod client_access;
mod clients;
mod complaints;
mod delivery;
mod dial_in;
mod door_counts;
mod error;
mod figures;
mod foresight;
mod guessing;
mod head_start;
mod import_people;
mod import_pins;
mod keep_pin;
mod keys;
mod ledger;
mod list_users;
mod lock_pin;
mod log_on;
mod meter;
mod open;
mod own_pin;
mod people;
mod pin_info;
mod placement;
mod policies;
mod ready;
mod refused;
mod role_changes;
mod role_holders;
mod roles;
mod search_people;
mod service;
mod sign_in;
mod silence;
mod sites;
mod source;
mod spans;
mod spraying;
mod sync;
mod sync_schedule;
mod test_policy;
mod tries;
mod turnstile;
mod welcome_user;

pub use access_numbers::{AccessNumberChoice, AccessNumberError, NewScope};
pub use allowance::Allowance;
pub use assertions::AssertionTerms;
pub use assign_pin::{AssignPinError, Assigned, NewPin, Terms};
pub use audit::{AuditError, AuditPages, AuditPart};
pub use background::in_background;
pub use caller::{Caller, Denied, Permit, Right};
pub use change_user::{ChangeUserError, ChangedUser};
pub use choose_pin::{ChoosePinError, MustChoose, PinVersion, Proof};
pub use client_access::{
    ClientAccess, ClientAccessError, ClientLogOnError, ClientProof, ClientVerdict,
};
pub use clients::{ClientError, ClientSecret, NewClient, ProvenBy};
pub use complaints::Complaints;
pub use delivery::{Delivery, Input};
pub use dial_in::Region;
pub use door_counts::DoorCount;
pub use error::{Refusal, Unavailable};
pub use figures::{FailureSource, FiguresError, LogOnFigures, LogOnStep, Period, PinFigures};
pub use foresight::{GrantForesight, SOON};
pub use guessing::{GuessFigures, GuessLimits};
pub use import_people::{ImportError, ImportProgress, ImportReport, RefusedRow};
pub use import_pins::{PinImport, PinImportReport, PinRowDone, PinRowOutcome};
pub use keys::{KeyStatus, KeysError};
pub use list_users::{UserList, UserQuery};
pub use lock_pin::LockPinError;
pub use log_on::{Attempt, LogOnError, Verdict};
pub use meter::{Measures, TIMING_BOUNDS, Timing};
pub use open::OpenError;
pub use own_pin::{OwnPin, Rules};
pub use people::{FindUserError, UserPages};
pub use pin_info::PinInfo;
/// Who was found by a search.
pub use pinward_store::FoundPeople;
pub use pinward_store::{
    AuditMark, AuditProblem, AuditProgress, AuditQuery, AuditRecord, AuditReport,
};
/// What is known of sources and their users.
pub use pinward_store::{Conflict, SourceStatus, SyncFigures};
/// Figures that the store counts.
pub use pinward_store::{Foresight, Shift, Tally};
pub use pinward_store::{PlacedBatch, SiteDetails};
/// What assertions are checked with.
pub use pinward_verifier::SigningKey;
pub use placement::PlacingProgress;
pub use policies::{GrantError, PolicyError, PolicyRemoval};
pub use role_changes::{NewRole, OutdatedRole, RoleWarning};
pub use role_holders::{ActAsError, RoleGrantError};
pub use roles::RoleError;
pub use service::Service;
pub use sign_in::{SignIn, SignInError, SignInLimits, SignedIn};
pub use silence::{Answer, AnswerOrChoice};
pub use sites::{ChangedSite, RemovedSite, SiteError, SiteRequest};
pub use source::{Door, Source};
pub use spans::{SPANS, SpanFate};
pub use spraying::SprayingLimits;
pub use sync::{SyncError, SyncOptions, SyncPhase, SyncProgress, SyncReport};
pub use sync_schedule::{Due, Rhythm};
pub use test_policy::{Judgement, PinStanding, PolicyFigures, PolicySource, UserStanding};
pub use welcome_user::{Welcome, WelcomeError, WelcomeRequest};
