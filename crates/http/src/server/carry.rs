//! One connection, from the handshake to its end.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::listen::Socket;
use super::tls::{TlsConfig, certificate};
use super::unstalled::Unstalled;
use crate::{App, Connection, Limits};

/// How long the handshake of TLS may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long an idle connection is still listened to when the program stops: a request that crosses the
/// end on its way is answered.
const LINGER: Duration = Duration::from_millis(100);
/// The most that is kept of a request's head; longer ones are answered with 431.
const LONGEST_HEAD: usize = 32 << 10;

/// What a connection is carried with.
#[derive(Clone)]
pub struct Carrying {
    /// What it talks to.
    pub app: App,
    /// What answers.
    pub router: Router,
}

/// Does the handshake where there is one, then answers.
pub async fn carry(socket: Socket, tls: Option<TlsConfig>, with: Carrying) {
    let limits = with.app.settings().limits;
    let connection = Connection {
        address: socket.address(),
        ..Connection::default()
    };
    let socket = Unstalled::new(socket, limits.stalled);
    let Some(tls) = tls else {
        return converse(socket, connection, with, limits).await;
    };
    let acceptor = TlsAcceptor::from(tls.rustls);
    match tokio::time::timeout(HANDSHAKE, acceptor.accept(socket)).await {
        Ok(Ok(stream)) => {
            let connection = Connection {
                encrypted: true,
                certificate: certificate(&stream),
                ..connection
            };
            converse(stream, connection, with, limits).await;
        }
        Ok(Err(error)) => {
            with.app.traffic().handshake_failed();
            tracing::debug!(%error, "no TLS could be agreed on");
        }
        Err(_) => {
            with.app.traffic().handshake_failed();
            tracing::debug!("the TLS handshake took too long");
        }
    }
}

/// Answers the requests of one connection, one after the other.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    connection: Connection,
    with: Carrying,
    limits: Limits,
) {
    let stopping = with.app.stopping().clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        answer(request.map(Body::new), connection.clone(), with.clone())
    });
    let conversation = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(conversation);
    let linger = async {
        stopping.cancelled().await;
        tokio::time::sleep(LINGER).await;
    };
    let ended = tokio::select! {
        ended = conversation.as_mut() => ended,
        () = linger => {
            conversation.as_mut().graceful_shutdown();
            conversation.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

async fn answer(
    mut request: Request<Body>,
    connection: Connection,
    with: Carrying,
) -> Result<Response<Body>, Infallible> {
    request.extensions_mut().insert(connection);
    let mut response = with.router.oneshot(request).await?;
    if with.app.stopping().is_cancelled() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    Ok(response)
}
