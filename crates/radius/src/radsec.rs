//! RADIUS over TLS (RFC 6614), framed as over TCP (RFC 6613): packets one after the other, each as long as
//! it says.
//!
//! Both ends prove themselves with certificates. Which client it is follows from the address and from the
//! name in its certificate. What is malformed or signed wrongly ends the connection (RFC 6613 section
//! 2.6.4): where one packet ends and the next begins is not known any more.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::verify_server_name;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::client::Client;
use crate::codec::{HEADER, LONGEST};
use crate::door::{Door, Now, Peer};
use crate::figures::Dropped;

/// So many connections are open at a time.
const CONNECTIONS: usize = 256;
/// So many requests of a connection are decided at a time; the next one waits.
const MOST: usize = 256;
/// A handshake, the rest of a packet, or an answer to somebody who does not read may take so long.
const PROMPT: Duration = Duration::from_secs(10);
/// A connection on which nothing comes is closed after so long.
const IDLE: Duration = Duration::from_secs(600);

/// The server's certificate and whom it believes.
#[derive(Clone)]
pub struct Certificates(Arc<ServerConfig>);

/// Why certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// One of the files holds none.
    #[error("{0} holds none in PEM form")]
    Nothing(&'static str),
    /// They do not fit, or cannot be used.
    #[error(transparent)]
    Unusable(#[from] rustls::Error),
    /// The authorities cannot be used.
    #[error("the authority of the clients cannot be used: {0}")]
    Authority(String),
}

impl Certificates {
    /// From the contents of PEM files: the server's certificates, its own first; its key; and the
    /// authorities that the certificates of clients are from.
    pub fn of(chain: &[u8], key: &[u8], authorities: &[u8]) -> Result<Self, CertificateError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|_| CertificateError::Nothing("the file of the key"))?;
        let chain = certificates(chain, "the file of the certificate")?;
        let mut roots = RootCertStore::empty();
        for authority in certificates(authorities, "the file of the clients' authority")? {
            roots.add(authority)?;
        }
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
                .map_err(|error| CertificateError::Authority(error.to_string()))?;
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, key)?;
        Ok(Self(Arc::new(config)))
    }
}

fn certificates(
    pem: &[u8],
    file: &'static str,
) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .ok()
        .filter(|found| !found.is_empty())
        .ok_or(CertificateError::Nothing(file))
}

/// A socket that takes connections.
pub struct Listener {
    listener: TcpListener,
    certificates: watch::Receiver<Certificates>,
}

impl Listener {
    /// Binds an address. Each handshake is made with the certificates of its moment.
    pub async fn bind(
        address: SocketAddr,
        certificates: watch::Receiver<Certificates>,
    ) -> io::Result<Self> {
        Ok(Self {
            listener: TcpListener::bind(address).await?,
            certificates,
        })
    }

    /// Where it is reached.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until it is told to stop, and then what is under way, for as long as `patience` lasts.
    pub async fn serve(self, door: Arc<Door>, stopping: CancellationToken, patience: Duration) {
        let open = TaskTracker::new();
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let accepted = tokio::select! {
                () = stopping.cancelled() => break,
                accepted = self.listener.accept() => accepted,
            };
            let (stream, address) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    door.cannot_accept(&error);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let peer = Peer::Udp(address);
            if door.clients().over_tls(address.ip()).next().is_none() {
                let why = "no client that may use TLS has this address";
                door.leave_out(&peer, Dropped::UnknownClient, why);
                continue;
            }
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                door.leave_out(&peer, Dropped::Busy, "too many connections are open");
                continue;
            };
            let acceptor = TlsAcceptor::from(Arc::clone(&self.certificates.borrow().0));
            let door = Arc::clone(&door);
            let stopping = stopping.clone();
            open.spawn(async move {
                connection(&door, &acceptor, stream, address, &stopping).await;
                drop(place);
            });
        }
        open.close();
        let _rest = timeout(patience, open.wait()).await;
    }
}

