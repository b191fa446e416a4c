//! A file as the whole truth about its people.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use pinward_directory::FileSource;

use super::{Syncing, report};
use crate::run::say;

impl Syncing<'_> {
    /// Synchronises with a file.
    pub(super) fn with_file(&self, file: &Path) -> Result<ExitCode> {
        let name = name_of(file, self.args.source.as_deref())?;
        let options = self.options(&name, "File");
        let format = &self.args.format;
        let mut source = FileSource::new(file.to_owned(), format.kind(), format.options());
        let report = self.run(&mut source, &options)?;
        match self.args.json {
            true => say(&report::as_json(&report, &options).to_string())?,
            false => report::tell(&report, &options, "")?,
        }
        Ok(ExitCode::from(report::exit_code(&report)))
    }
}

/// The name under which a file is remembered: where it lies, unless it is given one.
fn name_of(file: &Path, given: Option<&str>) -> Result<String> {
    match given {
        Some(name) => Ok(name.to_owned()),
        None => {
            let path = std::fs::canonicalize(file);
            let path = path.with_context(|| format!("cannot read {}", file.display()))?;
            Ok(path.to_string_lossy().into_owned())
        }
    }
}
