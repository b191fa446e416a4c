//! Who asks for a page: a [`Visit`] may be anybody's, a [`Member`] has signed in.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use pinward_core::Timestamp;
use pinward_service::{Door, Service, SignedIn, Source};

use super::cookie::Cookie;
use super::layout::failure;
use super::session::{Draft, Session};
use super::words::{Language, Words};
use crate::{App, Peer};

/// A request for a page, by whomever.
#[derive(Clone)]
pub struct Visit {
    /// The door's state.
    pub app: App,
    /// Where it comes from.
    pub peer: Peer,
    /// The language of the answer.
    pub language: Language,
    /// The path and the query, to come back to; the start page where a form was sent.
    pub here: String,
    /// Whoever is signed in.
    pub member: Option<Arc<Signed>>,
}

/// Somebody who is signed in, and their session.
pub struct Signed {
    /// Who, and what they may do at this moment.
    pub who: SignedIn,
    /// The session.
    pub session: Session,
    /// What stands in the cookie.
    pub(super) cookie: String,
}

impl Visit {
    /// Its messages.
    pub fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// The use cases.
    pub fn service(&self) -> &Arc<Service> {
        self.app.service()
    }

    /// The time of the request.
    pub fn now(&self) -> Timestamp {
        self.app.clock().now()
    }

    /// What the audit log says of where it comes from.
    pub fn source(&self) -> Source {
        source(&self.peer)
    }
}

fn source(peer: &Peer) -> Source {
    Source {
        client: peer.address.map(|address| address.to_string().into()),
        ..Source::of(Door::Web)
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        // Asked for twice in one request, it is the same.
        if let Some(visit) = parts.extensions.get::<Visit>() {
            return Ok(visit.clone());
        }
        let peer = Peer::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let chosen = Cookie::Language.read(&parts.headers, &peer);
        // What was sent cannot be asked for again.
        let here = parts
            .uri
            .path_and_query()
            .filter(|_| parts.method.is_safe());
        let mut visit = Visit {
            app: app.clone(),
            language: chosen
                .and_then(Language::of_tag)
                .unwrap_or_else(|| Language::liked(&parts.headers)),
            here: here.map_or("/", |here| here.as_str()).to_owned(),
            peer,
            member: None,
        };
        let cookie = Cookie::Session.read(&parts.headers, &visit.peer);
        let found = cookie.and_then(|cookie| {
            let session = app.sessions().find(cookie, visit.now())?;
            Some((session, cookie.to_owned()))
        });
        if let Some((session, cookie)) = found {
            let service = Arc::clone(visit.service());
            match service.signed_in(session.user, &visit.source()).await {
                Ok(Some(who)) if who.user.person.enabled || !session.was_enabled => {
                    visit.member = Some(Arc::new(Signed {
                        who,
                        session,
                        cookie,
                    }));
                }
                // They left the directory, or were disabled there.
                Ok(_) => app.sessions().end(&cookie),
                Err(error) => {
                    if let Some(more) = app.complaint("http: no session") {
                        tracing::warn!(%error, more, "a session could not be looked at");
                    }
                    let what = visit.words().unavailable;
                    return Err(failure(&visit, StatusCode::SERVICE_UNAVAILABLE, what));
                }
            }
        }
        parts.extensions.insert(visit.clone());
        Ok(visit)
    }
}

/// A request by somebody who has signed in; whoever has not is led to where they can, and back.
#[derive(Clone)]
pub struct Member {
    /// The request.
    pub visit: Visit,
    /// Who, and their session.
    pub signed: Arc<Signed>,
}

impl Member {
    /// Lets a dangerous act go on only if the password was given a short time ago. Otherwise it is asked
    /// for, and then leads to the page `back`, where the act is begun anew.
    pub fn proven(&self, back: &str) -> Result<(), Redirect> {
        match self.signed.session.is_fresh(self.visit.now()) {
            true => Ok(()),
            false => Err(to("/prove", back)),
        }
    }

    /// Keeps what was put into the form of the page `back`, which holds no secret, until the password is given.
    pub fn keep(&self, back: &str, fields: Vec<(String, String)>) {
        let form = own_path(back).to_owned();
        let draft = Draft { form, fields };
        self.visit.app.sessions().keep(&self.signed.cookie, draft);
    }

    /// What was put into the form of this page before the password was given for it. It is told once.
    pub fn kept(&self) -> Option<Arc<Draft>> {
        let (sessions, visit) = (self.visit.app.sessions(), &self.visit);
        sessions.take(&self.signed.cookie, &visit.here, visit.now())
    }
}

impl FromRequestParts<App> for Member {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app).await?;
        match &visit.member {
            Some(signed) => Ok(Member {
                signed: Arc::clone(signed),
                visit,
            }),
            None => {
                let back = form_of(parts).unwrap_or(visit.here);
                Err(to("/sign-in", &back).into_response())
            }
        }
    }
}

/// The page of the console whose form was sent, as the browser names it: of what was sent itself, not all can
/// be asked for. The console, where the browser names none.
fn form_of(parts: &Parts) -> Option<String> {
    const CONSOLE: &str = "/admin";
    let is_below = |path: &str| {
        let rest = path.strip_prefix(CONSOLE);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if parts.method.is_safe() || !is_below(parts.uri.path()) {
        return None;
    }
    let referer = parts.headers.get(header::REFERER);
    let page = referer.and_then(|page| Uri::try_from(page.as_bytes()).ok());
    let page = page.filter(|page| is_below(page.path()));
    let address = page.as_ref().and_then(Uri::path_and_query);
    Some(
        address
            .map_or(CONSOLE, |address| address.as_str())
            .to_owned(),
    )
}

/// Sends to a page that comes back to another one of ours.
fn to(page: &str, back: &str) -> Redirect {
    Redirect::to(&format!("{page}?to={}", percent(own_path(back))))
}

/// A path on this server, whoever wrote it: nothing that leads elsewhere.
pub fn own_path(text: &str) -> &str {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    match plain && text.starts_with('/') && !text.starts_with("//") {
        true => text,
        false => "/",
    }
}

/// As a value in a query.
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_to_another_server() {
        for (text, expected) in [
            ("/", "/"),
            ("/admin/users?q=a%20b&x", "/admin/users?q=a%20b&x"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
            ("/ä", "/"),
            ("", "/"),
        ] {
            assert_eq!(own_path(text), expected, "{text}");
        }
        assert_eq!(percent("/a?b=c&d#é"), "/a%3Fb%3Dc%26d%23%C3%A9");
    }
}
