//! TLS: the server's certificate, and what it tells of the other end.

use std::sync::Arc;

use pinward_core::Fingerprint;
use ring::digest::{SHA256, digest};
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;

/// A certificate with its key, ready for use.
#[derive(Clone)]
pub struct TlsConfig {
    pub(in crate::server) rustls: Arc<ServerConfig>,
}

/// Why a certificate and a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// There is no certificate.
    #[error("a file of certificates holds none in PEM form")]
    NoCertificate,
    /// There is no key.
    #[error("the file of the private key holds none in PEM form")]
    NoKey,
    /// The authorities of clients' certificates cannot be used.
    #[error("the authorities of clients' certificates cannot be used: {0}")]
    Authorities(#[from] VerifierBuilderError),
    /// They do not fit, or cannot be used.
    #[error(transparent)]
    Unusable(#[from] rustls::Error),
}

impl TlsConfig {
    /// From the contents of PEM files: the certificate with those up to its authority, its key, and the
    /// authorities of clients' certificates, where clients may prove themselves by one.
    pub fn of(
        certificates: &[u8],
        key: &[u8],
        client_authorities: Option<&[u8]>,
    ) -> Result<Self, TlsError> {
        let chain = read(certificates)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_unreadable| TlsError::NoKey)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let builder = match client_authorities {
            None => builder.with_no_client_auth(),
            Some(authorities) => {
                let mut roots = RootCertStore::empty();
                for authority in read(authorities)? {
                    roots.add(authority)?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider)
                    .allow_unauthenticated()
                    .build()?;
                builder.with_client_cert_verifier(verifier)
            }
        };
        let mut rustls = builder.with_single_cert(chain, key)?;
        rustls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            rustls: Arc::new(rustls),
        })
    }
}

/// The fingerprint of the first certificate of a PEM file, which is a client's own.
pub fn fingerprint(pem: &[u8]) -> Result<Fingerprint, TlsError> {
    let certificates = read(pem)?;
    let first = certificates.first().ok_or(TlsError::NoCertificate)?;
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, first).as_ref());
    Ok(Fingerprint(bytes))
}

/// The certificates of a PEM file; at least one.
fn read(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(TlsError::NoCertificate),
    }
}

/// The certificate with which the other end proved itself.
pub fn certificate<T>(stream: &TlsStream<T>) -> Option<Arc<[u8]>> {
    let (_, session) = stream.get_ref();
    let first = session.peer_certificates()?.first()?;
    Some(Arc::from(first.as_ref()))
}
