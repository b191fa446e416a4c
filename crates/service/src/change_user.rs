//! Changing users of the built-in directory. Rights: [`Right::ChangeUser`], [`Right::EnableUser`],
//! [`Right::DisableUser`].

use pinward_core::{LineUri, Lookup, Person, User, UserChange, UserViolation, fold};
use pinward_store::{KeptPlace, StoreError, UserChanged};

use crate::assign_pin::identity_of;
use crate::error::unavailable;
use crate::placement::judge;
use crate::{Caller, Denied, Permit, Refusal, Right, Service, Unavailable};

/// So many holders of a line are looked at; the store looks at all.
const MOST_LOOKED_AT: usize = 1000;

/// Why a user was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeUserError {
    /// The change makes no sense; everything that is wrong with it.
    #[error("{identity} was not changed: {}", join(reasons))]
    Invalid {
        /// The user.
        identity: String,
        /// What is wrong.
        reasons: Vec<UserViolation>,
    },
    /// The SIP address is somebody else's.
    #[error(
        "{identity} was not changed: the SIP address {address} belongs to {}",
        holder(by)
    )]
    SipAddressTaken {
        /// The user.
        identity: String,
        /// The address.
        address: String,
        /// Whose it is, where the caller may know.
        by: Option<String>,
    },
    /// The line reaches somebody else (R-AUTH-6).
    #[error(
        "{identity} was not changed: the line {line} reaches {} too, and nobody could sign in by it",
        holder(by)
    )]
    LineTaken {
        /// The user.
        identity: String,
        /// The line.
        line: String,
        /// Whose it is, where the caller may know.
        by: Option<String>,
    },
    /// A rule would give the user another site for it, and the caller does not say who belongs to which
    /// (R-RBAC-3).
    #[error(
        "{identity} was not changed: it would move them to another site by that site's rule, and who \
         belongs to which site is decided by those whose roles reach all users"
    )]
    OtherSite {
        /// The user.
        identity: String,
    },
    /// The user left the directory in between.
    #[error("{identity} is no longer in the directory")]
    Gone {
        /// The user.
        identity: String,
    },
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(ChangeUserError);

