//! `[metrics]`: where monitoring asks.

use anyhow::{Context, Result, bail};
use pinward_http::Listen;
use serde::Deserialize;

/// The listeners for monitoring.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metrics {
    /// Where `/metrics` is answered; nowhere where it is empty.
    pub listen: Vec<String>,
}

impl Metrics {
    /// Where to listen, checked.
    pub fn listen(&self) -> Result<Vec<Listen>> {
        let mut places = Vec::with_capacity(self.listen.len());
        for text in &self.listen {
            let place: Listen = text.parse().context("[metrics] listen in pinward.toml")?;
            if place.is_encrypted() {
                bail!(
                    "[metrics] listen in pinward.toml: {text} would need TLS, which is spoken at the \
                     listeners of [server] alone. Figures name no user; listen at http:// or unix:"
                );
            }
            places.push(place);
        }
        Ok(places)
    }
}

/// As `pinward init --config` writes it.
pub const TEMPLATE: &str = r#"
# Figures for Prometheus.
[metrics]

# Where /metrics is answered, besides /healthz and /readyz: "http://ADDRESS:PORT" or "unix:/PATH". Not where the
# public asks. It names sources of people and no user; whoever reaches it may read it. Empty: nowhere.
#listen = []
"#;
