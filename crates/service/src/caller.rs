//! Who asks, and what they may do (R-RBAC).

use pinward_core::{Person, PolicyIdentity, Reach, Role, Timestamp, standard_role, standard_roles};
use pinward_store::Act;

use crate::{Door, Refusal, Source};

/// What a use case needs. Each right is the cmdlet that carries it in the role tables, so that
/// the list of a role's cmdlets is the one place where permissions are data (R-RBAC-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Assign a PIN to a user.
    AssignPin,
    /// See whether a PIN is set, locked or expired.
    ViewPin,
    /// Lock a PIN.
    LockPin,
    /// Unlock a PIN.
    UnlockPin,
    /// See PIN policies.
    ViewPolicy,
    /// Create a PIN policy.
    CreatePolicy,
    /// Change a PIN policy.
    ChangePolicy,
    /// Remove a PIN policy.
    RemovePolicy,
    /// Give a user a per-user PIN policy.
    GrantPolicy,
    /// See users.
    ViewUsers,
    /// See people who are not enabled too.
    ViewPeople,
    /// See roles.
    ViewRoles,
    /// See sites.
    ViewSites,
    /// Change a user of the built-in directory.
    ChangeUser,
    /// Make a person a user.
    EnableUser,
    /// Make a user a person again.
    DisableUser,
    /// See access numbers.
    ViewAccessNumbers,
    /// Create an access number.
    CreateAccessNumber,
    /// Change an access number.
    ChangeAccessNumber,
    /// Remove an access number.
    RemoveAccessNumber,
    /// See the languages of announcements.
    ViewLanguages,
    /// Assign a PIN together with the message that tells it to the user.
    WelcomeUser,
    /// Create a site.
    CreateSite,
    /// Change a site.
    ChangeSite,
    /// Remove a site.
    RemoveSite,
    /// See what policies come to, and what they say of a PIN.
    TestPolicy,
    /// Try a logon on behalf of a user.
    TestLogon,
    /// See the audit log.
    ViewAudit,
    /// Bring people into the built-in directory, or synchronise them with a source.
    ImportPeople,
    /// See the sources that people are synchronised with.
    ViewSources,
    /// Make a custom role.
    CreateRole,
    /// Change a custom role.
    ChangeRole,
    /// Remove a custom role.
    RemoveRole,
    /// Bring custom roles up to their templates.
    UpdateRole,
    /// See which roles a user holds.
    ViewAssignments,
    /// Give a user a role.
    GrantRole,
    /// Take a role from a user.
    RevokeRole,
    /// See the programs that use the API.
    ViewClients,
    /// Let a program use the API.
    AddClient,
    /// Change what a program may do, or its key.
    ChangeClient,
    /// Let a program use the API no longer.
    RemoveClient,
}

