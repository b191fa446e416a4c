use super::*;
use std::sync::mpsc::{Receiver, channel};

struct Ones;

impl Entropy for Ones {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(1);
    }
}

/// A verifier that reports what its lane is asked to compute, and computes the MAC itself.
fn watched(params: HashParams) -> (Verifier, Receiver<(HashParams, [u8; HASH])>) {
    let (seen, sees) = channel();
    let engine: Arc<Engine> = Arc::new(move |_: &mut Arena, work: &mut Work| {
        seen.send((work.params, work.mac)).unwrap();
        work.hash = work.mac;
        Ok(())
    });
    let now = "2026-03-01T09:30:00Z".parse().unwrap();
    let ring = KeyRing::in_memory(&Ones, now).unwrap();
    let one = NonZeroUsize::MIN;
    let verifier = Verifier::start(ring, params, one, one, Arc::new(Ones), &engine).unwrap();
    (verifier, sees)
}

// R-AUTH-5: whoever does not exist costs as much as whoever does.
#[tokio::test]
async fn a_dummy_verification_costs_what_a_real_one_costs() {
    let params = HashParams {
        memory_kib: 64,
        passes: 3,
        lanes: 2,
    };
    let (verifier, sees) = watched(params);
    let pin = Pin::parse("4711").unwrap();
    let stored = verifier.derive("user", &pin).await.unwrap();
    assert!(
        verifier
            .verify("user", &pin, &stored)
            .await
            .unwrap()
            .correct
    );
    let real = [sees.recv().unwrap(), sees.recv().unwrap()];
    assert_eq!(verifier.verify_dummy(&pin).await, Ok(()));
    let dummy = sees.recv().unwrap();
    assert_eq!(dummy.0, real[0].0);
    assert_eq!(dummy.0, real[1].0);
    // And of the PIN that was given, so that nothing can be skipped.
    verifier
        .verify_dummy(&Pin::parse("4712").unwrap())
        .await
        .unwrap();
    assert_ne!(sees.recv().unwrap().1, dummy.1);
}

// A match in the history ends the search; every candidate is computed with its own key and salt.
#[tokio::test]
async fn the_search_of_a_history_ends_at_the_match() {
    let (verifier, sees) = watched(HashParams::MINIMUM_FOR_MEASUREMENTS);
    let pin = Pin::parse("4711").unwrap();
    let matching = verifier.derive("user", &pin).await.unwrap();
    let other = verifier
        .derive("user", &Pin::parse("4712").unwrap())
        .await
        .unwrap();
    let history = [other.clone(), matching, other.clone(), other];
    assert_eq!(
        verifier.matches_any("user", &pin, &history).await,
        Ok(Some(1))
    );
    drop(verifier);
    assert_eq!(sees.iter().count(), 2 + 2);
}

#[test]
fn parameters_out_of_bounds_do_not_start() {
    let params = HashParams {
        memory_kib: u32::MAX,
        passes: 1,
        lanes: 1,
    };
    let now = "2026-03-01T09:30:00Z".parse().unwrap();
    let ring = KeyRing::in_memory(&Ones, now).unwrap();
    let started = Verifier::new(ring, params, NonZeroUsize::MIN, Arc::new(Ones));
    assert!(matches!(started.err(), Some(StartError::Params(_))));
}

// R-LOCK-10: whoever waits is answered before the attempt's lease ends, whatever a hash costs.
#[test]
fn fewer_may_wait_where_a_hash_costs_more() {
    for (memory_kib, passes, waiting) in [
        (8, 1, 512),
        (19_456, 2, 512),
        (19_456, 4, 256),
        (65_536, 4, 73),
        (262_144, 4, 18),
    ] {
        let lanes = 1;
        let params = HashParams {
            memory_kib,
            passes,
            lanes,
        };
        assert_eq!(queue_per_lane(params), waiting, "{params}");
    }
}
