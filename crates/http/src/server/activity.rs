//! What a conversation is doing, seen from outside of the HTTP library, so that the library and its buffers need
//! not be kept while nothing of it is under way.
//!
//! Where in doubt something is under way: then the library is kept, which costs memory. A connection that owes nothing
//! ends when no head has come for too long (`converse.rs`), so the doubt must come to an end.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What is known of one conversation.
#[derive(Default)]
pub struct Activity {
    requests: AtomicU64,
    /// Requests without all of their answer, and bodies of requests that somebody has.
    under_way: AtomicUsize,
    /// The body of the last request was given up: only the library knows what of it is still to come.
    given_up: AtomicBool,
    /// What was tried last is to read, there was nothing, and everything had been sent.
    calm: AtomicBool,
}

impl Activity {
    /// How many requests have come.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Whether all that has come is answered, and the next head is waited for. The beginning of one may have come.
    pub fn rests(&self) -> bool {
        self.requests() > 0 && !self.given_up.load(Ordering::Relaxed) && self.owes_nothing()
    }

    /// Whether every request that has come as a whole is answered, if there was one.
    pub fn owes_nothing(&self) -> bool {
        self.under_way.load(Ordering::Acquire) == 0 && self.calm.load(Ordering::Relaxed)
    }

    /// A request has come, which is under way until what this returns is dropped.
    pub fn begin(self: &Arc<Self>) -> Under {
        self.requests.fetch_add(1, Ordering::Relaxed);
        // The library is done with the one before.
        self.given_up.store(false, Ordering::Relaxed);
        self.under()
    }

    /// Something of it is under way until this is dropped.
    pub fn under(self: &Arc<Self>) -> Under {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        Under(Arc::clone(self))
    }
}

/// Something is under way until this is dropped.
pub struct Under(Arc<Activity>);

impl Drop for Under {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Release);
    }
}

/// The body of a request or of an answer, which is under way as long as somebody has it.
pub struct Watched<B: Body> {
    body: B,
    ended: bool,
    under: Under,
}

impl<B: Body> Watched<B> {
    /// What comes from the other end: how much of it was read counts.
    pub fn asked(body: B, under: Under) -> Self {
        let ended = false;
        Self { body, ended, under }
    }

    /// What is sent: the library lets go of it when it has what it needs.
    pub fn answered(body: B, under: Under) -> Self {
        let ended = true;
        Self { body, ended, under }
    }
}

impl<B: Body + Unpin> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let came = Pin::new(&mut self.body).poll_frame(cx);
        self.ended |= matches!(came, Poll::Ready(None));
        came
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B: Body> Drop for Watched<B> {
    fn drop(&mut self) {
        if !self.ended && !self.body.is_end_stream() {
            self.under.0.given_up.store(true, Ordering::Relaxed);
        }
    }
}

/// The stream that the library reads and writes.
pub struct Overheard<S> {
    stream: S,
    activity: Arc<Activity>,
    /// What was read from the stream before, and comes first.
    before: Bytes,
}

impl<S> Overheard<S> {
    pub fn new(stream: S, activity: Arc<Activity>, before: Bytes) -> Self {
        Self {
            stream,
            activity,
            before,
        }
    }

    /// The stream alone. Where the conversation was calm, all that came before it was read.
    pub fn into_stream(self) -> S {
        self.stream
    }

    /// Sending that does not get on: reading that waits, too, tells nothing then.
    fn sent<T>(&self, came: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if came.is_pending() {
            self.activity.calm.store(false, Ordering::Relaxed);
        }
        came
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Overheard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let came = if self.before.is_empty() {
            Pin::new(&mut self.stream).poll_read(cx, buffer)
        } else {
            let length = self.before.len().min(buffer.remaining());
            buffer.put_slice(&self.before.split_to(length));
            Poll::Ready(Ok(()))
        };
        self.activity
            .calm
            .store(came.is_pending(), Ordering::Relaxed);
        came
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Overheard<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let came = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.sent(came)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let came = Pin::new(&mut self.stream).poll_flush(cx);
        self.sent(came)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let came = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.sent(came)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let came = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.sent(came)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
