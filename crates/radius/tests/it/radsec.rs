//! RADIUS over TLS: certificates of both ends, and many packets on one connection.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pinward_core::Clock;
use pinward_radius::codec::{Code, Packet, Secret, Signature, hide, kind};
use pinward_radius::radsec::{CertificateError, Certificates, Listener};
use pinward_radius::{Client, Clients, Door, Dropped};
use pinward_testkit::{Authority, For, Kit};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::sync::CancellationToken;

use crate::server::{KEN, KEN_EXTENSION, PIN, Request, WRONG, assign, client};

/// The name in the client's certificate.
const NAME: &str = "dc.litwareinc.com";

struct Stage {
    door: Arc<Door>,
    kit: Kit,
    authority: Authority,
    stranger: Authority,
    address: SocketAddr,
    stopping: CancellationToken,
    running: tokio::task::JoinHandle<()>,
    _folder: tempfile::TempDir,
}

async fn stage(client: Client) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new(&folder.path().join("ours"));
    let stranger = Authority::new(&folder.path().join("other"));
    let (certificate, key) = authority.sign(For::This, "127.0.0.1");
    let read = |path: PathBuf| fs::read(path).unwrap();
    let certificates =
        Certificates::of(&read(certificate), &read(key), &read(authority.file())).unwrap();
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let clock = Arc::clone(&kit.clock) as Arc<dyn Clock>;
    let clients = Clients::new([client]);
    let door = Arc::new(Door::new(Arc::clone(&kit.service), clients, &clock));
    let (_kept, certificates) = tokio::sync::watch::channel(certificates);
    let listener = Listener::bind(([127, 0, 0, 1], 0).into(), certificates)
        .await
        .unwrap();
    let address = listener.address().unwrap();
    let stopping = CancellationToken::new();
    let patience = Duration::from_secs(10);
    let serving = listener.serve(Arc::clone(&door), stopping.clone(), patience);
    Stage {
        door,
        kit,
        authority,
        stranger,
        address,
        stopping,
        running: tokio::spawn(serving),
        _folder: folder,
    }
}

fn over_tls(name: &'static str) -> Client {
    Client {
        udp: None,
        certificate: Some(ServerName::try_from(name).unwrap()),
        ..client()
    }
}

impl Stage {
    /// A connection with a certificate of this authority, or with none.
    async fn connect(&self, from: Option<(&Authority, For)>) -> Option<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(self.authority.file()).unwrap();
        roots.add(authority).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let config = match from {
            None => config.with_no_client_auth(),
            Some((authority, what)) => {
                let (certificate, key) = authority.sign(what, "127.0.0.1");
                let chain = vec![CertificateDer::from_pem_file(certificate).unwrap()];
                let key = PrivateKeyDer::from_pem_file(key).unwrap();
                config.with_client_auth_cert(chain, key).unwrap()
            }
        };
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
            .ok()
    }
}

/// A request with the secret of RadSec.
fn request(who: &str, pin: &str, number: u8, signed: bool) -> Request {
    let secret = Secret::of_radsec();
    let authenticator = [number; 16];
    let hidden = hide(&secret, &authenticator, pin.as_bytes()).unwrap();
    Request {
        attributes: vec![
            (kind::USER_NAME, who.as_bytes().to_vec()),
            (kind::USER_PASSWORD, hidden),
        ],
        signed,
        secret,
        ..Request::of(who, pin, number)
    }
}

async fn answer(stream: &mut TlsStream<TcpStream>) -> Option<Vec<u8>> {
    let mut octets = vec![0; 20];
    stream.read_exact(&mut octets).await.ok()?;
    octets.resize(usize::from(octets[2]) << 8 | usize::from(octets[3]), 0);
    stream.read_exact(&mut octets[20..]).await.ok()?;
    Some(octets)
}

