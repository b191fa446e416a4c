//! The domain as it is before any test: provisioned once, then copied.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use super::{Samba, ldb, run};

/// To be raised when what is kept by earlier builds no longer fits.
const FORMAT: u32 = 2;

/// The attributes of Lync and Skype for Business that are read. Their names are what counts.
const SCHEMA: [(&str, &str); 4] = [
    ("msRTCSIP-PrimaryUserAddress", "2.5.5.12\noMSyntax: 64"),
    ("msRTCSIP-Line", "2.5.5.12\noMSyntax: 64"),
    ("msRTCSIP-PrimaryHomeServer", "2.5.5.12\noMSyntax: 64"),
    ("msRTCSIP-UserEnabled", "2.5.5.8\noMSyntax: 1"),
];

/// Copies the template to a place that is not there yet.
pub(super) fn copy(kept: &Path, to: &Path) {
    let template = template(kept);
    run(Command::new("cp").arg("-r").arg(template).arg(to));
}

/// The folder of the template, made by the first who wants it while all others wait.
fn template(kept: &Path) -> std::path::PathBuf {
    fs::create_dir_all(kept).expect("a folder");
    let template = kept.join(format!("samba-{FORMAT}"));
    let lock = File::create(kept.join("samba.lock")).expect("a lock");
    lock.lock().expect("the lock");
    if !template.exists() {
        let half = kept.join("samba-half");
        let _ = fs::remove_dir_all(&half);
        provision(&half);
        fs::rename(half, &template).expect("the template");
    }
    template
}

fn provision(at: &Path) {
    let settings = at.with_extension("conf");
    fs::write(&settings, "").expect("a file");
    let mut command = Command::new("samba-tool");
    command
        .args(["domain", "provision", "-s"])
        .arg(settings)
        .arg(format!("--targetdir={}", at.display()))
        .args(["--realm=LITWAREINC.COM", "--domain=LITWAREINC"])
        .args(["--server-role=dc", "--dns-backend=NONE"])
        .args(["--host-name=dc1", "--host-ip=127.0.0.1"])
        .arg(format!("--adminpass={}", Samba::ADMIN.1))
        .args([
            "--option=interfaces = lo",
            "--option=server services = ldap",
        ]);
    run(&mut command);
    let schema = format!("CN=Schema,CN=Configuration,{}", Samba::BASE);
    let (mut attributes, mut names) = (String::new(), String::new());
    for (number, (name, syntax)) in SCHEMA.iter().enumerate() {
        attributes += &format!(
            "dn: CN={name},{schema}\nobjectClass: attributeSchema\nattributeID: 1.3.6.1.4.1.99999.{number}\n\
             lDAPDisplayName: {name}\nattributeSyntax: {syntax}\nisSingleValued: TRUE\n\n"
        );
        names += &format!("mayContain: {name}\n");
    }
    ldb(at, "ldbadd", &attributes);
    let change = format!("dn: CN=User,{schema}\nchangetype: modify\nadd: mayContain\n{names}\n");
    ldb(at, "ldbmodify", &change);
    let account = format!(
        "dn: CN=pinward,CN=Users,{}\nobjectClass: user\nsAMAccountName: pinward\n\
         userPrincipalName: pinward@litwareinc.com\nuserAccountControl: 66048\n{}\n",
        Samba::BASE,
        Samba::password(Samba::SERVICE.1)
    );
    ldb(at, "ldbadd", &account);
}
