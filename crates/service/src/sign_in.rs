//! Signing in with the password of the directory: what the pages for people begin with.
//!
//! There is no right to check: the password is what proves who asks. The directory is never asked so
//! often that its own lock for wrong passwords could hold: after so many wrong ones here, in a row and
//! without a long pause, nobody asks it for that account any more.
//!
//! A name that nobody has is answered like a wrong password, and as late (`silence.rs` says how). What
//! the directory tells of an account beyond that is told on: its user has to know what to do.
//!
//! Wrong passwords are counted twice: by the name that was given, whether somebody has it or not, which is what
//! is told; and by user, so that no account is locked by way of several of its names. Whoever is over the
//! second limit and not over the first is answered like a name that nobody has, or it could be told from one.
//! Those who are signed in and prove themselves again have a few tries of their own, which no stranger can use up.
//!
//! What the directory was asked is recorded; what it was not asked, for lack of a password or of a directory, is
//! not, or strangers could let the audit log grow. Of tries that are too many the first of a series is.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, PoisonError, RwLock};

use pinward_core::{Lookup, Reach, SignedDuration, Timestamp, User, UserId, fold, parse_number};
use pinward_directory::source::SourceError;
use pinward_directory::{Password, PasswordAnswer, PasswordCheck};
use pinward_store::{LogOn, StoreError};
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use tracing::Instrument as _;
use zeroize::Zeroizing;

use crate::assign_pin::identity_of;
use crate::error::unavailable;
use crate::log_on::neutral;
use crate::silence::{Tempo, on_grid};
use crate::spans::step;
use crate::tries::{Came, Limit, Since, TooMany, Tries, Try};
use crate::{Caller, Refusal, Service, Source, Unavailable};

/// What the audit log calls it.
const SIGN_IN: &str = "SignIn";
/// And where somebody who is signed in proves who they are once more.
const PROVE: &str = "ProveAgain";
/// And what it calls a try too many.
const TOO_MANY: &str = "TooManyTries";
/// Wrong passwords for the account of somebody who is signed in, by themselves, then the pause. They come on top
/// of [`SignInLimits::wrong_per_account`], or strangers who use that up could keep people from proving.
const WRONG_PROOFS: u32 = 2;
/// More names, or addresses, are not remembered.
const MOST_REMEMBERED: usize = 1 << 16;
/// How many people a name may mean before it is known that it means several.
const MOST_CANDIDATES: usize = 16;

/// How often people may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInLimits {
    /// Wrong passwords for one account, then the pause. This and 2 more, which those who are signed in have
    /// to prove themselves again, must be below the directory's own limit.
    pub wrong_per_account: u32,
    /// How long no password is tried for that account after the last wrong one. Must be as long as the
    /// directory remembers wrong passwords, or longer.
    pub account_pause: SignedDuration,
    /// Wrong passwords from one address within the pause of addresses, counted from the first.
    pub wrong_per_address: u32,
    /// How long an address is counted for.
    pub address_pause: SignedDuration,
}

impl Default for SignInLimits {
    /// 3 wrong passwords for an account, then 30 minutes; 100 from an address within 15 minutes.
    fn default() -> Self {
        Self {
            wrong_per_account: 3,
            account_pause: SignedDuration::from_mins(30),
            wrong_per_address: 100,
            address_pause: SignedDuration::from_mins(15),
        }
    }
}

/// One attempt to sign in.
pub struct SignIn<'a> {
    /// A name of any form: SIP address, user principal name, `domain\logon`, logon or display name,
    /// distinguished name, phone number, extension.
    pub who: &'a str,
    /// The password as keyed.
    pub password: Zeroizing<String>,
    /// Where it comes from.
    pub source: &'a Source,
    /// The address it comes from, where there is one.
    pub address: Option<IpAddr>,
}

/// Somebody who has signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// What they may do, by the roles that they hold at this moment.
    pub caller: Caller,
}

