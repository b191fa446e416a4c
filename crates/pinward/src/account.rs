//! Who uses the program on this machine.

use std::fs;

use anyhow::Result;
use pinward_service::{Caller, Door, Service, Source};

/// Whoever may read the data folder, as a caller at this door.
pub fn owner(door: Door) -> Caller {
    Caller::local_administrator(name()).from(Source::of(door))
}

/// The owner of the data folder, or the user as whom they want to act.
pub async fn caller(service: &Service, door: Door, act_as: Option<&str>) -> Result<Caller> {
    let owner = owner(door);
    match act_as {
        None => Ok(owner),
        Some(user) => Ok(service.caller_for(&owner, user).await?),
    }
}

/// The account's name for the audit log: as the system knows it, whatever the environment says; with
/// sudo, who became it too.
pub fn name() -> String {
    let id = rustix::process::getuid().as_raw();
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let account = named(&accounts, id).unwrap_or_else(|| format!("uid {id}"));
    let behind = std::env::var("SUDO_UID").ok().filter(|_| id == 0);
    match behind.and_then(|id| id.parse().ok()) {
        Some(id) => {
            let behind = named(&accounts, id).unwrap_or_else(|| format!("uid {id}"));
            format!("{account} (sudo by {behind})")
        }
        None => account,
    }
}

/// The name of an account in the system's list.
fn named(accounts: &str, id: u32) -> Option<String> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let found = fields.nth(1)?.parse() == Ok(id);
        (found && !name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_named_by_their_number() {
        let accounts =
            "root:x:0:0:root:/root:/bin/sh\nken:x:1000:1000::/home/ken:/bin/sh\nbroken\n";
        for (id, name) in [(0, Some("root")), (1000, Some("ken")), (7, None)] {
            assert_eq!(named(accounts, id).as_deref(), name);
        }
    }
}
