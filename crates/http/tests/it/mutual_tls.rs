//! Clients of the API that prove themselves by a certificate, over real connections.

use pinward_core::{ClientLimits, ClientPatch, ClientRights, SignedDuration};
use pinward_http::fingerprint;
use pinward_service::{NewClient, ProvenBy};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::certificates::{Authority, Pair};
use crate::running::{Running, With, get_with};

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
    ProvenBy::Certificate(fingerprint(pair.certificate.as_bytes()).expect("a certificate"))
}

/// Adds a client; answers its key where it has one.
async fn add(running: &Running, name: &str, rights: &str, proven_by: ProvenBy) -> Option<String> {
    let new = NewClient {
        name: name.to_owned(),
        rights: rights.parse::<ClientRights>().expect("rights"),
        networks: Vec::new(),
        expires: None,
        limits: ClientLimits::default(),
        proven_by,
    };
    let administrator = running.kit.administrator();
    let added = running.kit.service.add_client(&administrator, &new).await;
    let (_, secret) = added.expect("a client");
    secret.map(|secret| secret.reveal().to_owned())
}

/// The status and the code of a problem of a GET by whoever connects so, with these header lines.
async fn asked(running: &Running, client: &TlsConnector, lines: &str) -> (u16, String) {
    let name = ServerName::try_from("localhost").expect("a name");
    let stream = client.connect(name, running.connect().await).await;
    let answer = get_with(stream.expect("TLS"), SITES, lines).await;
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let code = answer.split("\"code\":\"").nth(1);
    let code = code
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default();
    (status.expect(&answer), code.to_owned())
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
        .rotate_client(&administrator, "desk", proven_by(&next), hour)
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
        .change_client(&administrator, "desk", &elsewhere)
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