impl Right {
    /// The cmdlet whose presence in a role gives this right.
    pub fn cmdlet(self) -> &'static str {
        match self {
            Self::AssignPin => "Set-CsClientPin",
            Self::ViewPin => "Get-CsClientPinInfo",
            Self::LockPin => "Lock-CsClientPin",
            Self::UnlockPin => "Unlock-CsClientPin",
            Self::ViewPolicy => "Get-CsPinPolicy",
            Self::CreatePolicy => "New-CsPinPolicy",
            Self::ChangePolicy => "Set-CsPinPolicy",
            Self::RemovePolicy => "Remove-CsPinPolicy",
            Self::GrantPolicy => "Grant-CsPinPolicy",
            Self::ViewUsers => "Get-CsUser",
            Self::ViewPeople => "Get-CsAdUser",
            Self::ViewRoles => "Get-CsAdminRole",
            Self::ViewSites => "Get-CsSite",
            Self::ChangeUser => "Set-CsUser",
            Self::EnableUser => "Enable-CsUser",
            Self::DisableUser => "Disable-CsUser",
            Self::ViewAccessNumbers => "Get-CsDialInConferencingAccessNumber",
            Self::CreateAccessNumber => "New-CsDialInConferencingAccessNumber",
            Self::ChangeAccessNumber => "Set-CsDialInConferencingAccessNumber",
            Self::RemoveAccessNumber => "Remove-CsDialInConferencingAccessNumber",
            Self::ViewLanguages => "Get-CsDialInConferencingLanguageList",
            Self::WelcomeUser => "Set-CsPinSendCAWelcomeMail",
            Self::CreateSite => "New-CsSite",
            Self::ChangeSite => "Set-CsSite",
            Self::RemoveSite => "Remove-CsSite",
            Self::TestPolicy => "Test-CsPinPolicy",
            Self::TestLogon => "Test-CsPhoneBootstrap",
            Self::ViewAudit => "Get-CsPinAudit",
            Self::ImportPeople => "Import-CsUser",
            Self::ViewSources => "Get-CsDirectoryStatus",
            Self::CreateRole => "New-CsAdminRole",
            Self::ChangeRole => "Set-CsAdminRole",
            Self::RemoveRole => "Remove-CsAdminRole",
            Self::UpdateRole => "Update-CsAdminRole",
            Self::ViewAssignments => "Get-CsAdminRoleAssignment",
            Self::GrantRole => "Grant-CsAdminRole",
            Self::RevokeRole => "Revoke-CsAdminRole",
            Self::ViewClients => "Get-CsPinClient",
            Self::AddClient => "New-CsPinClient",
            Self::ChangeClient => "Set-CsPinClient",
            Self::RemoveClient => "Remove-CsPinClient",
        }
    }
}

/// Somebody who asks the service for something.
#[derive(Clone, Debug)]
pub struct Caller {
    name: String,
    roles: Vec<Role>,
    source: Source,
}

impl Caller {
    /// A caller with these roles, at the shell unless [`Caller::from`] says otherwise.
    pub fn new(name: impl Into<String>, roles: Vec<Role>) -> Self {
        Self {
            name: name.into(),
            roles,
            source: Source::of(Door::Shell),
        }
    }

    /// The same caller, coming from there.
    #[must_use]
    pub fn from(self, source: Source) -> Self {
        Self { source, ..self }
    }

    /// Whoever may read the data folder on the machine itself acts as `CsAdministrator`.
    pub fn local_administrator(account: impl Into<String>) -> Self {
        Self::with_standard_role(account, "CsAdministrator")
    }

    /// A caller with one of the standard roles; with no role where there is none of that name.
    pub fn with_standard_role(name: impl Into<String>, role: &str) -> Self {
        let roles = standard_roles()
            .iter()
            .filter(|standard| standard.identity.eq_ignore_ascii_case(role))
            .cloned()
            .collect();
        Self::new(name, roles)
    }

    /// Where the caller comes from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The account's name, for the audit log and for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the audit log says of an act of this caller. Where a right is needed, [`Permit::act`] is
    /// the way to it.
    pub(crate) fn act(&self, action: &'static str, at: Timestamp) -> Act {
        Act {
            at,
            actor: self.name.clone(),
            action,
            origin: self.source.origin(),
        }
    }

    /// Somebody else's name and roles, on behalf of this caller.
    pub(crate) fn acting_as(&self, name: &str, roles: Vec<Role>) -> Self {
        Self {
            name: format!("{name} (by {})", self.name),
            roles,
            source: self.source.clone(),
        }
    }

    /// The proof that this caller has `right`, with how far it reaches, or why not (R-RBAC-4).
    pub fn permit(&self, right: Right) -> Result<Permit<'_>, Denied> {
        let cmdlet = right.cmdlet();
        let holding: Vec<&Role> = self
            .roles
            .iter()
            .filter(|role| role.allows(cmdlet))
            .collect();
        if holding.is_empty() {
            return Err(Denied {
                caller: self.name.clone(),
                cmdlet,
            });
        }
        // Only the roles that hold the right say how far it reaches (R-RBAC-3).
        let reach = |scopes: fn(&Role) -> &[String]| {
            Reach::of(
                holding
                    .iter()
                    .flat_map(|role| scopes(role))
                    .map(String::as_str),
            )
        };
        Ok(Permit {
            caller: self,
            right,
            users: reach(|role| &role.user_scopes),
            sites: reach(|role| &role.config_scopes),
        })
    }
}

