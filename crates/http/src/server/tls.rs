//! TLS: the server's certificate, and the authorities of clients' certificates.

use std::sync::Arc;

use ring::digest::{Context, SHA256};
use tokio_rustls::rustls;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{
    NoServerSessionStorage, VerifierBuilderError, WebPkiClientVerifier,
};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// A certificate with its key, ready for use.
#[derive(Clone)]
pub struct TlsConfig {
    pub(in crate::server) rustls: Arc<ServerConfig>,
    authorities: Option<Authorities>,
}

/// Which authorities of clients' certificates are configured: equal for equal ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Authorities([u8; 32]);

impl Authorities {
    fn of(certificates: &[CertificateDer<'_>]) -> Self {
        let mut context = Context::new(&SHA256);
        for certificate in certificates {
            // With their lengths, so that the border between two cannot be moved.
            context.update(&certificate.len().to_be_bytes());
            context.update(certificate);
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(context.finish().as_ref());
        Self(digest)
    }
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
        let mut authorities = None;
        let builder = match client_authorities {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let certificates = read(pem)?;
                authorities = Some(Authorities::of(&certificates));
                let mut roots = RootCertStore::empty();
                for authority in certificates {
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
        if authorities.is_some() {
            // A session that is resumed brings its certificate along without another look at it.
            rustls.session_storage = Arc::new(NoServerSessionStorage {});
            rustls.send_tls13_tickets = 0;
        }
        Ok(Self {
            rustls: Arc::new(rustls),
            authorities,
        })
    }

    /// The authorities of clients' certificates, where there are any.
    pub(in crate::server) fn authorities(&self) -> Option<Authorities> {
        self.authorities
    }
}

/// The certificates of a PEM file; at least one.
pub(in crate::server) fn read(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(TlsError::NoCertificate),
    }
}
