//! From the attributes of an entry to a [`Person`].

use pinward_core::{Dn, Person};

use super::attributes::is_kept;
use super::entry::Entry;
use super::values::{boolean, domain_parts, escape_dn, line_uri, sip, strip_scheme, time};
use super::{Options, Reason};
use crate::guid;

/// The longest NetBIOS name of a domain.
const NETBIOS_LENGTH: usize = 15;
/// `ACCOUNTDISABLE` in `userAccountControl`
const ACCOUNT_DISABLED: i64 = 2;

/// Builds the person; each field is taken from the first source that has it.
pub(crate) fn person(entry: Entry, options: &Options) -> Result<Person, Reason> {
    let own_name = own_name(&entry)?;
    let upn = entry.first("userprincipalname").map(str::to_owned);
    let (domain_of_logon, logon) = logon(&entry)?;
    let sip_address = sip_address(&entry);
    let domain = domain_of_logon
        .or_else(|| entry.first("domain").map(str::to_owned))
        .or_else(|| options.domain.clone())
        .or_else(|| {
            domain_parts(entry.dn.as_deref().unwrap_or_default())
                .into_iter()
                .next()
        })
        .or_else(|| first_label(upn.as_deref()))
        .or_else(|| first_label(sip_address.as_deref()))
        .ok_or_else(|| Reason::NoDomain(shorten(&logon)))?;
    let domain: String = domain.to_uppercase().chars().take(NETBIOS_LENGTH).collect();
    let dn = own_name.unwrap_or_else(|| made_up_name(&logon, upn.as_deref(), &domain));
    let display_name = display_name(&entry, &logon);
    let mut person = Person {
        guid: guid(&entry)?.unwrap_or_else(|| guid::derive(&domain, &logon)),
        dn,
        first_name: entry.first("givenname").map(str::to_owned),
        last_name: entry.first("sn").map(str::to_owned),
        upn,
        sip_address,
        line_uri: line_uri(
            entry.first("msrtcsip-line"),
            entry.first("telephonenumber"),
            entry.first("ipphone"),
        )
        .map_err(|line| bad("msrtcsip-line", line))?,
        enabled: is_enabled(&entry)?,
        registrar_pool: own_or(&entry, "registrarpool", options.registrar_pool.as_ref()),
        site: own_or(&entry, "site", options.site.as_ref()),
        when_created: entry
            .first_of(&["whencreated", "createtimestamp"])
            .and_then(time),
        when_changed: entry
            .first_of(&["whenchanged", "modifytimestamp"])
            .and_then(time),
        sam_account_name: logon,
        domain,
        display_name,
        attributes: entry.into_values(),
    };
    // The common name is worth keeping only where it says something else.
    let display_name = &person.display_name;
    person.attributes.retain(|name, values| {
        is_kept(name)
            || (name == "cn" && values.first().is_some_and(|cn| cn.trim() != display_name))
    });
    Ok(person)
}

/// `sAMAccountName`, else `uid`, else the front of the user principal name; each may be written
/// `domain\logon`. `msDS-PrincipalName` gives the domain where the logon does not.
fn logon(entry: &Entry) -> Result<(Option<String>, String), Reason> {
    let upn = entry.first("userprincipalname");
    let front = upn
        .and_then(|upn| upn.split('@').next())
        .filter(|front| !front.is_empty());
    let written = entry
        .first_of(&["samaccountname", "uid"])
        .or(front)
        .ok_or(Reason::NoLogon)?;
    let (domain, logon) = match written.split_once('\\') {
        Some((domain, logon)) => (Some(domain), logon),
        None => (
            entry
                .first("msds-principalname")
                .and_then(|name| Some(name.split_once('\\')?.0)),
            written,
        ),
    };
    let usable = !logon.is_empty()
        && logon.len() <= 256
        && !logon.contains(|c: char| c.is_control() || c == '\\');
    if !usable {
        return Err(bad("samaccountname", written));
    }
    Ok((
        domain
            .filter(|domain| !domain.is_empty())
            .map(str::to_owned),
        logon.to_owned(),
    ))
}

/// `displayName`, else `cn`, else given name and surname, else the logon name.
fn display_name(entry: &Entry, logon: &str) -> String {
    if let Some(name) = entry.first_of(&["displayname", "cn"]) {
        return name.to_owned();
    }
    let parts: Vec<&str> = ["givenname", "sn"]
        .iter()
        .filter_map(|n| entry.first(n))
        .collect();
    if parts.is_empty() {
        logon.to_owned()
    } else {
        parts.join(" ")
    }
}

