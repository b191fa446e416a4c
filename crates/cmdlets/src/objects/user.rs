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

/// The object of a user, as one of the two types.
pub(crate) fn object(cx: &Cx, desc: &'static TypeDesc, user: &User) -> Value {
    let person = &user.person;
    let text = |value: &Option<String>| Value::from(value.as_deref());
    let date = |at: Option<Timestamp>| Value::from(at.map(|at| cx.date(at)));
    let kept = |name: &str| match person.attributes.get(name).map(Vec::as_slice) {
        None | Some([]) => Value::Null,
        Some([one]) => Value::from(one),
        Some(several) => Value::from(several),
    };
    let dn = Value::from(&person.dn);
    Object::new(desc)
        .with("Identity", dn.clone())
        .with("DisplayName", &person.display_name)
        .with("FirstName", text(&person.first_name))
        .with("LastName", text(&person.last_name))
        .with("SamAccountName", &person.sam_account_name)
        .with("UserPrincipalName", text(&person.upn))
        .with("SipAddress", text(&person.sip_address))
        .with("LineURI", text(&person.line_uri))
        .with("Enabled", person.enabled)
        .with("RegistrarPool", text(&person.registrar_pool))
        .with("PinPolicy", text(&user.pin_policy))
        .with("Title", kept("title"))
        .with("Department", kept("department"))
        .with("City", kept("l"))
        .with("Office", kept("physicaldeliveryofficename"))
        .with("Company", kept("company"))
        .with("DistinguishedName", dn)
        .with("WhenChanged", date(person.when_changed))
        .with("WhenCreated", date(person.when_created))
        .into()
}
