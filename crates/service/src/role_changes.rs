//! Making, changing and removing custom roles (R-RBAC-1, R-RBAC-5). Rights: [`Right::CreateRole`],
//! [`Right::ChangeRole`], [`Right::RemoveRole`], [`Right::UpdateRole`].
//!
//! Nobody has these rights but CsAdministrator, whose scope is global: whoever changes roles could give
//! themselves anything.

use std::fmt;

use pinward_core::{ListEdit, Role, RoleChange, Scope, User, fold, role_name};
use pinward_store::{Deleted, RoleChanged, RoleCreated};

use crate::{Caller, Permit, Right, RoleError, Service};

/// Users looked at in one go when it is asked whether anybody lives in a unit.
const PAGE: usize = 1000;

/// A role to be made.
#[derive(Clone, Debug)]
pub struct NewRole {
    /// Its name.
    pub identity: String,
    /// The role that it is made from.
    pub template: String,
    /// What is different from the template.
    pub change: RoleChange,
}

/// What an administrator may not have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleWarning {
    /// Nobody lives there.
    NobodyIn(String),
    /// A list of scopes holds the global one and others, which then mean nothing.
    GlobalBeside(&'static str),
    /// A list of scopes is empty.
    ReachesNothing(&'static str),
    /// The role has no cmdlet.
    NoCmdlets,
    /// So many people are in a group of its name.
    HeldByGroup(usize),
}

impl RoleWarning {
    /// Stable identifier for programs.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::NobodyIn(_) => "NobodyInScope",
            Self::GlobalBeside(_) => "GlobalBesideScopes",
            Self::ReachesNothing(_) => "ReachesNothing",
            Self::NoCmdlets => "NoCmdlets",
            Self::HeldByGroup(_) => "HeldByGroup",
        }
    }
}

impl fmt::Display for RoleWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyIn(scope) => write!(f, "nobody is in {scope}"),
            Self::GlobalBeside(list) => write!(
                f,
                "{list} holds global, which reaches everything, so the other scopes narrow nothing. \
                 Take global out: -{list} @{{Remove=\"global\"}}"
            ),
            Self::ReachesNothing(list) => write!(
                f,
                "{list} is empty, so the role reaches nothing of the kind; global reaches everything"
            ),
            Self::HeldByGroup(people) => write!(
                f,
                "the directory has a group of this name, so {people} of its people hold the role as soon \
                 as it is made"
            ),
            Self::NoCmdlets => f.write_str("the role has no cmdlet, so it allows nothing"),
        }
    }
}

/// A custom role beside its template.
#[derive(Clone, Debug)]
pub struct OutdatedRole {
    /// The role as it is.
    pub role: Role,
    /// What it would gain: what its template has gained since the role was made or last updated.
    pub gains: Vec<String>,
}

impl OutdatedRole {
    fn new(role: Role, all: &[Role]) -> Self {
        let called = |name: &str| all.iter().find(|other| other.is_called(name));
        let template = role.template.as_deref().and_then(called);
        let offered = template.map(Role::delegable).unwrap_or_default();
        let new = |name: &String| !role.template_cmdlets.contains(name);
        let gains = offered.into_iter().filter(new).collect();
        Self { role, gains }
    }
}

impl Service {
    /// The role as it would be made, without a SID, and what to warn of. Nothing is kept: what
    /// `-WhatIf` and `-InMemory` rest on.
    pub async fn check_new_role(
        &self,
        caller: &Caller,
        new: &NewRole,
    ) -> Result<(Role, Vec<RoleWarning>), RoleError> {
        let _all = caller.permit(Right::CreateRole)?;
        let identity = role_name(&new.identity)?;
        let template = self.role(&new.template).await?;
        let template = template.ok_or_else(|| RoleError::NoSuchTemplate {
            template: new.template.trim().to_owned(),
        })?;
        if let Some(Role { identity, .. }) = self.role(&identity).await? {
            return Err(RoleError::Exists { identity });
        }
        let plain = Role::from_template(&identity, String::new(), &template);
        let role = plain
            .apply(&new.change)
            .map_err(|reasons| RoleError::Invalid { identity, reasons })?;
        let mut warnings = self.judge(&role, &template).await?;
        let members = self.members(&role.identity).await?;
        if members > 0 {
            warnings.push(RoleWarning::HeldByGroup(members));
        }
        Ok((role, warnings))
    }

