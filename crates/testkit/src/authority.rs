//! An authority of the test's own, and the certificates it signs.
#![allow(
    clippy::expect_used,
    reason = "a test that cannot make its certificates cannot go on"
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// Signs certificates into a folder.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: PathBuf,
}

/// What a certificate is for.
#[derive(Clone, Copy)]
pub enum For {
    /// the address at which the server is asked
    This,
    /// another name
    Another,
    /// the address, until the year 2001
    Past,
}

impl Authority {
    /// A new one; its certificate is in a file of the folder.
    pub fn new(folder: &Path) -> Authority {
        fs::create_dir_all(folder).expect("a folder");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let name = folder.display().to_string();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let own = params.self_signed(&key).expect("a certificate");
        fs::write(folder.join("ca.pem"), own.pem()).expect("a file");
        Authority {
            issuer: Issuer::new(params, key),
            folder: folder.to_owned(),
        }
    }

    /// The file of its own certificate.
    pub fn file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The files of a new certificate and its key, for a server at this address.
    pub fn sign(&self, what: For, address: &str) -> (PathBuf, PathBuf) {
        let (name, file) = match what {
            For::This => (address, "this"),
            For::Another => ("dc.litwareinc.com", "another"),
            For::Past => (address, "past"),
        };
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        if matches!(what, For::Past) {
            params.not_before = date_time_ymd(2000, 1, 1);
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let files = (
            self.folder.join(format!("{file}.pem")),
            self.folder.join(format!("{file}.key")),
        );
        fs::write(&files.0, certificate.pem()).expect("a file");
        fs::write(&files.1, key.serialize_pem()).expect("a file");
        // Samba takes no key that others may read.
        fs::set_permissions(&files.1, Permissions::from_mode(0o600)).expect("a mode");
        files
    }
}
