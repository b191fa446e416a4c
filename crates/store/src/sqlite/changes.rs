//! What an act changed, from what to what: `{"PINLifetime":[0,30]}`, and nothing that stayed as it was.

use std::collections::BTreeMap;

use pinward_core::{
    AccessNumber, Client, Counters, LockState, Membership, Network, Person, Policy, Role, Timestamp,
};
use serde_json::{Map, Value, json};

use crate::SiteDetails;

/// Longer texts are cut: the log tells what changed and is no copy of the directory.
const LONGEST_TEXT: usize = 256;

/// A property's name and how to read it.
type Property<'a, T> = (&'a str, &'a dyn Fn(&T) -> Value);

/// The properties that changed.
#[derive(Default)]
pub(super) struct Changes(Map<String, Value>);

impl Changes {
    /// Notes a property if it changed.
    #[must_use]
    pub(super) fn of(
        mut self,
        name: &str,
        before: impl Into<Value>,
        after: impl Into<Value>,
    ) -> Self {
        let (before, after) = (before.into(), after.into());
        if before != after {
            let change = json!([cut(before), cut(after)]);
            self.0.insert(name.to_owned(), change);
        }
        self
    }

    /// What changed of these properties between two states of a thing; `None`: it is not there.
    fn between<T>(before: Option<&T>, after: Option<&T>, properties: &[Property<'_, T>]) -> Self {
        let value = |thing: Option<&T>, read: &dyn Fn(&T) -> Value| thing.map_or(Value::Null, read);
        properties
            .iter()
            .fold(Self::default(), |changes, (name, read)| {
                changes.of(name, value(before, read), value(after, read))
            })
    }

    /// These changes and further ones.
    #[must_use]
    pub(super) fn and(mut self, further: Self) -> Self {
        self.0.extend(further.0);
        self
    }

    /// As JSON; `None`: nothing changed.
    pub(super) fn text(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| Value::Object(self.0.clone()).to_string())
    }

    /// What changed between two states of a policy; `None`: there is none.
    pub(super) fn of_policy(before: Option<&Policy>, after: Option<&Policy>) -> Self {
        Self::between(
            before,
            after,
            &[
                ("Description", &|p| p.description.clone().into()),
                ("MinPasswordLength", &|p| p.min_password_length.into()),
                ("PINHistoryCount", &|p| p.pin_history_count.into()),
                ("AllowCommonPatterns", &|p| p.allow_common_patterns.into()),
                ("PINLifetime", &|p| p.pin_lifetime_days.into()),
                ("MaximumLogonAttempts", &|p| p.maximum_logon_attempts.into()),
            ],
        )
    }

    /// What changed between two states of a site; `None`: it is not there.
    pub(super) fn of_site(before: Option<&SiteDetails>, after: Option<&SiteDetails>) -> Self {
        Self::between(
            before,
            after,
            &[
                ("SiteId", &|s| s.site.id.clone().into()),
                ("DisplayName", &|s| s.site.display_name.clone().into()),
                ("OU", &|s| match &s.membership {
                    Membership::Units(units) => units.clone().into(),
                    _ => Value::Null,
                }),
                ("LdapFilter", &|s| match &s.membership {
                    Membership::Filter(filter) => filter.clone().into(),
                    _ => Value::Null,
                }),
            ],
        )
    }

    /// What changed between two states of an access number; `None`: it is not there.
    pub(super) fn of_access_number(
        before: Option<&AccessNumber>,
        after: Option<&AccessNumber>,
    ) -> Self {
        Self::between(
            before,
            after,
            &[
                ("DisplayName", &|n| n.display_name.clone().into()),
                ("DisplayNumber", &|n| n.display_number.clone().into()),
                ("LineUri", &|n| n.line_uri.clone().into()),
                ("PrimaryLanguage", &|n| n.primary_language.clone().into()),
                ("SecondaryLanguages", &|n| {
                    n.secondary_languages.clone().into()
                }),
                ("Pool", &|n| n.pool.clone().into()),
                ("HostingProvider", &|n| n.hosting_provider.clone().into()),
                ("Regions", &|n| n.regions.clone().into()),
                ("Scope", &|n| n.site.clone().into()),
            ],
        )
    }

