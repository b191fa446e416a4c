//! Clients of the API that prove themselves by a certificate, over real connections.

use pinward_core::{ClientPatch, SignedDuration, Timestamp};
use pinward_http::fingerprint;
use pinward_service::ProvenBy;
use rcgen::{BasicConstraints, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::HandshakeKind;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};

use crate::certificates::{Authority, Pair};
use crate::running::{Running, With, add, get_with, to_end};

const SITES: &str = "/api/v1/sites";

async fn serving(authority: &Authority, proxies: &[&str]) -> Running {
    Running::with(With {
        tls: Some(authority.server(Some(&authority.pem()))),
        proxies: proxies
            .iter()
            .map(|text| text.parse().expect("a network"))
            .collect(),
        ..With::default()
    })
    .await
}

fn proven_by(pair: &Pair) -> ProvenBy {
    ProvenBy::Certificate(fingerprint(pair.certificate.as_bytes(), now()).expect("a certificate"))
}

/// Within the dates of the usual certificates.
fn now() -> Timestamp {
    "2026-01-05T09:00:00Z".parse().expect("a time")
}

async fn connected(running: &Running, client: &TlsConnector) -> TlsStream<TcpStream> {
    let name = ServerName::try_from("localhost").expect("a name");
    let stream = client.connect(name, running.connect().await).await;
    stream.expect("TLS")
}

/// The status and the code of a problem of a GET by whoever connects so, with these header lines.
async fn asked(running: &Running, client: &TlsConnector, lines: &str) -> (u16, String) {
    let answer = get_with(connected(running, client).await, SITES, lines).await;
    told(&answer)
}

/// The status and the code of a problem in an answer.
fn told(answer: &str) -> (u16, String) {
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let code = answer.split("\"code\":\"").nth(1);
    let code = code
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default();
    (status.expect(answer), code.to_owned())
}

fn problem(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn a_certificate_opens_what_its_client_may_and_no_longer() {
    let authority = Authority::new();
    let running = serving(&authority, &[]).await;
    let (known, next, unknown) = (
        authority.signed("desk"),
        authority.signed("desk"),
        authority.signed("desk"),
    );
    add(&running, "desk", "role:CsHelpDesk", proven_by(&known)).await;
    let key = add(&running, "pbx", "logon", ProvenBy::Key)
        .await
        .expect("a key");
    let ask = async |own: Option<&Pair>, lines: &str| {
        asked(&running, &authority.client(own), lines).await
    };
    let bearer = format!("authorization: Bearer {key}\r\n");
    for (own, lines, expected) in [
        (Some(&known), "", problem(200, "")),
        (Some(&unknown), "", problem(401, "CertificateNotAccepted")),
        (None, "", problem(401, "KeyMissing")),
        // Whoever shows a key is the client of the key, whatever else they have.
        (Some(&known), bearer.as_str(), problem(403, "AccessDenied")),
        (None, &bearer, problem(403, "AccessDenied")),
        (
            Some(&known),
            "authorization: Bearer pinward_0\r\n",
            problem(401, "KeyNotAccepted"),
        ),
        (
            Some(&known),
            "authorization: Basic eDp5\r\n",
            problem(401, "KeyMissing"),
        ),
    ] {
        assert_eq!(ask(own, lines).await, expected, "{lines}");
    }

    let (service, administrator) = (&running.kit.service, running.kit.administrator());
    let hour = SignedDuration::from_hours(1);
    let rotated = service
        .rotate_client(&administrator, "desk", proven_by(&next), hour, None)
        .await;
    assert!(rotated.expect("rotated").1.is_none());
    for own in [&known, &next] {
        assert_eq!(ask(Some(own), "").await, problem(200, ""));
    }
    running.kit.clock.advance_minutes(60);
    assert_eq!(
        ask(Some(&known), "").await,
        problem(401, "CertificateNotAccepted")
    );
    assert_eq!(ask(Some(&next), "").await, problem(200, ""));

    let elsewhere = ClientPatch {
        networks: Some(vec!["192.0.2.0/24".parse().expect("a network")]),
        ..ClientPatch::default()
    };
    let changed = service
        .change_client(&administrator, "desk", &elsewhere, None)
        .await;
    changed.expect("changed");
    assert_eq!(
        ask(Some(&next), "").await,
        problem(403, "AddressNotAllowed")
    );
    running.ended.abort();
}

// A proxy that proves itself to this server proves nothing about those behind it.
#[tokio::test]
async fn the_certificate_of_a_proxy_is_not_that_of_a_client() {
    let authority = Authority::new();
    let running = serving(&authority, &["127.0.0.1"]).await;
    let own = authority.signed("proxy");
    add(&running, "proxy", "role:CsHelpDesk", proven_by(&own)).await;
    let key = add(&running, "desk", "role:CsHelpDesk", ProvenBy::Key)
        .await
        .expect("a key");
    let proxy = authority.client(Some(&own));
    let forwarded = "x-forwarded-for: 192.0.2.7\r\n";
    let with_key = format!("{forwarded}authorization: Bearer {key}\r\n");
    for (lines, expected) in [
        (forwarded, problem(401, "KeyMissing")),
        ("", problem(401, "KeyMissing")),
        (&with_key, problem(200, "")),
    ] {
        assert_eq!(asked(&running, &proxy, lines).await, expected, "{lines}");
    }
    running.ended.abort();
}

/// The answer to a GET on a connection that is kept, as far as its body.
async fn asked_again(stream: &mut TlsStream<TcpStream>) -> String {
    let request = format!("GET {SITES} HTTP/1.1\r\nhost: here\r\n\r\n");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let (mut answer, mut piece) = (Vec::new(), [0; 1024]);
    loop {
        let length = stream.read(&mut piece).await.expect("it writes");
        answer.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&answer);
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let mut lines = head.lines();
            let length = lines.find_map(|line| line.strip_prefix("content-length: "));
            length.is_some_and(|length| length == body.len().to_string())
        });
        assert!(whole || length > 0, "{text}");
        if whole {
            return text.into_owned();
        }
    }
}

