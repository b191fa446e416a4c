//! An authority of the test's own, and the certificates it signs.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// Signs certificates into a folder.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: PathBuf,
}

/// What a certificate is for.
#[derive(Clone, Copy)]
pub enum For {
    /// 127.0.0.1, as the servers are called
    This,
    /// another name
    Another,
    /// 127.0.0.1, until the year 2001
    Past,
}

impl Authority {
    pub fn new(folder: &std::path::Path) -> Authority {
        std::fs::create_dir_all(folder).unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let name = folder.display().to_string();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let own = params.self_signed(&key).unwrap();
        std::fs::write(folder.join("ca.pem"), own.pem()).unwrap();
        Authority {
            issuer: Issuer::new(params, key),
            folder: folder.to_owned(),
        }
    }

    /// The file of its own certificate.
    pub fn file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The files of a new certificate and its key.
    pub fn sign(&self, what: For) -> (PathBuf, PathBuf) {
        let (name, file) = match what {
            For::This => ("127.0.0.1", "this"),
            For::Another => ("dc.litwareinc.com", "another"),
            For::Past => ("127.0.0.1", "past"),
        };
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        if matches!(what, For::Past) {
            params.not_before = date_time_ymd(2000, 1, 1);
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let files = (
            self.folder.join(format!("{file}.pem")),
            self.folder.join(format!("{file}.key")),
        );
        std::fs::write(&files.0, certificate.pem()).unwrap();
        std::fs::write(&files.1, key.serialize_pem()).unwrap();
        files
    }
}
