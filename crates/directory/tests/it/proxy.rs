//! What can stand between here and a directory: something that ends the encryption, and that may
//! change, hold back or cut off what is said.

use std::sync::Arc;

use ldap3::asn1::{PL, StructureTag, parse_tag};
use pinward_testkit::{For, Samba};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, split};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// The tag of a search in a message.
const SEARCH: u64 = 3;

/// What becomes of a message of the client.
pub enum Then {
    Pass(Vec<u8>),
    /// Nothing is ever answered.
    Silence,
    /// The connection is closed.
    Cut,
}

/// Decides about messages: told whether it is a search, and the message.
pub type Judge = dyn FnMut(bool, Vec<u8>) -> Then + Send;

/// Which side of the domain controller it goes to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    Encrypted,
    Plain,
}

/// Starts one in front of a domain controller, with a good certificate; its port. Each connection has a
/// judge of its own.
pub async fn start(
    samba: &Samba,
    behind: Behind,
    judge: impl Fn() -> Box<Judge> + Send + 'static,
) -> u16 {
    let listener = TcpListener::bind((samba.address(), 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (certificate, key) = samba.authority.sign(For::This, samba.address());
    let own =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from_pem_file(certificate).unwrap()],
                PrivateKeyDer::from_pem_file(key).unwrap(),
            )
            .unwrap();
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_file(samba.authority.file()).unwrap();
    roots.add(authority).unwrap();
    let further =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
    let (acceptor, connector) = (
        TlsAcceptor::from(Arc::new(own)),
        TlsConnector::from(Arc::new(further)),
    );
    let address = samba.address().to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(client) = acceptor.accept(client).await else {
                continue;
            };
            let judge = judge();
            match behind {
                Behind::Plain => {
                    let server = TcpStream::connect((address.as_str(), 389)).await.unwrap();
                    tokio::spawn(carry(client, server, judge));
                }
                Behind::Encrypted => {
                    let server = TcpStream::connect((address.as_str(), 636)).await.unwrap();
                    let name = ServerName::try_from(address.clone()).unwrap();
                    let server = connector.connect(name, server).await.unwrap();
                    tokio::spawn(carry(client, server, judge));
                }
            }
        }
    });
    port
}

async fn carry(
    client: impl AsyncRead + AsyncWrite + Send + 'static,
    server: impl AsyncRead + AsyncWrite + Send + 'static,
    mut judge: Box<Judge>,
) {
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = split(server);
    let back = tokio::spawn(async move {
        let _ = copy(&mut from_server, &mut to_client).await;
    });
    let mut came = Vec::new();
    'messages: while from_client
        .read_buf(&mut came)
        .await
        .is_ok_and(|count| count > 0)
    {
        while let Ok((rest, message)) = parse_tag(&came) {
            let length = came.len() - rest.len();
            let search = is_search(&message);
            match judge(search, came.drain(..length).collect()) {
                Then::Pass(message) => {
                    to_server.write_all(&message).await.unwrap();
                    to_server.flush().await.unwrap();
                }
                Then::Silence => std::future::pending().await,
                Then::Cut => break 'messages,
            }
        }
    }
    back.abort();
}

fn is_search(message: &StructureTag) -> bool {
    match &message.payload {
        PL::C(parts) => parts.get(1).is_some_and(|part| part.id == SEARCH),
        PL::P(_) => false,
    }
}

/// Lets a search ask for only so many values of an attribute: as where the directory gives no more at a
/// time.
pub fn few_values(message: &[u8], attribute: &str, most: usize) -> Vec<u8> {
    let Ok((_, mut message)) = parse_tag(message) else {
        panic!("a message");
    };
    limit(&mut message, attribute, most);
    let mut out = Vec::new();
    write(&message, &mut out);
    out
}

fn limit(tag: &mut StructureTag, attribute: &str, most: usize) {
    match &mut tag.payload {
        PL::C(parts) => parts
            .iter_mut()
            .for_each(|part| limit(part, attribute, most)),
        PL::P(value) => {
            let text = String::from_utf8_lossy(value).into_owned();
            let first = match text.strip_prefix(attribute) {
                Some("") => Some(0),
                Some(range) => range
                    .strip_prefix(";range=")
                    .and_then(|range| range.strip_suffix("-*")?.parse().ok()),
                None => None,
            };
            if let Some(first) = first {
                let last: usize = first + most - 1;
                *value = format!("{attribute};range={first}-{last}").into_bytes();
            }
        }
    }
}

/// Writes an element as it stands in a message.
fn write(tag: &StructureTag, out: &mut Vec<u8>) {
    let mut content = Vec::new();
    let constructed = match &tag.payload {
        PL::C(parts) => {
            parts.iter().for_each(|part| write(part, &mut content));
            0x20
        }
        PL::P(value) => {
            content.clone_from(value);
            0
        }
    };
    let kind = u8::try_from(tag.id).unwrap() | constructed | ((tag.class as u8) << 6);
    out.push(kind);
    let length = u32::try_from(content.len()).unwrap();
    match length {
        0..128 => out.push(content.len() as u8),
        _ => {
            out.push(0x84);
            out.extend(length.to_be_bytes());
        }
    }
    out.extend(content);
}
