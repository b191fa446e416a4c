//! A future beside others in one task.
//!
//! A task does not know which of its futures woke it, and so polls all of them each time: timers, and what is shared by
//! all connections, take locks for that. And a future that wakes its task while it is being polled (the HTTP library
//! does, for each request with a body) has it put at the end of the line, and perhaps another thread woken to take it
//! from there.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// So often a future that wakes itself is polled again before others have their turn.
const AGAIN: usize = 2;

/// Polls a future at first, and then only when that has rung: at once where it rings while it is being polled.
pub struct WhenWoken<F> {
    future: F,
    bell: Option<Arc<Bell>>,
}

/// What a future rings.
struct Bell {
    state: AtomicU8,
    task: Waker,
}

/// It waits, and wakes its task when it rings.
const WAITING: u8 = 0;
/// It is being polled.
const POLLED: u8 = 1;
/// It is to be polled again.
const RUNG: u8 = 2;

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.swap(RUNG, Ordering::AcqRel) == WAITING {
            self.task.wake_by_ref();
        }
    }
}

impl Bell {
    fn begin(&self) {
        // Not only stored: what was done before it rang is to be seen.
        self.state.swap(POLLED, Ordering::AcqRel);
    }

    /// Whether it has not rung since [`Bell::begin`].
    fn end(&self) -> bool {
        self.state
            .compare_exchange(POLLED, WAITING, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

impl<F> WhenWoken<F> {
    /// `future`, which was not polled yet.
    pub fn new(future: F) -> Self {
        Self { future, bell: None }
    }

    /// The future, to be changed. It is polled the next time.
    pub fn change(&mut self) -> &mut F {
        self.bell = None;
        &mut self.future
    }

    /// The future.
    pub fn into_inner(self) -> F {
        self.future
    }
}

impl<F: Future + Unpin> Future for WhenWoken<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let bell = match &self.bell {
            Some(bell) if bell.task.will_wake(cx.waker()) => {
                if bell.state.load(Ordering::Acquire) != RUNG {
                    return Poll::Pending;
                }
                Arc::clone(bell)
            }
            // Also where it is in another task now.
            _ => {
                let bell = Arc::new(Bell {
                    state: AtomicU8::new(RUNG),
                    task: cx.waker().clone(),
                });
                Arc::clone(self.bell.insert(bell))
            }
        };
        let waker = Waker::from(Arc::clone(&bell));
        let mut inner = Context::from_waker(&waker);
        for _ in 0..=AGAIN {
            bell.begin();
            let polled = Pin::new(&mut self.future).poll(&mut inner);
            if polled.is_ready() || bell.end() {
                return polled;
            }
        }
        // It has rung, and nobody has heard it yet.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// Counts how often it was polled, keeps who polled it last, and wakes itself as often as it is told.
    #[derive(Default)]
    struct Asked {
        times: usize,
        by: Option<Waker>,
        ready: bool,
        wakes: usize,
    }

    impl Future for Asked {
        type Output = usize;

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
            self.times += 1;
            self.by = Some(cx.waker().clone());
            if let Some(left) = self.wakes.checked_sub(1) {
                self.wakes = left;
                cx.waker().wake_by_ref();
            }
            match self.ready {
                true => Poll::Ready(self.times),
                false => Poll::Pending,
            }
        }
    }

    /// A task, which counts how often it was woken.
    #[derive(Default)]
    struct Task(AtomicUsize);

    impl Task {
        fn woken(&self) -> usize {
            self.0.load(Ordering::Relaxed)
        }
    }

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn poll(asked: &mut WhenWoken<Asked>, task: &Arc<Task>) -> Poll<usize> {
        let waker = Waker::from(Arc::clone(task));
        Pin::new(asked).poll(&mut Context::from_waker(&waker))
    }

    #[test]
    fn it_is_polled_when_it_has_woken_its_task_and_only_then() {
        let task = Arc::new(Task::default());
        let mut asked = WhenWoken::new(Asked::default());
        // A waker is the same as long as it is the same one.
        let waker = Waker::from(Arc::clone(&task));
        let mut cx = Context::from_waker(&waker);
        for _ in 0..3 {
            assert_eq!(Pin::new(&mut asked).poll(&mut cx), Poll::Pending);
            assert_eq!(asked.future.times, 1);
        }
        let ring = asked.future.by.take().expect("it was polled");
        ring.wake_by_ref();
        ring.wake();
        assert_eq!(task.woken(), 1, "its task is woken, once");
        for _ in 0..3 {
            assert_eq!(Pin::new(&mut asked).poll(&mut cx), Poll::Pending);
            assert_eq!(asked.future.times, 2);
        }
        // In another task, and when it was changed, it has to hear of that.
        let other = Arc::new(Task::default());
        assert_eq!(poll(&mut asked, &other), Poll::Pending);
        assert_eq!(asked.future.times, 3);
        asked.change().ready = true;
        assert_eq!(poll(&mut asked, &other), Poll::Ready(4));
    }

    #[test]
    fn what_wakes_itself_is_polled_again_at_once_a_few_times() {
        for (wakes, times, woken) in [(0, 1, 0), (1, 2, 0), (2, 3, 0), (3, 3, 1), (9, 3, 1)] {
            let task = Arc::new(Task::default());
            let mut asked = WhenWoken::new(Asked {
                wakes,
                ..Asked::default()
            });
            let waker = Waker::from(Arc::clone(&task));
            let mut cx = Context::from_waker(&waker);
            assert_eq!(Pin::new(&mut asked).poll(&mut cx), Poll::Pending);
            assert_eq!((asked.future.times, task.woken()), (times, woken));
            // Where it is not done it goes on the next time.
            let _pending = Pin::new(&mut asked).poll(&mut cx);
            assert_eq!(asked.future.times > times, woken > 0);
        }
    }

    #[test]
    fn whoever_rings_from_another_thread_is_heard() {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.expect("a runtime");
        let (rounds, (send, mut receive)) = (10_000, tokio::sync::mpsc::unbounded_channel());
        let sending = std::thread::spawn(move || (0..rounds).try_for_each(|it| send.send(it)));
        let mut received = 0;
        let receiving = async {
            while receive.recv().await.is_some() {
                received += 1;
            }
        };
        runtime.block_on(WhenWoken::new(Box::pin(receiving)));
        sending.join().expect("it sent").expect("somebody receives");
        assert_eq!(received, rounds);
    }
}
