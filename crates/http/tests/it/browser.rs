//! The door without a network, and a browser that remembers its cookies.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use pinward_core::Clock;
use pinward_http::{App, Connection, Parts, Settings, router};
use pinward_service::SignInLimits;
use pinward_testkit::{FakePasswords, Kit, ManualClock, SeededEntropy};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Ken Myer, who has a role.
pub const KEN: &str = "litwareinc\\kenmyer";
/// Somebody without one.
pub const JOHN: &str = "litwareinc\\johnsmith";

/// The door over the sample company.
pub struct Stage {
    pub kit: Kit,
    pub directory: Arc<FakePasswords>,
    pub clock: Arc<ManualClock>,
    router: Router,
}

impl Stage {
    pub async fn new() -> Stage {
        Stage::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Stage {
        let kit = Kit::sample().await;
        let directory = Arc::new(FakePasswords::default());
        let check = Arc::clone(&directory) as Arc<_>;
        kit.service
            .ask_passwords_of(Some(check), SignInLimits::default());
        let (_sender, settings) = watch::channel(Arc::new(settings));
        let clock = Arc::clone(&kit.clock);
        let router = router(App::new(Parts {
            service: Arc::clone(&kit.service),
            settings,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(SeededEntropy::new(7)),
            leaving: CancellationToken::new(),
            stopping: CancellationToken::new(),
        }));
        Stage {
            kit,
            directory,
            clock,
            router,
        }
    }

    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
            headers: vec![
                ("sec-fetch-site", "same-origin".to_owned()),
                ("accept", "text/html,*/*;q=0.8".to_owned()),
            ],
            encrypted: false,
        }
    }
}

/// Somebody's browser.
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    /// Sent with each request.
    pub headers: Vec<(&'static str, String)>,
    pub encrypted: bool,
}

/// An answer.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// The token of its forms.
    pub fn token(&self) -> String {
        self.field("token")
    }

    /// What stands in the first field of that name.
    pub fn field(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let Some((_, after)) = self.text.split_once(&field) else {
            panic!("there is no {name} in {}", self.text);
        };
        after.split('"').next().unwrap().to_owned()
    }

    #[track_caller]
    pub fn says(&self, what: &str) {
        assert!(self.text.contains(what), "{what} is not in {}", self.text);
    }
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, Body::empty()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let pair = |(name, value): &(&str, &str)| format!("{name}={}", encoded(value));
        let form: Vec<_> = fields.iter().map(pair).collect();
        self.send("POST", path, Body::from(form.join("&"))).await
    }

    /// Signs in; panics where that does not lead to the start page.
    pub async fn sign_in(&mut self, who: &str) {
        let page = self.try_sign_in(who, "right").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    }

    pub async fn try_sign_in(&mut self, who: &str, password: &str) -> Page {
        self.post("/sign-in", &[("who", who), ("password", password)])
            .await
    }

    /// Sends the form of a PIN with the token of the start page.
    pub async fn choose(&mut self, pin: &str, again: &str) -> Page {
        let token = self.get("/").await.token();
        let fields = [("token", token.as_str()), ("pin", pin), ("again", again)];
        self.post("/pin", &fields).await
    }

    async fn send(&mut self, method: &str, path: &str, body: Body) -> Page {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "pins.litwareinc.com")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookies.join("; "))
            .extension(Connection {
                address: Some("192.0.2.9:4711".parse().unwrap()),
                encrypted: self.encrypted,
                certificate: None,
            });
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all("set-cookie") {
            let (pair, rest) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            match rest.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        Page {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
