//! R-ID: the ways to name a user.

use crate::dn::Dn;
use crate::fold::fold;
use crate::pattern::Pattern;

/// One way to look a user up; all values are normalised already (trimmed, folded).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Lookup {
    /// With its scheme: "sip:kenmyer@litwareinc.com".
    Sip(String),
    /// User principal name.
    Upn(String),
    /// `domain\logon`.
    DomainLogon {
        /// NetBIOS name of the domain.
        domain: String,
        /// Logon name within it.
        logon: String,
    },
    /// Logon name in any domain.
    Logon(String),
    /// The whole display name.
    DisplayName(String),
    /// A display name with `*`.
    DisplayPattern(Pattern),
    /// Distinguished name.
    Dn(Dn),
    /// Digits of an extension.
    Extension(String),
    /// Digits of a full number, without `+`.
    Phone(String),
    /// A full number qualified by an extension; both must match (R-AUTH-6).
    PhoneAndExtension {
        /// Digits of the number, without `+`.
        phone: String,
        /// Digits of the extension.
        extension: String,
    },
}

/// R-ID-1: what a text may name, as alternatives in order.
///
/// The first group that matches anyone wins; within a group the matches are united, so that a text
/// that is one user's SIP address and another's UPN is found to be ambiguous instead of being
/// guessed at. No group at all: the text is empty and names nobody.
///
/// A distinguished name and `domain\logon` are tried before the display name, because display
/// names are free text that people may choose for themselves.
pub fn parse_identity(text: &str) -> Vec<Vec<Lookup>> {
    let folded = fold(text);
    if folded.is_empty() {
        return Vec::new();
    }
    if let Some(address) = folded.strip_prefix("sip:") {
        let address = address.trim();
        return if address.is_empty() {
            Vec::new()
        } else {
            vec![vec![Lookup::Sip(format!("sip:{address}"))]]
        };
    }
    let mut groups = Vec::with_capacity(2);
    if folded.contains('=')
        && let Ok(dn) = Dn::parse(text).or_else(|_| Dn::parse(text.trim()))
    {
        groups.push(vec![Lookup::Dn(dn)]);
    } else if let Some((domain, logon)) = folded.split_once('\\') {
        let (domain, logon) = (domain.trim(), logon.trim());
        if !domain.is_empty() && !logon.is_empty() {
            groups.push(vec![Lookup::DomainLogon {
                domain: domain.to_owned(),
                logon: logon.to_owned(),
            }]);
        }
    } else if folded.contains('*') {
        return vec![vec![Lookup::DisplayPattern(Pattern::parse(&folded))]];
    } else if folded.contains('@') {
        groups.push(vec![
            Lookup::Sip(format!("sip:{folded}")),
            Lookup::Upn(folded.clone()),
        ]);
    } else {
        // A bare logon name is good only where it is unique (R-ID-1), also among display names.
        return vec![vec![
            Lookup::DisplayName(folded.clone()),
            Lookup::Logon(folded),
        ]];
    }
    groups.push(vec![Lookup::DisplayName(folded)]);
    groups
}
