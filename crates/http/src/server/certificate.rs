//! Certificates of clients: what is kept of one, and which can never prove anybody.

use std::sync::Arc;

use pinward_core::{Fingerprint, Timestamp};
use ring::digest::{SHA256, digest};
use tokio::sync::watch;
use tokio_rustls::server::TlsStream;
use x509_parser::prelude::{FromDer, X509Certificate, X509Version};

use super::tls::{Authorities, TlsConfig, TlsError, read};

/// Why a certificate can never prove a client.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The file holds none.
    #[error(transparent)]
    File(#[from] TlsError),
    /// What is in the file is no certificate.
    #[error("what stands there as a certificate is none")]
    Malformed,
    /// Only version 3 is accepted in a handshake.
    #[error(
        "the certificate is X.509 v{0}, and only v3 counts: have it made again with extensions, such as \
         extendedKeyUsage = clientAuth"
    )]
    Version(u32),
    /// It is past its end.
    #[error("the certificate expired at {0}; have it renewed")]
    Expired(String),
    /// It signs others instead.
    #[error("the certificate is that of an authority; a client needs one of its own, signed by it")]
    Authority,
    /// It is for something else.
    #[error("the certificate is not for clients: its extendedKeyUsage lacks clientAuth")]
    Usage,
}

/// The fingerprint of the first certificate of a PEM file, which is a client's own; refuses what could never
/// prove one in a handshake.
pub fn fingerprint(pem: &[u8], now: Timestamp) -> Result<Fingerprint, CertificateError> {
    let certificates = read(pem)?;
    let first = certificates.first().ok_or(TlsError::NoCertificate)?;
    let parsed = parse(first).ok_or(CertificateError::Malformed)?;
    fit(&parsed, now)?;
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, first).as_ref());
    Ok(Fingerprint(bytes))
}

fn fit(certificate: &X509Certificate<'_>, now: Timestamp) -> Result<(), CertificateError> {
    if certificate.version() != X509Version::V3 {
        return Err(CertificateError::Version(certificate.version().0 + 1));
    }
    let end = certificate.validity().not_after;
    if end.timestamp() < now.as_second() {
        return Err(CertificateError::Expired(end.to_string()));
    }
    if certificate.is_ca() {
        return Err(CertificateError::Authority);
    }
    match certificate.extended_key_usage() {
        Ok(Some(usage)) if !usage.value.client_auth => Err(CertificateError::Usage),
        Ok(_) => Ok(()),
        Err(_) => Err(CertificateError::Malformed),
    }
}

fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    Some(certificate)
}

/// The certificate with which the other end of a connection proved itself. The handshake looked at it once;
/// the connection may outlive its dates, and the authorities by which it was judged.
pub struct Proven {
    certificate: Arc<[u8]>,
    /// The last second in which it counts.
    until: i64,
    authorities: Option<Authorities>,
    tls: watch::Receiver<Option<TlsConfig>>,
}

impl Proven {
    /// What was shown in a handshake by the configuration with these authorities.
    pub fn of<T>(
        stream: &TlsStream<T>,
        authorities: Option<Authorities>,
        tls: watch::Receiver<Option<TlsConfig>>,
    ) -> Option<Self> {
        let (_, session) = stream.get_ref();
        let first = session.peer_certificates()?.first()?;
        Some(Self {
            certificate: Arc::from(first.as_ref()),
            until: parse(first)?.validity().not_after.timestamp(),
            authorities,
            tls,
        })
    }

    /// The certificate (DER), unless it has expired or the authorities are others by now.
    pub fn still(&self, now: Timestamp) -> Option<Arc<[u8]>> {
        let authorities = self.tls.borrow().as_ref().and_then(TlsConfig::authorities);
        let holds = now.as_second() <= self.until && authorities == self.authorities;
        holds.then(|| Arc::clone(&self.certificate))
    }
}
