//! People of the directory as objects.

use pinward_core::{Timestamp, User};
use pinward_shell::{Cx, Object, TypeDesc, Value};

const PROPERTIES: &[&str] = &[
    "Identity",
    "DisplayName",
    "FirstName",
    "LastName",
    "SamAccountName",
    "UserPrincipalName",
    "SipAddress",
    "LineURI",
    "Enabled",
    "RegistrarPool",
    "PinPolicy",
    "Title",
    "Department",
    "City",
    "Office",
    "Company",
    "DistinguishedName",
    "WhenChanged",
    "WhenCreated",
];

/// The type of users.
pub(crate) static USER: TypeDesc = TypeDesc::new("ADUser", PROPERTIES)
    .also(&[
        "Microsoft.Rtc.Management.ADConnect.Schema.ADUser",
        "Microsoft.Rtc.Management.ADConnect.Schema.OCSUserOrAppContact",
    ])
    .as_list();

/// The type of people, users or not.
pub(crate) static PERSON: TypeDesc = TypeDesc::new("CSADUser", PROPERTIES)
    .also(&["Microsoft.Rtc.Management.ADConnect.Schema.CSADUser"])
    .as_list();

/// An attribute of the directory that was kept, by its LDAP name in any case; `None` where it has no value.
pub(crate) fn attribute(user: &User, name: &str) -> Option<Value> {
    let values = user.person.attributes.get(&name.to_ascii_lowercase())?;
    match values.as_slice() {
        [] => None,
        [one] => Some(Value::from(one)),
        several => Some(Value::from(several)),
    }
}

/// The object of a user, as one of the two types: the values in the order of `PROPERTIES`.
pub(crate) fn object(cx: &Cx, desc: &'static TypeDesc, user: &User) -> Value {
    let person = &user.person;
    let text = |value: &Option<String>| Value::from(value.as_deref());
    let date = |at: Option<Timestamp>| Value::from(at.map(|at| cx.date(at)));
    let kept = |name: &str| attribute(user, name).unwrap_or(Value::Null);
    let dn = Value::from(&person.dn);
    let values = [
        dn.clone(),
        Value::from(&person.display_name),
        text(&person.first_name),
        text(&person.last_name),
        Value::from(&person.sam_account_name),
        text(&person.upn),
        text(&person.sip_address),
        text(&person.line_uri),
        Value::from(person.enabled),
        text(&person.registrar_pool),
        text(&user.pin_policy),
        kept("title"),
        kept("department"),
        kept("l"),
        kept("physicaldeliveryofficename"),
        kept("company"),
        dn,
        date(person.when_changed),
        date(person.when_created),
    ];
    Object::of(desc, values).into()
}