/// Why somebody was not let in. Written for them.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// There is no such name, or the password is wrong.
    #[error("the name or the password is wrong")]
    Wrong,
    /// There is no password. Nobody was asked.
    #[error("the password is missing")]
    PasswordMissing,
    /// Too many wrong passwords were given for this name or from this address. Nobody was asked.
    #[error("too many wrong passwords; try again later")]
    TooManyTries {
        /// From when on passwords are tried again.
        until: Timestamp,
    },
    /// The directory says that the account is disabled.
    #[error("your account is disabled; ask your administrator")]
    Disabled,
    /// The directory says that the account has expired.
    #[error("your account has expired; ask your administrator")]
    Expired,
    /// The directory says that the password has expired.
    #[error("your password has expired; change it where you sign in to your computer")]
    PasswordExpired,
    /// The directory says that the password has to be changed.
    #[error("your password must be changed; change it where you sign in to your computer")]
    MustChange,
    /// The directory says that the account is locked.
    #[error("your account is locked after too many wrong passwords; ask your administrator")]
    Locked,
    /// The directory does not let the account sign in now, or from here.
    #[error("your account may not sign in now, or not from here; ask your administrator")]
    NotAllowed,
    /// Nobody can sign in: no directory is configured that could check passwords.
    #[error("nobody can sign in here: no directory that checks passwords is set up")]
    NotSetUp,
    /// The directory could not be asked.
    #[error("your password cannot be checked right now; try again later")]
    Directory(#[source] SourceError),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(SignInError);

impl Refusal for SignInError {
    fn id(&self) -> &'static str {
        match self {
            Self::Wrong => "SignInWrong",
            Self::PasswordMissing => "PasswordMissing",
            Self::TooManyTries { .. } => TOO_MANY,
            Self::Disabled => "AccountDisabled",
            Self::Expired => "AccountExpired",
            Self::PasswordExpired => "PasswordExpired",
            Self::MustChange => "PasswordMustBeChanged",
            Self::Locked => "AccountLocked",
            Self::NotAllowed => "SignInNotAllowed",
            Self::NotSetUp => "SignInNotSetUp",
            Self::Directory(error) => error.id,
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// Who is asked, and what is remembered of those who were wrong.
#[derive(Default)]
pub(crate) struct SignIns {
    asked: RwLock<Option<Asked>>,
    names: Tries<Name>,
    users: Tries<UserId>,
    proving: Tries<UserId>,
    addresses: Tries<IpAddr>,
    tempo: Tempo,
}

/// What a name is counted by.
type Name = [u8; 16];

/// Who somebody says they are.
struct Claim {
    name: Name,
    /// Who that is, where it is somebody.
    user: Option<User>,
    /// Whether whoever asks is known to be this user, so that nothing about the account has to be hidden.
    known: bool,
    /// What the audit log calls the attempt.
    action: &'static str,
}

#[derive(Clone)]
struct Asked {
    check: Arc<dyn PasswordCheck>,
    limits: SignInLimits,
}

/// What was charged for an attempt.
struct Charged<'a> {
    /// `None`: whoever asks is known, and counted by user alone.
    name: Option<Try<'a, Name>>,
    /// `Err`: the user has had too many, by other names.
    user: Option<Result<Try<'a, UserId>, TooMany>>,
    address: Option<Try<'a, IpAddr>>,
}

impl Charged<'_> {
    fn settle(self, came: Came, now: Timestamp) {
        if let Some(name) = self.name {
            name.settle(came, now);
        }
        if let Some(Ok(user)) = self.user {
            user.settle(came, now);
        }
        if let Some(address) = self.address {
            // Somebody's own right password says nothing of those that were tried for others.
            let came = if came == Came::Right {
                Came::Neither
            } else {
                came
            };
            address.settle(came, now);
        }
    }
}

impl SignIns {
    fn charge(
        &self,
        limits: &SignInLimits,
        claim: &Claim,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Charged<'_>, TooMany> {
        let of_account = |wrong, most| Limit {
            wrong,
            pause: limits.account_pause,
            since: Since::Last,
            most,
        };
        let of_address = Limit {
            wrong: limits.wrong_per_address,
            pause: limits.address_pause,
            since: Since::First,
            most: MOST_REMEMBERED,
        };
        let address = match address {
            Some(address) => Some(self.addresses.begin(network(address), of_address, now)?),
            None => None,
        };
        let wrong = limits.wrong_per_account;
        let name = (!claim.known).then(|| {
            let limit = of_account(wrong, MOST_REMEMBERED);
            self.names.begin(claim.name, limit, now)
        });
        // There are no more of them than users.
        let of_user = |user: &User| {
            let (users, wrong) = match claim.known {
                true => (&self.proving, WRONG_PROOFS),
                false => (&self.users, wrong),
            };
            users.begin(user.id, of_account(wrong, usize::MAX), now)
        };
        match name.transpose() {
            Ok(name) => Ok(Charged {
                name,
                user: claim.user.as_ref().map(of_user),
                address,
            }),
            Err(too_many) => {
                if let Some(address) = address {
                    address.settle(Came::Neither, now);
                }
                Err(too_many)
            }
        }
    }
}

/// The address, or the network of an IPv6 address: whoever has one of its addresses has all of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        address @ IpAddr::V4(_) => address,
    }
}

