use super::*;
use std::sync::mpsc::{Receiver, Sender, channel};

const LITTLE: HashParams = HashParams::MINIMUM_FOR_MEASUREMENTS;

fn work(number: u8) -> Box<Work> {
    Box::new(Work {
        mac: [7; HASH],
        hash: [0; HASH],
        salt: [number; SALT],
        params: LITTLE,
    })
}

fn pool(lanes: usize, capacity: usize, engine: &Arc<Engine>) -> Pool {
    let (lanes, capacity) = (lanes.try_into().unwrap(), capacity.try_into().unwrap());
    Pool::start(lanes, capacity, LITTLE.memory_kib, engine).unwrap()
}

/// An engine that reports each job it begins and then waits for leave to end it.
fn gate() -> (Arc<Engine>, Receiver<u8>, Sender<()>) {
    let (begun, began) = channel();
    let (leave, gate) = channel();
    let gate = Mutex::new(gate);
    let engine = move |_: &mut Arena, work: &mut Work| {
        begun.send(work.salt[0]).unwrap();
        // A pool that is dropped while the gate is closed must not hang the test.
        let _ = gate.lock().unwrap().recv();
        work.hash = [work.salt[0]; HASH];
        Ok(())
    };
    (Arc::new(engine), began, leave)
}

fn hash_of(answer: Answer) -> u8 {
    answer.map(|work| work.hash[0]).unwrap()
}

// R-AUTH-7: a full queue is an error of its own, and frees itself.
#[tokio::test]
async fn a_full_queue_is_busy_until_somebody_is_served_or_gives_up() {
    let (engine, began, leave) = gate();
    let pool = pool(1, 2, &engine);
    let first = pool.submit(work(1)).unwrap();
    assert_eq!(began.recv(), Ok(1));
    let second = pool.submit(work(2)).unwrap();
    assert!(!pool.is_full());
    let third = pool.submit(work(3)).unwrap();
    assert!(pool.is_full());
    assert_eq!(pool.submit(work(4)).err(), Some(VerifierError::Busy));

    drop(second);
    assert!(!pool.is_full());
    let fifth = pool.submit(work(5)).unwrap();
    assert_eq!(pool.submit(work(6)).err(), Some(VerifierError::Busy));

    leave.send(()).unwrap();
    assert_eq!(hash_of(answer(first).await), 1);
    // First come, first served; who gave up is not computed.
    assert_eq!(began.recv(), Ok(3));
    let seventh = pool.submit(work(7)).unwrap();
    for _ in 0..3 {
        leave.send(()).unwrap();
    }
    assert_eq!(hash_of(answer(third).await), 3);
    assert_eq!(hash_of(answer(fifth).await), 5);
    assert_eq!(hash_of(answer(seventh).await), 7);
    assert_eq!(began.iter().take(2).collect::<Vec<_>>(), [5, 7]);
}

#[tokio::test]
async fn giving_up_while_a_lane_computes_does_not_lose_the_lane() {
    let (engine, began, leave) = gate();
    let pool = pool(1, 1, &engine);
    for number in 0..10 {
        drop(pool.submit(work(number)).unwrap());
        // Either never begun, or begun and finished for nobody.
        let _ = leave.send(());
    }
    let last = pool.submit(work(99)).unwrap();
    leave.send(()).unwrap();
    assert_eq!(hash_of(answer(last).await), 99);
    drop((pool, engine));
    assert_eq!(began.iter().last(), Some(99));
}

// R-SEC-3, R-AUTH-7: a panic is an error for one caller, and what it left in memory is wiped.
#[tokio::test]
async fn a_panic_costs_one_answer_and_leaves_a_clean_lane() {
    let engine: Arc<Engine> = Arc::new(|arena: &mut Arena, work: &mut Work| {
        let blocks = arena.blocks(8);
        let clean = blocks
            .iter()
            .all(|block| block.as_ref().iter().all(|word| *word == 0));
        work.hash[0] = u8::from(clean);
        blocks
            .iter_mut()
            .for_each(|block| block.as_mut().fill(u64::MAX));
        assert_ne!(work.salt[0], 13, "a panic on purpose");
        Ok(())
    });
    let pool = pool(1, 4, &engine);
    for number in [1, 13, 2, 13, 13, 3] {
        let result = answer(pool.submit(work(number)).unwrap()).await;
        if number == 13 {
            assert_eq!(result.err(), Some(VerifierError::Failed));
        } else {
            let done = result.unwrap();
            assert_eq!(done.hash[0], 1, "the memory was not clean for job {number}");
            assert_eq!(done.mac, [0; HASH]);
        }
    }
}

