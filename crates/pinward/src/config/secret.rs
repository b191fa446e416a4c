//! Secrets: passwords of service accounts, secrets that are shared with telephone systems. They are in files or
//! in the environment, never in the configuration itself and never in an argument.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use zeroize::Zeroizing;

/// No secret is longer, in bytes.
const LONGEST: usize = 4096;
/// What everybody on the machine may do with a file.
const EVERYBODY: u32 = 0o007;

/// Reads a secret from its file or from its variable, of which at most one may be named, by these two keys.
/// `None`: neither is.
pub fn read(
    file: Option<&Path>,
    variable: Option<&str>,
    keys: [&'static str; 2],
) -> Result<Option<Zeroizing<String>>> {
    let [for_file, for_variable] = keys;
    match (file, variable) {
        (Some(file), None) => from_file(file).context(for_file).map(Some),
        (None, Some(name)) => from_variable(name).context(for_variable).map(Some),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => {
            bail!("it has both {for_file} and {for_variable}: remove one of them")
        }
    }
}

/// Reads the one line of a file that others cannot read.
pub fn from_file(path: &Path) -> Result<Zeroizing<String>> {
    let shown = path.display();
    let about = fs::metadata(path).with_context(|| format!("cannot read {shown}"))?;
    ensure!(about.is_file(), "{shown} is no file");
    let mode = about.permissions().mode() & 0o777;
    ensure!(
        mode & EVERYBODY == 0,
        "{shown} can be read or changed by everybody on this machine (mode {mode:04o}); run \
         chmod 600 {shown}, and change the secret if somebody may have read it"
    );
    let file = File::open(path).with_context(|| format!("cannot read {shown}"))?;
    // Room for everything from the start: a growing buffer leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {shown}"))?;
    ensure!(
        bytes.len() <= LONGEST,
        "{shown} is longer than any secret; it has to hold the secret alone"
    );
    let Ok(text) = std::str::from_utf8(&bytes) else {
        bail!("{shown} is not UTF-8; save it again as text");
    };
    // Editors end a file with a line.
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    ensure!(
        !text.contains(['\n', '\r', '\0']),
        "{shown} has several lines; it has to hold the secret alone"
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