#[tokio::test]
async fn a_certificate_that_expires_counts_no_longer_on_an_open_connection() {
    let authority = Authority::new();
    let running = serving(&authority, &[]).await;
    let own = authority.signed_as("desk", |it| it.not_after = date_time_ymd(2100, 1, 1));
    add(&running, "desk", "role:CsHelpDesk", proven_by(&own)).await;
    let mut stream = connected(&running, &authority.client(Some(&own))).await;
    let end: Timestamp = "2100-01-01T00:00:00Z".parse().expect("a time");
    let left = end.as_second() - now().as_second();
    for (seconds, expected) in [
        (0, problem(200, "")),
        (left, problem(200, "")),
        (1, problem(401, "KeyMissing")),
    ] {
        running.kit.clock.advance_seconds(seconds);
        let answer = asked_again(&mut stream).await;
        assert_eq!(told(&answer), expected);
        let closes = answer.contains("connection: close\r\n");
        assert_eq!(closes, expected.0 == 401, "{answer}");
    }
    assert_eq!(to_end(&mut stream).await, "");
    running.ended.abort();
}

#[tokio::test]
async fn a_certificate_counts_while_its_authority_is_configured() {
    let (authority, other) = (Authority::new(), Authority::new());
    let running = serving(&authority, &[]).await;
    let own = authority.signed("desk");
    add(&running, "desk", "role:CsHelpDesk", proven_by(&own)).await;
    let client = authority.client(Some(&own));
    for (authorities, expected) in [
        // Another certificate of the server alone disturbs nobody.
        (Some(authority.pem()), problem(200, "")),
        (Some(other.pem()), problem(401, "KeyMissing")),
        (None, problem(401, "KeyMissing")),
    ] {
        running
            .tls
            .send_replace(Some(authority.server(Some(&authority.pem()))));
        let mut stream = connected(&running, &client).await;
        assert_eq!(told(&asked_again(&mut stream).await), problem(200, ""));
        let changed = authority.server(authorities.as_deref());
        running.tls.send_replace(Some(changed));
        assert_eq!(told(&asked_again(&mut stream).await), expected);
    }
    running.ended.abort();
}

