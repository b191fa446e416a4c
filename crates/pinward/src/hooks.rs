//! The web hooks of telephone systems in the program.

use std::sync::Arc;

use anyhow::Result;
use pinward_http::{Hook, HookParts, HookSettings, Hooks, Httapi, Settings, Twiml};
use tokio::sync::watch;

use crate::config::Config;
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
    house.follow(doors, move |config| {
        let changed = changed(config, &settings.borrow());
        settings.send_replace(Arc::new(changed));
    });
    let hooks = Hooks::new(HookParts {
        service: Arc::clone(&house.service),
        settings: watched,
        server,
        clock: Arc::new(SystemClock),
    });
    let (watch, stopping) = (hooks.watch(), house.stopping.clone());
    doors.spawn(async move {
        stopping.run_until_cancelled_owned(watch).await;
        Ok(())
    });
    Ok(hooks)
}

fn settings(config: &Config) -> Result<HookSettings> {
    Ok(HookSettings {
        twiml: twiml(config)?.map(Arc::new),
        httapi: httapi(config)?.map(Arc::new),
    })
}

/// What can be used of a changed configuration; each hook for itself. Its files may have changed since it was
/// checked.
fn changed(config: &Config, before: &HookSettings) -> HookSettings {
    HookSettings {
        twiml: or_before(twiml(config), before.twiml.as_ref()),
        httapi: or_before(httapi(config), before.httapi.as_ref()),
    }
}

fn or_before<T>(changed: Result<Option<T>>, before: Option<&Arc<T>>) -> Option<Arc<T>> {
    match changed {
        Ok(changed) => changed.map(Arc::new),
        Err(error) => {
            tracing::error!("a hook stays as it was: {error:#}");
            before.cloned()
        }
    }
}

fn hook(config: &Config, tell_reasons: bool, most_calls: u32) -> Result<Hook> {
    Ok(Hook {
        flow: Arc::new(config.attendant.settings(tell_reasons)?),
        most_calls: usize::try_from(most_calls)?,
    })
}

fn twiml(config: &Config) -> Result<Option<Twiml>> {
    let hooks = &config.hooks;
    if !hooks.are_on() {
        return Ok(None);
    }
    Ok(Some(Twiml {
        // Whoever calls from anywhere is told no reasons (R-AUTH-5).
        hook: hook(config, false, hooks.most_calls)?,
        secret: hooks.secret()?,
        public_url: config.server.public_url.clone(),
    }))
}

fn httapi(config: &Config) -> Result<Option<Httapi>> {
    let httapi = &config.httapi;
    if !httapi.is_on() {
        return Ok(None);
    }
    Ok(Some(Httapi {
        hook: hook(config, httapi.tell_reasons, httapi.most_calls)?,
        password: httapi.password()?,
        networks: httapi.networks()?,
        voice: httapi.voice(&config.attendant)?,
        trust_caller_number: httapi.trust_caller_number,
    }))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn one_that_is_broken_does_not_hold_up_the_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        fs::write(&file, "a long secret\n").expect("the secret");
        fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("for nobody else");
        let most = |settings: &HookSettings| {
            let twiml = settings.twiml.as_ref().map(|it| it.hook.most_calls);
            let httapi = settings.httapi.as_ref().map(|it| it.hook.most_calls);
            (twiml, httapi)
        };
        let mut config = Config::default();
        config.hooks.token_file = file.clone();
        config.httapi.password_file = file.clone();
        let before = settings(&config).expect("both can be used");
        assert_eq!(most(&before), (Some(1000), Some(1000)));
        (config.hooks.most_calls, config.httapi.most_calls) = (7, 8);
        for (twiml, httapi, then) in [
            (&*file, &*file, (7, 8)),
            (folder.path(), &*file, (1000, 8)),
            (&*file, folder.path(), (7, 1000)),
        ] {
            config.hooks.token_file = twiml.to_owned();
            config.httapi.password_file = httapi.to_owned();
            let then = (Some(then.0), Some(then.1));
            assert_eq!(most(&changed(&config, &before)), then);
        }
    }
}
