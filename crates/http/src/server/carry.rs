//! One connection, from the handshake to its end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

use super::certificate::Proven;
use super::converse::converse;
use super::listen::Socket;
use super::tls::TlsConfig;
use super::unstalled::Unstalled;
use crate::{App, Connection, Routes};

/// How long the handshake of TLS may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long an idle connection is still listened to when the program stops: a request that crosses the
/// end on its way is answered.
const LINGER: Duration = Duration::from_millis(100);

/// What a connection is carried with.
#[derive(Clone)]
pub struct Carrying {
    /// What it talks to.
    pub app: App,
    /// What answers.
    pub routes: Routes,
    /// What the handshakes are done with from now on.
    pub tls: watch::Receiver<Option<TlsConfig>>,
}

/// Waits for the first byte, does the handshake where there is one, then answers. What each of these needs
/// is held no longer than it takes: most connections are idle most of the time.
pub async fn carry(socket: Socket, tls: Option<TlsConfig>, with: Carrying) {
    let limits = with.app.settings().limits;
    let stopping = with.app.stopping().clone();
    if !Box::pin(is_heard(&socket, limits.idle, &stopping)).await {
        return;
    }
    let connection = Connection {
        address: socket.address(),
        ..Connection::default()
    };
    let socket = Unstalled::new(socket, limits.stalled);
    let Some(tls) = tls else {
        return Box::pin(converse(socket, connection, None, with)).await;
    };
    let (authorities, address) = (tls.authorities(), connection.address);
    let Some(stream) = Box::pin(shake_hands(socket, tls, address, &with.app)).await else {
        return;
    };
    let connection = Connection {
        encrypted: true,
        ..connection
    };
    let proven = Proven::of(&stream, authorities, with.tls.clone()).map(Arc::new);
    Box::pin(converse(stream, connection, proven, with)).await;
}

/// Waits for the first byte; false: there is none.
async fn is_heard(socket: &Socket, idle: Duration, stopping: &CancellationToken) -> bool {
    tokio::select! {
        heard = tokio::time::timeout(idle, socket.heard()) => matches!(heard, Ok(Ok(()))),
        () = lingered(stopping) => false,
    }
}

/// Waits until the program stops, and a moment longer.
pub async fn lingered(stopping: &CancellationToken) {
    stopping.cancelled().await;
    tokio::time::sleep(LINGER).await;
}

async fn shake_hands(
    socket: Unstalled<Socket>,
    tls: TlsConfig,
    address: Option<SocketAddr>,
    app: &App,
) -> Option<Box<TlsStream<Unstalled<Socket>>>> {
    let acceptor = TlsAcceptor::from(tls.rustls);
    let error = match tokio::time::timeout(HANDSHAKE, acceptor.accept(socket)).await {
        // In a box, since it would be moved with all its state.
        Ok(Ok(stream)) => return Some(Box::new(stream)),
        Ok(Err(error)) => {
            if is_of_the_certificate(&error)
                && let Some(more) = app.complaint("http: certificate of a client")
            {
                tracing::info!(%error, peer = ?address, more, "the certificate of a client was refused");
            }
            error.to_string()
        }
        Err(_) => "it took too long".to_owned(),
    };
    app.traffic().handshake_failed();
    tracing::debug!(%error, "no TLS could be agreed on");
    None
}

/// Whether a handshake failed because of the certificate that was shown.
fn is_of_the_certificate(error: &io::Error) -> bool {
    let cause = error.get_ref().and_then(|it| it.downcast_ref());
    matches!(cause, Some(rustls::Error::InvalidCertificate(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size<A, B, C, F: Future>(_carry: impl Fn(A, B, C) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_connection_that_says_nothing_holds_little() {
        let bytes = size(carry);
        assert!(bytes <= 768, "{bytes}");
    }
}