    /// Makes a role. Returns it as it is kept, and what to warn of.
    pub async fn create_role(
        &self,
        caller: &Caller,
        new: &NewRole,
    ) -> Result<(Role, Vec<RoleWarning>), RoleError> {
        let permit = caller.permit(Right::CreateRole)?;
        let (role, warnings) = self.check_new_role(caller, new).await?;
        match self
            .store
            .create_role(&role, &permit.act(self.clock.now()))
            .await?
        {
            RoleCreated::Done(role) => Ok((role, warnings)),
            RoleCreated::Exists => Err(RoleError::Exists {
                identity: role.identity,
            }),
        }
    }

    /// What the role would become, and what to warn of; nothing is changed.
    pub async fn check_role_change(
        &self,
        caller: &Caller,
        identity: &str,
        change: &RoleChange,
    ) -> Result<(Role, Vec<RoleWarning>), RoleError> {
        let _all = caller.permit(Right::ChangeRole)?;
        let before = self.custom_role(identity).await?;
        let role = before.apply(change).map_err(|reasons| RoleError::Invalid {
            identity: before.identity.clone(),
            reasons,
        })?;
        let warnings = self.judge(&role, &before).await?;
        Ok((role, warnings))
    }

    /// Changes a role as a whole or not at all; where it is told what was `seen`, only if the role is still
    /// so. Returns what it became, and what to warn of.
    pub async fn change_role(
        &self,
        caller: &Caller,
        identity: &str,
        change: &RoleChange,
        seen: Option<&Role>,
    ) -> Result<(Role, Vec<RoleWarning>), RoleError> {
        let permit = caller.permit(Right::ChangeRole)?;
        let (_, warnings) = self.check_role_change(caller, identity, change).await?;
        let role = self.keep_change(&permit, identity, change, seen).await?;
        Ok((role, warnings))
    }

    /// Whether a role can be removed; it is as it would be.
    pub async fn check_role_removal(
        &self,
        caller: &Caller,
        identity: &str,
    ) -> Result<Role, RoleError> {
        let _all = caller.permit(Right::RemoveRole)?;
        self.custom_role(identity).await
    }

    /// Removes a role, and takes it back from everybody to whom it was granted; where it is told what was
    /// `seen`, only if the role is still so.
    pub async fn remove_role(
        &self,
        caller: &Caller,
        identity: &str,
        seen: Option<&Role>,
    ) -> Result<(), RoleError> {
        let permit = caller.permit(Right::RemoveRole)?;
        let Role { identity, .. } = self.custom_role(identity).await?;
        let act = permit.act(self.clock.now());
        match self.store.remove_role(&identity, seen, &act).await? {
            Deleted::Done => Ok(()),
            Deleted::NotFound => Err(RoleError::NotFound { identity }),
            Deleted::Overtaken => Err(RoleError::Overtaken { identity }),
        }
    }

    /// The custom roles whose templates have gained cmdlets since they were made or last updated.
    pub async fn outdated_roles(&self, caller: &Caller) -> Result<Vec<OutdatedRole>, RoleError> {
        let _all = caller.permit(Right::UpdateRole)?;
        let all = self.all_roles().await?;
        let custom = all.iter().filter(|role| !role.is_standard).cloned();
        let compared = custom.map(|role| OutdatedRole::new(role, &all));
        Ok(compared.filter(|one| !one.gains.is_empty()).collect())
    }

    /// A custom role as it is, with what [`Service::update_role`] would give it, if anything.
    pub async fn check_role_update(
        &self,
        caller: &Caller,
        identity: &str,
    ) -> Result<OutdatedRole, RoleError> {
        let _all = caller.permit(Right::UpdateRole)?;
        let all = self.all_roles().await?;
        let role = self.custom_role(identity).await?;
        Ok(OutdatedRole::new(role, &all))
    }

