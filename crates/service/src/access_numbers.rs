//! The numbers by which people dial in to conferences. Rights: [`Right::ViewAccessNumbers`],
//! [`Right::CreateAccessNumber`], [`Right::ChangeAccessNumber`], [`Right::RemoveAccessNumber`],
//! [`Right::ViewLanguages`].
//!
//! A number that is for everybody belongs to the company as a whole, one that is for a site to that
//! site (R-RBAC-3).

use pinward_core::{
    AccessNumber, AccessNumberPatch, AccessNumberViolation, LANGUAGES, RegionChoice, fold,
    parse_sip_address,
};
use pinward_store::{AccessNumberChanged, AccessNumberCreated, Deleted, Reordered};

use crate::error::unavailable;
use crate::{Caller, Denied, Permit, Refusal, Right, Service, Unavailable};

/// Why an access number was not created, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum AccessNumberError {
    /// There is no such number.
    #[error(
        "there is no access number \"{uri}\". `Get-CsDialInConferencingAccessNumber` lists them by \
         their SIP addresses"
    )]
    NotFound {
        /// The SIP address as given.
        uri: String,
    },
    /// There is one of that SIP address.
    #[error(
        "the access number {uri} exists already; change it with \
         Set-CsDialInConferencingAccessNumber"
    )]
    Exists {
        /// The SIP address.
        uri: String,
    },
    /// The SIP address is that of a number of which the caller may not know (R-RBAC-3). There is one of each
    /// in the company, so that it is taken cannot be hidden; by what, is.
    #[error(
        "the SIP address {uri} is taken by something that your roles do not reach; choose another"
    )]
    UriTaken {
        /// The SIP address.
        uri: String,
    },
    /// Somebody changed it after it was seen.
    #[error("the access number {uri} was changed in the meantime. Look at it again")]
    Overtaken {
        /// The SIP address.
        uri: String,
    },
    /// Another number has that line.
    #[error(
        "nothing was changed for the access number {uri}: {} has its LineUri",
        by.as_deref().unwrap_or("somebody else")
    )]
    LineTaken {
        /// The SIP address.
        uri: String,
        /// That of the number that has the line, where the caller may know.
        by: Option<String>,
    },
    /// Everything that is wrong with the number.
    #[error("nothing was changed for the access number {uri}: {}", join(reasons))]
    Invalid {
        /// The SIP address.
        uri: String,
        /// What is wrong.
        reasons: Vec<AccessNumberViolation>,
    },
    /// The number cannot be for a site only.
    #[error(
        "nothing was changed for the access number {uri}: nobody who belongs to its pool belongs to a \
         site, so it is not known for which site it would be"
    )]
    NoSiteOfPool {
        /// The SIP address.
        uri: String,
    },
    /// The site went away in between.
    #[error("nothing was changed for the access number {uri}: its site is no longer there")]
    NoSuchSite {
        /// The SIP address.
        uri: String,
    },
    /// The number is not in the region where it was to be moved.
    #[error(
        "the access number {uri} is not in the region \"{region}\"; add it with -Regions first"
    )]
    NotInRegion {
        /// The SIP address.
        uri: String,
        /// The region as given.
        region: String,
    },
    /// The caller's roles do not reach so far.
    #[error(
        "the access number {uri} would be for people whom your roles do not reach; nothing was changed"
    )]
    OutOfScope {
        /// The SIP address.
        uri: String,
    },
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(AccessNumberError);

impl Refusal for AccessNumberError {
    fn id(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "AccessNumberNotFound",
            Self::Exists { .. } => "AccessNumberExists",
            Self::UriTaken { .. } => "PrimaryUriTaken",
            Self::Overtaken { .. } => "AccessNumberOvertaken",
            Self::LineTaken { .. } => "LineUriTaken",
            Self::Invalid { .. } => "AccessNumberInvalid",
            Self::NoSiteOfPool { .. } => "SiteOfPoolUnknown",
            Self::NoSuchSite { .. } => "SiteNotFound",
            Self::NotInRegion { .. } => "RegionNotOfNumber",
            Self::OutOfScope { .. } => "OutOfScope",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

fn join(reasons: &[AccessNumberViolation]) -> String {
    let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    reasons.join("; ")
}

/// Which numbers to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessNumberChoice {
    /// All of them, by SIP address.
    All,
    /// Those of a region, in their order.
    Region(RegionChoice),
    /// Those of no region.
    NoRegion,
}

/// For whom a number is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewScope {
    /// For everybody.
    Global,
    /// For the site to which most people of its pool belong.
    SiteOfPool,
}

