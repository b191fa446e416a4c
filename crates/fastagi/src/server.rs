//! The listener: who may connect, and how many calls there may be at a time.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pinward_core::Network;
use pinward_service::Door;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::{Desk, attend};

/// After an error of the listener, such as too many open files.
const PAUSE: Duration = Duration::from_millis(200);

/// Who may connect, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Only from these networks: FastAGI knows no password and no encryption.
    pub networks: Vec<Network>,
    /// So many calls at a time; more are closed at once, and the dialplan refuses.
    pub most_calls: usize,
}

/// A listener that is bound.
pub struct Server {
    listener: TcpListener,
}

impl Server {
    /// Binds the listener.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self { listener })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers calls until `stopping` is cancelled, each with the desk of the moment when it came in. Then
    /// nobody is asked anything more; what is said and decided may go on for `patience`.
    pub async fn serve(
        self,
        desk: watch::Receiver<Arc<Desk>>,
        stopping: CancellationToken,
        patience: Duration,
    ) {
        let mut calls = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                biased;
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
            let desk = Arc::clone(&desk.borrow());
            if !desk.limits.admit(peer) {
                refuse(
                    &desk,
                    peer,
                    "UnknownNetwork",
                    "not from one of the networks of [fastagi]",
                );
                continue;
            }
            if calls.len() >= desk.limits.most_calls {
                refuse(&desk, peer, "Busy", "there are most_calls calls already");
                continue;
            }
            let stopping = stopping.clone();
            calls.spawn(async move { answer(stream, &desk, peer, &stopping).await });
        }
        drop(self.listener);
        let _patience_ended = timeout(patience, async {
            while calls.join_next().await.is_some() {}
        })
        .await;
    }
}

impl Limits {
    fn admit(&self, peer: SocketAddr) -> bool {
        let mut networks = self.networks.iter();
        networks.any(|network| network.contains(peer.ip()))
    }
}

/// Counts a connection that is closed at once, and says why in the log, seldom.
fn refuse(desk: &Desk, peer: SocketAddr, reason: &'static str, why: &'static str) {
    desk.service.note_dropped(Door::FastAgi, reason);
    if let Some(more) = desk.service.complaints().due(why) {
        tracing::warn!(%peer, more, "FastAGI: refused: {why}");
    }
}

async fn answer(stream: TcpStream, desk: &Desk, peer: SocketAddr, stopping: &CancellationToken) {
    // Commands are short and wait for an answer each.
    let _slower_otherwise = stream.set_nodelay(true);
    attend(stream, desk, peer.ip().to_canonical(), stopping).await;
}