async fn connection(
    door: &Arc<Door>,
    acceptor: &TlsAcceptor,
    stream: TcpStream,
    address: SocketAddr,
    stopping: &CancellationToken,
) {
    // Answers are small, and somebody waits for each.
    let _slower = stream.set_nodelay(true);
    let stream = match timeout(PROMPT, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            tracing::debug!(%address, %error, "RADIUS: no TLS");
            let why =
                "TLS could not be agreed on, or its certificate is not of the clients' authority";
            return door.leave_out(&Peer::Udp(address), Dropped::UnknownClient, why);
        }
        Err(_) => return,
    };
    let Some(client) = who(door, &stream, address) else {
        let why = "the name in its certificate is not that of a client with this address";
        return door.leave_out(&Peer::Udp(address), Dropped::UnknownClient, why);
    };
    tracing::debug!(%address, client = client.name, "RADIUS: connected");
    serve(door, stream, &Peer::Tls(address, client), stopping).await;
}

/// The client whose name is in the certificate.
fn who(door: &Door, stream: &TlsStream<TcpStream>, address: SocketAddr) -> Option<Arc<Client>> {
    let (_, session) = stream.get_ref();
    let certificate = session.peer_certificates()?.first()?;
    let certificate = ParsedCertificate::try_from(certificate).ok()?;
    let clients = door.clients();
    let found = clients.over_tls(address.ip()).find(|client| {
        let name = client.certificate.as_ref();
        name.is_some_and(|name| verify_server_name(&certificate, name).is_ok())
    });
    found.map(Arc::clone)
}

async fn serve(
    door: &Arc<Door>,
    stream: TlsStream<TcpStream>,
    peer: &Peer,
    stopping: &CancellationToken,
) {
    let (mut read, write) = tokio::io::split(stream);
    let write = Arc::new(Mutex::new(write));
    let places = Arc::new(Semaphore::new(MOST));
    let under_way = TaskTracker::new();
    loop {
        let packet = tokio::select! {
            () = stopping.cancelled() => break,
            packet = next(&mut read) => packet,
        };
        let octets = match packet {
            Ok(Some(octets)) => octets,
            Ok(None) => break,
            Err(_) => {
                door.leave_out(
                    peer,
                    Dropped::Malformed,
                    "a packet is malformed or cut short",
                );
                break;
            }
        };
        match door.read(peer, &octets) {
            Now::Silence(Dropped::Malformed | Dropped::WrongSignature | Dropped::UnknownClient) => {
                break;
            }
            Now::Silence(_) => {}
            Now::Answer(answer) => send(&write, &answer).await,
            Now::Decide(work) => {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                    break;
                };
                let (door, write) = (Arc::clone(door), Arc::clone(&write));
                under_way.spawn(async move {
                    if let Some(answer) = door.decide(work).await {
                        send(&write, &answer).await;
                    }
                    drop(place);
                });
            }
        }
    }
    under_way.close();
    under_way.wait().await;
    let _closed = timeout(PROMPT, write.lock().await.shutdown()).await;
}

/// The next packet; `None` at the end, or when nothing came for long.
async fn next(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut octets = vec![0; HEADER];
    match timeout(IDLE, stream.read(&mut octets[..1])).await {
        Ok(Ok(1)) => {}
        Ok(Ok(_)) | Err(_) => return Ok(None),
        Ok(Err(error)) => return Err(error),
    }
    timeout(PROMPT, async {
        stream.read_exact(&mut octets[1..]).await?;
        let length = usize::from(u16::from_be_bytes([octets[2], octets[3]]));
        if !(HEADER..=LONGEST).contains(&length) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        octets.resize(length, 0);
        stream.read_exact(&mut octets[HEADER..]).await?;
        Ok(Some(octets))
    })
    .await?
}

async fn send(stream: &Mutex<WriteHalf<TlsStream<TcpStream>>>, answer: &[u8]) {
    let mut stream = stream.lock().await;
    let sent = timeout(PROMPT, async {
        stream.write_all(answer).await?;
        stream.flush().await
    });
    if !matches!(sent.await, Ok(Ok(()))) {
        tracing::debug!("RADIUS: an answer could not be sent");
    }
}
