//! Who is asked whether the passwords of people are right: the directories of the configuration.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use pinward_directory::PasswordCheck;
use pinward_directory::ldap::LdapPasswords;
use pinward_service::Service;

use crate::config::Config;
use crate::serve::{Doors, House};

/// Has the service ask them, and those of every later configuration.
pub fn start(house: &House, data: &Path, doors: &mut Doors) -> Result<()> {
    ask(&house.service, &house.config.borrow(), data)?;
    let (service, mut config) = (Arc::clone(&house.service), house.config.clone());
    let (stopping, data) = (house.stopping.clone(), PathBuf::from(data));
    doors.spawn(async move {
        loop {
            tokio::select! {
                () = stopping.cancelled() => return Ok(()),
                changed = config.changed() => if changed.is_err() {
                    stopping.cancelled().await;
                    return Ok(());
                },
            }
            let now = Arc::clone(&config.borrow_and_update());
            if let Err(error) = ask(&service, &now, &data) {
                tracing::error!("passwords are asked of the earlier directories: {error:#}");
            }
        }
    });
    Ok(())
}

fn ask(service: &Service, config: &Config, data: &Path) -> Result<()> {
    let mut passwords = LdapPasswords::default();
    for directory in &config.directory {
        directory.ask_for_passwords(data, &mut passwords)?;
    }
    let limits = config.sign_in.limits()?;
    let check =
        (!config.directory.is_empty()).then(|| Arc::new(passwords) as Arc<dyn PasswordCheck>);
    service.ask_passwords_of(check, limits);
    Ok(())
}
