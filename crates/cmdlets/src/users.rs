//! Naming users in arguments and in the pipeline.

use std::rc::Rc;

use pinward_core::User;
use pinward_service::Right;
use pinward_shell::{ErrorRecord, Param, Value};

use crate::product::Product;
use crate::refusals::{invalid, record, without_pin};

/// `-Identity` of the cmdlets that act on users.
pub(crate) const IDENTITY: Param = OPTIONAL_IDENTITY.required();

/// `-Identity` of the cmdlets that list users.
pub(crate) const OPTIONAL_IDENTITY: Param = Param::any("Identity")
    .label("UserIdParameter")
    .at(1)
    .by_value()
    .by_property()
    .completes("user")
    .help(
        "Whose: a SIP address, user principal name, domain\\logon, display name or distinguished \
         name, or an object that has one of these as its Identity. In a display name * stands for \
         any text.",
    );

/// Where an object keeps what names its user, the best first.
const NAMING: &[&str] = &[
    "Identity",
    "DistinguishedName",
    "SipAddress",
    "UserPrincipalName",
];

/// The texts by which a value names users; several where it is an array.
pub(crate) fn identities(value: &Value) -> Result<Vec<Rc<str>>, Box<ErrorRecord>> {
    match value {
        Value::Array(items) => items.iter().map(identity).collect(),
        one => Ok(vec![identity(one)?]),
    }
}

fn identity(value: &Value) -> Result<Rc<str>, Box<ErrorRecord>> {
    match value {
        Value::Str(text) => Ok(Rc::clone(text)),
        Value::Number(_) => Ok(value.to_text()),
        Value::Object(_) | Value::Hash(_) => NAMING
            .iter()
            .filter_map(|name| value.property(name))
            .find(|named| !named.is_null())
            .map(|named| named.to_text())
            .ok_or_else(|| not_a_user(value)),
        _ => Err(not_a_user(value)),
    }
}

fn not_a_user(value: &Value) -> Box<ErrorRecord> {
    let error = invalid(
        "IdentityInvalid",
        format!("a value of type {} does not name a user", value.type_name()),
    )
    .advice("Give a name as text, or an object with the property Identity, as Get-CsUser makes.");
    Box::new(error)
}

/// The people whom a value names, as far as the right to do something with them reaches, and a refusal
/// for each name that leads to nobody or to several. A wildcard means the users among those it matches.
pub(crate) fn find(
    product: &Product,
    right: Right,
    value: &Value,
) -> Vec<Result<User, ErrorRecord>> {
    look_up(product, right, value, |found| {
        if found.len() > 1 && found.iter().any(|user| user.person.enabled) {
            found.retain(|user| user.person.enabled);
        }
    })
}

/// The same with everybody whom a wildcard matches, enabled or not.
pub(crate) fn find_all(
    product: &Product,
    right: Right,
    value: &Value,
) -> Vec<Result<User, ErrorRecord>> {
    look_up(product, right, value, |_| {})
}

fn look_up(
    product: &Product,
    right: Right,
    value: &Value,
    choose: fn(&mut Vec<User>),
) -> Vec<Result<User, ErrorRecord>> {
    let named = match identities(value) {
        Ok(named) => named,
        Err(error) => return vec![Err(*error)],
    };
    let mut people = Vec::with_capacity(named.len());
    for identity in named {
        let found = product
            .service
            .find_people(&product.caller, right, &identity);
        match product.wait(found) {
            Ok(mut found) => {
                choose(&mut found);
                people.extend(found.into_iter().map(Ok));
            }
            Err(refusal) => {
                let error = record(&refusal, &identity);
                people.push(Err(match takes_pin(right) {
                    true => without_pin(error, &identity),
                    false => error,
                }));
            }
        }
    }
    people
}

/// Whether the cmdlets of a right have a parameter for a PIN, which may have gone to the name.
fn takes_pin(right: Right) -> bool {
    matches!(
        right,
        Right::AssignPin | Right::TestPolicy | Right::WelcomeUser
    )
}

/// How a user is named in messages: by SIP address, else by distinguished name.
pub(crate) fn name_of(user: &User) -> &str {
    user.person
        .sip_address
        .as_deref()
        .unwrap_or(&user.person.dn)
}

/// How a user is named in questions: as people call them and as the system does.
pub(crate) fn title_of(user: &User) -> String {
    format!("{} ({})", user.person.display_name, name_of(user))
}
