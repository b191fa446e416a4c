//! Work that is done to its end, whether or not anybody waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

/// The work panicked. What it said was reported where it happened.
#[derive(Debug)]
pub struct Panicked;

/// Does its work where it is waited for. When nobody waits any longer, the work becomes a task of its own: only
/// then, since nearly every request is waited for, and would be handed from task to task and back for nothing.
pub struct ToTheEnd<T: Send + 'static> {
    work: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    begun: bool,
    tasks: TaskTracker,
    runtime: Handle,
}

impl<T: Send + 'static> ToTheEnd<T> {
    /// `work`, which is one of these tasks when it has to be. To be called within a runtime of tokio.
    pub fn new(work: impl Future<Output = T> + Send + 'static, tasks: TaskTracker) -> Self {
        Self {
            work: Some(Box::pin(work)),
            begun: false,
            tasks,
            runtime: Handle::current(),
        }
    }
}

impl<T: Send + 'static> Future for ToTheEnd<T> {
    type Output = Result<T, Panicked>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.begun = true;
        let Some(work) = &mut self.work else {
            return Poll::Ready(Err(Panicked));
        };
        // Nothing of the work is looked at after a panic but to drop it.
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx)));
        let ended = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(done)) => Ok(done),
            Err(_reported) => Err(Panicked),
        };
        self.work = None;
        Poll::Ready(ended)
    }
}

impl<T: Send + 'static> Drop for ToTheEnd<T> {
    fn drop(&mut self) {
        if self.begun
            && let Some(work) = self.work.take()
        {
            drop(self.tasks.spawn_on(work, &self.runtime));
        }
    }
}
