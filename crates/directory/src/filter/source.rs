//! Where a filter finds the values of an entry.

use jiff::{Timestamp, tz::TimeZone};
use pinward_core::{Person, User};

use super::Attribute;

/// An entry a filter can be asked about.
pub trait AttributeSource {
    /// Offers the attribute's values to `test` until one passes; whether one did.
    /// An attribute without values passes never.
    fn any_value(&self, attribute: &Attribute, test: &mut dyn FnMut(&str) -> bool) -> bool;
}

impl AttributeSource for User {
    fn any_value(&self, attribute: &Attribute, test: &mut dyn FnMut(&str) -> bool) -> bool {
        self.person.any_value(attribute, test)
    }
}

/// Everybody here is a user account of these classes.
const OBJECT_CLASSES: [&str; 4] = ["user", "organizationalPerson", "person", "top"];
/// `objectCategory` is stored as the name of a schema object but asked for by its short name.
const OBJECT_CATEGORIES: [&str; 2] = ["person", "user"];
/// `SAM_USER_OBJECT`
const SAM_ACCOUNT_TYPE: &str = "805306368";
/// `NORMAL_ACCOUNT`, and with `ACCOUNTDISABLE` (bit 2)
const ACCOUNT_CONTROL: [&str; 2] = ["514", "512"];
const BOOLEANS: [&str; 2] = ["FALSE", "TRUE"];

impl AttributeSource for Person {
    fn any_value(&self, attribute: &Attribute, test: &mut dyn FnMut(&str) -> bool) -> bool {
        let enabled = usize::from(self.enabled);
        let single = match attribute {
            Attribute::Other(name) => return any_kept(self, name, test),
            Attribute::CommonName if self.attributes.contains_key("cn") => {
                return any_kept(self, "cn", test);
            }
            Attribute::ObjectClass => return OBJECT_CLASSES.into_iter().any(test),
            Attribute::ObjectCategory => {
                return OBJECT_CATEGORIES.into_iter().any(&mut *test)
                    || test(&schema_name_of_person(&self.dn));
            }
            Attribute::WhenCreated => return any_time(self.when_created, test),
            Attribute::WhenChanged => return any_time(self.when_changed, test),
            Attribute::CommonName | Attribute::DisplayName => Some(self.display_name.as_str()),
            Attribute::DistinguishedName => Some(self.dn.as_str()),
            Attribute::GivenName => self.first_name.as_deref(),
            Attribute::Surname => self.last_name.as_deref(),
            Attribute::ObjectGuid => Some(self.guid.as_str()),
            Attribute::SamAccountName => Some(self.sam_account_name.as_str()),
            Attribute::SamAccountType => Some(SAM_ACCOUNT_TYPE),
            Attribute::UserPrincipalName => self.upn.as_deref(),
            Attribute::SipAddress => self.sip_address.as_deref(),
            Attribute::Line => self.line_uri.as_deref(),
            Attribute::SipEnabled => Some(BOOLEANS[enabled]),
            Attribute::UserAccountControl => Some(ACCOUNT_CONTROL[enabled]),
            Attribute::RegistrarPool => self.registrar_pool.as_deref(),
            Attribute::Site => self.site.as_deref(),
        };
        single.is_some_and(test)
    }
}

/// An attribute kept under its LDAP name; the SIP address also counts as a proxy address.
fn any_kept(person: &Person, name: &str, test: &mut dyn FnMut(&str) -> bool) -> bool {
    if let Some(values) = person.attributes.get(name) {
        return values.iter().any(|value| test(value));
    }
    name == "proxyaddresses" && person.sip_address.as_deref().is_some_and(test)
}

/// The full form of `objectCategory=person`, within the domain the user belongs to.
fn schema_name_of_person(dn: &str) -> String {
    let is_domain_part = |part: &str| part.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("dc="));
    let domain: Vec<&str> = dn
        .split(',')
        .map(str::trim)
        .filter(|p| is_domain_part(p))
        .collect();
    format!("CN=Person,CN=Schema,CN=Configuration,{}", domain.join(","))
}

/// Generalized time sorts as text.
fn any_time(time: Option<Timestamp>, test: &mut dyn FnMut(&str) -> bool) -> bool {
    time.is_some_and(|time| {
        let utc = time.to_zoned(TimeZone::UTC);
        test(&utc.strftime("%Y%m%d%H%M%S.0Z").to_string())
    })
}
