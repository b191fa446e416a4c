//! TLS: what is spoken, whose certificate is shown, and who proves themselves by one.

use axum::Router;
use axum::extract::Extension;
use axum::routing::get as route;
use pinward_http::{Connection, TlsConfig};
use tokio::io::AsyncWriteExt;

use crate::certificates::Authority;
use crate::running::{Running, With, get, to_end};

/// How long the other end's certificate is, and whether the connection is encrypted.
async fn who(Extension(connection): Extension<Connection>) -> String {
    let length = connection.certificate.map(|certificate| certificate.len());
    format!("{} {length:?}", connection.encrypted)
}

#[tokio::test]
async fn a_new_certificate_is_shown_from_the_next_handshake_on() {
    let (old, new) = (Authority::new(), Authority::new());
    let running = Running::with(With {
        tls: Some(old.server(None)),
        ..With::default()
    })
    .await;
    let mut kept = running.connect_tls(&old.client(None)).await.expect("TLS");
    running.tls.send_replace(Some(new.server(None)));
    assert!(running.connect_tls(&old.client(None)).await.is_err());
    let answer = get(
        running.connect_tls(&new.client(None)).await.expect("TLS"),
        "/healthz",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    // Who was connected before stays so.
    let answer = get(&mut kept, "/healthz").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[tokio::test]
async fn a_client_may_prove_itself_by_a_certificate() {
    let (authority, others) = (Authority::new(), Authority::new());
    let running = Running::with(With {
        tls: Some(authority.server(Some(&authority.pem()))),
        routes: Router::new().route("/who", route(who)),
        ..With::default()
    })
    .await;
    let known = authority.signed("provisioning");
    for (own, says) in [(None, "true None"), (Some(&known), "true Some(")] {
        let client = authority.client(own);
        let answer = get(running.connect_tls(&client).await.expect("TLS"), "/who").await;
        assert!(answer.contains(says), "{answer}");
    }
    // With TLS 1.3 the refusal comes after the client's own end of the handshake.
    let client = authority.client(Some(&others.signed("provisioning")));
    if let Ok(mut stream) = running.connect_tls(&client).await {
        let _sent = stream
            .write_all(b"GET /who HTTP/1.1\r\nhost: here\r\n\r\n")
            .await;
        assert_eq!(to_end(&mut stream).await, "");
    }
    running.ended.abort();
}

#[test]
fn files_that_cannot_be_used_are_told_apart() {
    let authority = Authority::new();
    let (pair, other) = (authority.signed("localhost"), authority.signed("localhost"));
    for (certificate, key, authorities, says) in [
        (
            "",
            pair.key.as_str(),
            None,
            "a file of certificates holds none",
        ),
        (
            pair.certificate.as_str(),
            "",
            None,
            "the private key holds none",
        ),
        (
            pair.certificate.as_str(),
            pair.certificate.as_str(),
            None,
            "the private key holds none",
        ),
        (
            pair.certificate.as_str(),
            pair.key.as_str(),
            Some("none"),
            "a file of certificates holds none",
        ),
        (pair.certificate.as_str(), other.key.as_str(), None, ""),
    ] {
        let made = TlsConfig::of(
            certificate.as_bytes(),
            key.as_bytes(),
            authorities.map(str::as_bytes),
        );
        let error = made.err().expect("it cannot be used").to_string();
        assert!(error.contains(says), "{says}: {error}");
        assert!(!error.contains("BEGIN"), "{error}");
    }
}
