//! `pinward key`.

use anyhow::Result;
use pinward_service::{Caller, KeyStatus, Service};
use serde_json::json;

use crate::args::KeyAction;
use crate::run::say;

/// Does what was asked and says what came of it.
pub async fn act(service: &Service, caller: &Caller, action: &KeyAction) -> Result<()> {
    match action {
        KeyAction::Status { json } => status(&service.key_status().await?, *json),
        KeyAction::Rotate => {
            let id = service.rotate_key(caller).await?;
            say(&format!(
                "New PINs are made with key {id}; the others move to it as their users log on. Back \
                 up the key file now."
            ))
        }
        KeyAction::Remove { id } => {
            service.remove_key(caller, id).await?;
            say(&format!("Key {id} is removed."))
        }
    }
}

fn status(keys: &[KeyStatus], as_json: bool) -> Result<()> {
    if as_json {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| {
                json!({
                    "id": key.id,
                    "created": key.created.map(|created| created.to_string()),
                    "current": key.current,
                    "verifiers": key.verifiers,
                })
            })
            .collect();
        return say(&json!(keys).to_string());
    }
    say("key       made                  stored PINs  in use for new PINs")?;
    for key in keys {
        let created = key
            .created
            .map_or_else(String::new, |created| created.to_string());
        let current = if key.current { "yes" } else { "no" };
        say(&format!(
            "{:<9} {created:<21} {:>11}  {current}",
            key.id, key.verifiers
        ))?;
    }
    Ok(())
}
