//! TLS: the server's certificate, and what it tells of the other end.

use std::sync::Arc;

use tokio_rustls::rustls;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// A certificate with its key, ready for use.
#[derive(Clone)]
pub struct TlsConfig {
    pub(super) rustls: Arc<ServerConfig>,
}

/// Why a certificate and a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// There is no certificate.
    #[error("the file of certificates holds none in PEM form")]
    NoCertificate,
    /// There is no key.
    #[error("the file of the private key holds none in PEM form")]
    NoKey,
    /// They do not fit, or cannot be used.
    #[error(transparent)]
    Unusable(#[from] rustls::Error),
}

impl TlsConfig {
    /// From the contents of two PEM files: the certificate with those up to its authority, and its key.
    pub fn of(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<_, _>>()
            .map_err(|_unreadable| TlsError::NoCertificate)?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_unreadable| TlsError::NoKey)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut rustls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        rustls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            rustls: Arc::new(rustls),
        })
    }
}

/// The certificate with which the other end proved itself.
pub fn certificate<T>(stream: &TlsStream<T>) -> Option<Arc<[u8]>> {
    let (_, session) = stream.get_ref();
    let first = session.peer_certificates()?.first()?;
    Some(Arc::from(first.as_ref()))
}
