//! Running commands: a pipeline, a script, standard input, or a person at a terminal.

use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, anyhow, bail};
use pinward_service::{Caller, Door, Service};
use pinward_shell::limits::Limits;
use pinward_shell::session::{RunResult, Session};
use pinward_shell::{Registry, host::Host};
use tokio::runtime::{Handle, Runtime};

use crate::account;
use crate::completion::Names;
use crate::interactive;
use crate::lines::Lines;
use crate::terminal::Terminal;

/// The evaluator recurses; its limits are made for a stack of this size.
const STACK: usize = 64 << 20;

/// What to run.
pub enum Work {
    /// Commands as text: from `-c`, a file or standard input.
    Source(String),
    /// What a person types.
    Interactive,
}

impl Work {
    /// The first of: the pipeline, the script, standard input, a person at the terminal.
    pub fn of(command: Option<String>, script: Option<PathBuf>) -> Result<Self> {
        if let Some(command) = command {
            return Ok(Self::Source(command));
        }
        if let Some(path) = script {
            let source = fs::read_to_string(&path)
                .with_context(|| format!("cannot read the script {}", path.display()))?;
            return Ok(Self::Source(source));
        }
        if io::stdin().is_terminal() {
            return Ok(Self::Interactive);
        }
        let mut source = String::new();
        let most = Limits::default().source_bytes as u64;
        io::stdin()
            .lock()
            .take(most + 1)
            .read_to_string(&mut source)
            .context("cannot read the commands on standard input")?;
        if source.len() as u64 > most {
            bail!("standard input is longer than {most} bytes; commands are not that long");
        }
        Ok(Self::Source(source))
    }
}

/// The service with who uses it here.
#[derive(Clone)]
pub struct Product {
    pub service: Arc<Service>,
    pub caller: Caller,
    pub runtime: Handle,
}

impl Product {
    /// The product for whoever may read the data folder on this machine, or for the user as whom they
    /// want to act.
    pub fn of(service: Arc<Service>, runtime: &Runtime, act_as: Option<&str>) -> Result<Self> {
        let caller = runtime.block_on(account::caller(&service, Door::Shell, act_as))?;
        Ok(Self {
            service,
            caller,
            runtime: runtime.handle().clone(),
        })
    }
}

/// Runs the work on a thread of its own. The exit code: 0 all well, 1 an error was reported.
pub fn run(product: &Product, work: Work) -> Result<ExitCode> {
    let cancelled = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, Arc::clone(&cancelled))
        .context("cannot listen for Ctrl-C")?;
    let product = product.clone();
    let body = move || match work {
        Work::Source(source) => {
            let (mut session, _lines) = session(&product, &cancelled, false);
            Ok(exit_code_of(session.run(&source), &cancelled))
        }
        Work::Interactive => {
            let (session, lines) = session(&product, &cancelled, true);
            interactive::interactive(session, &lines, &cancelled)
        }
    };
    std::thread::Builder::new()
        .name("shell".into())
        .stack_size(STACK)
        .spawn(body)
        .context("cannot start the shell's thread")?
        .join()
        .map_err(|_panic| anyhow!("the shell stopped unexpectedly; please report this"))?
}

fn session(
    product: &Product,
    cancelled: &Arc<AtomicBool>,
    interactive: bool,
) -> (Session, Rc<Lines>) {
    let names = Names {
        service: Arc::clone(&product.service),
        caller: product.caller.clone(),
        runtime: product.runtime.clone(),
    };
    let lines = Rc::new(Lines::default());
    let may_ask = interactive || io::stdin().is_terminal();
    let host: Box<dyn Host> = Box::new(Terminal::new(
        Arc::clone(cancelled),
        names,
        Rc::clone(&lines),
        may_ask,
    ));
    let mut registry = Registry::with_language_commands();
    registry.extend(pinward_cmdlets::all(pinward_cmdlets::Product {
        service: Arc::clone(&product.service),
        caller: product.caller.clone(),
        runtime: product.runtime.clone(),
    }));
    (
        Session::new(Arc::new(registry), host, Limits::default()),
        lines,
    )
}

/// What the run means to whoever started the program.
pub fn exit_code_of(result: RunResult, interrupted: &AtomicBool) -> ExitCode {
    if let Some(code) = result.exit {
        return ExitCode::from(u8::try_from(code & 0xff).unwrap_or(u8::MAX));
    }
    if result.cancelled && interrupted.load(Ordering::Relaxed) {
        // As shells report a program that was ended by Ctrl-C.
        return ExitCode::from(130);
    }
    if result.parse_failed || result.errors > 0 {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Writes a line for the person on standard output.
pub fn say(text: &str) -> Result<()> {
    writeln!(io::stdout(), "{text}").context("cannot write to standard output")
}