    /// What changed between two states of a role; `None`: there is none.
    pub(super) fn of_role(before: Option<&Role>, after: Option<&Role>) -> Self {
        Self::between(
            before,
            after,
            &[
                ("Cmdlets", &|r| r.cmdlets.clone().into()),
                ("ScriptModules", &|r| r.script_modules.clone().into()),
                ("ConfigScopes", &|r| r.config_scopes.clone().into()),
                ("UserScopes", &|r| r.user_scopes.clone().into()),
                ("Template", &|r| r.template.clone().into()),
                ("TemplateCmdlets", &|r| r.template_cmdlets.clone().into()),
            ],
        )
    }

    /// What changed between two states of a client; `None`: there is none. Of its keys what they begin
    /// with.
    pub(super) fn of_client(before: Option<&Client>, after: Option<&Client>) -> Self {
        Self::between(
            before,
            after,
            &[
                ("Rights", &|c| c.rights.to_string().into()),
                ("Networks", &|c| {
                    c.networks.iter().map(Network::to_string).collect()
                }),
                ("Expires", &|c| maybe(c.expires)),
                ("PerSecond", &|c| c.limits.per_second.into()),
                ("AtOnce", &|c| c.limits.at_once.into()),
                ("Keys", &|c| {
                    c.keys.iter().map(|key| key.start.clone()).collect()
                }),
            ],
        )
    }

    /// What changed of a person; `None`: they were not there. Of further attributes only the names:
    /// nobody knows what stands in them.
    pub(super) fn of_person(before: Option<&Person>, after: &Person) -> Self {
        let mut changes = Self::between(
            before,
            Some(after),
            &[
                ("ObjectGuid", &|p| p.guid.clone().into()),
                ("DistinguishedName", &|p| p.dn.clone().into()),
                ("DisplayName", &|p| p.display_name.clone().into()),
                ("FirstName", &|p| p.first_name.clone().into()),
                ("LastName", &|p| p.last_name.clone().into()),
                ("SamAccountName", &|p| p.sam_account_name.clone().into()),
                ("Domain", &|p| p.domain.clone().into()),
                ("UserPrincipalName", &|p| p.upn.clone().into()),
                ("SipAddress", &|p| p.sip_address.clone().into()),
                ("LineURI", &|p| p.line_uri.clone().into()),
                ("Enabled", &|p| p.enabled.into()),
                ("RegistrarPool", &|p| p.registrar_pool.clone().into()),
                ("Site", &|p| p.site.clone().into()),
                ("WhenCreated", &|p| maybe(p.when_created)),
                ("WhenChanged", &|p| maybe(p.when_changed)),
            ],
        );
        let others = changed_attributes(before, after);
        if !others.is_empty() {
            changes.0.insert("Attributes".to_owned(), others.into());
        }
        changes
    }

    /// What changed of the locks at a moment.
    pub(super) fn of_lock(before: &Counters, after: &Counters, now: Timestamp) -> Self {
        let (before, after) = (before.state(now), after.state(now));
        match before == after {
            true => Self::default(),
            false => Self::default().of("Lock", lock(before), lock(after)),
        }
    }

    /// What changed of the counts and locks at a moment.
    pub(super) fn of_counters(before: &Counters, after: &Counters, now: Timestamp) -> Self {
        Self::of_lock(before, after, now)
            .of("FailedLogons", before.local, after.local)
            .of("FailedLogonsOfAllTime", before.global, after.global)
    }
}

/// The names of the further attributes that are not as they were.
fn changed_attributes(before: Option<&Person>, after: &Person) -> Vec<String> {
    let none = BTreeMap::new();
    let before = before.map_or(&none, |person| &person.attributes);
    let gone = before
        .keys()
        .filter(|name| !after.attributes.contains_key(*name));
    let new = after
        .attributes
        .iter()
        .filter(|(name, values)| before.get(*name) != Some(values))
        .map(|(name, _values)| name);
    gone.chain(new).cloned().collect()
}

/// A time as it is written in the log's JSON.
pub(super) fn maybe(time: Option<Timestamp>) -> Value {
    time.map(|time| time.to_string()).into()
}

fn lock(state: LockState) -> Value {
    match state {
        LockState::None => Value::Null,
        LockState::Temporary { until } => json!(format!("until {until}")),
        LockState::Permanent => json!("too many failures"),
        LockState::Administrator => json!("by an administrator"),
    }
}

fn cut(value: Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > LONGEST_TEXT => {
            let start: String = text.chars().take(LONGEST_TEXT).collect();
            Value::String(start + "…")
        }
        other => other,
    }
}
