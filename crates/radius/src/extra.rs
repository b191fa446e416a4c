//! Attributes that the configuration adds to an Access-Accept.

use pinward_core::{LineUri, User};

use crate::codec::{Answer, kind};

/// What may stand in a text, and what it is replaced by.
type Place = (&'static str, fn(&User) -> Option<String>);

const PLACES: [Place; 6] = [
    ("{sip}", |user| user.person.sip_address.clone()),
    ("{upn}", |user| user.person.upn.clone()),
    ("{logon}", |user| {
        let person = &user.person;
        Some(format!("{}\\{}", person.domain, person.sam_account_name))
    }),
    ("{displayname}", |user| {
        Some(user.person.display_name.clone())
    }),
    ("{number}", |user| Some(format!("+{}", line(user)?.number?))),
    ("{extension}", |user| line(user)?.extension),
];

/// Types that the door itself decides about.
const OWN: [u8; 7] = [
    kind::USER_NAME,
    kind::USER_PASSWORD,
    kind::CHAP_PASSWORD,
    kind::VENDOR_SPECIFIC,
    kind::PROXY_STATE,
    kind::EAP_MESSAGE,
    kind::MESSAGE_AUTHENTICATOR,
];

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, in which `{sip}`, `{upn}`, `{logon}`, `{displayname}`, `{number}` and `{extension}` stand for
    /// what is known of the user.
    Text(String),
    /// A number of four octets.
    Number(u32),
}

/// One attribute that an Access-Accept has too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    vendor: Option<u32>,
    kind: u8,
    value: Value,
}

/// Why an attribute cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtraError {
    /// The door decides about this type.
    #[error(
        "attribute {0} is set by the server itself; one of a vendor needs vendor = NUMBER beside its type"
    )]
    Own(u8),
    /// Nothing of that name can stand in a text.
    #[error(
        "{0} stands for nothing: {{sip}}, {{upn}}, {{logon}}, {{displayname}}, {{number}} and {{extension}} do"
    )]
    Place(String),
    /// There is nothing in it, or too much.
    #[error("the text has {0} octets; it has 1 to 247")]
    Length(usize),
}

impl Extra {
    /// An attribute of the registry, or of a vendor.
    pub fn new(vendor: Option<u32>, kind: u8, value: Value) -> Result<Self, ExtraError> {
        if vendor.is_none() && OWN.contains(&kind) {
            return Err(ExtraError::Own(kind));
        }
        if let Value::Text(text) = &value {
            if text.is_empty() || text.len() > 247 {
                return Err(ExtraError::Length(text.len()));
            }
            let mut rest = text.clone();
            for (place, _) in PLACES {
                rest = rest.replace(place, "");
            }
            let unknown = rest.find('{').map(|at| &rest[at..]);
            if let Some(unknown) = unknown {
                let end = unknown.find('}').map_or(unknown.len(), |end| end + 1);
                return Err(ExtraError::Place(unknown[..end].to_owned()));
            }
        }
        Ok(Self {
            vendor,
            kind,
            value,
        })
    }

    /// Adds it to an answer about this user. A text about something that nothing is known of is left
    /// out.
    pub(crate) fn add(&self, answer: Answer, user: &User) -> Answer {
        let value = match &self.value {
            Value::Number(number) => number.to_be_bytes().to_vec(),
            Value::Text(text) => match filled(text, user) {
                Some(text) => text.into_bytes(),
                None => return answer,
            },
        };
        match self.vendor {
            Some(vendor) => answer.with_vendor(vendor, self.kind, &value),
            None => answer.with(self.kind, &value),
        }
    }
}

fn line(user: &User) -> Option<LineUri> {
    LineUri::parse(user.person.line_uri.as_deref()?)
}

/// A text with what stands for something filled in, from left to right: what is filled in is not read
/// again.
fn filled(text: &str, user: &User) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (place, value) = PLACES.iter().find(|(place, _)| rest.starts_with(place))?;
        out.push_str(&value(user)?);
        rest = &rest[place.len()..];
    }
    out.push_str(rest);
    Some(out)
}
