//! `pinward check-config`: whether the configuration can be used.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::config::{Config, FILE};
use crate::folder::Folder;
use crate::run::say;
use crate::source::remark;

/// Checks the folder's configuration, or another file. What cannot be read at all is an error; everything
/// else that is wrong is listed.
pub fn check(folder: &Folder, file: Option<&Path>) -> Result<ExitCode> {
    let path = file.map_or_else(|| folder.data.join(FILE), Path::to_owned);
    let config = match file {
        Some(file) => Config::load_file(file)?,
        None => Config::load(&folder.data)?,
    };
    let problems = config.problems();
    for problem in &problems {
        remark(&format!("{problem:#}"));
    }
    if !problems.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    match path.exists() {
        true => say(&format!("{} can be used", path.display()))?,
        false => say(&format!(
            "there is no {}; the defaults hold",
            path.display()
        ))?,
    }
    Ok(ExitCode::SUCCESS)
}
