//! The FastAGI door in the program.

use std::sync::Arc;

use anyhow::{Context, Result};
use pinward_fastagi::{Desk, Server};

use crate::serve::{Doors, House};

/// Binds the listener, where one is configured, and answers at it.
pub async fn start(house: &House, doors: &mut Doors) -> Result<()> {
    let config = Arc::clone(&house.config.borrow());
    let fastagi = &config.fastagi;
    let Some(listen) = fastagi.listen()? else {
        return Ok(());
    };
    let server = Server::bind(listen, fastagi.limits()?)
        .await
        .with_context(|| format!("[fastagi] in pinward.toml: cannot listen at {listen}"))?;
    let desk = Desk {
        service: Arc::clone(&house.service),
        settings: Arc::new(config.attendant.settings(fastagi.tell_reasons)?),
        sounds: fastagi.sounds(&config.attendant)?,
        trust_caller_number: fastagi.trust_caller_number,
        confbridge: fastagi.confbridge()?,
    };
    tracing::info!("answering calls at agi://{}", server.address()?);
    let stopping = house.stopping.clone();
    let patience = config.server.stop.0;
    doors.spawn(async move {
        server.serve(Arc::new(desk), stopping, patience).await;
        Ok(())
    });
    Ok(())
}