    /// Gives a role what its template was found to have gained, and nothing else; where it is told what was
    /// `seen`, only if the role is still so.
    pub async fn update_role(
        &self,
        caller: &Caller,
        outdated: &OutdatedRole,
        seen: Option<&Role>,
    ) -> Result<Role, RoleError> {
        let permit = caller.permit(Right::UpdateRole)?;
        let known = [&outdated.role.template_cmdlets[..], &outdated.gains].concat();
        let change = RoleChange {
            cmdlets: Some(ListEdit::Edit {
                add: outdated.gains.clone(),
                remove: Vec::new(),
            }),
            template_cmdlets: Some(known),
            ..RoleChange::default()
        };
        self.keep_change(&permit, &outdated.role.identity, &change, seen)
            .await
    }

    async fn keep_change(
        &self,
        permit: &Permit<'_>,
        identity: &str,
        change: &RoleChange,
        seen: Option<&Role>,
    ) -> Result<Role, RoleError> {
        let identity = identity.trim();
        let act = permit.act(self.clock.now());
        let changed = self.store.change_role(identity, change, seen, &act);
        match changed.await? {
            RoleChanged::Done(role) => Ok(role),
            RoleChanged::NotFound => Err(RoleError::NotFound {
                identity: identity.to_owned(),
            }),
            RoleChanged::Overtaken => Err(RoleError::Overtaken {
                identity: identity.to_owned(),
            }),
            RoleChanged::Invalid(reasons) => Err(RoleError::Invalid {
                identity: identity.to_owned(),
                reasons,
            }),
        }
    }

    /// Refuses new scopes over sites that do not exist, and finds what to warn of.
    async fn judge(&self, role: &Role, before: &Role) -> Result<Vec<RoleWarning>, RoleError> {
        let mut units = Vec::new();
        let sites = self.store.sites().await?;
        let known = [&before.config_scopes[..], &before.user_scopes].concat();
        for text in role.config_scopes.iter().chain(&role.user_scopes) {
            if known.contains(text) {
                continue;
            }
            match Scope::parse(text) {
                Ok(Scope::Site(id)) if !sites.iter().any(|site| fold(&site.id) == id) => {
                    let site = text.split_once(':').map_or(text.as_str(), |(_, id)| id);
                    return Err(RoleError::NoSuchSite {
                        site: site.to_owned(),
                    });
                }
                Ok(scope @ Scope::Ou(_)) => units.push((text.clone(), scope)),
                Ok(Scope::Global | Scope::Site(_)) | Err(_) => {}
            }
        }
        let mut warnings = Vec::new();
        for text in self.deserted(units).await? {
            warnings.push(RoleWarning::NobodyIn(text));
        }
        for (name, list) in [
            ("ConfigScopes", &role.config_scopes),
            ("UserScopes", &role.user_scopes),
        ] {
            if list.is_empty() {
                warnings.push(RoleWarning::ReachesNothing(name));
            } else if list.len() > 1 && list.iter().any(|scope| scope == "global") {
                warnings.push(RoleWarning::GlobalBeside(name));
            }
        }
        if role.cmdlets.is_empty() {
            warnings.push(RoleWarning::NoCmdlets);
        }
        Ok(warnings)
    }

    /// How many people the directory has in a group of that name.
    async fn members(&self, name: &str) -> Result<usize, RoleError> {
        let (name, mut after, mut members) = (fold(name), None, 0);
        loop {
            let page = self.store.users_after(after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(members);
            };
            after = Some(last.id);
            let is_member = |user: &&User| user.person.groups().contains(&name);
            members += page.iter().filter(is_member).count();
        }
    }

    /// Those of the units in which nobody lives.
    async fn deserted(&self, mut units: Vec<(String, Scope)>) -> Result<Vec<String>, RoleError> {
        let mut after = None;
        while !units.is_empty() {
            let page: Vec<User> = self.store.users_after(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            units.retain(|(_, unit)| !page.iter().any(|user| unit.covers_person(&user.person)));
        }
        Ok(units.into_iter().map(|(text, _)| text).collect())
    }
}
