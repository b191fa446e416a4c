//! A future beside another one in the same task, which is asked nothing as long as it was the other one that woke it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Polls a future at first, and then only when that has woken its task: timers, and what is shared by all connections,
/// take locks each time they are polled.
pub struct WhenWoken<F> {
    future: F,
    bell: Option<Arc<Bell>>,
}

/// What a future rings.
struct Bell {
    rung: AtomicBool,
    task: Waker,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        self.task.wake_by_ref();
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
}

impl<F: Future + Unpin> Future for WhenWoken<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let known = self
            .bell
            .as_ref()
            .filter(|bell| bell.task.will_wake(cx.waker()));
        let bell = match known {
            Some(bell) if !bell.rung.swap(false, Ordering::Acquire) => return Poll::Pending,
            Some(bell) => Arc::clone(bell),
            // Also where it is in another task now.
            None => Arc::new(Bell {
                rung: AtomicBool::new(false),
                task: cx.waker().clone(),
            }),
        };
        let waker = Waker::from(Arc::clone(&bell));
        self.bell = Some(bell);
        Pin::new(&mut self.future).poll(&mut Context::from_waker(&waker))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// Counts how often it was polled and keeps who polled it last.
    #[derive(Default)]
    struct Asked {
        times: usize,
        by: Option<Waker>,
        ready: bool,
    }

    impl Future for Asked {
        type Output = usize;

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
            self.times += 1;
            self.by = Some(cx.waker().clone());
            match self.ready {
                true => Poll::Ready(self.times),
                false => Poll::Pending,
            }
        }
    }

    #[derive(Default)]
    struct Task(AtomicUsize);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn it_is_polled_when_it_has_woken_its_task_and_only_then() {
        let task = Arc::new(Task::default());
        let waker = Waker::from(Arc::clone(&task));
        let mut asked = WhenWoken::new(Asked::default());
        let poll = |asked: &mut WhenWoken<Asked>, waker: &Waker| {
            Pin::new(asked).poll(&mut Context::from_waker(waker))
        };
        for times in [1, 1, 1] {
            assert_eq!(poll(&mut asked, &waker), Poll::Pending);
            assert_eq!(asked.future.times, times);
        }
        asked.future.by.take().expect("it was polled").wake();
        assert_eq!(task.0.load(Ordering::Relaxed), 1, "its task is woken");
        for times in [2, 2] {
            assert_eq!(poll(&mut asked, &waker), Poll::Pending);
            assert_eq!(asked.future.times, times);
        }
        // In another task, and when it was changed, it has to hear of that.
        let other = Waker::from(Arc::new(Task::default()));
        assert_eq!(poll(&mut asked, &other), Poll::Pending);
        assert_eq!(asked.future.times, 3);
        asked.change().ready = true;
        assert_eq!(poll(&mut asked, &other), Poll::Ready(4));
    }

    #[test]
    fn what_wakes_it_while_it_is_polled_is_not_lost() {
        struct Twice(bool);

        impl Future for Twice {
            type Output = ();

            fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
                if std::mem::replace(&mut self.0, true) {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }

        let task = Arc::new(Task::default());
        let waker = Waker::from(Arc::clone(&task));
        let mut twice = WhenWoken::new(Twice(false));
        let mut cx = Context::from_waker(&waker);
        assert_eq!(Pin::new(&mut twice).poll(&mut cx), Poll::Pending);
        assert_eq!(task.0.load(Ordering::Relaxed), 1);
        assert_eq!(Pin::new(&mut twice).poll(&mut cx), Poll::Ready(()));
    }
}
