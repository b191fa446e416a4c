//! Verifications per second at the default parameters, by where the memory comes from:
//! `cargo run --release -p pinward-verifier --example lanes`. Each number is the best of several
//! rounds of a second; the processor time is the more reliable one where other things run too. Results: `docs/measurements/argon2.md`.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot start has no result"
)]

use argon2::{Algorithm, Argon2, Block, Params, Version};
use pinward_core::{Entropy, Pin};
use pinward_verifier::{HashParams, KeyRing, Verifier};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const ROUND: Duration = Duration::from_millis(1000);
const ROUNDS: usize = 7;
const THREADS: [usize; 3] = [1, 2, 8];

type Round = fn(usize) -> f64;

const ROWS: [(&str, Round); 4] = [
    ("allocated per call, not wiped", |threads| {
        direct(threads, allocated)
    }),
    ("reused, small pages, not wiped", |threads| {
        direct(threads, || reused(false))
    }),
    ("reused, small pages, wiped", |threads| {
        direct(threads, || reused(true))
    }),
    ("the pool: reused, huge pages, wiped", pool),
];

/// The best there was: most verifications per second, least processor time for one.
#[derive(Clone, Copy)]
struct Best {
    per_second: f64,
    milliseconds: f64,
}

fn main() {
    let none = Best {
        per_second: 0.0,
        milliseconds: f64::INFINITY,
    };
    let mut best = [[none; THREADS.len()]; ROWS.len()];
    // In turns, so that what else the machine does strikes all rows alike.
    for _ in 0..ROUNDS {
        for ((_, round), best) in ROWS.iter().zip(&mut best) {
            for (threads, best) in THREADS.into_iter().zip(best) {
                let (start, before) = (Instant::now(), processor_time());
                let count = round(threads);
                let spent = processor_time() - before;
                best.per_second = best.per_second.max(count / start.elapsed().as_secs_f64());
                best.milliseconds = best.milliseconds.min(1000.0 * spent / count);
            }
        }
    }
    println!("verifications per second (ms of processor time for one); threads: {THREADS:?}");
    for ((name, _), best) in ROWS.iter().zip(best) {
        print!("{name:<40}");
        for Best {
            per_second,
            milliseconds,
        } in best
        {
            print!("  {per_second:>6.1} ({milliseconds:>5.1})");
        }
        println!();
    }
}

/// Seconds that all threads of this process have had, in user and kernel mode.
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks = after_name.split_whitespace().skip(11).take(2);
    // Linux reports hundredths here on every architecture.
    ticks
        .map(|ticks| ticks.parse::<f64>().unwrap() / 100.0)
        .sum()
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

/// How many were computed in a round; each thread computes for itself.
fn direct<F: FnMut()>(threads: usize, prepare: impl Fn() -> F + Sync) -> f64 {
    let count = AtomicU32::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut hash = prepare();
                while start.elapsed() < ROUND {
                    hash();
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    f64::from(count.into_inner())
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
                let mut count = 0_u32;
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
        let mut count = 0_u32;
        for caller in callers.collect::<Vec<_>>() {
            count += caller.await.unwrap();
        }
        f64::from(count)
    })
}
