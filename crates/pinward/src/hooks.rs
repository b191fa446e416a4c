//! The web hooks of telephone services in the program.

use std::fs;
use std::sync::Arc;

use anyhow::{Context, Result};
use pinward_http::{HookParts, Hooks, Secret};

use crate::config::Config;
use crate::serve::House;
use crate::system::SystemClock;

/// The hooks, where they are configured.
pub fn hooks(house: &House, config: &Config) -> Result<Option<Hooks>> {
    if !config.hooks.are_on() {
        return Ok(None);
    }
    let file = config.hooks.token_file.display();
    let token = fs::read_to_string(&config.hooks.token_file)
        .with_context(|| format!("[hooks] in pinward.toml: cannot read {file}"))?;
    let secret = Secret::new(&token).with_context(|| {
        format!("[hooks] in pinward.toml: {file} is empty; write the token into it")
    })?;
    Ok(Some(Hooks::new(HookParts {
        service: Arc::clone(&house.service),
        // Whoever calls from anywhere is told no reasons (R-AUTH-5).
        settings: Arc::new(config.attendant.settings(false)?),
        secret,
        public_url: config.server.public_url.clone(),
        most_calls: usize::try_from(config.hooks.most_calls)?,
        clock: Arc::new(SystemClock),
    })))
}
