//! Verifications per second at the default parameters, by where the memory comes from:
//! `cargo run --release -p pinward-verifier --example lanes`. Each row is the best of several rounds
//! of a second; nothing else should run meanwhile. Results: `docs/measurements/argon2.md`.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot start has no result"
)]

use argon2::{Algorithm, Argon2, Block, Params, Version};
use pinward_core::{Entropy, Pin};
use pinward_verifier::{HashParams, KeyRing, Verifier};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const ROUND: Duration = Duration::from_millis(1500);
const ROUNDS: usize = 5;

fn main() {
    println!(
        "{:<44} {:>9} {:>9} {:>9}",
        "verifications/s", "1 thread", "2 threads", "8 threads"
    );
    row("allocated per call, not wiped", |threads| {
        direct(threads, allocated)
    });
    row("reused, small pages, not wiped", |threads| {
        direct(threads, || reused(false))
    });
    row("reused, small pages, wiped", |threads| {
        direct(threads, || reused(true))
    });
    row("the pool: reused, huge pages, wiped", pool);
}

fn row(name: &str, round: impl Fn(usize) -> f64) {
    let best = |threads| (0..ROUNDS).map(|_| round(threads)).fold(0.0, f64::max);
    println!(
        "{name:<44} {:>9.1} {:>9.1} {:>9.1}",
        best(1),
        best(2),
        best(8)
    );
}

fn argon2() -> Argon2<'static> {
    let HashParams {
        memory_kib,
        passes,
        lanes,
    } = HashParams::default();
    let params = Params::new(memory_kib, passes, lanes, Some(32)).unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn allocated() -> impl FnMut() {
    let argon2 = argon2();
    move || {
        argon2
            .hash_password_into(&[1; 32], &[2; 16], &mut [0; 32])
            .unwrap();
    }
}

fn reused(wiped: bool) -> impl FnMut() {
    let argon2 = argon2();
    let mut blocks = vec![Block::new(); HashParams::default().memory_kib as usize];
    move || {
        let mut hash = [0; 32];
        argon2
            .hash_password_into_with_memory(&[1; 32], &[2; 16], &mut hash, &mut blocks[..])
            .unwrap();
        if wiped {
            blocks.fill(Block::new());
            std::hint::black_box(&mut blocks);
        }
    }
}

/// Each thread computes for itself.
fn direct<F: FnMut()>(threads: usize, prepare: impl Fn() -> F + Sync) -> f64 {
    let count = AtomicUsize::new(0);
    let ready = std::sync::Barrier::new(threads);
    let spent = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut hash = prepare();
                    hash();
                    ready.wait();
                    let start = Instant::now();
                    while start.elapsed() < ROUND {
                        hash();
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    start.elapsed()
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .max()
            .unwrap()
    });
    count.into_inner() as f64 / spent.as_secs_f64()
}

struct Same;

impl Entropy for Same {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(9);
    }
}

/// The whole path, with two callers for each lane: one is computed while the other waits.
fn pool(lanes: usize) -> f64 {
    let ring = KeyRing::in_memory(&Same, "2026-03-01T09:30:00Z".parse().unwrap()).unwrap();
    let lanes = NonZeroUsize::new(lanes).unwrap();
    let verifier =
        Arc::new(Verifier::new(ring, HashParams::default(), lanes, Arc::new(Same)).unwrap());
    let pin = Arc::new(Pin::parse("4711").unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let stored = verifier.derive("user", &pin).await.unwrap();
        let start = Instant::now();
        let callers = (0..2 * lanes.get()).map(|_| {
            let (verifier, pin, stored) = (verifier.clone(), pin.clone(), stored.clone());
            tokio::spawn(async move {
                let mut count = 0;
                while start.elapsed() < ROUND {
                    assert!(
                        verifier
                            .verify("user", &pin, &stored)
                            .await
                            .unwrap()
                            .correct
                    );
                    count += 1;
                }
                count
            })
        });
        let mut count = 0;
        for caller in callers.collect::<Vec<_>>() {
            count += caller.await.unwrap();
        }
        f64::from(count) / start.elapsed().as_secs_f64()
    })
}