impl Service {
    /// Names who is asked whether a password is right, and how often people may be wrong; `None`: nobody
    /// can sign in. From the next attempt on.
    pub fn ask_passwords_of(&self, check: Option<Arc<dyn PasswordCheck>>, limits: SignInLimits) {
        let mut asked = self
            .sign_ins
            .asked
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *asked = check.map(|check| Asked { check, limits });
    }

    /// Lets somebody in by name and password, or says why not. What the directory said is recorded.
    pub async fn sign_in(&self, attempt: &SignIn<'_>) -> Result<SignedIn, SignInError> {
        let claim = Claim {
            name: counted(attempt.who),
            user: self.who_signs_in(attempt.who).await?,
            known: false,
            action: SIGN_IN,
        };
        self.prove(attempt, claim).await
    }

    /// Has somebody who is signed in prove once more who they are, before they do what is dangerous. The
    /// name in `attempt` is not looked at.
    pub async fn prove_again(&self, user: &User, attempt: &SignIn<'_>) -> Result<(), SignInError> {
        let claim = Claim {
            name: counted(&user.person.sam_account_name),
            user: self.store.user(user.id).await?,
            known: true,
            action: PROVE,
        };
        self.prove(attempt, claim).await.map(drop)
    }

    /// Somebody who signed in earlier, as they are now and with the roles that they hold now; `None`:
    /// they are no longer in the directory.
    pub async fn signed_in(
        &self,
        user: UserId,
        source: &Source,
    ) -> Result<Option<SignedIn>, Unavailable> {
        match self.store.user(user).await?.filter(|user| !user.gone) {
            Some(user) => Ok(Some(self.with_roles(user, source).await?)),
            None => Ok(None),
        }
    }

    async fn with_roles(&self, user: User, source: &Source) -> Result<SignedIn, StoreError> {
        let roles = self.roles_held(&user).await?;
        let name = format!("{}\\{}", user.person.domain, user.person.sam_account_name);
        let caller = Caller::new(name, roles).from(source.clone());
        Ok(SignedIn { user, caller })
    }

    /// The one person whom a name means.
    async fn who_signs_in(&self, who: &str) -> Result<Option<User>, StoreError> {
        let mut groups = parse_number(who).unwrap_or_default();
        for group in &mut groups {
            group.retain(|lookup| !matches!(lookup, Lookup::DisplayPattern(_)));
        }
        let everybody = Reach::Everything;
        let mut found = self
            .first_group(&groups, MOST_CANDIDATES, &everybody, &mut Vec::new())
            .await?;
        Ok(found
            .pop()
            .filter(|_| found.is_empty())
            .map(Arc::unwrap_or_clone))
    }

    async fn prove(&self, attempt: &SignIn<'_>, claim: Claim) -> Result<SignedIn, SignInError> {
        let decided = self.decide_password(attempt, &claim).await;
        let outcome = match &decided {
            Ok(()) => Some("Success"),
            Err((_, recorded)) => *recorded,
        };
        if let Some(outcome) = outcome {
            let user = claim.user.as_ref();
            let record = LogOn {
                actor: user.filter(|_| decided.is_ok()).map(identity_of),
                action: claim.action,
                origin: attempt.source.origin(),
                subject: user.map_or_else(|| neutral(attempt.who), identity_of),
            };
            let (id, now) = (user.map(|user| user.id), self.clock.now());
            self.store.record_sign_in(&record, id, outcome, now).await?;
        }
        match (decided, claim.user) {
            (Ok(()), Some(user)) => Ok(self.with_roles(user, attempt.source).await?),
            (Ok(()), None) => Err(SignInError::Wrong),
            (Err((error, _)), _) => Err(error),
        }
    }

