//! A real Active Directory domain: Samba, on an address of the loopback of its own, with LDAPS and
//! StartTLS. It needs root, because the ports cannot be chosen.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot start its server cannot go on"
)]

mod template;

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use crate::authority::{Authority, For};

const SAMBA: &str = "/usr/sbin/samba";

/// A domain controller; it ends when it is dropped, or with the program.
pub struct Samba {
    folder: TempDir,
    /// Who signed its certificate.
    pub authority: Authority,
    address: String,
    process: Option<Child>,
}

impl Samba {
    /// The domain.
    pub const BASE: &str = "DC=litwareinc,DC=com";
    /// The service account, as `CN=pinward,CN=Users,DC=litwareinc,DC=com`, and its password.
    pub const SERVICE: (&str, &str) = ("LITWAREINC\\pinward", "Serv1ce-Pass!");
    /// The administrator.
    pub const ADMIN: (&str, &str) = ("administrator@litwareinc.com", "Adm1n-Passw0rd!");

    /// Whether Samba is there and may be started. Where tests have to be complete (`CI` is set) it must be.
    pub fn is_there() -> bool {
        let lacks = [
            (Path::new(SAMBA), "samba"),
            (Path::new("/usr/bin/ldbadd"), "ldb-tools"),
            (Path::new("/usr/share/samba/setup"), "samba-ad-provision"),
        ]
        .iter()
        .find(|(file, _)| !file.exists())
        .map(|(_, package)| format!("{package} is not installed"))
        .or_else(|| {
            let root = rustix::process::geteuid().is_root();
            (!root).then(|| "a domain controller needs root".to_owned())
        });
        let Some(lacks) = lacks else { return true };
        assert!(std::env::var_os("CI").is_none(), "{lacks}");
        eprintln!("SKIPPED: {lacks}");
        false
    }

    /// Starts a domain with these entries in LDIF. What takes long is done once and kept in the folder
    /// for temporary files of the build.
    pub fn start(kept: &Path, entries: &str, certificate: For) -> Samba {
        let folder = tempfile::tempdir().expect("a folder");
        template::copy(kept, &folder.path().join("dc"));
        let authority = Authority::new(&folder.path().join("ca"));
        let address = own_address();
        let (file, key) = authority.sign(certificate, &address);
        configure(folder.path(), &address, &authority.file(), &file, &key);
        let mut samba = Samba {
            folder,
            authority,
            address,
            process: None,
        };
        if !entries.is_empty() {
            samba.ldb("ldbadd", entries);
        }
        samba.start_again();
        samba
    }

    /// The address it listens on: ports 636 (LDAPS) and 389 (StartTLS).
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Starts it where it is stopped.
    pub fn start_again(&mut self) {
        let log = fs::File::create(self.folder.path().join("log")).expect("a log");
        let child = Command::new(SAMBA)
            .arg("-s")
            .arg(self.folder.path().join("smb.conf"))
            .args(["-F", "--no-process-group", "-M", "single"])
            .args(["--debug-stdout", "-d1"])
            // It ends when nobody holds the other end.
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("samba");
        let child = self.process.insert(child);
        for _ in 0..3000 {
            let listens = |port| TcpStream::connect((self.address.as_str(), port)).is_ok();
            if listens(636) && listens(389) {
                return;
            }
            if child.try_wait().expect("a status").is_some() {
                break;
            }
            wait_a_little();
        }
        let log = fs::read_to_string(self.folder.path().join("log"));
        panic!("samba does not listen: {}", log.unwrap_or_default());
    }

    /// Kills it.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.process.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Changes the database as its own administrator with `ldbadd` or `ldbmodify`; that can be done
    /// while the server runs.
    pub fn ldb(&self, program: &str, ldif: &str) {
        ldb(&self.folder.path().join("dc"), program, ldif);
    }

    /// Changes with `ldbmodify`.
    pub fn modify(&self, ldif: &str) {
        self.ldb("ldbmodify", ldif);
    }

    /// Renames or moves an entry.
    pub fn rename(&self, from: &str, to: &str) {
        let mut command = Command::new("ldbrename");
        run(with_database(&mut command, &self.folder.path().join("dc")).args([from, to]));
    }

    /// Deletes an entry, which goes to the deleted objects.
    pub fn delete(&self, dn: &str) {
        let mut command = Command::new("ldbdel");
        run(with_database(&mut command, &self.folder.path().join("dc")).arg(dn));
    }

    /// The attribute that sets a password, as a line of LDIF for [`Samba::start`] and
    /// [`Samba::modify`].
    pub fn password(text: &str) -> String {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        format!("clearTextPassword:: {}\n", STANDARD.encode(bytes))
    }
}

impl Drop for Samba {
    fn drop(&mut self) {
        self.kill();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server does not say when it listens"
)]
fn wait_a_little() {
    std::thread::sleep(Duration::from_millis(10));
}

/// One that no other test has: of the process and a count.
fn own_address() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed) % 4;
    let [_, high, middle, low] = (std::process::id() << 2 | count).to_be_bytes();
    format!("127.{}.{middle}.{low}", 64 | (high & 63))
}

fn configure(folder: &Path, address: &str, authority: &Path, certificate: &Path, key: &Path) {
    let dc = folder.join("dc");
    let dc = dc.display();
    let text = format!(
        "[global]\nrealm = LITWAREINC.COM\nworkgroup = LITWAREINC\nnetbios name = DC1\n\
         server role = active directory domain controller\nserver services = ldap\n\
         old password allowed period = 0\n\
         interfaces = {address}/8\nbind interfaces only = yes\n\
         private dir = {dc}/private\nlock directory = {dc}\nstate directory = {dc}/state\n\
         cache directory = {dc}/cache\nbinddns dir = {dc}/bind-dns\npid directory = {dc}/run\n\
         ncalrpc dir = {dc}/run/ncalrpc\nwinbindd socket directory = {dc}/run/winbindd\n\
         ntp signd socket directory = {dc}/run/ntp\nlog file = {dc}/log\n\
         tls cafile = {}\ntls certfile = {}\ntls keyfile = {}\n[sysvol]\npath = {dc}/state/sysvol\n",
        authority.display(),
        certificate.display(),
        key.display(),
    );
    fs::create_dir_all(folder.join("dc/run")).expect("a folder");
    fs::write(folder.join("smb.conf"), text).expect("a configuration");
}

fn database(dc: &Path) -> PathBuf {
    dc.join("private/sam.ldb")
}

fn with_database<'a>(command: &'a mut Command, dc: &Path) -> &'a mut Command {
    let schema = "--option=dsdb:schema update allowed=true";
    command.arg("-H").arg(database(dc)).arg(schema)
}

fn ldb(dc: &Path, program: &str, ldif: &str) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(ldif.as_bytes()).expect("a file");
    let mut command = Command::new(program);
    run(with_database(&mut command, dc).arg(file.path()));
}

/// Runs it to its end, which has to be a good one.
fn run(command: &mut Command) {
    let came = command.output().expect("a program");
    let said = [came.stdout, came.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    // An entry that cannot be read is not counted as a failure.
    let good = came.status.success() && !said.contains("Failed to parse");
    assert!(good, "{command:?}: {said}");
}
