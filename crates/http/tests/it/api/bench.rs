//! The API on the sample company, asked without a network.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use pinward_core::{ClientLimits, ClientRights};
use pinward_http::{App, Connection, Parts, Settings, router};
use pinward_service::{NewClient, NewPin, ProvenBy};
use pinward_testkit::{Kit, SeededEntropy};
use serde_json::Value;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub const KEN: &str = "kenmyer@litwareinc.com";
/// Ken Myer's extension.
pub const EXTENSION: &str = "51219";
pub const PIN: &str = "18723834";

pub struct Bench {
    pub kit: Kit,
    router: Router,
}

/// What was answered.
#[derive(Debug)]
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answered {
    pub fn json(&self) -> Value {
        match self.body.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&self.body).expect("JSON"),
        }
    }

    /// The code of a problem.
    pub fn code(&self) -> Option<String> {
        self.json()["code"].as_str().map(str::to_owned)
    }

    /// The one JSON value of this name, which must be a text.
    pub fn text(&self, name: &str) -> String {
        let json = self.json();
        json[name].as_str().expect(name).to_owned()
    }
}

/// One request.
pub struct Asked<'a> {
    pub method: Method,
    pub path: &'a str,
    pub key: &'a str,
    pub body: Option<Value>,
    pub headers: &'a [(&'a str, &'a str)],
    pub from: &'a str,
}

impl Default for Asked<'_> {
    fn default() -> Self {
        Self {
            method: Method::GET,
            path: "/",
            key: "",
            body: None,
            headers: &[],
            from: "192.0.2.7",
        }
    }
}

impl Bench {
    pub async fn new() -> Self {
        Self::over(Kit::sample().await)
    }

    pub fn over(kit: Kit) -> Self {
        let (_, settings) = watch::channel(Arc::new(Settings::default()));
        let app = App::new(Parts {
            service: Arc::clone(&kit.service),
            settings,
            clock: Arc::clone(&kit.clock) as Arc<dyn pinward_core::Clock>,
            entropy: Arc::new(SeededEntropy::new(7)),
            leaving: CancellationToken::new(),
            stopping: CancellationToken::new(),
        });
        let router = router(app);
        Self { kit, router }
    }

    /// A new client's key.
    pub async fn client(&self, name: &str, rights: &str) -> String {
        let limits = ClientLimits {
            per_second: 100_000,
            at_once: 1000,
        };
        self.limited(name, rights, limits).await
    }

    pub async fn limited(&self, name: &str, rights: &str, limits: ClientLimits) -> String {
        let new = NewClient {
            name: name.to_owned(),
            rights: rights.parse::<ClientRights>().expect("rights"),
            networks: Vec::new(),
            expires: None,
            limits,
            proven_by: ProvenBy::Key,
        };
        let administrator = self.kit.administrator();
        let added = self.kit.service.add_client(&administrator, &new).await;
        let (_, secret) = added.expect("a client");
        secret.expect("a key").reveal().to_owned()
    }

    /// Gives Ken Myer his PIN.
    pub async fn ken_has_a_pin(&self) {
        let ken = self.kit.person(KEN).await;
        let administrator = self.kit.administrator();
        let named = NewPin::Named(PIN);
        let assigned = self.kit.service.assign_pin(&administrator, &ken, &named);
        let _assigned = assigned.await.expect("a PIN");
    }

    pub async fn ask(&self, asked: Asked<'_>) -> Answered {
        let mut request = Request::builder().method(asked.method).uri(asked.path);
        if !asked.key.is_empty() {
            request = request.header("authorization", format!("Bearer {}", asked.key));
        }
        for (name, value) in asked.headers {
            request = request.header(*name, *value);
        }
        let body = match &asked.body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let mut request = request.body(body).expect("a request");
        request.extensions_mut().insert(Connection {
            address: Some(SocketAddr::new(asked.from.parse().expect("an address"), 9)),
            ..Connection::default()
        });
        let response = self.router.clone().oneshot(request).await;
        let response = response.expect("an answer");
        let (head, body) = response.into_parts();
        Answered {
            status: head.status,
            headers: head.headers,
            body: to_bytes(body, 1 << 24).await.expect("a body"),
        }
    }

    pub async fn get(&self, key: &str, path: &str) -> Answered {
        self.ask(Asked {
            path,
            key,
            ..Asked::default()
        })
        .await
    }

    pub async fn send(&self, key: &str, method: Method, path: &str, body: Value) -> Answered {
        self.ask(Asked {
            method,
            path,
            key,
            body: Some(body).filter(|body| !body.is_null()),
            ..Asked::default()
        })
        .await
    }
}
