//! Names that the Tab key offers.

use std::sync::Arc;

use pinward_core::{ALL_CMDLETS, PolicyIdentity, fold};
use pinward_service::{Caller, Service};
use tokio::runtime::Handle;

/// Offers shown at most; more help nobody.
const MOST: usize = 50;

/// The names of users, policies and sites, as the caller may see them.
#[derive(Clone)]
pub struct Names {
    pub service: Arc<Service>,
    pub caller: Caller,
    pub runtime: Handle,
}

impl Names {
    /// What begins with `prefix`, from the source that a parameter names. A source that cannot be
    /// read offers nothing: the command itself will say why.
    pub fn complete(&self, source: &str, prefix: &str) -> Vec<String> {
        let names = match source {
            "user" => self.users(prefix),
            "policy" => self.policies(|_| true),
            "per-user-policy" => {
                self.policies(|identity| matches!(identity, PolicyIdentity::Tag(_)))
            }
            "site" => self.sites(),
            "site-policy" => self
                .sites()
                .iter()
                .map(|site| format!("site:{site}"))
                .collect(),
            "role" => self.roles(),
            "cmdlet" => ALL_CMDLETS.iter().map(|&name| name.to_owned()).collect(),
            _ => Vec::new(),
        };
        let start = fold(prefix);
        names
            .into_iter()
            .filter(|name| fold(name).starts_with(&start))
            .take(MOST)
            .collect()
    }

    fn users(&self, prefix: &str) -> Vec<String> {
        let start = fold(prefix);
        let read = async {
            let mut names = Vec::new();
            let Ok(mut pages) = self.service.users(&self.caller) else {
                return names;
            };
            while let Ok(page) = pages.next().await {
                if page.is_empty() {
                    break;
                }
                for user in page {
                    let person = user.person;
                    let logon = format!(
                        "{}\\{}",
                        person.domain.to_lowercase(),
                        person.sam_account_name
                    );
                    let all = [
                        Some(person.display_name),
                        person.sip_address,
                        person.upn,
                        Some(logon),
                    ];
                    names.extend(
                        all.into_iter()
                            .flatten()
                            .filter(|n| fold(n).starts_with(&start)),
                    );
                }
                if names.len() >= MOST {
                    break;
                }
            }
            names
        };
        self.runtime.block_on(read)
    }

    fn policies(&self, which: impl Fn(&PolicyIdentity) -> bool) -> Vec<String> {
        let policies = self.runtime.block_on(self.service.policies(&self.caller));
        policies
            .unwrap_or_default()
            .into_iter()
            .filter(|policy| which(&policy.identity))
            .map(|policy| match policy.identity {
                PolicyIdentity::Tag(name) => name,
                other => other.to_string(),
            })
            .collect()
    }

    fn sites(&self) -> Vec<String> {
        let sites = self.runtime.block_on(self.service.sites(&self.caller));
        sites
            .unwrap_or_default()
            .into_iter()
            .map(|site| site.id)
            .collect()
    }

    fn roles(&self) -> Vec<String> {
        let roles = self.runtime.block_on(self.service.roles(&self.caller));
        let roles = roles.unwrap_or_default();
        roles.into_iter().map(|role| role.identity).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pinward_core::{Role, standard_roles};
    use pinward_testkit::Kit;
    use tokio::runtime::Runtime;

    // R-RBAC-3, R-RBAC-4: only what the caller may see is offered
    #[test]
    fn nothing_out_of_scope_is_offered() {
        let runtime = Runtime::new().unwrap();
        let kit = runtime.block_on(Kit::sample());
        let names = |user_scope: &str, config_scope: &str| Names {
            service: Arc::clone(&kit.service),
            caller: Caller::new(
                "somebody",
                vec![Role {
                    user_scopes: vec![user_scope.to_owned()],
                    config_scopes: vec![config_scope.to_owned()],
                    ..standard_roles()[0].clone()
                }],
            ),
            runtime: runtime.handle().clone(),
        };
        let all = names("global", "global");
        let some = names("OU:ou=Finance,dc=litwareinc,dc=com", "site:Paris");
        for (source, prefix, offered) in [
            ("user", "Ken My", "Ken Myer"),
            ("user", "litwareinc\\kenm", "litwareinc\\kenmyer"),
            ("user", "sip:kenm", "sip:kenmyer@litwareinc.com"),
            ("site", "Red", "Redmond"),
            ("site-policy", "site:Red", "site:Redmond"),
            ("policy", "Glo", "Global"),
            ("per-user-policy", "Redm", "RedmondUsersPinPolicy"),
        ] {
            assert_eq!(all.complete(source, prefix), [offered], "{source}");
            assert_eq!(
                some.complete(source, prefix),
                <[&str; 0]>::default(),
                "{source}"
            );
        }
        assert_eq!(some.complete("user", "John Sm"), ["John Smith"]);
        assert_eq!(some.complete("site", ""), ["Paris"]);
        let cmdlets = some.complete("cmdlet", "set-csclient");
        assert_eq!(cmdlets, ["Set-CsClientPin"]);
    }
}
