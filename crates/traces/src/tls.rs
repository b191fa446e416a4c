//! Whose certificates are believed when a collector shows one.

use std::path::Path;
use std::sync::Arc;

use pinward_trust::{TrustError, of_file, of_system};
use rustls::ClientConfig;
use rustls::crypto::ring;

/// Who is believed.
#[derive(Clone)]
pub struct Trust(pub(crate) Arc<ClientConfig>);

impl Trust {
    /// Believes the authorities in a PEM file, or those of the system.
    pub fn of(file: Option<&Path>) -> Result<Self, TrustError> {
        let roots = match file {
            Some(file) => of_file(file)?,
            None => of_system("the collector")?,
        };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TrustError::Tls(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}
