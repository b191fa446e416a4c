//! The sites. Rights: [`Right::ViewSites`], [`Right::CreateSite`], [`Right::ChangeSite`],
//! [`Right::RemoveSite`].
//!
//! Who belongs to a site decides whom a role with the scope of that site reaches. So sites are made and
//! removed, and their rules changed, only by somebody who reaches the configuration of the whole company
//! and, whatever they may do with them, all users: nobody widens their own scope (R-RBAC-3).

use std::collections::HashMap;

use pinward_core::{
    Membership, Site, SiteError as Malformed, SitePatch, fold, parse_site_id, parse_site_name,
    strip_site,
};
use pinward_directory::filter::{FilterError, LdapFilter};
use pinward_store::{PlacedBatch, SiteChanged, SiteCreated, SiteDetails, SiteRemoved};

use crate::error::unavailable;
use crate::{
    Caller, Denied, FindUserError, Permit, PlacingProgress, Refusal, Right, Service, Unavailable,
};

/// Why a site was not created, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// There is no such site.
    #[error("there is no site \"{id}\". `Get-CsSite` lists the sites")]
    NotFound {
        /// The id as given.
        id: String,
    },
    /// The site exists already.
    #[error("the site \"{id}\" exists already; change it with Set-CsSite")]
    Exists {
        /// The id as given.
        id: String,
    },
    /// Somebody changed it after it was seen.
    #[error("the site \"{id}\" was changed in the meantime. Look at it again")]
    Overtaken {
        /// The id as given.
        id: String,
    },
    /// The id, the name or an organisational unit cannot be as it is given.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The LDAP filter cannot be read.
    #[error("the site's LDAP filter cannot be read: {0}")]
    Filter(#[from] FilterError),
    /// A site has one rule.
    #[error("a site has either organisational units or an LDAP filter, not both")]
    TwoRules,
    /// It decides who belongs to which site, and the caller's roles do not reach everything.
    #[error(
        "your roles reach some users or sites only, and who belongs to which site is decided by those \
         whose roles reach all users and the configuration of the company as a whole"
    )]
    OutOfScope,
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(SiteError);

impl Refusal for SiteError {
    fn id(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "SiteNotFound",
            Self::Exists { .. } => "SiteExists",
            Self::Overtaken { .. } => "SiteOvertaken",
            Self::Malformed(Malformed::Id { .. }) => "SiteIdInvalid",
            Self::Malformed(Malformed::DisplayName { .. }) => "SiteDisplayNameInvalid",
            Self::Malformed(Malformed::FilterTooLong { .. }) => "LdapFilterInvalid",
            Self::Malformed(_) => "OuInvalid",
            Self::Filter(_) => "LdapFilterInvalid",
            Self::TwoRules => "SiteRulesExclusive",
            Self::OutOfScope => "OutOfScope",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// What is asked of a site; what is `None` is not said.
#[derive(Clone, Debug, Default)]
pub struct SiteRequest {
    /// What people call it; the inner `None` takes the name away.
    pub display_name: Option<Option<String>>,
    /// The organisational units whose people belong to it; none takes the rule away.
    pub units: Option<Vec<String>>,
    /// The LDAP filter of those who belong to it; the inner `None` takes the rule away.
    pub filter: Option<Option<String>>,
}

impl SiteRequest {
    /// What it changes of a site that is there as `kept`.
    fn patch(&self, kept: Option<&SiteDetails>) -> Result<SitePatch, SiteError> {
        let kept_rule = kept.map(|kept| kept.membership.clone()).unwrap_or_default();
        let kept_name = kept.and_then(|kept| kept.site.display_name.as_deref());
        let units = self.units.as_ref().filter(|units| !units.is_empty());
        let filter = self.filter.as_ref().and_then(Option::as_deref);
        let membership = match (units, filter) {
            (Some(_), Some(_)) => return Err(SiteError::TwoRules),
            (Some(units), None) => Some(Membership::of_units(units.iter().map(String::as_str))?),
            (None, Some(filter)) => {
                let rule = Membership::of_filter(filter, &kept_rule)?;
                LdapFilter::parse(filter)?;
                Some(rule)
            }
            (None, None) => {
                let taken_away = self.units.is_some() || self.filter.is_some();
                taken_away.then_some(Membership::Directory)
            }
        };
        let display_name = self.display_name.as_ref().map(|name| {
            let name = name.as_deref().unwrap_or_default();
            parse_site_name(name, kept_name)
        });
        Ok(SitePatch {
            display_name: display_name.transpose()?,
            membership,
        })
    }
}

/// A site after a change, and what its rule came to.
#[derive(Clone, Debug)]
pub struct ChangedSite {
    /// The site.
    pub site: SiteDetails,
    /// What applying the rule did; `None` where the rule is as it was or there is none.
    pub applied: Option<PlacedBatch>,
}

/// A site that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemovedSite {
    /// How many users belonged to it.
    pub users: u64,
    /// Whether a PIN policy went with it.
    pub policy: bool,
}

impl Service {
    /// The sites that the caller may see, by name.
    pub async fn sites(&self, caller: &Caller) -> Result<Vec<Site>, FindUserError> {
        let permit = caller.permit(Right::ViewSites)?;
        let mut sites = self.store.sites().await?;
        sites.retain(|site| permit.reaches_site(Some(&site.id)));
        Ok(sites)
    }

