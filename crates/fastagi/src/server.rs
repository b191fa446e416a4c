//! The listener: who may connect, and how many calls there may be at a time.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pinward_core::Network;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::{Desk, attend};

/// After an error of the listener, such as too many open files.
const PAUSE: Duration = Duration::from_millis(200);

/// Who may connect, and how often.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Only from these networks: FastAGI knows no password and no encryption.
    pub networks: Vec<Network>,
    /// So many calls at a time; more are closed at once, and the dialplan refuses.
    pub most_calls: usize,
}

/// A listener that is bound.
pub struct Server {
    listener: TcpListener,
    limits: Limits,
}

impl Server {
    /// Binds the listener.
    pub async fn bind(address: SocketAddr, limits: Limits) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self { listener, limits })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers calls until `stopping` is cancelled; then those that are under way may go on for `patience`.
    pub async fn serve(self, desk: Arc<Desk>, stopping: CancellationToken, patience: Duration) {
        let room = Arc::new(Semaphore::new(self.limits.most_calls));
        let mut calls = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = stopping.cancelled() => break,
                Some(_ended) = calls.join_next() => continue,
                accepted = self.listener.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::error!(%error, "a call could not be taken");
                    sleep(PAUSE).await;
                    continue;
                }
            };
            if !self.may_connect(peer) {
                tracing::warn!(%peer, "refused: not from one of the networks of [fastagi]");
                continue;
            }
            let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
                tracing::warn!(%peer, "refused: there are most_calls calls already");
                continue;
            };
            let desk = Arc::clone(&desk);
            calls.spawn(async move {
                answer(stream, &desk, peer).await;
                drop(place);
            });
        }
        drop(self.listener);
        let _patience_ended = timeout(patience, async {
            while calls.join_next().await.is_some() {}
        })
        .await;
    }

    fn may_connect(&self, peer: SocketAddr) -> bool {
        let networks = &self.limits.networks;
        networks.iter().any(|network| network.contains(peer.ip()))
    }
}

async fn answer(stream: TcpStream, desk: &Desk, peer: SocketAddr) {
    // Commands are short and wait for an answer each.
    let _slower_otherwise = stream.set_nodelay(true);
    attend(stream, desk, peer.ip().to_canonical()).await;
}