// R-SEC-3: what a hash leaves is overwritten by the next one, which must then be just as large.
#[tokio::test]
async fn memory_is_wiped_unless_the_next_hash_overwrites_it() {
    let (begun, began) = channel();
    let (leave, gate) = channel::<()>();
    let gate = Mutex::new(gate);
    let engine: Arc<Engine> = Arc::new(move |arena: &mut Arena, work: &mut Work| {
        begun.send(()).unwrap();
        let _ = gate.lock().unwrap().recv();
        let blocks = arena.blocks(work.params.memory_kib as usize);
        let clean = |block: &argon2::Block| block.as_ref().iter().all(|word| *word == 0);
        work.hash[0] = u8::from(blocks.iter().all(clean));
        blocks.iter_mut().for_each(|block| block.as_mut().fill(7));
        Ok(())
    });
    let pool = pool(1, 4, &engine);
    let of = |params| {
        let mut work = work(0);
        work.params = params;
        pool.submit(work).unwrap()
    };
    let more_passes = HashParams {
        passes: 2,
        ..LITTLE
    };
    let first = of(LITTLE);
    assert_eq!(began.recv(), Ok(()));
    let rest = [of(LITTLE), of(more_passes), of(LITTLE)];
    drop(leave);
    assert_eq!(hash_of(answer(first).await), 1);
    for (receiver, clean) in rest.into_iter().zip([0, 1, 1]) {
        assert_eq!(hash_of(answer(receiver).await), clean);
    }
}

// R-SEC-3: nor does it stay for longer where nobody asks.
#[tokio::test]
async fn memory_is_wiped_when_nobody_asks() {
    let engine: Arc<Engine> = Arc::new(|arena: &mut Arena, work: &mut Work| {
        let blocks = arena.blocks(8);
        let clean = |block: &argon2::Block| block.as_ref().iter().all(|word| *word == 0);
        work.hash[0] = u8::from(blocks.iter().all(clean));
        blocks.iter_mut().for_each(|block| block.as_mut().fill(7));
        Ok(())
    });
    let pool = pool(1, 1, &engine);
    let clean = async || hash_of(answer(pool.submit(work(0)).unwrap()).await) == 1;
    assert!(clean().await, "nobody used it before");
    // Asking again keeps the lane from wiping, so ask ever less often. A test that never ends is a
    // test that fails.
    let mut pause = LINGER;
    while !clean().await {
        let answered = std::time::Instant::now();
        while answered.elapsed() < pause {
            std::thread::yield_now();
        }
        pause *= 2;
    }
}

#[tokio::test]
async fn dropping_the_pool_answers_everybody_and_ends_the_threads() {
    let (engine, began, leave) = gate();
    let pool = pool(2, 5, &engine);
    let mut receivers: Vec<_> = (0..7)
        .map(|number| pool.submit(work(number)).unwrap())
        .collect();
    assert_eq!(began.iter().take(2).count(), 2);
    let waiting = receivers.split_off(2);
    // Two are let through, whenever the drop below waits for them.
    leave.send(()).unwrap();
    leave.send(()).unwrap();
    drop(leave);
    drop((pool, engine));
    // The engine is gone once no thread has it: the channel ends.
    let _ = began.iter().count();
    for receiver in receivers {
        assert!(answer(receiver).await.is_ok());
    }
    for receiver in waiting {
        // Computed in the meantime or not: an answer, not for ever silence.
        let result = answer(receiver).await;
        assert!(matches!(result, Ok(_) | Err(VerifierError::Failed)));
    }
}
