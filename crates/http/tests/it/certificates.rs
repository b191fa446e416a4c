//! Certificates for tests: an authority, a server's and a client's.

use std::sync::Arc;

use pinward_http::TlsConfig;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

/// An authority that signs what a test needs.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key as PEM.
pub struct Pair {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("an authority");
        Self { issuer }
    }

    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate for a host.
    pub fn signed(&self, host: &str) -> Pair {
        self.signed_as(host, |_usual| ())
    }

    /// One that differs from the usual.
    pub fn signed_as(&self, host: &str, differ: impl Fn(&mut CertificateParams)) -> Pair {
        let mut params = CertificateParams::new(vec![host.to_owned()]).expect("parameters");
        differ(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Pair {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }

    /// What a server needs that is called `localhost`.
    pub fn server(&self, client_authorities: Option<&str>) -> TlsConfig {
        let pair = self.signed("localhost");
        TlsConfig::of(
            pair.certificate.as_bytes(),
            pair.key.as_bytes(),
            client_authorities.map(str::as_bytes),
        )
        .expect("TLS")
    }

    /// A client that trusts this authority, and proves itself where it has something to.
    pub fn client(&self, own: Option<&Pair>) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        let pem = self.pem();
        let authority = CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM");
        roots.add(authority).expect("an authority");
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots);
        let config = match own {
            None => builder.with_no_client_auth(),
            Some(pair) => {
                let chain = CertificateDer::from_pem_slice(pair.certificate.as_bytes());
                let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes()).expect("a key");
                builder
                    .with_client_auth_cert(vec![chain.expect("PEM")], key)
                    .expect("a pair")
            }
        };
        TlsConnector::from(Arc::new(config))
    }
}