/// The proof that a right was checked, and how far it reaches. Only [`Caller::permit`] makes one.
///
/// Whoever is beyond its reach reads as not found (R-RBAC-3).
#[derive(Debug)]
#[must_use]
pub struct Permit<'a> {
    caller: &'a Caller,
    right: Right,
    users: Reach,
    sites: Reach,
}

impl Permit<'_> {
    /// Whether it reaches a person, by the user scopes.
    #[must_use]
    pub fn reaches(&self, person: &Person) -> bool {
        self.users.covers_person(person)
    }

    /// Whether it reaches everybody, so that nobody need be looked at.
    #[must_use]
    pub fn reaches_everybody(&self) -> bool {
        matches!(self.users, Reach::Everything)
    }

    /// Whether none of its caller's roles, whatever it is for, stops at some users (R-RBAC-3).
    pub(crate) fn is_of_the_unlimited(&self) -> bool {
        self.caller.roles.iter().all(|role| {
            let scopes = role.user_scopes.iter().map(String::as_str);
            matches!(Reach::of(scopes), Reach::Everything)
        })
    }

    /// Whether it reaches the configuration of a site, by the configuration scopes; `None` stands for
    /// what belongs to the company as a whole and needs the global scope.
    #[must_use]
    pub fn reaches_site(&self, site: Option<&str>) -> bool {
        self.sites.covers_site(site)
    }

    /// Whether it reaches a policy. The global policy and the per-user ones belong to the company as a
    /// whole.
    #[must_use]
    pub fn reaches_policy(&self, identity: &PolicyIdentity) -> bool {
        match identity {
            PolicyIdentity::Site(site) => self.reaches_site(Some(site)),
            PolicyIdentity::Global | PolicyIdentity::Tag(_) => self.reaches_site(None),
        }
    }

    /// Whether its caller may know of the role of that name by it. Custom roles belong to the company as a
    /// whole, but those that somebody holds are no secret to them.
    pub(crate) fn reaches_role(&self, identity: &str) -> bool {
        let holds = |identity| {
            self.caller
                .roles
                .iter()
                .any(|held| held.is_called(identity))
        };
        self.reaches_site(None) || standard_role(identity).is_some() || holds(identity)
    }

    /// Whether it is for changing something, not only for looking.
    pub(crate) fn changes(&self) -> bool {
        let cmdlet = self.right.cmdlet();
        !cmdlet.starts_with("Get-") && !cmdlet.starts_with("Test-")
    }

    /// How far it reaches among users.
    pub(crate) fn users(&self) -> &Reach {
        &self.users
    }

    /// What the audit log says of what is done with this right (R-SEC-4). The store makes no change
    /// without it.
    pub(crate) fn act(&self, at: Timestamp) -> Act {
        self.caller.act(self.action(), at)
    }

    /// Who has the right.
    pub(crate) fn actor(&self) -> &str {
        &self.caller.name
    }

    /// What the audit log calls what is done with it.
    pub(crate) fn action(&self) -> &'static str {
        self.right.cmdlet()
    }
}

/// The caller's roles do not allow what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{caller} may not do this: none of their roles includes {cmdlet}. \
     `Get-CsAdminRole | Where-Object {{$_.Cmdlets -match \"{cmdlet}\"}}` lists the roles that do."
)]
pub struct Denied {
    /// Who asked.
    pub caller: String,
    /// The cmdlet that a role would need.
    pub cmdlet: &'static str,
}

impl Refusal for Denied {
    fn id(&self) -> &'static str {
        "AccessDenied"
    }
}
