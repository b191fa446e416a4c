//! `pinward sync --check`: what works on the way to each directory, and what to do about what does not.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use pinward_core::{Site, fold};
use pinward_directory::ldap::{CheckNews, CheckReport, CheckStep, Finding, Outcome};
use pinward_service::Door;
use pinward_shell::host::Progress;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::directories::wanted;
use super::examples;
use crate::account;
use crate::args::SyncArgs;
use crate::bar::Bar;
use crate::config::{Config, Directory};
use crate::folder::Folder;
use crate::run::say;
use crate::terminal::harmless;

/// Checks the directories of the configuration; the exit code says whether all is well.
pub fn check(runtime: &Runtime, folder: &Folder, args: &SyncArgs) -> Result<ExitCode> {
    ensure!(!args.format.is_given(), "--check is for directories");
    let data = &folder.data;
    let config = Config::load(data)?;
    let mut all_well = true;
    let mut reports = Vec::new();
    for directory in wanted(&config, args.source.as_deref())? {
        if !args.json {
            say(&format!("{}:", directory.name))?;
        }
        let (well, mut report) = one(runtime, data, directory, args.json)?;
        let sites = sites(runtime, folder, directory, args.json)?;
        let missing = sites.iter().any(|step| step["outcome"] == "failed");
        all_well &= well && !missing;
        report["ok"] = (well && !missing).into();
        if let Some(steps) = report["steps"].as_array_mut() {
            steps.extend(sites);
        }
        reports.push(report);
    }
    if args.json {
        say(&Value::Array(reports).to_string())?;
    }
    Ok(match all_well {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn one(
    runtime: &Runtime,
    data: &Path,
    directory: &Directory,
    as_json: bool,
) -> Result<(bool, Value)> {
    let source = match directory.source(data) {
        Ok(source) => source,
        Err(error) => {
            let said = format!("{error:#}");
            if !as_json {
                tell(Outcome::Failed, "configuration", "", &said)?;
            }
            let finding = finding("configuration", "", Outcome::Failed, &said, None);
            return Ok((
                false,
                json!({ "source": directory.name, "ok": false, "steps": [finding] }),
            ));
        }
    };
    let mut bar: Option<Bar> = None;
    let mut told = |news: CheckNews<'_>| match news {
        CheckNews::Read(done) => {
            let progress = reading(done);
            bar.get_or_insert_with(|| Bar::new(&progress))
                .show(&progress);
        }
        CheckNews::Finding(found) => {
            bar = None;
            if !as_json {
                // A closed standard output leaves nobody to tell; what follows would say so.
                let step = found.step.to_string();
                let _told = tell(found.outcome, &step, &found.about, &found.said);
            }
        }
    };
    let report = runtime.block_on(source.check(&mut told));
    drop(bar);
    if !as_json {
        examples::tell(&report.examples)?;
    }
    let well = report.is_well();
    Ok((well, of_report(&directory.name, &report)))
}

/// Whether the sites are there to which the configuration assigns people.
fn sites(
    runtime: &Runtime,
    folder: &Folder,
    directory: &Directory,
    as_json: bool,
) -> Result<Vec<Value>> {
    let Ok(source) = directory.source(&folder.data) else {
        return Ok(Vec::new());
    };
    let mut named: Vec<&str> = source.sites().collect();
    named.sort_unstable();
    named.dedup();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let known = runtime.block_on(async {
        let service = folder.open().await?;
        Ok::<_, anyhow::Error>(service.sites(&account::owner(Door::Program)).await?)
    });
    let mut steps = Vec::new();
    for name in named {
        let same = |site: &Site| fold(&site.id) == fold(name);
        let (outcome, said, id) = match &known {
            Ok(sites) if sites.iter().any(same) => (Outcome::Ok, "there".to_owned(), None),
            Ok(_) => (
                Outcome::Failed,
                format!(
                    "there is no such site, so its people could not be kept; make it with \
                     New-CsSite -Identity {}",
                    quoted(name)
                ),
                Some("SiteNotFound"),
            ),
            Err(error) => (Outcome::Skipped, format!("not looked for: {error:#}"), None),
        };
        if !as_json {
            tell(outcome, "site", name, &said)?;
        }
        steps.push(finding("site", name, outcome, &said, id));
    }
    Ok(steps)
}

/// As one word of the shell, whatever it holds; each of these marks ends a quotation unless it is doubled.
fn quoted(name: &str) -> String {
    let mut text = String::from("'");
    for c in name.chars() {
        text.extend(matches!(c, '\'' | '\u{2018}'..='\u{201b}').then_some(c));
        text.push(c);
    }
    text.push('\'');
    text
}

fn tell(outcome: Outcome, step: &str, about: &str, said: &str) -> Result<()> {
    let mark = match outcome {
        Outcome::Ok => "ok",
        Outcome::Warning => "WARNING",
        Outcome::Failed => "FAILED",
        Outcome::Skipped => "-",
    };
    let colon = if about.is_empty() { "" } else { ": " };
    say(&harmless(&format!(
        "  {mark:<8}{step:<9} {about}{colon}{said}"
    )))
}

fn reading(done: u64) -> Progress {
    Progress {
        activity: "Reading".to_owned(),
        done,
        share: None,
        unit: "entries".to_owned(),
        finished: false,
    }
}

fn of_report(name: &str, report: &CheckReport) -> Value {
    let steps = report.findings.iter().map(|found: &Finding| {
        let step: CheckStep = found.step;
        finding(
            &step.to_string(),
            &found.about,
            found.outcome,
            &found.said,
            found.id,
        )
    });
    let steps: Vec<Value> = steps.collect();
    let examples: Vec<Value> = report.examples.iter().map(examples::as_json).collect();
    json!({
        "source": name,
        "ok": report.is_well(),
        "steps": steps,
        "people": report.people,
        "enabled": report.enabled,
        "unusable": report.unusable,
        "groups": report.groups,
        "examples": examples,
    })
}

fn finding(step: &str, about: &str, outcome: Outcome, said: &str, id: Option<&str>) -> Value {
    let outcome = match outcome {
        Outcome::Ok => "ok",
        Outcome::Warning => "warning",
        Outcome::Failed => "failed",
        Outcome::Skipped => "skipped",
    };
    json!({ "step": step, "about": about, "outcome": outcome, "said": said, "id": id })
}
