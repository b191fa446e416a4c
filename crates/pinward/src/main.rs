//! PIN sign-in for telephones: the program. Arguments, wiring and the terminal; no logic.

mod account;
mod args;
mod audit;
mod audit_lines;
mod bar;
mod check_config;
mod clients;
mod completion;
mod config;
mod demo;
mod externpasscheck;
mod fastagi;
mod files;
mod folder;
mod harden;
mod hooks;
mod http;
mod import;
mod import_pins;
mod interactive;
mod key_watch;
mod keys;
mod lines;
mod logs;
mod notify;
mod passwords;
mod radius;
mod run;
mod schedule;
mod serve;
mod source;
mod sync;
mod system;
mod terminal;
mod traces;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use pinward_service::Door;

use crate::args::{Action, Args};
use crate::folder::Folder;
use crate::run::{Product, Work};

/// Every buffer is wiped when it is freed, so that a PIN that passed through a string leaves
/// nothing behind (R-SEC-3).
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<mimalloc::MiMalloc> =
    zeroizing_alloc::ZeroAlloc(mimalloc::MiMalloc);

fn main() -> ExitCode {
    harden::no_core_dumps();
    let args = Args::parse();
    match act(args) {
        Ok(code) => code,
        Err(error) => {
            // A closed standard error leaves nobody to tell.
            let _told = writeln!(io::stderr(), "pinward: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// How long threads may go on when everything they were for is over.
const AFTER_THE_END: Duration = Duration::from_millis(500);

fn act(args: Args) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the program's threads")?;
    let folder = Folder::of(&args);
    let act_as = args.act_as.as_deref();
    if act_as.is_some()
        && matches!(
            args.action,
            Some(Action::Init { .. } | Action::Key { .. } | Action::Audit { .. } | Action::Serve)
        )
    {
        let what = "--as is for the shell and for imports: folders, keys, the audit log and the server \
                    belong to whoever may write their files";
        Args::command()
            .error(ErrorKind::ArgumentConflict, what)
            .exit();
    }
    match args.action {
        Some(Action::Init { sample, config }) => {
            let folder = folder?;
            if !(config && folder.exists()) {
                runtime.block_on(folder.create(sample))?;
                run::say(&format!(
                    "{} is ready. Its key is {}: back up both, apart from each other.",
                    folder.data.display(),
                    folder.key_file.display()
                ))?;
            }
            if config {
                run::say(&folder.create_config()?)?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Some(Action::CheckConfig { file }) => check_config::check(&folder?, file.as_deref()),
        Some(Action::Demo { command, script }) => {
            let work = Work::of(command.or(args.command), script.or(args.script))?;
            demo::demo(&runtime, act_as, work)
        }
        Some(Action::Externpasscheck { arguments }) => {
            Ok(externpasscheck::check(&runtime, folder, &arguments))
        }
        Some(Action::Serve) => {
            let code = serve::serve(&runtime, &folder?);
            // All doors are closed: what still looks up a name somewhere keeps nobody waiting.
            runtime.shutdown_timeout(AFTER_THE_END);
            code
        }
        Some(Action::Key { action }) => {
            let service = runtime.block_on(folder?.open())?;
            let caller = account::owner(Door::Program);
            runtime.block_on(keys::act(&service, &caller, &action))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Action::Client { action }) => {
            let service = runtime.block_on(folder?.open())?;
            let caller = runtime.block_on(account::caller(&service, Door::Program, act_as))?;
            runtime.block_on(clients::act(&service, &caller, &action))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Action::Audit { action }) => {
            let service = runtime.block_on(folder?.open())?;
            let caller = account::owner(Door::Program);
            audit::act(&runtime, &service, &caller, &action)
        }
        Some(Action::Import {
            file,
            dry_run,
            format,
            json,
        }) => {
            let service = runtime.block_on(folder?.open())?;
            let caller = runtime.block_on(account::caller(&service, Door::Program, act_as))?;
            let how = import::How {
                dry_run,
                format,
                json,
            };
            import::import(&runtime, &service, &caller, &file, &how)
        }
        Some(Action::Sync(how)) => {
            let folder = folder?;
            if how.check {
                return sync::check(&runtime, &folder, &how);
            }
            let service = runtime.block_on(folder.open())?;
            let caller = runtime.block_on(account::caller(&service, Door::Program, act_as))?;
            sync::sync(&runtime, &service, &caller, &folder, &how)
        }
        Some(Action::ImportPins {
            file,
            dry_run,
            must_change,
            generate_for_refused,
            report,
            json,
        }) => {
            let service = runtime.block_on(folder?.open())?;
            let caller = runtime.block_on(account::caller(&service, Door::Program, act_as))?;
            let how = import_pins::How {
                dry_run,
                must_change,
                generate_for_refused,
                report,
                json,
            };
            import_pins::import(&runtime, &service, &caller, &file, &how)
        }
        None => {
            let work = Work::of(args.command, args.script)?;
            let folder = folder?;
            let service = runtime.block_on(folder.open())?;
            run::run(&Product::of(service, &runtime, act_as)?, work)
        }
    }
}