    /// The sites that the caller may see, by name, with their rules and the number of their users.
    pub async fn site_details(&self, caller: &Caller) -> Result<Vec<SiteDetails>, SiteError> {
        let permit = caller.permit(Right::ViewSites)?;
        let mut sites = self.store.site_details().await?;
        sites.retain(|details| permit.reaches_site(Some(&details.site.id)));
        self.count_reached(&permit, &mut sites).await?;
        Ok(sites)
    }

    /// One site that the caller may see.
    pub async fn site_detail(&self, caller: &Caller, id: &str) -> Result<SiteDetails, SiteError> {
        let permit = caller.permit(Right::ViewSites)?;
        within(&permit, id)?;
        self.site(&permit, id).await
    }

    /// Counts the users of these sites anew where the caller does not reach all of them.
    async fn count_reached(
        &self,
        permit: &Permit<'_>,
        sites: &mut [SiteDetails],
    ) -> Result<(), SiteError> {
        if permit.reaches_everybody() {
            return Ok(());
        }
        let mut counts: HashMap<String, u64> = HashMap::new();
        let mut pages = self.pages(permit, true);
        loop {
            let page = pages.next().await.map_err(SiteError::Unavailable)?;
            if page.is_empty() {
                break;
            }
            for site in page.iter().filter_map(|user| user.person.site.as_deref()) {
                *counts.entry(fold(site)).or_default() += 1;
            }
        }
        for details in sites {
            let reached = counts.get(&fold(&details.site.id));
            details.users = reached.copied().unwrap_or_default();
        }
        Ok(())
    }

    /// Everything [`Service::create_site`] would refuse, found without changing anything. Returns
    /// the id.
    pub async fn check_site_creation(
        &self,
        caller: &Caller,
        id: &str,
        request: &SiteRequest,
    ) -> Result<String, SiteError> {
        let permit = caller.permit(Right::CreateSite)?;
        self.site_scope(&permit, id, company(&permit)).await?;
        let id = parse_site_id(id)?;
        request.patch(None)?;
        let sites = self.store.sites().await?;
        match sites.iter().any(|site| fold(&site.id) == fold(id)) {
            true => Err(SiteError::Exists { id: id.to_owned() }),
            false => Ok(id.to_owned()),
        }
    }

    /// Creates a site and gives it its people.
    pub async fn create_site(
        &self,
        caller: &Caller,
        id: &str,
        request: &SiteRequest,
        progress: impl FnMut(PlacingProgress),
    ) -> Result<ChangedSite, SiteError> {
        let permit = caller.permit(Right::CreateSite)?;
        self.site_scope(&permit, id, company(&permit)).await?;
        let act = permit.act(self.clock.now());
        let patch = request.patch(None)?;
        let site = Site {
            id: parse_site_id(id)?.to_owned(),
            display_name: patch.display_name.flatten(),
        };
        let membership = patch.membership.unwrap_or_default();
        match self.store.create_site(&site, &membership, &act).await? {
            SiteCreated::Done => {
                self.changed(&permit, &site.id, membership.is_rule(), progress)
                    .await
            }
            SiteCreated::Exists => Err(SiteError::Exists { id: site.id }),
        }
    }

    /// Everything [`Service::change_site`] would refuse, found without changing anything. Returns
    /// the site as it is.
    pub async fn check_site_change(
        &self,
        caller: &Caller,
        id: &str,
        request: &SiteRequest,
    ) -> Result<SiteDetails, SiteError> {
        let permit = caller.permit(Right::ChangeSite)?;
        let kept = self.kept(id).await?;
        let judged = may_change(&permit, id, &request.patch(kept.as_ref())?);
        self.site_scope(&permit, id, judged).await?;
        self.counted(&permit, id, kept).await
    }

    /// Changes what is given and leaves the rest; people move at once where the rule changes. Where it is
    /// told what was `seen`, only if the site is still set so.
    pub async fn change_site(
        &self,
        caller: &Caller,
        id: &str,
        request: &SiteRequest,
        seen: Option<&SiteDetails>,
        progress: impl FnMut(PlacingProgress),
    ) -> Result<ChangedSite, SiteError> {
        let permit = caller.permit(Right::ChangeSite)?;
        let kept = self.kept(id).await?;
        let patch = request.patch(kept.as_ref())?;
        self.site_scope(&permit, id, may_change(&permit, id, &patch))
            .await?;
        let act = permit.act(self.clock.now());
        let id = parse_site_id(id)?;
        match self.store.change_site(id, &patch, seen, &act).await? {
            SiteChanged::Done => {
                self.changed(&permit, id, patch.membership.is_some(), progress)
                    .await
            }
            SiteChanged::NotFound => Err(SiteError::NotFound { id: id.to_owned() }),
            SiteChanged::Overtaken => Err(SiteError::Overtaken { id: id.to_owned() }),
        }
    }

