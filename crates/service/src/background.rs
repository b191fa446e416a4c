//! Work beside which logons go on at full speed.

use std::future::Future;
use std::io;

use tokio::runtime;
use tokio::sync::oneshot;

/// How much less than logons the work gets of a processor that both want: a tenth.
const NICE: i32 = 10;

/// Does work on a thread of its own, to which the system prefers all others of the program; what the work
/// spawns runs there too. Reading a directory decodes and judges a page of people at a time, for which a
/// thread that answers callers must not be held up.
///
/// The work goes on when the answer is not waited for.
///
/// # Errors
/// The system gives no thread, or the work broke off.
pub async fn in_background<T, F>(work: impl FnOnce() -> F + Send + 'static) -> io::Result<T>
where
    T: Send + 'static,
    F: Future<Output = T>,
{
    let (done, answer) = oneshot::channel();
    std::thread::Builder::new()
        .name("pinward-sync".to_owned())
        .spawn(move || done.send(run(work)))?;
    answer
        .await
        .unwrap_or_else(|_| Err(io::Error::other("work in the background broke off")))
}

fn run<T, F>(work: impl FnOnce() -> F) -> io::Result<T>
where
    F: Future<Output = T>,
{
    // Where it is refused the work is as important as any other.
    let _lowered = rustix::process::nice(NICE);
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let came = runtime.block_on(work());
    // A long read that nobody waits for any more is not waited for here either.
    runtime.shutdown_background();
    Ok(came)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_runs_at_a_lower_priority_and_that_of_the_caller_stays() {
        let own = rustix::process::nice(0).unwrap();
        let there = in_background(|| async {
            let spawned = tokio::spawn(async { rustix::process::nice(0) });
            let blocking = tokio::task::spawn_blocking(|| rustix::process::nice(0));
            (
                spawned.await.unwrap().unwrap(),
                blocking.await.unwrap().unwrap(),
            )
        });
        let lowered = (own + NICE).min(19);
        assert_eq!(there.await.unwrap(), (lowered, lowered));
        assert_eq!(rustix::process::nice(0).unwrap(), own);
    }

    #[tokio::test]
    async fn work_that_breaks_off_is_an_error() {
        let came = in_background(|| async { panic!("as if it were a defect") });
        let came: io::Result<()> = came.await;
        assert!(came.is_err());
    }
}
