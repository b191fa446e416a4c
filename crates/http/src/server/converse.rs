//! The requests of one connection, one after the other, and the rest between them.
//!
//! What the HTTP library needs for a connection, two buffers of 8 KiB above all, is given back when nothing has come for
//! a while, and made anew when something does: most connections are idle most of the time.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::{Body as _, Incoming};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep};

use super::activity::{Activity, Overheard, Under, Watched};
use super::carry::{Carrying, lingered};
use super::certificate::Proven;
use super::when_woken::WhenWoken;
use crate::{App, Connection};

/// The most that is kept of a request's head; longer ones are answered with 431.
const LONGEST_HEAD: usize = 32 << 10;
/// A connection on which nothing comes for so long rests: for so long at least, and twice as long at most. Where something
/// is under way it is looked at less and less often.
const CALM: Duration = Duration::from_millis(200);

/// Answers the requests of one connection until it ends.
pub async fn converse<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    mut stream: S,
    connection: Connection,
    proven: Option<Arc<Proven>>,
    with: Carrying,
) {
    let limits = with.app.settings().limits;
    let stopping = with.app.stopping().clone();
    let mut read = Bytes::new();
    loop {
        let activity = Arc::new(Activity::default());
        let service = hyper::service::service_fn(|request: Request<Incoming>| {
            let answered = activity.begin();
            let request = request.map(|body| match body.is_end_stream() {
                true => Body::empty(),
                false => Body::new(Watched::asked(body, activity.under())),
            });
            // A box, since every connection keeps the room for an answer that is not boxed.
            Box::pin(answer(
                request,
                answered,
                &connection,
                proven.as_deref(),
                &with,
            ))
        });
        let overheard = Overheard::new(stream, Arc::clone(&activity), read);
        let mut conversation = WhenWoken::new(Box::pin(
            hyper::server::conn::http1::Builder::new()
                // What is under way is done to its end whoever listens. Otherwise the library reads while it waits
                // for an answer, into a buffer that it makes for that alone.
                .half_close(true)
                // The library would make a timer for each head: until_calm() looks.
                .header_read_timeout(None)
                .max_buf_size(LONGEST_HEAD)
                .serve_connection(TokioIo::new(overheard), service),
        ));
        let stopped = pin!(lingered(&stopping));
        let stopped = WhenWoken::new(stopped);
        let paused = tokio::select! {
            biased;
            paused = until_calm(&mut conversation, &activity, limits.idle) => paused,
            () = stopped => {
                conversation.change().as_mut().graceful_shutdown();
                until_answered(&mut conversation, &activity).await
            }
        };
        if let Paused::Over(ended) = paused {
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection broke off");
            }
            return;
        }
        let parts = Pin::into_inner(conversation.into_inner()).into_parts();
        stream = parts.io.into_inner().into_stream();
        if let Paused::Last = paused {
            if let Err(error) = stream.shutdown().await {
                tracing::debug!(%error, "a connection broke off");
            }
            return;
        }
        // A copy, since even nothing of a buffer is all of it. With the beginning of a head the library goes on at
        // once: it is to come in time.
        read = Bytes::copy_from_slice(&parts.read_buf);
        drop(parts.read_buf);
        if read.is_empty() {
            match rest(&mut stream, limits.idle, &with.app).await {
                Some(first) => read = Bytes::copy_from_slice(&[first]),
                None => return,
            }
        }
    }
}

/// How the library came to be done with a conversation, or why it is not needed for now.
enum Paused {
    /// The connection is over.
    Over(hyper::Result<()>),
    /// Nothing has come for a while, and nothing is under way.
    Calm,
    /// Nothing is under way, and no more is waited for.
    Last,
}

/// Goes on with a conversation until it ends, rests, or a head was waited for in vain.
async fn until_calm<C>(
    conversation: &mut WhenWoken<Pin<Box<C>>>,
    activity: &Activity,
    idle: Duration,
) -> Paused
where
    C: Future<Output = hyper::Result<()>>,
{
    // Since when nothing was owed, which is late by a pause at most and never early.
    let (mut since, mut owed_nothing) = (Instant::now(), true);
    let (mut seen, mut pause) = (0, CALM);
    let look = pin!(sleep(pause.min(idle)));
    let mut look = WhenWoken::new(look);
    poll_fn(|cx| {
        if let Poll::Ready(ended) = Pin::new(&mut *conversation).poll(cx) {
            return Poll::Ready(Paused::Over(ended));
        }
        while Pin::new(&mut look).poll(cx).is_ready() {
            let (now, requests) = (Instant::now(), activity.requests());
            let owes_nothing = activity.owes_nothing();
            if activity.rests() && requests == seen {
                return Poll::Ready(Paused::Calm);
            }
            if requests != seen {
                (since, seen, pause) = (now, requests, CALM);
            } else {
                pause *= 2;
            }
            if !(owes_nothing && owed_nothing) {
                since = now;
            } else if now >= since + idle {
                tracing::debug!("a head was waited for in vain");
                return Poll::Ready(Paused::Last);
            }
            owed_nothing = owes_nothing;
            let next = (now + pause).min(since + idle);
            look.change().as_mut().reset(next);
        }
        Poll::Pending
    })
    .await
}

/// Goes on with a conversation that is to end until it does or nothing is under way. The beginning of a head may have
/// come, for the end of which the library would wait.
async fn until_answered<C>(conversation: &mut WhenWoken<Pin<Box<C>>>, activity: &Activity) -> Paused
where
    C: Future<Output = hyper::Result<()>>,
{
    poll_fn(|cx| match Pin::new(&mut *conversation).poll(cx) {
        Poll::Ready(ended) => Poll::Ready(Paused::Over(ended)),
        Poll::Pending if activity.owes_nothing() => Poll::Ready(Paused::Last),
        Poll::Pending => Poll::Pending,
    })
    .await
}

/// Waits for the first byte of what comes next. `None`: the connection is over.
async fn rest(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    idle: Duration,
    app: &App,
) -> Option<u8> {
    let _resting = app.traffic().rest();
    // No more than one byte: what is on the stack is not wiped.
    let mut first = [0];
    let ended = tokio::select! {
        came = tokio::time::timeout(idle, stream.read(&mut first)) => match came {
            Ok(Ok(0)) => stream.shutdown().await,
            Ok(Ok(_one)) => return Some(first[0]),
            Ok(Err(error)) => Err(error),
            Err(_idle) => stream.shutdown().await,
        },
        () = lingered(app.stopping()) => stream.shutdown().await,
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
    None
}

async fn answer(
    mut request: Request<Body>,
    answered: Under,
    connection: &Connection,
    proven: Option<&Proven>,
    with: &Carrying,
) -> Result<Response<Watched<Body>>, Infallible> {
    let mut ending = false;
    let app = &with.app;
    let mut connection = connection.clone();
    if let Some(proven) = proven {
        connection.certificate = proven.still(app.clock().now());
        // The next handshake judges anew.
        ending |= connection.certificate.is_none();
    }
    request.extensions_mut().insert(connection);
    let mut response = with.routes.answer(app, request).await;
    if ending || app.is_leaving() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    Ok(response.map(|body| Watched::answered(body, answered)))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpStream;

    use super::*;

    fn size<A, B, C, D, F: Future>(_converse: impl Fn(A, B, C, D) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_connection_that_rests_holds_little() {
        let bytes = size(converse::<Box<TcpStream>>);
        assert!(bytes <= 1024, "{bytes}");
    }
}
