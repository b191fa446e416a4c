//! The server: listeners, connections, and their end.

mod activity;
mod carry;
mod certificate;
mod converse;
mod listen;
mod tls;
mod unstalled;
mod when_woken;

use std::pin::pin;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use carry::{Carrying, carry};
pub use certificate::{CertificateError, fingerprint};
pub use listen::{Listen, ListenError};
use listen::{Listener, Socket};
pub use tls::{TlsConfig, TlsError};
use when_woken::WhenWoken;

use crate::traffic::OpenConnection;
use crate::{App, Routes};

/// How long to wait after the system refused to accept a connection, which is when it is out of something.
const OUT_OF_SOMETHING: Duration = Duration::from_millis(100);

/// Listeners that are bound and not yet served.
pub struct Server {
    listeners: Vec<Listener>,
    tls: watch::Receiver<Option<TlsConfig>>,
    limited: bool,
}

impl Server {
    /// Binds all of these. `tls` is needed where one of them is encrypted; the handshakes after a change
    /// use the new one.
    pub async fn bind(
        listen: &[Listen],
        tls: watch::Receiver<Option<TlsConfig>>,
    ) -> Result<Self, ListenError> {
        let mut listeners = Vec::with_capacity(listen.len());
        for listen in listen {
            listeners.push(Listener::bind(listen).await?);
        }
        Ok(Self {
            listeners,
            tls,
            limited: true,
        })
    }

    /// The same without a limit on connections: for monitoring, which must see what happens when there are too
    /// many of the others.
    #[must_use]
    pub fn unlimited(self) -> Self {
        Self {
            limited: false,
            ..self
        }
    }

    /// Where it is reached, one line for each listener.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.listeners.iter().map(Listener::address).collect()
    }

    /// Answers until the program is stopping; then accepts nobody any more, lets what is under way finish,
    /// for so long at most, and returns.
    pub async fn serve(self, app: App, routes: impl Into<Routes>, patience: Duration) {
        let connections = TaskTracker::new();
        let cut = CancellationToken::new();
        let accepting = TaskTracker::new();
        let with = Carrying {
            app: app.clone(),
            routes: routes.into(),
            tls: self.tls,
        };
        for listener in self.listeners {
            let accept = Accept {
                listener,
                limited: self.limited,
                with: with.clone(),
                connections: connections.clone(),
                cut: cut.clone(),
            };
            accepting.spawn(accept.run());
        }
        accepting.close();
        accepting.wait().await;
        connections.close();
        app.tasks().close();
        let all = async {
            connections.wait().await;
            app.tasks().wait().await;
        };
        if tokio::time::timeout(patience, all).await.is_err() {
            let (connections, tasks) = (connections.len(), app.tasks().len());
            tracing::warn!(connections, tasks, "stopped before everything was answered");
        }
        cut.cancel();
        connections.wait().await;
    }
}

/// A listener with what its connections need.
struct Accept {
    listener: Listener,
    limited: bool,
    with: Carrying,
    connections: TaskTracker,
    cut: CancellationToken,
}

impl Accept {
    async fn run(self) {
        let stopping = self.with.app.stopping().clone();
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = stopping.cancelled() => break,
            };
            match accepted {
                Ok(socket) => self.take(socket),
                Err(error) => {
                    if let Some(more) = self.with.app.complaint("http: accept") {
                        tracing::warn!(%error, more, "a connection could not be accepted");
                    }
                    tokio::time::sleep(OUT_OF_SOMETHING).await;
                }
            }
        }
        // Whoever was connected by the system already is not turned away.
        while let Some(socket) = self.listener.accept_waiting().await {
            self.take(socket);
        }
    }

    fn take(&self, socket: Socket) {
        let app = &self.with.app;
        let address = socket.address().map(|address| address.ip().to_canonical());
        let open = match self.limited {
            true => OpenConnection::admit(app, address, &app.settings()),
            false => None,
        };
        if self.limited && open.is_none() {
            return;
        }
        let tls = match self.listener.is_encrypted() {
            true => self.with.tls.borrow().clone(),
            false => None,
        };
        if self.listener.is_encrypted() && tls.is_none() {
            // Never plain where TLS was promised.
            return;
        }
        let (with, cut) = (self.with.clone(), self.cut.clone());
        self.connections.spawn(async move {
            let _open = open;
            let cut = pin!(cut.cancelled());
            let cut = WhenWoken::new(cut);
            tokio::select! {
                biased;
                () = carry(socket, tls, with) => {}
                () = cut => {}
            }
        });
    }
}
