//! What stands in the certificate that a server shows, for whoever has to find out why it is refused.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

/// Names listed of one certificate.
const MOST_NAMES: usize = 20;

/// What a certificate says of itself. Nothing of it is proven.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CertificateFacts {
    /// The host names and addresses that it is for.
    pub names: Vec<String>,
    /// Who signed it, as it says.
    pub issuer: String,
    /// The day from which on it is valid, `2026-01-31`.
    pub not_before: String,
    /// The day on which it expires.
    pub not_after: String,
    /// In how many days it expires; negative: it has.
    pub days_left: i64,
}

impl CertificateFacts {
    /// Reads a certificate in DER at a time in seconds since 1970; `None` where it is none.
    pub fn read(der: &[u8], now: u64) -> Option<CertificateFacts> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let validity = certificate.validity();
        let until = validity.not_after.timestamp();
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        Some(CertificateFacts {
            names: names(&certificate),
            issuer: certificate.issuer().to_string(),
            not_before: day(validity.not_before.timestamp()),
            not_after: day(until),
            days_left: until.saturating_sub(now).div_euclid(24 * 60 * 60),
        })
    }
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let alternative = certificate.subject_alternative_name().ok().flatten();
    let listed = alternative.map_or(&[][..], |found| &found.value.general_names);
    let named = listed.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes),
        _ => None,
    });
    named.take(MOST_NAMES).collect()
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(four).to_string());
    }
    let sixteen = <[u8; 16]>::try_from(bytes).ok()?;
    Some(std::net::Ipv6Addr::from(sixteen).to_string())
}

fn day(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds);
    time.map_or_else(
        |_| "an unknown day".to_owned(),
        |time| time.strftime("%Y-%m-%d").to_string(),
    )
}

/// Lets a verifier decide and remembers what it was shown.
#[derive(Debug)]
pub(super) struct Watcher {
    decides: Arc<dyn ServerCertVerifier>,
    shown: Mutex<Option<CertificateFacts>>,
}

impl Watcher {
    pub(super) fn of(decides: Arc<dyn ServerCertVerifier>) -> Watcher {
        Watcher {
            decides,
            shown: Mutex::default(),
        }
    }

    /// The certificate that was shown last.
    pub(super) fn shown(&self) -> Option<CertificateFacts> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.clone()
    }
}

impl ServerCertVerifier for Watcher {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) =
            CertificateFacts::read(certificate, now.as_secs());
        self.decides
            .verify_server_cert(certificate, intermediates, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.decides
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.decides
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.decides.supported_verify_schemes()
    }
}
