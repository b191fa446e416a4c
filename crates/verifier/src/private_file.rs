//! A file that only its owner can read, in a folder in which only its owner can replace it.

use crate::error::KeyError;
use crate::key_file::MAX_FILE;
use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const PRIVATE: u32 = 0o600;
const OTHERS: u32 = 0o077;
const OTHERS_WRITE: u32 = 0o022;
const STICKY: u32 = 0o1000;

/// The folder, open: to sync it, and locked while a file in it is replaced.
pub(crate) struct Folder {
    path: PathBuf,
    handle: File,
}

/// Writes a new file; never overwrites.
pub(crate) fn create(path: &Path, text: &str) -> Result<(), KeyError> {
    let folder = open_folder(path)?;
    write_new(path, text)?;
    folder.sync()
}

/// The file's text, once its permissions were found to be tight.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, KeyError> {
    open_folder(path)?;
    // Asked before opening because opening a pipe would wait, and again of the open file because
    // the path can have changed in between.
    let found = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KeyError::NotFound {
            path: path.to_owned(),
        },
        _ => io_error("read", path)(error),
    })?;
    check_file(path, &found)?;
    let file = File::open(path).map_err(io_error("read", path))?;
    check_file(path, &file.metadata().map_err(io_error("read", path))?)?;

    // Room for everything from the start: a growing buffer leaves copies of secrets behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_FILE + 1));
    file.take(MAX_FILE as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(io_error("read", path))?;
    let malformed = |line, reason| KeyError::Malformed {
        path: path.to_owned(),
        line,
        reason,
    };
    if bytes.len() > MAX_FILE {
        return Err(malformed(1, "the file is longer than any key file"));
    }
    String::from_utf8(std::mem::take(&mut *bytes))
        .map(Zeroizing::new)
        .map_err(|error| {
            let bytes = Zeroizing::new(error.into_bytes());
            let valid = std::str::from_utf8(&bytes)
                .err()
                .map_or(0, |error| error.valid_up_to());
            let line = 1 + bytes
                .iter()
                .take(valid)
                .filter(|byte| **byte == b'\n')
                .count();
            malformed(line, "the line is not text")
        })
}

/// Replaces the file's text in one step, unless `unchanged` objects to what is there now. Of several
/// processes one at a time gets this far. The caller syncs the folder.
pub(crate) fn replace(
    path: &Path,
    text: &str,
    unchanged: impl FnOnce(&str) -> Result<(), KeyError>,
) -> Result<Folder, KeyError> {
    let folder = open_folder(path)?;
    folder
        .handle
        .lock()
        .map_err(io_error("lock", &folder.path))?;
    unchanged(&read(path)?)?;
    let mut name = path
        .file_name()
        .map_or_else(OsString::new, ToOwned::to_owned);
    name.push(".new");
    let new = folder.path.join(name);
    // What is there was left by a crash: whoever works on it would hold the lock.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(io_error("remove", &new)(error));
        }
        _ => {}
    }
    write_new(&new, text)?;
    if let Err(error) = fs::rename(&new, path) {
        let _ = fs::remove_file(&new);
        return Err(io_error("replace", path)(error));
    }
    Ok(folder)
}

impl Folder {
    /// Puts the folder's change on disk. Dropping the folder lets go of the lock.
    pub(crate) fn sync(&self) -> Result<(), KeyError> {
        self.handle.sync_all().map_err(io_error("sync", &self.path))
    }
}

fn open_folder(path: &Path) -> Result<Folder, KeyError> {
    let parent = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => {
            return Err(KeyError::NotAFile {
                path: path.to_owned(),
            });
        }
    };
    let parent_path = parent.to_owned();
    let found = match fs::metadata(parent) {
        Ok(found) if found.is_dir() => found,
        Ok(_) => return Err(KeyError::NoFolder { path: parent_path }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(KeyError::NoFolder { path: parent_path });
        }
        Err(error) => return Err(io_error("read", parent)(error)),
    };
    check_owner(parent, &found)?;
    let mode = found.mode() & 0o7777;
    // In a sticky folder, such as /tmp, others cannot rename or remove what is not theirs.
    if mode & OTHERS_WRITE != 0 && mode & STICKY == 0 {
        return Err(KeyError::LooseFolder {
            path: parent_path,
            mode,
        });
    }
    let handle = File::open(parent).map_err(io_error("open", parent))?;
    Ok(Folder {
        path: parent_path,
        handle,
    })
}

fn check_file(path: &Path, found: &Metadata) -> Result<(), KeyError> {
    if !found.is_file() {
        return Err(KeyError::NotAFile {
            path: path.to_owned(),
        });
    }
    check_owner(path, found)?;
    let mode = found.mode() & 0o7777;
    if mode & OTHERS != 0 {
        return Err(KeyError::LoosePermissions {
            path: path.to_owned(),
            mode,
        });
    }
    Ok(())
}

/// Ours or root's: whoever else owns it can change it at will.
fn check_owner(path: &Path, found: &Metadata) -> Result<(), KeyError> {
    let running_as = rustix::process::geteuid().as_raw();
    let owner = found.uid();
    if owner == running_as || owner == 0 {
        Ok(())
    } else {
        Err(KeyError::ForeignOwner {
            path: path.to_owned(),
            owner,
            running_as,
        })
    }
}

fn write_new(path: &Path, text: &str) -> Result<(), KeyError> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(PRIVATE)
        .open(path)
        .map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyError::Exists {
                path: path.to_owned(),
            },
            _ => io_error("create", path)(error),
        })?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| {
            // Half a key file is worse than none: the next start would ask for a backup of it.
            let _ = fs::remove_file(path);
            io_error("write", path)(error)
        })
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> KeyError {
    let path = path.to_owned();
    move |source| KeyError::Io {
        action,
        path,
        source,
    }
}
