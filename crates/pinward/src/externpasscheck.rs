//! `pinward externpasscheck`: whether Asterisk's voicemail may take a new PIN, by the rules of Pinward.
//!
//! Asterisk runs the program with the mailbox, its context, the old PIN and the new one as arguments (that is
//! its protocol: other people on the machine can see them for a moment), and reads the first line of its
//! output. It takes the PIN where that begins with `VALID`, and also where there is no output at all. So
//! everything that goes wrong here still says `INVALID`.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use pinward_service::{Caller, Door, Service};
use tokio::runtime::Runtime;

use crate::account;
use crate::folder::Folder;

/// Judges the new PIN of a mailbox and answers Asterisk. The exit code says the same.
pub fn check(runtime: &Runtime, folder: Result<Folder>, arguments: &[String]) -> ExitCode {
    let judged = runtime.block_on(async {
        let (mailbox, candidate) = mailbox_and_pin(arguments)?;
        let service: Arc<Service> = folder?.open().await?;
        refusals(&service, &account::owner(Door::Program), mailbox, candidate).await
    });
    let (answer, code) = match judged {
        Ok(refusals) if refusals.is_empty() => ("VALID".to_owned(), ExitCode::SUCCESS),
        Ok(refusals) => (format!("INVALID {}", refusals.join(" ")), ExitCode::FAILURE),
        Err(error) => {
            // A closed standard error leaves nobody to tell.
            let _told = writeln!(io::stderr(), "pinward: {error:#}");
            ("INVALID".to_owned(), ExitCode::FAILURE)
        }
    };
    match writeln!(io::stdout(), "{answer}") {
        Ok(()) => code,
        Err(_nobody_reads) => ExitCode::FAILURE,
    }
}

/// A mailbox without a PIN so far has an empty third argument, which the shell between drops.
fn mailbox_and_pin(arguments: &[String]) -> Result<(&str, &str)> {
    match arguments {
        [mailbox, _context, new] | [mailbox, _context, _, new] => Ok((mailbox, new)),
        _ => bail!(
            "externpasscheck takes what Asterisk gives it: MAILBOX CONTEXT OLD NEW. There are {} \
             arguments",
            arguments.len()
        ),
    }
}

/// What the policy of the user whose extension the mailbox is says against the PIN.
async fn refusals(
    service: &Service,
    caller: &Caller,
    mailbox: &str,
    candidate: &str,
) -> Result<Vec<String>> {
    let judgement = service
        .judge_pin_of_number(caller, mailbox, candidate)
        .await
        .context("the mailbox cannot be matched with one user")?;
    let violations = judgement.violations.iter();
    Ok(violations.map(ToString::to_string).collect())
}