#[tokio::test]
async fn many_requests_on_one_connection() {
    let stage = stage(over_tls(NAME)).await;
    let mut stream = stage
        .connect(Some((&stage.authority, For::Another)))
        .await
        .unwrap();
    let mut all = Vec::new();
    for number in 0..32 {
        let pin = if number < 4 { WRONG } else { PIN };
        let request = request(KEN_EXTENSION, pin, number, number % 2 == 0);
        all.extend(request.octets());
    }
    // In pieces that are no packets.
    for piece in all.chunks(77) {
        stream.write_all(piece).await.unwrap();
        stream.flush().await.unwrap();
    }
    let (mut accepted, mut seen) = (0, [false; 32]);
    for _ in 0..32 {
        let octets = answer(&mut stream).await.unwrap();
        let packet = Packet::parse(&octets).unwrap();
        let authenticator = [packet.id(); 16];
        let secret = Secret::of_radsec();
        assert!(packet.answers(&secret, &authenticator));
        let signed = packet.signature_of_answer(&secret, &authenticator);
        assert_eq!(signed, Signature::Right);
        assert_eq!(packet.code() == Code::AccessAccept, packet.id() >= 4);
        accepted += u32::from(packet.code() == Code::AccessAccept);
        assert!(!std::mem::replace(
            &mut seen[usize::from(packet.id())],
            true
        ));
    }
    assert_eq!(accepted, 28);
    let administrator = stage.kit.administrator();
    let ken = stage.kit.person(KEN).await;
    let info = stage
        .kit
        .service
        .pin_info(&administrator, &ken)
        .await
        .unwrap();
    assert_eq!(info.global_failures, 4);
    stage.stopping.cancel();
    stage.running.await.unwrap();
    assert_eq!(answer(&mut stream).await, None, "closed");
}

#[tokio::test]
async fn whoever_cannot_prove_who_they_are_is_not_answered() {
    let stage = stage(over_tls(NAME)).await;
    for (from, why) in [
        (None, "no certificate"),
        (Some((&stage.stranger, For::Another)), "another authority"),
        (Some((&stage.authority, For::This)), "another name"),
        (Some((&stage.authority, For::Past)), "expired"),
    ] {
        let before = stage.door.figures().dropped(Dropped::UnknownClient);
        // With TLS 1.3 the client is done before the server has looked at its certificate.
        if let Some(mut stream) = stage.connect(from).await {
            let _refused = stream
                .write_all(&request(KEN_EXTENSION, PIN, 1, true).octets())
                .await;
            assert_eq!(answer(&mut stream).await, None, "{why}");
        }
        let after = stage.door.figures().dropped(Dropped::UnknownClient);
        assert_eq!(after, before + 1, "{why}");
    }
    assert_eq!(stage.door.figures().accepted(), 0);
}

#[tokio::test]
async fn what_is_malformed_ends_the_connection() {
    let stage = stage(over_tls(NAME)).await;
    let mut wrong = request(KEN_EXTENSION, PIN, 1, true);
    wrong.secret = Secret::new(b"testing123").unwrap();
    let mut cut = request(KEN_EXTENSION, PIN, 1, true).octets();
    cut[21] = 1;
    for octets in [vec![0; 20], [1, 1, 255, 255].repeat(5), cut, wrong.octets()] {
        let mut stream = stage
            .connect(Some((&stage.authority, For::Another)))
            .await
            .unwrap();
        stream.write_all(&octets).await.unwrap();
        assert_eq!(answer(&mut stream).await, None);
    }
    let figures = stage.door.figures();
    assert_eq!(figures.dropped(Dropped::Malformed), 3);
    assert_eq!(figures.dropped(Dropped::WrongSignature), 1);
}

#[tokio::test]
async fn who_may_ask_over_udp_alone_may_not_connect() {
    let stage = stage(client()).await;
    let connected = stage.connect(Some((&stage.authority, For::Another))).await;
    assert!(connected.is_none());
    assert_eq!(stage.door.figures().dropped(Dropped::UnknownClient), 1);
}

#[test]
fn files_that_hold_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new(folder.path());
    let (certificate, key) = authority.sign(For::This, "127.0.0.1");
    let [certificate, key, authority] =
        [certificate, key, authority.file()].map(|path| fs::read(path).unwrap());
    for (chain, key, authority, names) in [
        (&b""[..], &*key, &*authority, "certificate"),
        (&*certificate, b"", &*authority, "key"),
        (&*certificate, &*key, b"", "authority"),
    ] {
        match Certificates::of(chain, key, authority) {
            Err(CertificateError::Nothing(file)) => assert!(file.contains(names), "{file}"),
            _ => panic!("{names} is missing"),
        }
    }
}
