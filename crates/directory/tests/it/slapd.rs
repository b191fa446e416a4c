//! A slapd in a temporary folder, on free ports of the loopback.

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync};
use pinward_directory::ldap::{BindName, Password, Server, Settings, Trust};
use zeroize::Zeroizing;

use pinward_testkit::{Authority, For};

pub const BASE: &str = "dc=litwareinc,dc=com";
/// The service account, and its password.
pub const NAME: &str = "cn=pinward,dc=litwareinc,dc=com";
pub const PASSWORD: &str = "service";
const ADMIN: (&str, &str) = ("cn=admin,dc=litwareinc,dc=com", "admin");
const SLAPD: &str = "/usr/sbin/slapd";

pub struct Slapd {
    folder: tempfile::TempDir,
    pub authority: Authority,
    pub port: u16,
    pub tls_port: u16,
    process: Process,
}

/// Whether slapd is there. Where tests have to be complete (`CI` is set) it must be.
pub fn is_there() -> bool {
    let there = Path::new(SLAPD).exists();
    assert!(
        there || std::env::var_os("CI").is_none(),
        "slapd is missing: apt-get install slapd"
    );
    if !there {
        eprintln!("SKIPPED: slapd is not installed (apt-get install slapd)");
    }
    there
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Slapd {
    /// Starts one with these entries beneath [`BASE`], and a certificate.
    pub async fn start(entries: &str, certificate: For) -> Slapd {
        Slapd::start_with(entries, certificate, "").await
    }

    /// The same with more lines for the database in its configuration.
    pub async fn start_with(entries: &str, certificate: For, more: &str) -> Slapd {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new(&folder.path().join("ca"));
        let (file, key) = authority.sign(certificate, "127.0.0.1");
        let at = folder.path().display();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let mut conf = String::new();
        for schema in ["core", "cosine", "inetorgperson"] {
            writeln!(conf, "include /etc/ldap/schema/{schema}.schema").unwrap();
        }
        write!(
            conf,
            "modulepath /usr/lib/ldap\nmoduleload back_mdb\nmoduleload ppolicy\npidfile {at}/pid\n\
             TLSCACertificateFile {}\nTLSCertificateFile {}\nTLSCertificateKeyFile {}\n\
             sizelimit size.soft=1000 size.hard=1000 size.prtotal=unlimited\n\
             database mdb\nsuffix {BASE}\nrootdn {}\nrootpw {}\ndirectory {at}/data\n\
             maxsize 1073741824\nindex objectClass,modifyTimestamp eq\n\
             access to attrs=userPassword by anonymous auth\naccess to * by users read\n{more}",
            authority.file().display(),
            file.display(),
            key.display(),
            ADMIN.0,
            ADMIN.1
        )
        .unwrap();
        std::fs::write(folder.path().join("slapd.conf"), conf).unwrap();
        let all = format!(
            "dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\ndc: litwareinc\no: Litware\n\n\
             dn: {NAME}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n\
             cn: pinward\nuserPassword: {PASSWORD}\n\n{entries}"
        );
        std::fs::write(folder.path().join("data.ldif"), all).unwrap();
        let loaded = Command::new("/usr/sbin/slapadd")
            .args(["-q", "-f"])
            .arg(folder.path().join("slapd.conf"))
            .arg("-l")
            .arg(folder.path().join("data.ldif"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&loaded.stderr).into_owned();
        assert!(loaded.status.success(), "{said}");
        let (port, tls_port) = (free_port(), free_port());
        let process = spawn(folder.path(), port, tls_port).await;
        Slapd {
            folder,
            authority,
            port,
            tls_port,
            process,
        }
    }

    pub fn kill(&mut self) {
        self.process.0.kill().unwrap();
        self.process.0.wait().unwrap();
    }

    pub async fn start_again(&mut self) {
        self.process = spawn(self.folder.path(), self.port, self.tls_port).await;
    }

    pub fn ldaps(&self) -> Server {
        format!("ldaps://127.0.0.1:{}", self.tls_port)
            .parse()
            .unwrap()
    }

    pub fn starttls(&self) -> Server {
        format!("ldap://127.0.0.1:{}", self.port).parse().unwrap()
    }

    pub fn trust(&self) -> Trust {
        Trust::file(&self.authority.file()).unwrap()
    }

    /// A connection as the administrator, to change what is in it.
    pub async fn admin(&self) -> Ldap {
        self.bound(ADMIN.0, ADMIN.1).await
    }

    /// A connection of the library alone.
    pub async fn bound(&self, name: &str, password: &str) -> Ldap {
        let url = format!("ldap://127.0.0.1:{}", self.port);
        let (connection, mut ldap) = LdapConnAsync::new(&url).await.unwrap();
        tokio::spawn(connection.drive());
        let bound = ldap.simple_bind(name, password).await.unwrap();
        bound.success().unwrap();
        ldap
    }
}

/// Ends with the test, however that ends.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn spawn(folder: &Path, port: u16, tls_port: u16) -> Process {
    let child = Command::new(SLAPD)
        .arg("-f")
        .arg(folder.join("slapd.conf"))
        .arg("-h")
        .arg(format!(
            "ldap://127.0.0.1:{port} ldaps://127.0.0.1:{tls_port}"
        ))
        .args(["-d", "0"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let process = Process(child);
    // It does not say when it listens.
    for _ in 0..3000 {
        if TcpStream::connect(("127.0.0.1", tls_port)).is_ok() {
            return process;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("slapd does not listen on port {tls_port}");
}

/// Settings for the service account.
pub fn settings(servers: Vec<Server>, trust: Trust) -> Settings {
    Settings {
        servers,
        trust,
        name: BindName::parse(NAME).unwrap(),
        password: password(PASSWORD),
        connect_timeout: Duration::from_secs(20),
        operation_timeout: Duration::from_secs(20),
        page_size: 400,
    }
}

pub fn password(text: &str) -> Password {
    Password::new(Zeroizing::new(text.to_owned())).unwrap()
}
