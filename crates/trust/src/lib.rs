//! Whose certificates are believed when somebody else is asked: the authorities in a PEM file, or those of
//! the system.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// Why there is nobody to believe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The system has no certificates of authorities.
    #[error(
        "this system has no certificates of authorities ({reason}); install ca-certificates, or name the \
         file of the authority that signed the certificate of {whose}"
    )]
    NoSystemRoots {
        /// Why none was found.
        reason: String,
        /// Who is asked, such as "the directory".
        whose: &'static str,
    },
    /// The file cannot be used.
    #[error(
        "the file {file} gives no certificate of an authority: {reason}; it has to hold one or several \
         in PEM"
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

/// The authorities in a PEM file, and nobody else.
///
/// # Errors
/// When the file cannot be read, or one of its certificates is of no use, or there is none in it.
pub fn of_file(file: &Path) -> Result<RootCertStore, TrustError> {
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

/// Whom the system believes. `whose` says who is asked, for people who read that nobody is believed.
///
/// # Errors
/// When the system believes nobody.
pub fn of_system(whose: &'static str) -> Result<RootCertStore, TrustError> {
    let found = rustls_native_certs::load_native_certs();
    let reason = found.errors.first().map(ToString::to_string);
    among(found.certs, reason, whose)
}

/// Those of the certificates that can be used; a system may well have others beside them.
fn among(
    found: Vec<CertificateDer<'static>>,
    reason: Option<String>,
    whose: &'static str,
) -> Result<RootCertStore, TrustError> {
    let mut roots = RootCertStore::empty();
    match roots.add_parsable_certificates(found) {
        (0, _) => Err(TrustError::NoSystemRoots {
            reason: reason.unwrap_or_else(|| "none was found".to_owned()),
            whose,
        }),
        _ => Ok(roots),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rustls::pki_types::CertificateDer;

    use super::{TrustError, among, of_file};

    fn certificate() -> rcgen::CertifiedKey<rcgen::KeyPair> {
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap()
    }

    #[test]
    fn a_file_gives_every_authority_in_it_or_says_what_is_wrong() {
        let (one, other) = (certificate(), certificate());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        let (one_pem, key) = (one.cert.pem(), one.signing_key.serialize_pem());
        let broken = one_pem.replacen("MII", "!II", 1);
        let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (text, expected) in [
            (one_pem.clone(), Ok(1)),
            (
                format!("# ours\n{one_pem}\n{key}{}", other.cert.pem()),
                Ok(2),
            ),
            (String::new(), Err("there is none in it")),
            ("an authority".to_owned(), Err("there is none in it")),
            (key, Err("there is none in it")),
            (broken, Err("base64")),
            (format!("{one_pem}{no_certificate}"), Err("ertificate")),
        ] {
            fs::write(&file, &text).unwrap();
            match (of_file(&file), expected) {
                (Ok(roots), Ok(number)) => assert_eq!(roots.len(), number, "{text}"),
                (Err(error), Err(reason)) => {
                    let told = error.to_string();
                    assert!(told.contains(reason), "{told}: {text}");
                    assert!(told.contains(&file.display().to_string()), "{told}");
                }
                (read, _) => panic!("{read:?}: {text}"),
            }
        }
        fs::remove_file(&file).unwrap();
        let told = of_file(&file).unwrap_err().to_string();
        assert!(told.contains("No such file"), "{told}");
    }

    #[test]
    fn a_system_without_authorities_says_what_to_do() {
        let told = |reason: Option<&str>| {
            let found = vec![CertificateDer::from(vec![0])];
            among(found, reason.map(str::to_owned), "the collector").unwrap_err()
        };
        assert_eq!(
            told(None).to_string(),
            "this system has no certificates of authorities (none was found); install ca-certificates, or \
             name the file of the authority that signed the certificate of the collector"
        );
        assert!(matches!(
            told(Some("no permission")),
            TrustError::NoSystemRoots { reason, .. } if reason == "no permission"
        ));
        // What cannot be read beside one that can does no harm.
        let found = vec![
            CertificateDer::from(vec![0]),
            certificate().cert.der().clone(),
        ];
        assert_eq!(among(found, None, "the directory").unwrap().len(), 1);
    }
}
