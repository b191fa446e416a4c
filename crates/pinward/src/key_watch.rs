//! The server notices that `pinward key` changed the key file, which is another process.

use std::sync::Arc;
use std::time::Duration;

use pinward_service::{Refusal as _, Service};
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::serve::{Doors, House};

/// How often it looks; docs/operating.md says so. When it is told to read its configuration again it looks at once.
const LOOK: Duration = Duration::from_secs(60);

/// Begins to look.
pub fn start(house: &House, doors: &mut Doors) {
    let service = Arc::clone(&house.service);
    let (config, stopping) = (house.config.clone(), house.stopping.clone());
    doors.spawn(async move {
        look_every(LOOK, &service, config, &stopping).await;
        Ok(())
    });
}

async fn look_every(
    time: Duration,
    service: &Service,
    mut config: watch::Receiver<Arc<Config>>,
    stopping: &CancellationToken,
) {
    loop {
        tokio::select! {
            () = stopping.cancelled() => return,
            () = sleep(time) => {}
            Ok(()) = config.changed() => {}
        }
        match service.follow_keys().await {
            Ok(None) => {}
            Ok(Some(id)) => {
                tracing::info!("the keys were changed: new PINs are made with key {id}");
            }
            Err(error) => tracing::error!(id = error.id(), "the keys stay as they were: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pinward_testkit::Kit;

    // R-SEC-2
    #[tokio::test]
    async fn a_key_of_another_process_is_noticed_without_being_told() {
        let kit = Kit::sample().await;
        let server = kit.beside().await;
        let rotated = kit.service.rotate_key(&kit.administrator()).await;
        let id = rotated.expect("a new key");
        let (_changed, config) = watch::channel(Arc::new(Config::default()));
        let stopping = CancellationToken::new();
        let noticed = async {
            loop {
                let keys = server.service.key_status().await.expect("the keys");
                if keys.iter().any(|key| key.current && key.id == id) {
                    stopping.cancel();
                    return;
                }
            }
        };
        let time = Duration::from_millis(1);
        tokio::join!(
            look_every(time, &server.service, config, &stopping),
            noticed
        );
    }
}
