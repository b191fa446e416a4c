//! `/.well-known/jwks.json`: the keys with which assertions are checked.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;

/// Its route.
pub fn routes() -> Router<App> {
    Router::new().route("/.well-known/jwks.json", get(keys))
}

/// The keys (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    /// The newest first.
    keys: Vec<PublicKey>,
}

/// A public key for Ed25519 (RFC 8037).
#[derive(Serialize, ToSchema)]
pub struct PublicKey {
    /// `OKP`.
    #[schema(value_type = String)]
    kty: &'static str,
    /// `Ed25519`.
    #[schema(value_type = String)]
    crv: &'static str,
    /// `EdDSA`.
    #[schema(value_type = String)]
    alg: &'static str,
    /// `sig`.
    #[serde(rename = "use")]
    #[schema(value_type = String)]
    purpose: &'static str,
    /// The id, as assertions name it.
    kid: String,
    /// The key.
    x: String,
}

/// Shows the keys with which assertions are checked.
///
/// For an hour after `pinward key rotate` the key before the current one is among them. Whoever meets a `kid`
/// that they do not know asks again.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "logon", operation_id = "assertionKeys",
    responses((status = 200, body = KeySet)), security(()))]
pub async fn keys(State(app): State<App>) -> impl IntoResponse {
    let keys = app.service().assertion_keys().into_iter();
    let keys = keys.map(|key| PublicKey {
        kty: "OKP",
        crv: "Ed25519",
        alg: "EdDSA",
        purpose: "sig",
        kid: key.id,
        x: BASE64.encode(key.public),
    });
    let kept = [(header::CACHE_CONTROL, "max-age=300")];
    let set = KeySet {
        keys: keys.collect(),
    };
    (kept, Json(set))
}