impl Service {
    /// The access numbers that the caller may see.
    pub async fn access_numbers(
        &self,
        caller: &Caller,
        choice: &AccessNumberChoice,
    ) -> Result<Vec<AccessNumber>, AccessNumberError> {
        let permit = caller.permit(Right::ViewAccessNumbers)?;
        let region = match choice {
            AccessNumberChoice::Region(choice) => Some(choice.region.as_str()),
            AccessNumberChoice::All | AccessNumberChoice::NoRegion => None,
        };
        let mut numbers = self.store.access_numbers(region).await?;
        numbers.retain(|number| {
            permit.reaches_site(number.site.as_deref())
                && match choice {
                    AccessNumberChoice::All => true,
                    AccessNumberChoice::Region(choice) => choice.means(number),
                    AccessNumberChoice::NoRegion => number.regions.is_empty(),
                }
        });
        Ok(numbers)
    }

    /// One access number by its SIP address.
    pub async fn access_number(
        &self,
        caller: &Caller,
        uri: &str,
    ) -> Result<AccessNumber, AccessNumberError> {
        let permit = caller.permit(Right::ViewAccessNumbers)?;
        self.number(&permit, uri).await
    }

    /// The sites that no access number has among its regions: their people find no number that is
    /// meant for them.
    pub async fn empty_regions(&self, caller: &Caller) -> Result<Vec<String>, AccessNumberError> {
        let permit = caller.permit(Right::ViewAccessNumbers)?;
        let numbers = self.store.access_numbers(None).await?;
        let sites = self.store.sites().await?.into_iter().map(|site| site.id);
        let seen = sites.filter(|site| permit.reaches_site(Some(site)));
        Ok(seen
            .filter(|site| !numbers.iter().any(|number| number.is_in(site)))
            .collect())
    }

