//! Files that the shell writes: for their owner alone, since what is exported may hold PINs that are
//! shown only once; and replaced whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use pinward_shell::host::WriteMode;
use tempfile::NamedTempFile;

/// Opens a file for writing.
pub fn open_write(path: &Path, mode: WriteMode) -> io::Result<Box<dyn Write>> {
    let special = fs::metadata(path).is_ok_and(|about| !about.is_file());
    if mode == WriteMode::Replace && !special {
        return Ok(Box::new(Replacement::begin(path)?));
    }
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    match mode {
        WriteMode::Replace => &mut options,
        WriteMode::New => options.create_new(true),
        WriteMode::Append => options.create(true).append(true),
    };
    Ok(Box::new(BufWriter::new(options.open(path)?)))
}

/// Makes a new file for its owner alone; refuses where there is one.
pub fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// A new file beside the one it replaces when it is flushed; dropped before that, it leaves the
/// old one as it was.
struct Replacement {
    path: PathBuf,
    state: State,
}

enum State {
    Beside(BufWriter<NamedTempFile>),
    InPlace(BufWriter<File>),
    Failed,
}

impl Replacement {
    fn begin(path: &Path) -> io::Result<Self> {
        // Through links: what they point to is replaced, not they.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let beside = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Self {
            path,
            state: State::Beside(BufWriter::new(beside)),
        })
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Beside(file) => file.write(bytes),
            State::InPlace(file) => file.write(bytes),
            State::Failed => Err(io::Error::other("the file could not be written before")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.state, State::Failed) {
            State::Beside(file) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                let file = file.persist(&self.path).map_err(|failed| failed.error)?;
                self.state = State::InPlace(BufWriter::new(file));
            }
            State::InPlace(mut file) => {
                file.flush()?;
                self.state = State::InPlace(file);
            }
            State::Failed => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pins.csv");
        fs::write(&path, "old").unwrap();
        let mut file = open_write(&path, WriteMode::Replace).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        let mut file = open_write(&path, WriteMode::Replace).unwrap();
        file.write_all(b"new").unwrap();
        file.flush().unwrap();
        file.write_all(b"er").unwrap();
        file.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "newer");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left beside it"
        );
    }

    #[test]
    fn an_existing_file_is_kept_where_a_new_one_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pins.csv");
        fs::write(&path, "old").unwrap();
        assert!(open_write(&path, WriteMode::New).is_err());
        let mut file = open_write(&path, WriteMode::Append).unwrap();
        file.write_all(b"er").unwrap();
        file.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "older");
    }
}