#[tokio::test]
async fn each_connection_shows_its_certificate_anew() {
    let authority = Authority::new();
    for (authorities, kind) in [
        (Some(authority.pem()), HandshakeKind::Full),
        (None, HandshakeKind::Resumed),
    ] {
        let running = Running::with(With {
            tls: Some(authority.server(authorities.as_deref())),
            ..With::default()
        })
        .await;
        let client = authority.client(None);
        asked(&running, &client, "").await;
        let again = connected(&running, &client).await;
        assert_eq!(again.get_ref().1.handshake_kind(), Some(kind));
        running.ended.abort();
    }
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing_by_a_certificate() {
    let authority = Authority::new();
    let running = serving(&authority, &[]).await;
    let own = authority.signed("desk");
    add(&running, "desk", "role:CsHelpDesk", proven_by(&own)).await;
    let key = add(&running, "portal", "role:CsHelpDesk", ProvenBy::Key).await;
    let key = format!("authorization: Bearer {}\r\n", key.expect("a key"));
    let client = authority.client(Some(&own));
    for (method, lines, refused) in [
        ("POST", "", false),
        ("POST", "sec-fetch-site: none\r\n", false),
        (
            "POST",
            "sec-fetch-site: same-origin\r\norigin: https://here\r\n",
            false,
        ),
        ("POST", "sec-fetch-site: cross-site\r\n", true),
        ("DELETE", "sec-fetch-site: same-site\r\n", true),
        ("POST", "origin: https://evil.example\r\n", true),
        ("POST", "origin: null\r\n", true),
        (
            "POST",
            "sec-fetch-site: none\r\norigin: https://evil.example\r\n",
            true,
        ),
        ("GET", "sec-fetch-site: cross-site\r\n", false),
        (
            "POST",
            &format!("sec-fetch-site: cross-site\r\n{key}"),
            false,
        ),
    ] {
        let path = match method {
            "DELETE" => "/api/v1/sites/Redmond",
            _ => SITES,
        };
        let mut stream = connected(&running, &client).await;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\
             content-length: 0\r\n{lines}\r\n"
        );
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it reads");
        let answer = told(&to_end(&mut stream).await);
        let foreign = answer == problem(403, "ForeignOrigin");
        assert_eq!(foreign, refused, "{method} {lines}: {answer:?}");
        assert_ne!(answer.0, 404, "{method} {path}");
    }
    running.ended.abort();
}

#[test]
fn certificates_that_never_work_are_refused() {
    let authority = Authority::new();
    let usual = authority.signed("desk");
    let der = CertificateDer::from_pem_slice(usual.certificate.as_bytes()).expect("PEM");
    let mut first = der.to_vec();
    let version = first.windows(5).position(|it| it == [0xa0, 3, 2, 1, 2]);
    first[version.expect("a version") + 4] = 0;
    let armoured = |der: &[u8]| {
        use base64::Engine;
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    };
    let made = |usage: &ExtendedKeyUsagePurpose| {
        authority.signed_as("desk", |it| it.extended_key_usages = vec![usage.clone()])
    };
    let expired = authority.signed_as("desk", |it| it.not_after = date_time_ymd(2026, 1, 5));
    let another = authority.signed_as("desk", |it| {
        it.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    });
    for (pem, says) in [
        (usual.certificate, ""),
        (made(&ExtendedKeyUsagePurpose::ClientAuth).certificate, ""),
        (
            made(&ExtendedKeyUsagePurpose::ServerAuth).certificate,
            "lacks clientAuth",
        ),
        (another.certificate, "that of an authority"),
        (expired.certificate, "expired at"),
        (armoured(&first), "X.509 v1"),
        (armoured(b"pinward"), "is none"),
        (String::new(), "holds none"),
    ] {
        let refused = fingerprint(pem.as_bytes(), now()).err();
        let refused = refused.map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains(says), "{says}: {refused}");
        assert_eq!(refused.is_empty(), says.is_empty(), "{refused}");
    }
}