    /// The languages of announcements.
    pub fn conferencing_languages(
        &self,
        caller: &Caller,
    ) -> Result<&'static [&'static str], Denied> {
        let _permit = caller.permit(Right::ViewLanguages)?;
        Ok(LANGUAGES)
    }

    /// The number as [`Service::create_access_number`] would keep it, or what it would refuse.
    pub async fn check_access_number(
        &self,
        caller: &Caller,
        number: AccessNumber,
        scope: NewScope,
    ) -> Result<AccessNumber, AccessNumberError> {
        let permit = caller.permit(Right::CreateAccessNumber)?;
        let number = self.new_number(&permit, number, scope).await?;
        let uri = number.primary_uri.clone();
        let numbers = self.store.access_numbers(None).await?;
        let same = |known: &AccessNumber| fold(&known.primary_uri) == fold(&uri);
        if numbers.iter().any(same) {
            return Err(self.taken(&permit, uri).await?);
        }
        self.free_line(&permit, &numbers, &number).await?;
        Ok(number)
    }

    /// Stores a new access number, the last of its regions. Returns it as it is kept.
    pub async fn create_access_number(
        &self,
        caller: &Caller,
        number: AccessNumber,
        scope: NewScope,
    ) -> Result<AccessNumber, AccessNumberError> {
        let permit = caller.permit(Right::CreateAccessNumber)?;
        let number = self.new_number(&permit, number, scope).await?;
        let act = permit.act(self.clock.now());
        let uri = number.primary_uri.clone();
        match self.store.create_access_number(&number, &act).await? {
            AccessNumberCreated::Done => Ok(number),
            AccessNumberCreated::Exists => Err(self.taken(&permit, uri).await?),
            AccessNumberCreated::LineTaken { by } => Err(AccessNumberError::LineTaken {
                uri,
                by: self.told_of(&permit, by).await?,
            }),
            AccessNumberCreated::NoSuchSite => Err(AccessNumberError::NoSuchSite { uri }),
        }
    }

    /// What the number would become, changing nothing.
    pub async fn check_access_number_change(
        &self,
        caller: &Caller,
        uri: &str,
        patch: &AccessNumberPatch,
        scope: Option<NewScope>,
    ) -> Result<AccessNumber, AccessNumberError> {
        let permit = caller.permit(Right::ChangeAccessNumber)?;
        let (before, patch) = self.change_of(&permit, uri, patch, scope).await?;
        let after = before
            .apply(&patch)
            .map_err(|reasons| AccessNumberError::Invalid {
                uri: before.primary_uri.clone(),
                reasons,
            })?;
        let numbers = self.store.access_numbers(None).await?;
        self.free_line(&permit, &numbers, &after).await?;
        Ok(after)
    }

    /// Changes what is given and leaves the rest, as a whole or not at all; where it is told what was `seen`,
    /// only if the number is still so.
    pub async fn change_access_number(
        &self,
        caller: &Caller,
        uri: &str,
        patch: &AccessNumberPatch,
        scope: Option<NewScope>,
        seen: Option<&AccessNumber>,
    ) -> Result<AccessNumber, AccessNumberError> {
        let permit = caller.permit(Right::ChangeAccessNumber)?;
        let (before, patch) = self.change_of(&permit, uri, patch, scope).await?;
        let uri = before.primary_uri;
        let act = permit.act(self.clock.now());
        let changed = self.store.change_access_number(&uri, &patch, seen, &act);
        match changed.await? {
            AccessNumberChanged::Done(after) => Ok(*after),
            AccessNumberChanged::NotFound => Err(AccessNumberError::NotFound { uri }),
            AccessNumberChanged::Overtaken => Err(AccessNumberError::Overtaken { uri }),
            AccessNumberChanged::Invalid(reasons) => {
                Err(AccessNumberError::Invalid { uri, reasons })
            }
            AccessNumberChanged::LineTaken { by } => Err(AccessNumberError::LineTaken {
                uri,
                by: self.told_of(&permit, by).await?,
            }),
            AccessNumberChanged::NoSuchSite => Err(AccessNumberError::NoSuchSite { uri }),
        }
    }

    /// Everything [`Service::reorder_access_number`] would refuse, found without changing anything.
    pub async fn check_reordering(
        &self,
        caller: &Caller,
        uri: &str,
        region: &str,
    ) -> Result<AccessNumber, AccessNumberError> {
        let permit = caller.permit(Right::ChangeAccessNumber)?;
        let number = self.number(&permit, uri).await?;
        match number.is_in(region) {
            true => Ok(number),
            false => Err(AccessNumberError::NotInRegion {
                uri: number.primary_uri,
                region: region.trim().to_owned(),
            }),
        }
    }

    /// Gives a number another place among those of a region, 0 the first; where it is told what was `seen`, only
    /// if the number is still so.
    pub async fn reorder_access_number(
        &self,
        caller: &Caller,
        uri: &str,
        region: &str,
        priority: usize,
        seen: Option<&AccessNumber>,
    ) -> Result<AccessNumber, AccessNumberError> {
        let permit = caller.permit(Right::ChangeAccessNumber)?;
        let number = self.number(&permit, uri).await?;
        let uri = number.primary_uri.clone();
        let act = permit.act(self.clock.now());
        let reordered = self
            .store
            .reorder_access_number(&uri, region, priority, seen, &act);
        match reordered.await? {
            Reordered::Done { .. } => Ok(number),
            Reordered::NotFound => Err(AccessNumberError::NotFound { uri }),
            Reordered::Overtaken => Err(AccessNumberError::Overtaken { uri }),
            Reordered::NotInRegion => Err(AccessNumberError::NotInRegion {
                uri,
                region: region.trim().to_owned(),
            }),
        }
    }

    /// The number as it is, for a question before [`Service::remove_access_number`].
    pub async fn check_access_number_removal(
        &self,
        caller: &Caller,
        uri: &str,
    ) -> Result<AccessNumber, AccessNumberError> {
        let permit = caller.permit(Right::RemoveAccessNumber)?;
        self.number(&permit, uri).await
    }

    /// Removes an access number; where it is told what was `seen`, only if the number is still so.
    pub async fn remove_access_number(
        &self,
        caller: &Caller,
        uri: &str,
        seen: Option<&AccessNumber>,
    ) -> Result<(), AccessNumberError> {
        let permit = caller.permit(Right::RemoveAccessNumber)?;
        let uri = self.number(&permit, uri).await?.primary_uri;
        let act = permit.act(self.clock.now());
        match self.store.remove_access_number(&uri, seen, &act).await? {
            Deleted::Done => Ok(()),
            Deleted::NotFound => Err(AccessNumberError::NotFound { uri }),
            Deleted::Overtaken => Err(AccessNumberError::Overtaken { uri }),
        }
    }

    /// A number within the reach of the right.
    async fn number(
        &self,
        permit: &Permit<'_>,
        uri: &str,
    ) -> Result<AccessNumber, AccessNumberError> {
        let wanted = parse_sip_address(uri).map(|address| fold(&address));
        let numbers = self.store.access_numbers(None).await?;
        let found = numbers
            .into_iter()
            .find(|number| Some(fold(&number.primary_uri)) == wanted);
        match found {
            Some(number) if permit.reaches_site(number.site.as_deref()) => return Ok(number),
            Some(beyond) => self.note_refused(permit, &beyond.primary_uri).await?,
            None => {}
        }
        Err(AccessNumberError::NotFound {
            uri: uri.trim().to_owned(),
        })
    }

    /// Why there cannot be another number of this SIP address; whoever asks for one that is beyond their
    /// reach leaves a record.
    async fn taken(
        &self,
        permit: &Permit<'_>,
        uri: String,
    ) -> Result<AccessNumberError, AccessNumberError> {
        match self.number(permit, &uri).await {
            Err(AccessNumberError::NotFound { .. }) => Ok(AccessNumberError::UriTaken { uri }),
            found => found.map(|_within| AccessNumberError::Exists { uri }),
        }
    }

    /// The SIP address of the number whose line is asked for, where the caller may know of it (R-RBAC-3);
    /// whoever asks for that of one beyond their reach leaves a record.
    async fn told_of(
        &self,
        permit: &Permit<'_>,
        uri: String,
    ) -> Result<Option<String>, AccessNumberError> {
        let found = self.number(permit, &uri).await;
        match found {
            Ok(within) => Ok(Some(within.primary_uri)),
            Err(AccessNumberError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether no other number has the line.
    async fn free_line(
        &self,
        permit: &Permit<'_>,
        numbers: &[AccessNumber],
        number: &AccessNumber,
    ) -> Result<(), AccessNumberError> {
        let other = |known: &&AccessNumber| {
            known.line_uri == number.line_uri
                && fold(&known.primary_uri) != fold(&number.primary_uri)
        };
        match numbers.iter().find(other) {
            None => Ok(()),
            Some(holder) => Err(AccessNumberError::LineTaken {
                uri: number.primary_uri.clone(),
                by: self.told_of(permit, holder.primary_uri.clone()).await?,
            }),
        }
    }

    /// Whether the right reaches people of a site, or with `None` everybody.
    async fn number_within(
        &self,
        permit: &Permit<'_>,
        site: Option<&str>,
        uri: &str,
    ) -> Result<(), AccessNumberError> {
        if permit.reaches_site(site) {
            return Ok(());
        }
        self.note_refused(permit, uri).await?;
        Err(AccessNumberError::OutOfScope {
            uri: uri.to_owned(),
        })
    }

    async fn new_number(
        &self,
        permit: &Permit<'_>,
        mut number: AccessNumber,
        scope: NewScope,
    ) -> Result<AccessNumber, AccessNumberError> {
        number.site = match scope {
            NewScope::Global => None,
            NewScope::SiteOfPool => Some(self.site_of(&number).await?),
        };
        let uri = number.primary_uri.clone();
        self.number_within(permit, number.site.as_deref(), &uri)
            .await?;
        number
            .judged_as_new()
            .map_err(|reasons| AccessNumberError::Invalid { uri, reasons })
    }

    /// The number as it is, and the change with the site that the scope means.
    async fn change_of(
        &self,
        permit: &Permit<'_>,
        uri: &str,
        patch: &AccessNumberPatch,
        scope: Option<NewScope>,
    ) -> Result<(AccessNumber, AccessNumberPatch), AccessNumberError> {
        let before = self.number(permit, uri).await?;
        let mut patch = patch.clone();
        patch.site = match scope {
            None => None,
            Some(NewScope::Global) => Some(None),
            Some(NewScope::SiteOfPool) => Some(Some(self.site_of(&before).await?)),
        };
        if let Some(site) = &patch.site {
            self.number_within(permit, site.as_deref(), &before.primary_uri)
                .await?;
        }
        Ok((before, patch))
    }

    async fn site_of(&self, number: &AccessNumber) -> Result<String, AccessNumberError> {
        let site = match &number.pool {
            Some(pool) => self.store.site_of_pool(pool).await?,
            None => None,
        };
        site.ok_or_else(|| AccessNumberError::NoSiteOfPool {
            uri: number.primary_uri.clone(),
        })
    }
}
