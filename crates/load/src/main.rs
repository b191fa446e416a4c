//! Drives the logon engine in process and prints what it does beside what the machine could do at
//! most, measured in the same run; and measures what guessing finds of the PINs that people choose.
//! Results: `docs/measurements/`.

mod args;
mod audit;
mod beside;
mod drive;
mod freeradius;
mod guessing;
mod http;
mod http_client;
mod limits;
mod place;
mod progress;
mod radius;
mod radius_client;
mod report;
mod sample;
mod scenarios;
mod stage;
mod system;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

use crate::args::{Args, Other, Scenario};
use crate::place::Place;
use crate::progress::Progress;

/// As in the program that is measured.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<mimalloc::MiMalloc> =
    zeroizing_alloc::ZeroAlloc(mimalloc::MiMalloc);

fn main() -> ExitCode {
    match act(&Args::parse()) {
        Ok(code) => code,
        Err(error) => {
            // A closed standard error leaves nobody to tell.
            let _told = writeln!(io::stderr(), "pinward-load: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn act(args: &Args) -> Result<ExitCode> {
    if let Some(Other::Guessing(args)) = &args.other {
        guessing::measure(args)?;
        return Ok(ExitCode::SUCCESS);
    }
    let progress = Progress::new()?;
    let place = Place::choose(args.data.as_deref())?;
    if args.scenarios.contains(&Scenario::Audit) {
        audit::measure(&place.path().join("audit"), args, &progress)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.scenarios.contains(&Scenario::Radius) {
        radius::measure(&place, args, &progress)?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.scenarios.contains(&Scenario::Http) {
        http::measure(&place, args, &progress)?;
        return Ok(ExitCode::SUCCESS);
    }
    let found = scenarios::run(args, &place, &progress)?;
    progress.done();
    let text = match args.json {
        true => report::json(&found, args, &place).to_string(),
        false => report::text(&found, args, &place),
    };
    writeln!(io::stdout(), "{text}").context("cannot write to standard output")?;
    Ok(match progress.interrupted() {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}
