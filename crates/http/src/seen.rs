//! Which state of a thing somebody saw before they change or remove it, so that nobody undoes unknowingly
//! what somebody else did in between. The API tells a state as an `ETag` and is told one by `If-Match`; the
//! forms of the console have it in a field.
//!
//! That it still is this state is looked at here, where only what tells states apart is known, and again where
//! the change is made: the use case is given the whole state.

use std::convert::Infallible;

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pinward_core::{
    AccessNumber, Client, ClientKey, ClientLimits, Membership, Network, Policy, Role, Site,
};
use pinward_service::{OutdatedRole, SiteDetails};
use ring::digest::{SHA256, digest};
use serde::Serialize;
use serde_json::{Value, json};

/// What has states that are told apart.
pub(crate) trait Stateful {
    /// All that can be changed of it.
    fn state(&self) -> Value;

    /// What tells this state from others.
    fn tag(&self) -> String {
        let digest = digest(&SHA256, self.state().to_string().as_bytes());
        let octets = digest.as_ref().iter().take(16);
        octets.map(|octet| format!("{octet:02x}")).collect()
    }
}

/// What all fields of a thing hold; of some what is told `as` something else. A field that is not named here does
/// not compile, so that one that is added is not forgotten.
macro_rules! all_of {
    ($thing:expr, $kind:ident { $($field:ident $(as $told:expr)?),+ $(,)? }) => {{
        let $kind { $($field),+ } = $thing;
        Value::from_iter([$(all_of!(@ $field $($told)?)),+])
    }};
    (@ $field:ident) => { json!($field) };
    (@ $field:ident $told:expr) => { json!($told) };
}

impl Stateful for Policy {
    fn state(&self) -> Value {
        all_of!(
            self,
            Policy {
                identity as identity.to_string(),
                description,
                min_password_length,
                pin_history_count,
                allow_common_patterns,
                pin_lifetime_days,
                maximum_logon_attempts,
            }
        )
    }
}

impl Stateful for SiteDetails {
    fn state(&self) -> Value {
        // Who belongs to it comes and goes; nobody sets that.
        let Self {
            site: Site { id, display_name },
            membership,
            users: _,
        } = self;
        let rule = match membership {
            Membership::Directory => Value::Null,
            Membership::Units(units) => json!(units),
            Membership::Filter(filter) => json!(filter),
        };
        json!([id, display_name, rule])
    }
}

impl Stateful for AccessNumber {
    fn state(&self) -> Value {
        all_of!(
            self,
            AccessNumber {
                primary_uri,
                display_name,
                display_number,
                line_uri,
                primary_language,
                secondary_languages,
                pool,
                hosting_provider,
                regions,
                site,
            }
        )
    }
}

impl Stateful for Role {
    fn state(&self) -> Value {
        all_of!(
            self,
            Role {
                identity,
                sid,
                is_standard,
                cmdlets,
                script_modules,
                config_scopes,
                user_scopes,
                template,
                template_cmdlets,
            }
        )
    }
}

impl Stateful for Client {
    fn state(&self) -> Value {
        all_of!(
            self,
            Client {
                name,
                rights as rights.to_string(),
                networks as networks.iter().map(Network::to_string).collect::<Vec<_>>(),
                expires as expires.map(|end| end.to_string()),
                limits as all_of!(limits, ClientLimits { per_second, at_once }),
                keys as keys.iter().map(key).collect::<Vec<_>>(),
            }
        )
    }
}

fn key(key: &ClientKey) -> Value {
    all_of!(
        key,
        ClientKey {
            digest,
            start,
            made as made.to_string(),
            ends as ends.map(|end| end.to_string()),
        }
    )
}

impl Stateful for OutdatedRole {
    fn state(&self) -> Value {
        let Self { role, gains } = self;
        json!([role.state(), gains])
    }
}

/// The state that was seen, as far as it was said.
pub(crate) enum Seen {
    /// Whichever it is by now.
    Any,
    /// One with one of these tags.
    Tagged(Vec<String>),
}

impl Seen {
    /// What the field of a form says; a form without it was made for no state.
    pub(crate) fn field(tag: &str) -> Self {
        match tag {
            "" => Self::Any,
            tag => Self::Tagged(vec![tag.to_owned()]),
        }
    }

    fn header(headers: &HeaderMap) -> Self {
        let mut tags = Vec::new();
        for value in headers.get_all(header::IF_MATCH) {
            let value = value.to_str().unwrap_or_default();
            if value.trim() == "*" {
                return Self::Any;
            }
            // A weak tag, `W/"…"`, is none of ours.
            let one = |text: &str| text.trim().trim_matches('"').to_owned();
            tags.extend(value.split(',').map(one));
        }
        match headers.contains_key(header::IF_MATCH) {
            true => Self::Tagged(tags),
            false => Self::Any,
        }
    }

    /// The whole state that was seen, for the use case that changes it: it is the one that is found `now`, or
    /// somebody has `overtaken` whoever saw it. Not looked for where none was said.
    pub(crate) async fn held<T: Stateful, E>(
        &self,
        now: impl Future<Output = Result<T, E>>,
        overtaken: E,
    ) -> Result<Option<T>, E> {
        match self {
            Self::Any => Ok(None),
            Self::Tagged(_) => self.is(now.await?, overtaken),
        }
    }

    /// The same, of a state that is found already.
    pub(crate) fn is<T: Stateful, E>(&self, now: T, overtaken: E) -> Result<Option<T>, E> {
        match self {
            Self::Any => Ok(None),
            Self::Tagged(tags) if tags.contains(&now.tag()) => Ok(Some(now)),
            Self::Tagged(_) => Err(overtaken),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Seen {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::header(&parts.headers))
    }
}

/// An answer of the API with the tag of the state that it tells.
pub(crate) fn tagged<T: Stateful, E: Serialize>(
    status: StatusCode,
    state: T,
    entry: impl FnOnce(T) -> E,
) -> Response {
    let tag = [(header::ETAG, format!("\"{}\"", state.tag()))];
    (status, tag, Json(entry(state))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_if_match_says() {
        for (values, tags) in [
            (&[][..], None),
            (&["*"], None),
            (&["\"a\""], Some(vec!["a"])),
            (&["\"a\", \"b\"", "\"c\""], Some(vec!["a", "b", "c"])),
            (&["W/\"a\""], Some(vec!["W/\"a"])),
            (&["\u{e9}"], Some(vec![""])),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::IF_MATCH, value.parse().expect("a value"));
            }
            let said = match Seen::header(&headers) {
                Seen::Any => None,
                Seen::Tagged(tags) => Some(tags),
            };
            let tags = tags.map(|tags| tags.into_iter().map(str::to_owned).collect());
            assert_eq!(said, tags, "{values:?}");
        }
    }
}
