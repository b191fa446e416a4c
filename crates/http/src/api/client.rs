//! Which client asks: by the key in `Authorization: Bearer`, or where there is none by the certificate with which
//! it proved itself when it connected.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use pinward_service::{Caller, ClientAccess, ClientProof, Refusal};

use super::limits::{Place, Wait};
use super::refusal::refused;
use crate::spans::RequestSpan;
use crate::web::posted::is_of_another_site;
use crate::{App, Connection, Peer, Problem, Settings};

/// A client that proved who it is, and its place among the requests that are being answered.
pub struct Client {
    /// What it may do.
    pub access: ClientAccess,
    _place: Place,
}

impl Client {
    /// The client as whoever asks for what its role allows.
    pub fn caller(&self) -> &Caller {
        self.access.caller()
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let settings = app.settings();
        let peer = Peer::of_request(parts, &settings);
        let certificate = certificate(parts, &settings);
        let proof = match (parts.headers.get(header::AUTHORIZATION), &certificate) {
            (None, Some(certificate)) => Some(ClientProof::Certificate(certificate)),
            _ => bearer(&parts.headers).map(ClientProof::Key),
        };
        let Some(proof) = proof else {
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "KeyMissing",
                "send the key of a client: Authorization: Bearer pinward_…; or connect with its certificate",
            ));
        };
        // A browser shows the certificate of whoever sits before it for every page that asks.
        if matches!(proof, ClientProof::Certificate(_))
            && !parts.method.is_safe()
            && is_of_another_site(&parts.headers, &settings)
        {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "ForeignOrigin",
                "a page of another site may not use the certificate of a client; send a key instead",
            ));
        }
        let access = app.service().client_access(proof, peer.address).await;
        let access = access.map_err(|error| {
            let code = error.id();
            if let Some(more) = app.complaint(code) {
                tracing::info!(code, peer = ?peer.address, more, "a client was refused");
            }
            refused(&error)
        })?;
        if let Some(span) = parts.extensions.get::<RequestSpan>() {
            span.client(access.name());
        }
        let place = app
            .limits()
            .enter(access.name(), access.limits(), Instant::now());
        let place = place.map_err(|wait| busy(&access, wait))?;
        Ok(Self {
            access,
            _place: place,
        })
    }
}

/// The certificate of whoever connected. That of a proxy says nothing about who asks behind it.
fn certificate(parts: &Parts, settings: &Settings) -> Option<Arc<[u8]>> {
    let connection = parts.extensions.get::<Connection>()?;
    let direct = connection
        .address
        .map(|address| address.ip().to_canonical());
    match settings.trusts(direct) {
        true => None,
        false => connection.certificate.clone(),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

fn busy(access: &ClientAccess, wait: Wait) -> Problem {
    let (what, seconds) = match wait {
        Wait::TooMany(wait) => (
            format!("{} requests per second", access.limits().per_second),
            wait.as_secs() + 1,
        ),
        Wait::AtOnce => (format!("{} requests at once", access.limits().at_once), 1),
    };
    let name = access.name();
    let detail =
        format!("the client {name} may send {what}; `pinward client set {name}` says how many");
    Problem {
        retry_after: Some(seconds),
        ..Problem::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", detail)
    }
}
