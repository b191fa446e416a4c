//! Whose certificates are believed.

use std::path::Path;
use std::sync::Arc;

use pinward_trust::{TrustError, of_file, of_system};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::certificate::Watcher;

/// How a server shows who it is.
#[derive(Clone)]
pub struct Trust {
    verifier: Arc<dyn ServerCertVerifier>,
    config: Arc<ClientConfig>,
    checked: bool,
}

impl Trust {
    /// Believes whom the system believes.
    ///
    /// # Errors
    /// When the system believes nobody.
    pub fn system() -> Result<Trust, TrustError> {
        Trust::roots(of_system("the directory")?)
    }

    /// Believes the authorities in a PEM file, and nobody else.
    ///
    /// # Errors
    /// When the file cannot be read or holds no usable certificate.
    pub fn file(file: &Path) -> Result<Trust, TrustError> {
        Trust::roots(of_file(file)?)
    }

    /// Believes everybody: whoever sits between here and the directory can read the password and hand
    /// out people. [`Trust::warning`] says so, and has to be logged at every start.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn accept_any_certificate() -> Result<Trust, TrustError> {
        let provider = Arc::new(ring::default_provider());
        Trust::verified_by(Arc::new(AnyCertificate(provider)), false)
    }

    fn roots(roots: RootCertStore) -> Result<Trust, TrustError> {
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
        let verifier = verifier
            .build()
            .map_err(|e| TrustError::Tls(e.to_string()))?;
        Trust::verified_by(verifier, true)
    }

    fn verified_by(
        verifier: Arc<dyn ServerCertVerifier>,
        checked: bool,
    ) -> Result<Trust, TrustError> {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| TrustError::Tls(e.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&verifier))
            .with_no_client_auth();
        Ok(Trust {
            verifier,
            config: Arc::new(config),
            checked,
        })
    }

    /// The same, with a look at the certificates that are shown.
    pub(super) fn watched(&self) -> Result<(Trust, Arc<Watcher>), TrustError> {
        let watcher = Arc::new(Watcher::of(Arc::clone(&self.verifier)));
        let verifier: Arc<dyn ServerCertVerifier> = Arc::<Watcher>::clone(&watcher);
        Ok((Trust::verified_by(verifier, self.checked)?, watcher))
    }

    /// What has to be logged at every start; `None` where certificates are checked.
    pub fn warning(&self) -> Option<&'static str> {
        (!self.checked).then_some(
            "the certificate of the directory is not checked: anybody on the way to it can read the \
             password of the service account and change who may sign in; name the file of the \
             authority instead",
        )
    }

    pub(super) fn config(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.config)
    }
}

/// Takes every certificate, but checks that the server holds its key.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
