//! What a form sends, and that it was sent by a page of ours.
//!
//! Two things are asked of each: the browser says that it comes from this site (`Sec-Fetch-Site`, or
//! `Origin` where it is too old for that), and, of whoever is signed in, the token that stands in each form
//! of their session (R-SEC).

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use maud::{Markup, html};
use ring::digest;
use zeroize::Zeroizing;

use super::layout::failure;
use super::visit::{Member, Visit};
use crate::{App, Settings};

/// The name of the field with the token.
const TOKEN: &str = "token";

/// The fields of a form that was sent by a page of this site. They are wiped when dropped.
pub struct Posted {
    /// The request.
    pub visit: Visit,
    fields: Vec<(String, Zeroizing<String>)>,
}

impl Posted {
    /// A field; empty where there is none.
    pub fn field(&self, name: &str) -> &str {
        let mut fields = self.fields.iter();
        let found = fields.find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

impl Posted {
    /// Every value of a field that can be there more than once.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.fields.iter().filter(move |(known, _)| known == name);
        fields.map(|(_, value)| value.as_str())
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        if !is_of_this_site(&parts.headers, &app.settings()) {
            return Err(stale(&visit));
        }
        let request = Request::from_parts(parts, body);
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, app)
            .await
            .map_err(|refused| match refused.status() {
                StatusCode::PAYLOAD_TOO_LARGE => too_long(&visit),
                _unreadable => stale(&visit),
            })?;
        let wiped = |(name, value)| (name, Zeroizing::new(value));
        let fields = fields.into_iter().map(wiped).collect();
        Ok(Posted { visit, fields })
    }
}

/// A form by somebody who is signed in, with the token of their session.
pub struct Act {
    /// Who.
    pub member: Member,
    posted: Posted,
}

impl Act {
    /// A field; empty where there is none.
    pub fn field(&self, name: &str) -> &str {
        self.posted.field(name)
    }

    /// Every value of a field that can be there more than once.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.posted.all(name)
    }

    /// All fields but the token.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.posted.fields.iter();
        let fields = fields.map(|(name, value)| (name.as_str(), value.as_str()));
        fields.filter(|(name, _)| *name != TOKEN)
    }
}

impl FromRequest<App> for Act {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let member = Member::from_request_parts(&mut parts, app).await?;
        let posted = Posted::from_request(Request::from_parts(parts, body), app).await?;
        // By their hashes: the time tells nothing of how much of it is right.
        let hash = |text: &str| digest::digest(&digest::SHA256, text.as_bytes());
        let expected = hash(&member.signed.session.token);
        match hash(posted.field(TOKEN)).as_ref() == expected.as_ref() {
            true => Ok(Act { member, posted }),
            false => Err(stale(&member.visit)),
        }
    }
}

/// What each form of somebody who is signed in has to hold.
pub fn token_field(member: &Member) -> Markup {
    html! { input type="hidden" name=(TOKEN) value=(member.signed.session.token); }
}

fn stale(visit: &Visit) -> Response {
    failure(visit, StatusCode::FORBIDDEN, visit.words().stale_form)
}

fn too_long(visit: &Visit) -> Response {
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    failure(visit, status, visit.words().form_too_long)
}

/// Whether a request that changes something was made by a page of this site.
fn is_of_this_site(headers: &HeaderMap, settings: &Settings) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    headers.contains_key(header::ORIGIN) && names_this_site(headers, settings)
}

/// Whether a page of another site made a request. Programs that are no browsers say nothing of it.
pub fn is_of_another_site(headers: &HeaderMap, settings: &Settings) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_some_and(|site| site != "same-origin" && site != "none")
        || headers.contains_key(header::ORIGIN) && !names_this_site(headers, settings)
}

/// Whether `Origin` is this site.
fn names_this_site(headers: &HeaderMap, settings: &Settings) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else {
        return false;
    };
    if let Some(public) = &settings.public_url {
        return origin.eq_ignore_ascii_case(public);
    }
    let host = origin.split_once("://").map(|(_, host)| host);
    matches!((host, text(header::HOST)), (Some(one), Some(other)) if one.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_forms_of_this_site_are_taken() {
        let here = ("host", "pins.litwareinc.com");
        let public = Settings {
            public_url: Some("https://pins.litwareinc.com".to_owned()),
            ..Settings::default()
        };
        for (lines, by_host, by_url) in [
            (&[here, ("sec-fetch-site", "same-origin")][..], true, true),
            (&[here, ("sec-fetch-site", "same-site")], false, false),
            (&[here, ("sec-fetch-site", "cross-site")], false, false),
            (&[here, ("sec-fetch-site", "none")], false, false),
            (
                &[
                    here,
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://pins.litwareinc.com"),
                ],
                false,
                false,
            ),
            (
                &[here, ("origin", "https://pins.litwareinc.com")],
                true,
                true,
            ),
            (&[here, ("origin", "https://evil.example")], false, false),
            (&[here, ("origin", "null")], false, false),
            (
                &[
                    ("host", "10.0.0.1:8080"),
                    ("origin", "https://pins.litwareinc.com"),
                ],
                false,
                true,
            ),
            (&[here], false, false),
        ] {
            let mut headers = HeaderMap::new();
            for &(name, value) in lines {
                headers.insert(name, HeaderValue::from_static(value));
            }
            let found = is_of_this_site(&headers, &Settings::default());
            assert_eq!(found, by_host, "{lines:?}");
            assert_eq!(is_of_this_site(&headers, &public), by_url, "{lines:?}");
        }
    }
}