impl Refusal for ChangeUserError {
    fn id(&self) -> &'static str {
        match self {
            Self::Invalid { reasons, .. } => match reasons.as_slice() {
                [only] => only.code(),
                _ => "UserInvalid",
            },
            Self::SipAddressTaken { .. } => "SipAddressTaken",
            Self::LineTaken { .. } => "LineUriTaken",
            Self::OtherSite { .. } => "OutOfScope",
            Self::Gone { .. } => "UserNotFound",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

fn join(reasons: &[UserViolation]) -> String {
    let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    reasons.join("; ")
}

fn holder(by: &Option<String>) -> &str {
    by.as_deref().unwrap_or("somebody else")
}

/// A user after a change.
#[derive(Clone, Debug)]
pub struct ChangedUser {
    /// The user as they are now.
    pub user: User,
    /// Whether anything was done: a person who is enabled is not enabled again.
    pub done: bool,
    /// How those are named, as far as the caller may know, whose line has the same number: nobody can
    /// sign in by it (R-AUTH-6).
    pub same_line: Vec<String>,
}

impl Service {
    /// Everything [`Service::change_user`] would refuse, found without changing anything.
    pub async fn check_user_change(
        &self,
        caller: &Caller,
        user: &User,
        change: &UserChange,
    ) -> Result<(), ChangeUserError> {
        let permit = caller.permit(right(change))?;
        let identity = identity_of(user);
        let Some(user) = self.subject(&permit, user).await? else {
            return Err(ChangeUserError::Gone { identity });
        };
        let next = change
            .of(&user.person, self.clock.now())
            .map_err(|reasons| ChangeUserError::Invalid {
                identity: identity.clone(),
                reasons,
            })?;
        let Some(next) = next else { return Ok(()) };
        if let Some(kept) = self.kept_place(&permit).await?
            && kept.forbids(&user.person, &next)
            && self.store.named_site(user.id).await?.is_none()
        {
            return Err(self.other_site(&permit, &user).await?);
        }
        self.check_line(&permit, &user, &next).await?;
        let address = next
            .sip_address
            .filter(|address| Some(address) != user.person.sip_address.as_ref());
        let Some(address) = address else {
            return Ok(());
        };
        let lookup = Lookup::Sip(fold(&address));
        let holders = self.store.find(&lookup, 2).await?;
        match holders.into_iter().find(|holder| holder.id != user.id) {
            None => Ok(()),
            Some(holder) => Err(ChangeUserError::SipAddressTaken {
                identity,
                address,
                by: known(&permit, holder.person.display_name),
            }),
        }
    }

    /// Whether a line that is new, or newly in use, reaches nobody else: as the store judges it.
    async fn check_line(
        &self,
        permit: &Permit<'_>,
        user: &User,
        next: &Person,
    ) -> Result<(), ChangeUserError> {
        let new = next.line_uri != user.person.line_uri || !user.person.enabled;
        let Some(text) = next.line_uri.as_deref().filter(|_| new && next.enabled) else {
            return Ok(());
        };
        let Some(line) = LineUri::parse(text) else {
            return Ok(());
        };
        let extension = line.extension.clone().map(Lookup::Extension);
        let number = line.number.clone().map(Lookup::Phone);
        let lookups: Vec<Lookup> = extension.into_iter().chain(number).collect();
        let sharing = |holder: &User| {
            let other = holder.person.line_uri.as_deref().and_then(LineUri::parse);
            let other = other.and_then(|other| other.extension);
            other.is_none() || line.extension.is_none() || other == line.extension
        };
        let holders = self.store.find_any(&lookups, MOST_LOOKED_AT).await?;
        let holder = holders
            .into_iter()
            .find(|holder| holder.id != user.id && holder.person.enabled && sharing(holder));
        match holder {
            None => Ok(()),
            Some(holder) => Err(ChangeUserError::LineTaken {
                identity: identity_of(user),
                line: text.to_owned(),
                by: known(permit, identity_of(&holder)),
            }),
        }
    }

    /// Changes a user, judged as they are when the change is made. PIN, history, counts, locks and
    /// grants stay, except that disabling takes the PIN, its history and the grant.
    pub async fn change_user(
        &self,
        caller: &Caller,
        user: &User,
        change: &UserChange,
    ) -> Result<ChangedUser, ChangeUserError> {
        let permit = caller.permit(right(change))?;
        let identity = identity_of(user);
        let Some(user) = self.subject(&permit, user).await? else {
            return Err(ChangeUserError::Gone { identity });
        };
        let act = permit.act(self.clock.now());
        let (changed, same_line) = loop {
            let kept = self.kept_place(&permit).await?;
            let refused = match self.store.change_user(user.id, change, kept, &act).await? {
                UserChanged::Done { user, same_line } => break (user, same_line),
                UserChanged::AlreadyEnabled => {
                    return Ok(ChangedUser {
                        user: user.into_owned(),
                        done: false,
                        same_line: Vec::new(),
                    });
                }
                UserChanged::RulesChanged => continue,
                UserChanged::Invalid(reasons) => ChangeUserError::Invalid { identity, reasons },
                UserChanged::SipAddressTaken { address, by } => ChangeUserError::SipAddressTaken {
                    identity,
                    address,
                    by: known(&permit, by),
                },
                UserChanged::LineTaken { line, by } => ChangeUserError::LineTaken {
                    identity,
                    line,
                    by: known(&permit, by),
                },
                UserChanged::OtherSite => self.other_site(&permit, &user).await?,
                UserChanged::NoSuchUser => ChangeUserError::Gone { identity },
            };
            return Err(refused);
        };
        self.settle_places(None, |_| {}).await?;
        let placed = self.store.user(changed.id).await?;
        Ok(ChangedUser {
            user: placed.unwrap_or(*changed),
            done: true,
            same_line: same_line
                .into_iter()
                .map(|name| known(&permit, name).unwrap_or("another user".to_owned()))
                .collect(),
        })
    }

    /// What holds for somebody with a scope among users: with any of their roles they would choose whom
    /// it reaches (R-RBAC-3).
    async fn kept_place(&self, permit: &Permit<'_>) -> Result<Option<KeptPlace>, StoreError> {
        if permit.is_of_the_unlimited() {
            return Ok(None);
        }
        let rules = self.store.site_rules().await?;
        Ok(Some(KeptPlace {
            version: rules.version,
            judge: judge(&rules, None),
        }))
    }

    async fn other_site(
        &self,
        permit: &Permit<'_>,
        user: &User,
    ) -> Result<ChangeUserError, StoreError> {
        self.note_refused_users(permit, [user]).await?;
        Ok(ChangeUserError::OtherSite {
            identity: identity_of(user),
        })
    }
}

fn right(change: &UserChange) -> Right {
    match change {
        UserChange::Set(_) => Right::ChangeUser,
        UserChange::Enable(_) => Right::EnableUser,
        UserChange::Disable => Right::DisableUser,
    }
}

/// The name of somebody else, where the caller may see everybody (R-RBAC-3).
fn known(permit: &Permit<'_>, name: String) -> Option<String> {
    permit.reaches_everybody().then_some(name)
}
