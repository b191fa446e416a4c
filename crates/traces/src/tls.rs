//! Whose certificates are believed when a collector shows one.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// Who is believed.
#[derive(Clone)]
pub struct Trust(pub(crate) Arc<ClientConfig>);

/// Why there is nobody to believe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The system has no certificates of authorities.
    #[error(
        "this system has no certificates of authorities; install ca-certificates, or name the file of the \
         authority that signed the collector's certificate"
    )]
    NoSystemRoots,
    /// The file cannot be used.
    #[error(
        "{file} gives no certificate of an authority: {reason}; it has to hold one or several in PEM"
    )]
    File {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// The encryption could not be set up.
    #[error("TLS could not be set up: {0}")]
    Tls(String),
}

impl Trust {
    /// Believes the authorities in a PEM file, or those of the system.
    pub fn of(file: Option<&Path>) -> Result<Self, TrustError> {
        let roots = match file {
            Some(file) => of_file(file)?,
            None => of_system()?,
        };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TrustError::Tls(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

fn of_file(file: &Path) -> Result<RootCertStore, TrustError> {
    let bad = |reason: String| TrustError::File {
        file: file.display().to_string(),
        reason,
    };
    let text = std::fs::read(file).map_err(|error| bad(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|error| bad(error.to_string()))?;
        let added = roots.add(certificate);
        added.map_err(|error| bad(error.to_string()))?;
    }
    match roots.is_empty() {
        true => Err(bad("there is none in it".to_owned())),
        false => Ok(roots),
    }
}

fn of_system() -> Result<RootCertStore, TrustError> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs().certs;
    match roots.add_parsable_certificates(found) {
        (0, _) => Err(TrustError::NoSystemRoots),
        _ => Ok(roots),
    }
}