/// `msRTCSIP-PrimaryUserAddress`, else the proxy address with `sip:`, else `mail`.
fn sip_address(entry: &Entry) -> Option<String> {
    let own = entry.first("msrtcsip-primaryuseraddress");
    // A CSV column holds all proxy addresses in one text.
    let mut proxies = entry
        .all("proxyaddresses")
        .iter()
        .flat_map(|v| v.split([' ', ';', ',']));
    own.or_else(|| proxies.find(|address| strip_scheme(address, "sip:").is_some()))
        .or_else(|| entry.first("mail"))
        .and_then(sip)
}

/// The entry's own name, as it is written.
fn own_name(entry: &Entry) -> Result<Option<String>, Reason> {
    match entry
        .dn
        .as_deref()
        .map(str::trim)
        .filter(|dn| !dn.is_empty())
    {
        Some(dn) if Dn::parse(dn).is_err() => Err(bad("dn", dn)),
        dn => Ok(dn.map(str::to_owned)),
    }
}

/// `CN=logon,DC=…` with the parts of the user principal name's domain, for a file without
/// distinguished names: it stays the same at the next import.
fn made_up_name(logon: &str, upn: Option<&str>, domain: &str) -> String {
    let of_upn = upn.and_then(|upn| Some(upn.rsplit_once('@')?.1.to_lowercase()));
    let suffix = of_upn.unwrap_or_else(|| domain.to_lowercase());
    let mut dn = format!("CN={}", escape_dn(logon));
    for label in suffix.split('.').filter(|label| !label.is_empty()) {
        dn.push_str(",DC=");
        dn.push_str(&escape_dn(label));
    }
    dn
}

/// `objectGUID`, `entryUUID` or another directory's unique id, binary or as text.
fn guid(entry: &Entry) -> Result<Option<String>, Reason> {
    if let Some(binary) = entry.binary_guid {
        let text = guid::from_active_directory(binary);
        // All zeros is what programs write who know none: everybody would be the same person.
        return match binary == [0; 16] {
            true => Err(bad("guid", &text)),
            false => Ok(Some(text)),
        };
    }
    let names = [
        "objectguid",
        "guid",
        "entryuuid",
        "nsuniqueid",
        "ipauniqueid",
    ];
    match entry.first_of(&names) {
        None => Ok(None),
        Some(written) => guid::parse(written)
            .filter(|guid| guid.bytes().any(|digit| !matches!(digit, b'0' | b'-')))
            .map(Some)
            .ok_or_else(|| bad("guid", written)),
    }
}

/// A user is enabled unless something says otherwise: `userAccountControl` with bit 2,
/// `nsAccountLock`, or FALSE in `msRTCSIP-UserEnabled` or in the column `Enabled`.
fn is_enabled(entry: &Entry) -> Result<bool, Reason> {
    let flag = |name: &'static str| match entry.first(name) {
        None => Ok(None),
        Some(written) => boolean(written).map(Some).ok_or_else(|| bad(name, written)),
    };
    let control = match entry.first("useraccountcontrol") {
        None => 0,
        Some(written) => written
            .parse::<i64>()
            .map_err(|_| bad("useraccountcontrol", written))?,
    };
    Ok(control & ACCOUNT_DISABLED == 0
        && flag("nsaccountlock")? != Some(true)
        && flag("msrtcsip-userenabled")? != Some(false)
        && flag("enabled")? != Some(false))
}

fn own_or(entry: &Entry, name: &str, otherwise: Option<&String>) -> Option<String> {
    entry
        .first(name)
        .map(str::to_owned)
        .or_else(|| otherwise.cloned())
}

/// `LITWAREINC` of `kenmyer@litwareinc.com`
fn first_label(address: Option<&str>) -> Option<String> {
    let (_, domain) = address?.rsplit_once('@')?;
    domain
        .split('.')
        .next()
        .filter(|label| !label.is_empty())
        .map(str::to_owned)
}

fn bad(attribute: &'static str, value: &str) -> Reason {
    Reason::BadValue {
        attribute,
        value: shorten(value),
    }
}

fn shorten(value: &str) -> String {
    const SHOWN: usize = 100;
    let short: String = value.chars().take(SHOWN).collect();
    if short.len() < value.len() {
        short + "…"
    } else {
        short
    }
}