    /// The site as it is, for a question before [`Service::remove_site`].
    pub async fn check_site_removal(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<SiteDetails, SiteError> {
        let permit = caller.permit(Right::RemoveSite)?;
        let judged = within(&permit, id).and_then(|()| company(&permit));
        self.site_scope(&permit, id, judged).await?;
        self.site(&permit, id).await
    }

    /// Removes a site and its PIN policy. From then on its users are governed by the policy that was
    /// granted to them or the global one, or by that of another site whose rule means them. Where it is told
    /// what was `seen`, only if the site is still set so.
    pub async fn remove_site(
        &self,
        caller: &Caller,
        id: &str,
        seen: Option<&SiteDetails>,
        progress: impl FnMut(PlacingProgress),
    ) -> Result<RemovedSite, SiteError> {
        let permit = caller.permit(Right::RemoveSite)?;
        let judged = within(&permit, id).and_then(|()| company(&permit));
        self.site_scope(&permit, id, judged).await?;
        let act = permit.act(self.clock.now());
        let id = parse_site_id(id)?;
        match self.store.remove_site(id, seen, &act).await? {
            SiteRemoved::Done { users, policy } => {
                self.settle_places(None, progress).await?;
                Ok(RemovedSite { users, policy })
            }
            SiteRemoved::NotFound => Err(SiteError::NotFound { id: id.to_owned() }),
            SiteRemoved::Overtaken => Err(SiteError::Overtaken { id: id.to_owned() }),
        }
    }

    /// What was judged of a site, recorded where it is out of scope.
    async fn site_scope(
        &self,
        permit: &Permit<'_>,
        id: &str,
        judged: Result<(), SiteError>,
    ) -> Result<(), SiteError> {
        if let Err(SiteError::NotFound { .. } | SiteError::OutOfScope) = judged {
            let subject = format!("Site:{}", parse_site_id(id)?);
            self.note_refused(permit, &subject).await?;
        }
        judged
    }

    async fn changed(
        &self,
        permit: &Permit<'_>,
        id: &str,
        rule: bool,
        progress: impl FnMut(PlacingProgress),
    ) -> Result<ChangedSite, SiteError> {
        let applied = self.settle_places(Some(id), progress).await?;
        Ok(ChangedSite {
            site: self.site(permit, id).await?,
            applied: rule.then_some(applied),
        })
    }

    /// A site as it is kept, where there is one of that id.
    async fn kept(&self, id: &str) -> Result<Option<SiteDetails>, SiteError> {
        let id = parse_site_id(id)?;
        let mut sites = self.store.site_details().await?.into_iter();
        Ok(sites.find(|details| fold(&details.site.id) == fold(id)))
    }

    /// A site, with as many of its users as the right reaches.
    async fn site(&self, permit: &Permit<'_>, id: &str) -> Result<SiteDetails, SiteError> {
        let kept = self.kept(id).await?;
        self.counted(permit, id, kept).await
    }

    /// What was found as the site of that id, with as many of its users as the right reaches.
    async fn counted(
        &self,
        permit: &Permit<'_>,
        id: &str,
        kept: Option<SiteDetails>,
    ) -> Result<SiteDetails, SiteError> {
        let mut site = kept.ok_or_else(|| SiteError::NotFound {
            id: strip_site(id).to_owned(),
        })?;
        self.count_reached(permit, std::slice::from_mut(&mut site))
            .await?;
        Ok(site)
    }
}

/// Whether the caller reaches the configuration of the whole company, and everybody in it with every
/// right: with a scope among users, placing people would choose whom it reaches.
fn company(permit: &Permit<'_>) -> Result<(), SiteError> {
    match permit.reaches_site(None) && permit.is_of_the_unlimited() {
        true => Ok(()),
        false => Err(SiteError::OutOfScope),
    }
}

/// Whether the caller reaches a site; one that they do not reach is not there.
fn within(permit: &Permit<'_>, id: &str) -> Result<(), SiteError> {
    let id = parse_site_id(id)?;
    match permit.reaches_site(Some(id)) {
        true => Ok(()),
        false => Err(SiteError::NotFound { id: id.to_owned() }),
    }
}

/// Whether the caller may make this change: a name within their scope, a rule where they reach all.
fn may_change(permit: &Permit<'_>, id: &str, patch: &SitePatch) -> Result<(), SiteError> {
    within(permit, id)?;
    match patch.membership {
        Some(_) => company(permit),
        None => Ok(()),
    }
}
