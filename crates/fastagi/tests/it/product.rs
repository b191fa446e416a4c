//! The product with somebody who has a PIN.

use std::sync::Arc;

use pinward_attendant::Settings;
use pinward_fastagi::{Desk, Limits, Sounds};
use pinward_service::{NewPin, Terms};
use pinward_testkit::Kit;

/// Ken Myer's extension and PIN.
pub const KEN: &str = "51219";
pub const PIN: &str = "18723834";

/// The sample company; Ken has a PIN, good for this.
pub async fn product(terms: Terms) -> Kit {
    let kit = Kit::sample().await;
    let ken = kit.person("litwareinc\\kenmyer").await;
    let administrator = kit.administrator();
    let assigned = kit
        .service
        .assign_pin_on(&terms, &administrator, &ken, &NewPin::Named(PIN))
        .await;
    assert!(assigned.is_ok(), "Ken gets a PIN");
    kit
}

/// The desk of this product, as it is without configuration.
pub fn desk(kit: &Kit) -> Desk {
    Desk {
        service: Arc::clone(&kit.service),
        settings: Arc::new(Settings::default()),
        limits: Limits {
            networks: vec!["127.0.0.0/8".parse().expect("a network")],
            most_calls: 10,
        },
        sounds: Sounds::Stock,
        trust_caller_number: false,
        confbridge: None,
    }
}
