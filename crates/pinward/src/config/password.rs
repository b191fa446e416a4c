//! The password of a service account: from a file or the environment, never from the configuration itself
//! and never from an argument.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use pinward_directory::ldap::Password;
use zeroize::Zeroizing;

/// No password is longer, in bytes.
const LONGEST: usize = 4096;
/// What everybody on the machine may do with a file.
const EVERYBODY: u32 = 0o007;

/// Reads the password from where the configuration says; a relative path begins in the data folder.
pub fn read(data: &Path, file: Option<&Path>, variable: Option<&str>) -> Result<Password> {
    let text = match (file, variable) {
        (Some(file), None) => from_file(&data.join(file)).context("password_file")?,
        (None, Some(variable)) => from_variable(variable).context("password_variable")?,
        _ => bail!("name where the password is, with either password_file or password_variable"),
    };
    Ok(Password::new(text)?)
}

fn from_file(path: &Path) -> Result<Zeroizing<String>> {
    let shown = path.display();
    let about = fs::metadata(path).with_context(|| format!("cannot read {shown}"))?;
    ensure!(about.is_file(), "{shown} is no file");
    let mode = about.permissions().mode() & 0o777;
    ensure!(
        mode & EVERYBODY == 0,
        "{shown} can be read or changed by everybody on this machine (mode {mode:04o}); run \
         chmod 600 {shown}, and change the password if somebody may have read it"
    );
    let file = File::open(path).with_context(|| format!("cannot read {shown}"))?;
    // Room for everything from the start: a growing buffer leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {shown}"))?;
    ensure!(
        bytes.len() <= LONGEST,
        "{shown} is longer than any password; it has to hold the password alone"
    );
    let Ok(text) = std::str::from_utf8(&bytes) else {
        bail!("{shown} is not UTF-8; save it again as text");
    };
    // Editors end a file with a line.
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    ensure!(
        !text.contains(['\n', '\r', '\0']),
        "{shown} has several lines; it has to hold the password alone"
    );
    Ok(Zeroizing::new(text.to_owned()))
}

fn from_variable(name: &str) -> Result<Zeroizing<String>> {
    let usable = !name.is_empty() && !name.contains(['=', '\0']);
    let value = usable.then(|| std::env::var(name)).transpose();
    match value {
        Ok(Some(text)) => Ok(Zeroizing::new(text)),
        // The error would hold the value where it is no text.
        Ok(None) | Err(_) => bail!("the environment has no variable {name} that is text"),
    }
}
