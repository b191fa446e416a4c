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
    let (service, data) = (Arc::clone(&house.service), PathBuf::from(data));
    house.follow(doors, move |config| {
        if let Err(error) = ask(&service, config, &data) {
            tracing::error!("passwords are asked of the earlier directories: {error:#}");
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