    /// Whether the password is that of the user, or what is told and what is recorded.
    async fn decide_password(
        &self,
        attempt: &SignIn<'_>,
        claim: &Claim,
    ) -> Result<(), (SignInError, Option<&'static str>)> {
        let unrecorded = |error: SignInError| (error, None);
        let plainly = |error: SignInError| {
            let id = error.id();
            (error, Some(id))
        };
        let too_many = |TooMany { until, first }| {
            let error = SignInError::TooManyTries { until };
            (error, first.then_some(TOO_MANY))
        };
        let asked = self.sign_ins.asked.read();
        let asked = asked.unwrap_or_else(PoisonError::into_inner).clone();
        let Some(Asked { check, limits }) = asked else {
            return Err(unrecorded(SignInError::NotSetUp));
        };
        let password = Password::new(attempt.password.clone())
            .map_err(|_empty| unrecorded(SignInError::PasswordMissing))?;
        let now = self.clock.now();
        let charged = self.sign_ins.charge(&limits, claim, attempt.address, now);
        let charged = charged.map_err(too_many)?;
        let hidden = match charged.user {
            Some(Err(refused)) if claim.known => {
                charged.settle(Came::Neither, now);
                return Err(too_many(refused));
            }
            Some(Err(refused)) => Some(refused),
            Some(Ok(_)) | None => None,
        };
        let arrived = Instant::now();
        // Whoever is gone has no password any more; to find that out takes as long as a wrong one. And so it does
        // for whoever has had too many by other names.
        let user = claim.user.as_ref().filter(|_| hidden.is_none());
        let person = user.filter(|user| !user.gone).map(|user| &user.person);
        let asking = check.check(person, &password);
        let answer = asking.instrument(step!("ask the directory")).await;
        let came = match &answer {
            Ok(PasswordAnswer::Right) => Came::Right,
            // What nobody keeps must not be told from a wrong password, and what was never answered may
            // have been one.
            Ok(
                PasswordAnswer::Wrong
                | PasswordAnswer::NotKept
                | PasswordAnswer::Locked
                | PasswordAnswer::NoAnswer,
            ) => Came::Wrong,
            // The password was right, or nobody was asked.
            Ok(_) | Err(_) => Came::Neither,
        };
        charged.settle(came, self.clock.now());
        let took = arrived.elapsed();
        if answer.is_ok() {
            self.sign_ins.tempo.note(took);
        }
        let error = match answer {
            Ok(PasswordAnswer::Right) => return Ok(()),
            Ok(PasswordAnswer::Wrong) => SignInError::Wrong,
            Ok(PasswordAnswer::NotKept) => {
                self.wait_as_long(arrived).await;
                return Err((SignInError::Wrong, Some("PasswordNotKept")));
            }
            Ok(PasswordAnswer::Disabled) => SignInError::Disabled,
            Ok(PasswordAnswer::Expired) => SignInError::Expired,
            Ok(PasswordAnswer::PasswordExpired) => SignInError::PasswordExpired,
            Ok(PasswordAnswer::MustChange) => SignInError::MustChange,
            Ok(PasswordAnswer::Locked) => SignInError::Locked,
            Ok(PasswordAnswer::NotAllowed) => SignInError::NotAllowed,
            Ok(PasswordAnswer::NoAnswer) => SignInError::Directory(SourceError {
                id: "DirectoryNoAnswer",
                message: "the directory was given the password and did not answer".to_owned(),
            }),
            Err(error) => return Err(unrecorded(SignInError::Directory(error))),
        };
        if !matches!(error, SignInError::Wrong) {
            return Err(plainly(error));
        }
        self.wait_as_long(arrived).await;
        Err(match (hidden, &claim.user) {
            (Some(refused), _) => (error, refused.first.then_some(TOO_MANY)),
            (None, Some(_)) => plainly(error),
            (None, None) => (error, Some("UserDoesNotExist")),
        })
    }

    /// Waits until the slowest of the recent answers would have come.
    async fn wait_as_long(&self, arrived: Instant) {
        let slowest = self.sign_ins.tempo.slowest().unwrap_or_default();
        let release = on_grid(slowest.max(arrived.elapsed()));
        tokio::time::sleep_until(arrived + release).await;
    }
}

/// What a name is counted by: the spellings of one logon name are one, in whichever realm.
fn counted(who: &str) -> Name {
    let folded = fold(who);
    let bare = folded.strip_prefix("sip:").unwrap_or(&folded);
    let bare = match (bare.split_once('\\'), bare.split_once('@')) {
        (Some((_, logon)), _) | (None, Some((logon, _))) => logon,
        (None, None) => bare,
    };
    let whole: [u8; 32] = Sha256::digest(bare.trim().as_bytes()).into();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}
