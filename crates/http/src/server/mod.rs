//! The server: listeners, connections, and their end.

mod listen;
mod tls;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

pub use listen::{Listen, ListenError};
use listen::{Listener, Socket};
pub use tls::{TlsConfig, TlsError};

use crate::Connection;

/// How long the handshake of TLS may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a connection may be idle, or take to send the head of a request.
const HEAD: Duration = Duration::from_secs(60);
/// How long to wait after the system refused to accept a connection, which is when it is out of something.
const OUT_OF_SOMETHING: Duration = Duration::from_millis(100);

/// Listeners that are bound and not yet served.
pub struct Server {
    listeners: Vec<Listener>,
    tls: Option<TlsConfig>,
}

impl Server {
    /// Binds all of these. `tls` is needed where one of them is encrypted.
    pub async fn bind(listen: &[Listen], tls: Option<TlsConfig>) -> Result<Self, ListenError> {
        let mut listeners = Vec::with_capacity(listen.len());
        for listen in listen {
            listeners.push(Listener::bind(listen).await?);
        }
        Ok(Self { listeners, tls })
    }

    /// Where it is reached, one line for each listener.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        self.listeners.iter().map(Listener::address).collect()
    }

    /// Answers until `stopping` is cancelled; then accepts nobody any more, lets what is under way finish,
    /// for so long at most, and returns.
    pub async fn serve(self, router: Router, stopping: CancellationToken, patience: Duration) {
        let connections = TaskTracker::new();
        let cut = CancellationToken::new();
        let accepting = TaskTracker::new();
        for listener in self.listeners {
            let tls = match listener.is_encrypted() {
                true => self.tls.clone().map(|tls| TlsAcceptor::from(tls.rustls)),
                false => None,
            };
            accepting.spawn(accept(Accepting {
                listener,
                tls,
                router: router.clone(),
                connections: connections.clone(),
                stopping: stopping.clone(),
                cut: cut.clone(),
            }));
        }
        accepting.close();
        accepting.wait().await;
        connections.close();
        if tokio::time::timeout(patience, connections.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                connections = connections.len(),
                "stopped before everything was answered"
            );
            cut.cancel();
            connections.wait().await;
        }
    }
}

struct Accepting {
    listener: Listener,
    tls: Option<TlsAcceptor>,
    router: Router,
    connections: TaskTracker,
    stopping: CancellationToken,
    cut: CancellationToken,
}

async fn accept(what: Accepting) {
    loop {
        let accepted = tokio::select! {
            accepted = what.listener.accept() => accepted,
            () = what.stopping.cancelled() => return,
        };
        let socket = match accepted {
            Ok(socket) => socket,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(OUT_OF_SOMETHING).await;
                continue;
            }
        };
        let (tls, router) = (what.tls.clone(), what.router.clone());
        let (stopping, cut) = (what.stopping.clone(), what.cut.clone());
        what.connections.spawn(async move {
            tokio::select! {
                () = carry(socket, tls, router, stopping) => {}
                () = cut.cancelled() => {}
            }
        });
    }
}

/// Does the handshake where there is one, then answers.
async fn carry(
    socket: Socket,
    tls: Option<TlsAcceptor>,
    router: Router,
    stopping: CancellationToken,
) {
    let mut connection = Connection {
        address: socket.address(),
        ..Connection::default()
    };
    let Some(acceptor) = tls else {
        return converse(socket, connection, router, stopping).await;
    };
    match tokio::time::timeout(HANDSHAKE, acceptor.accept(socket)).await {
        Ok(Ok(stream)) => {
            connection.encrypted = true;
            connection.certificate = tls::certificate(&stream);
            converse(stream, connection, router, stopping).await;
        }
        Ok(Err(error)) => tracing::debug!(%error, "no TLS could be agreed on"),
        Err(_) => tracing::debug!("the TLS handshake took too long"),
    }
}

/// Answers the requests of one connection, one after the other.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    connection: Connection,
    router: Router,
    stopping: CancellationToken,
) {
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(connection.clone());
        router.clone().oneshot(request)
    });
    let conversation = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(conversation);
    let ended = tokio::select! {
        ended = conversation.as_mut() => ended,
        () = stopping.cancelled() => {
            conversation.as_mut().graceful_shutdown();
            conversation.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}
