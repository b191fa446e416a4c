//! The web hooks of telephone systems in the program.

use std::sync::Arc;

use anyhow::{Context, Result};
use pinward_http::{
    Hook, HookParts, HookPassword, HookSettings, Hooks, Httapi, Secret, Settings, Twiml,
};
use tokio::sync::watch;

use crate::config::{Config, secret};
use crate::serve::{Doors, House};
use crate::system::SystemClock;

/// The hooks. What changes in the configuration is taken over; calls go on as they began.
pub fn start(
    house: &House,
    doors: &mut Doors,
    server: watch::Receiver<Arc<Settings>>,
) -> Result<Hooks> {
    let now = settings(&house.config.borrow())?;
    let (settings, watched) = watch::channel(Arc::new(now));
    house.follow(doors, move |config| match self::settings(config) {
        Ok(changed) => drop(settings.send_replace(Arc::new(changed))),
        Err(error) => tracing::error!("[hooks] and [httapi] stay as they were: {error:#}"),
    });
    Ok(Hooks::new(HookParts {
        service: Arc::clone(&house.service),
        settings: watched,
        server,
        clock: Arc::new(SystemClock),
    }))
}

fn settings(config: &Config) -> Result<HookSettings> {
    let hook = |tell_reasons, most_calls: u32| -> Result<Hook> {
        Ok(Hook {
            flow: Arc::new(config.attendant.settings(tell_reasons)?),
            most_calls: usize::try_from(most_calls)?,
        })
    };
    let (hooks, httapi) = (&config.hooks, &config.httapi);
    let twiml = hooks.are_on().then(|| -> Result<Twiml> {
        let token = secret::from_file(&hooks.token_file);
        let token = token.context("[hooks] token_file in pinward.toml")?;
        let secret = Secret::new(&token);
        Ok(Twiml {
            // Whoever calls from anywhere is told no reasons (R-AUTH-5).
            hook: hook(false, hooks.most_calls)?,
            secret: secret.context("[hooks] token_file in pinward.toml: the file is empty")?,
            public_url: config.server.public_url.clone(),
        })
    });
    let httapi = httapi.is_on().then(|| -> Result<Httapi> {
        let password = secret::from_file(&httapi.password_file);
        let password = password.context("[httapi] password_file in pinward.toml")?;
        let password = HookPassword::new(&password);
        Ok(Httapi {
            hook: hook(httapi.tell_reasons, httapi.most_calls)?,
            password: password
                .context("[httapi] password_file in pinward.toml: the file is empty")?,
            networks: httapi.networks()?,
            voice: httapi.voice(&config.attendant)?,
            trust_caller_number: httapi.trust_caller_number,
        })
    });
    Ok(HookSettings {
        twiml: twiml.transpose()?,
        httapi: httapi.transpose()?,
    })
}
