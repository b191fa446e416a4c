//! A store that has more to write than it can keep waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use axum::http::{Method, StatusCode, header};
use pinward_store::StoreError;
use pinward_testkit::{Hook, Kit, Step};
use serde_json::json;

use super::bench::{Answered, Bench, EXTENSION, PIN};

/// A queue that is full while this is set.
#[derive(Default)]
struct Queue(AtomicBool);

#[async_trait]
impl Hook for Queue {
    async fn before(&self, _: Step<'_>) -> Result<(), StoreError> {
        match self.0.load(Ordering::Relaxed) {
            true => Err(StoreError::Busy),
            false => Ok(()),
        }
    }
}

/// More than any policy lets be wrong.
const MANY: usize = 30;

// R-AUTH-7
#[tokio::test]
async fn a_full_queue_is_told_and_nobody_pays_for_it() {
    let queue = Arc::new(Queue::default());
    let hook: Arc<dyn Hook> = Arc::clone(&queue) as _;
    let bench = Bench::over(Kit::sample().await.hooked(hook).await);
    bench.ken_has_a_pin().await;
    for (rights, code) in [("trusted-logon", "StoreUnavailable"), ("logon", "Busy")] {
        let key = bench.client(rights, rights).await;
        let log_on = async |pin: &str| -> Answered {
            let body = json!({"user": EXTENSION, "pin": pin});
            bench.send(&key, Method::POST, "/api/v1/logon", body).await
        };
        queue.0.store(true, Ordering::Relaxed);
        for number in 0..MANY {
            let pin = if number % 2 == 0 { "72940618" } else { PIN };
            let answered = log_on(pin).await;
            assert_eq!(answered.status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(answered.headers[header::RETRY_AFTER], "1");
            assert_eq!(answered.code().as_deref(), Some(code), "{rights}");
        }
        queue.0.store(false, Ordering::Relaxed);
        let json = log_on(PIN).await.json();
        assert_eq!(json["success"], true, "{rights}: {json}");
    }
}
