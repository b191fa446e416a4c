//! The directories of the configuration, one after the other.

use std::process::ExitCode;

use anyhow::{Result, bail, ensure};
use pinward_directory::ldap::LdapSource;
use pinward_service::Refusal as _;
use serde_json::{Value, json};

use super::{Syncing, examples, report};
use crate::config::{Config, Directory, check_names};
use crate::run::say;
use crate::source::{INTERRUPTED, remark};

impl Syncing<'_> {
    /// Synchronises with the directories that are wanted. One that fails does not keep the others from it.
    pub(super) fn with_directories(&self) -> Result<ExitCode> {
        ensure!(
            !self.args.format.is_given(),
            "--format, --domain, --site and --registrar-pool are for files; say it of a directory in \
             pinward.toml"
        );
        let wanted = wanted(self.config, self.args.source.as_deref())?;
        if self.args.allow_disable.is_some() && wanted.len() > 1 {
            bail!("--allow-disable is for one directory; name it with --source");
        }
        // All of them first: a slip in the last one is found before the first one is read.
        let ready = wanted.into_iter().map(|directory| {
            let source = directory.source(&self.folder.data)?;
            Ok((directory, source))
        });
        let ready: Vec<(&Directory, LdapSource)> = ready.collect::<Result<_>>()?;
        let mut codes = Vec::new();
        let mut reports = Vec::new();
        for (directory, mut source) in ready {
            let (code, report) = self.with_directory(directory, &mut source)?;
            codes.push(code);
            reports.push(report);
            if code == INTERRUPTED {
                break;
            }
        }
        if self.args.json {
            say(&Value::Array(reports).to_string())?;
        }
        Ok(report::worst(&codes))
    }

    fn with_directory(
        &self,
        directory: &Directory,
        source: &mut LdapSource,
    ) -> Result<(u8, Value)> {
        let name = &directory.name;
        if let Some(warning) = source.warning() {
            remark(&format!("{name}: {warning}"));
        }
        let options = self.options(name, "Ldap");
        let report = match self.run(source, &options) {
            Ok(report) => report,
            Err(error) => {
                remark(&format!("{name}: {error}"));
                let error = report::error_as_json(error.id(), &error.to_string());
                return Ok((1, json!({ "source": name, "error": error })));
            }
        };
        report::tell_passed_over(name, &report);
        let code = report::exit_code(&report);
        let mut as_json = report::as_json(&report, &options);
        if options.dry_run {
            let examples = source.examples();
            as_json["examples"] = examples.iter().map(examples::as_json).collect();
            if !self.args.json {
                examples::tell(&examples)?;
            }
        }
        if !self.args.json {
            report::tell(&report, &options, &format!("{name}: "))?;
        }
        Ok((code, as_json))
    }
}

/// The directories to go through: all, or the one that is named.
pub fn wanted<'a>(config: &'a Config, name: Option<&str>) -> Result<Vec<&'a Directory>> {
    let all = &config.directory;
    check_names(all)?;
    if all.is_empty() {
        bail!(
            "pinward.toml names no directory; describe one with [[directory]] (docs/directory.md), or \
             read a file with --from FILE"
        );
    }
    let Some(name) = name else {
        return Ok(all.iter().collect());
    };
    let same = |directory: &&Directory| directory.name.to_lowercase() == name.trim().to_lowercase();
    match all.iter().find(same) {
        Some(directory) => Ok(vec![directory]),
        None => {
            let names: Vec<&str> = all.iter().map(|directory| &*directory.name).collect();
            bail!(
                "pinward.toml names no directory \"{name}\"; it has {}",
                names.join(", ")
            )
        }
    }
}
