//! What stands around every handler: time limits, panics, counts, and the headers that everything has.
//!
//! A handler ends its work when whoever asked hangs up or does not want to wait any longer: a logon that is
//! dropped half way would count as a failure (R-LOCK-10).

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body::Body as _;
use pin_project_lite::pin_project;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, Timeout, timeout_at};
use tower::{Layer, Service};
use tracing::Instrument as _;

use crate::in_time::InTime;
use crate::problem::Cause;
use crate::spans::Unanswered;
use crate::to_the_end::{Panicked, ToTheEnd};
use crate::traffic::method_name;
use crate::{App, Problem, api, spans};

/// The layer that puts all this around handlers.
#[derive(Clone)]
pub struct Guard(App);

impl Guard {
    /// The guard of this door.
    pub fn new(app: App) -> Self {
        Self(app)
    }
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, handler: S) -> Guarded<S> {
        let app = self.0.clone();
        Guarded { handler, app }
    }
}

/// A handler with its guard.
#[derive(Clone)]
pub struct Guarded<S> {
    handler: S,
    app: App,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.handler.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let route = match request.extensions().get::<MatchedPath>() {
            Some(matched) => Route::Matched(matched.clone()),
            None => Route::Known(""),
        };
        guard(self.app.clone(), route, request, |request| {
            self.handler.call(request)
        })
    }
}

/// Where a request was led.
pub enum Route {
    /// By the router.
    Matched(MatchedPath),
    /// Past it; empty where there is nothing.
    Known(&'static str),
}

impl Route {
    fn as_str(&self) -> &str {
        match self {
            Self::Matched(path) => path.as_str(),
            Self::Known(path) => path,
        }
    }
}

/// Puts all this around the handler of one request.
pub fn guard<F>(
    app: App,
    route: Route,
    mut request: Request,
    handler: impl FnOnce(Request) -> F,
) -> Answering
where
    F: Future<Output = Result<Response, Infallible>> + Send + 'static,
{
    let settings = app.settings();
    let limits = settings.limits;
    let method = method_name(request.method());
    let follow = settings.follow_callers;
    let span = spans::begin(&mut request, method, route.as_str(), follow);
    let late = Arc::new(AtomicBool::new(false));
    let request = match request.body().is_end_stream() {
        true => request,
        false => request.map(|body| Body::new(InTime::new(body, limits.body, Arc::clone(&late)))),
    };
    let begun = Instant::now();
    let unanswered = Unanswered::new(&span);
    let handling = handler(request).instrument(span);
    let handling = ToTheEnd::new(handling, app.tasks().clone());
    Answering {
        handling: timeout_at(begun + limits.answer, handling),
        request: Guarding {
            app,
            begun,
            method,
            route,
            unanswered,
            late,
        },
    }
}

pin_project! {
    /// A request that is being answered.
    pub struct Answering {
        #[pin]
        handling: Timeout<ToTheEnd<Result<Response, Infallible>>>,
        request: Guarding,
    }
}

impl Future for Answering {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let handled = ready!(this.handling.poll(cx));
        Poll::Ready(Ok(this.request.answer(handled)))
    }
}

/// What is known of a request.
struct Guarding {
    app: App,
    begun: Instant,
    method: &'static str,
    route: Route,
    unanswered: Unanswered,
    /// Its body took too long.
    late: Arc<AtomicBool>,
}

/// What came of a handler, in time or not.
type Handled = Result<Result<Result<Response, Infallible>, Panicked>, Elapsed>;

impl Guarding {
    /// The answer, as it is sent.
    fn answer(&mut self, handled: Handled) -> Response {
        let route = self.route.as_str();
        let mut response = match handled {
            Ok(Ok(_)) if self.late.load(Ordering::Relaxed) => body_too_slow(),
            Ok(Ok(Ok(response))) => told(response),
            Ok(Err(Panicked)) => internal_error(),
            Err(Elapsed { .. }) => too_slow(),
        };
        if let Some(cause) = response.extensions_mut().remove::<Cause>() {
            cause.tell(&self.app);
        }
        let headers = response.headers_mut();
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        // No answer of the API is to be kept by anybody on the way.
        if route.starts_with(api::ROOT) {
            let not_to_be_kept = HeaderValue::from_static("no-store");
            headers.insert(header::CACHE_CONTROL, not_to_be_kept);
        }
        let (method, status, took) = (
            self.method,
            response.status().as_u16(),
            self.begun.elapsed(),
        );
        self.unanswered.answered(status);
        self.app.traffic().answered(method, route, status, took);
        // The route and not the address: an address holds what people wrote into it.
        tracing::debug!(
            method,
            route,
            status,
            seconds = took.as_secs_f64(),
            "answered"
        );
        response
    }
}

/// What the framework refuses in words of its own, which may repeat what was sent, is told as every problem is.
fn told(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let plain = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let status = response.status();
    let (code, title) = match status {
        _ if !plain => return response,
        StatusCode::BAD_REQUEST => ("RequestInvalid", "The request is not as it must be."),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "BodyTooLong",
            "The body is longer than anything that is wanted here.",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "BodyKindInvalid",
            "The body is not of a kind that is wanted here.",
        ),
        StatusCode::UNPROCESSABLE_ENTITY => ("BodyInvalid", "The body is not as it must be."),
        _ => return response,
    };
    Problem::new(status, code, title).into_response()
}

fn body_too_slow() -> Response {
    let title = "The body of the request took too long to arrive. Send it again.";
    Problem::new(StatusCode::REQUEST_TIMEOUT, "BodyTooSlow", title).into_response()
}

fn internal_error() -> Response {
    let title = "Something went wrong that should not: the server's log says what. Nothing is known of \
                 what was asked for; look before you try again.";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", title).into_response()
}

fn too_slow() -> Response {
    let title = "The answer took too long. What was asked for may still be done; look before you try again.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "TooSlow", title).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::fmt::Debug;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use axum::Router;
    use axum::body::{Bytes, to_bytes};
    use axum::extract::{DefaultBodyLimit, Form, Path, Query};
    use axum::http::Request;
    use axum::routing::{get, post};
    use pinward_testkit::{Kit, SeededEntropy};
    use tokio::sync::{Notify, watch};
    use tokio_util::sync::CancellationToken;
    use tower::ServiceExt;
    use tracing::Subscriber;
    use tracing::field::Field;
    use tracing::span::{Id, Record};
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
    use tracing_subscriber::registry;
    use tracing_subscriber::registry::LookupSpan;

    use super::*;
    use crate::{Limits, Parts, Settings, guarded};

    /// The state over a kit, with little patience.
    fn app(kit: &Kit) -> App {
        let limits = Limits {
            body: Duration::from_millis(50),
            answer: Duration::from_millis(200),
            ..Limits::default()
        };
        let settings = Settings {
            limits,
            ..Settings::default()
        };
        App::new(Parts {
            service: Arc::clone(&kit.service),
            settings: watch::channel(Arc::new(settings)).1,
            clock: kit.clock.clone(),
            entropy: Arc::new(SeededEntropy::new(1)),
            leaving: CancellationToken::new(),
            stopping: CancellationToken::new(),
        })
    }

    async fn broken() -> &'static str {
        panic!("this handler is broken on purpose")
    }

    type Numbers = HashMap<String, u8>;

    async fn number(_: Path<u8>, _: Query<Numbers>) -> &'static str {
        "a number"
    }

    async fn form(_: Form<Numbers>) -> &'static str {
        "numbers"
    }

    async fn asked(router: &Router, method: &str, path: &str, body: Body) -> (u16, String) {
        let request = Request::builder().method(method).uri(path).body(body);
        let request = request.expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        let header = response.headers().get(header::X_CONTENT_TYPE_OPTIONS);
        assert_eq!(header.expect("on every answer"), "nosniff");
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    fn code(body: &str) -> String {
        let problem: serde_json::Value = serde_json::from_str(body).expect(body);
        problem["code"].as_str().expect("a code").to_owned()
    }

    #[tokio::test]
    async fn whatever_a_handler_does_there_is_an_answer() {
        let kit = Kit::sample().await;
        let routes = Router::new()
            .route("/broken", get(broken))
            .route("/never", get(std::future::pending::<&'static str>))
            .route("/number/{number}", get(number).post(form))
            .route("/echo", post(async |body: Bytes| body))
            .layer(DefaultBodyLimit::max(64 << 10));
        let router = guarded(routes.fallback(crate::missing), app(&kit));
        let large = || Body::from(vec![b'1'; (64 << 10) + 1]);
        for (method, path, body, status, says) in [
            ("GET", "/broken", Body::empty(), 500, "InternalError"),
            ("GET", "/never", Body::empty(), 503, "TooSlow"),
            ("GET", "/nowhere", Body::empty(), 404, "NotFound"),
            ("GET", "/echo", Body::empty(), 405, "MethodNotAllowed"),
            ("GET", "/nowhere", large(), 404, "NotFound"),
        ] {
            let (came, body) = asked(&router, method, path, body).await;
            assert_eq!((came, code(&body).as_str()), (status, says), "{path}");
        }
        assert_eq!(
            asked(&router, "POST", "/echo", "a".into()).await,
            (200, "a".to_owned())
        );
        for (method, path, body, status, says) in [
            ("POST", "/echo", large(), 413, "BodyTooLong"),
            (
                "GET",
                "/number/18723834x",
                Body::empty(),
                400,
                "RequestInvalid",
            ),
            (
                "GET",
                "/number/1?of=18723834x",
                Body::empty(),
                400,
                "RequestInvalid",
            ),
            ("POST", "/number/1", "of=1".into(), 415, "BodyKindInvalid"),
        ] {
            let (came, body) = asked(&router, method, path, body).await;
            assert_eq!((came, code(&body).as_str()), (status, says), "{path}");
            assert!(!body.contains("18723834"), "{body}");
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_arrive_is_not_waited_for() {
        let kit = Kit::sample().await;
        let routes = Router::new().route("/echo", post(async |body: Bytes| body));
        let router = guarded(routes, app(&kit));
        let body = Body::new(Stuck);
        let (status, body) = asked(&router, "POST", "/echo", body).await;
        assert_eq!((status, code(&body).as_str()), (408, "BodyTooSlow"));
    }

    /// What spans are told, and that they end.
    #[derive(Clone, Default)]
    struct Told(Arc<Mutex<Vec<String>>>);

    impl Told {
        fn push(&self, what: String) {
            self.0.lock().expect("nobody panicked").push(what);
        }

        fn all(&self) -> Vec<String> {
            self.0.lock().expect("nobody panicked").clone()
        }
    }

    impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Told {
        fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
            values.record(&mut |field: &Field, value: &dyn Debug| {
                self.push(format!("{field}={value:?}"));
            });
        }

        fn on_close(&self, id: Id, context: Context<'_, S>) {
            let span = context.span(&id).expect("a span");
            self.push(format!("{} ended", span.name()));
        }
    }

    /// A body of which nothing ever comes.
    struct Stuck;

    impl http_body::Body for Stuck {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _cx: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
            std::task::Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_request_whose_caller_is_gone_at_once_is_not_begun() {
        let kit = Kit::sample().await;
        let app = app(&kit);
        let told = Told::default();
        let _listening = tracing::subscriber::set_default(registry().with(told.clone()));
        let handler = tower::service_fn(async |_: Request<Body>| Ok("done".into_response()));
        let request = Request::builder().body(Body::empty());
        let mut guarded = tower::Layer::layer(&Guard::new(app.clone()), handler);
        drop(guarded.call(request.expect("a request")));
        assert!(app.tasks().is_empty(), "nothing was begun");
        assert_eq!(
            told.all(),
            [
                "error.type=\"CallerGone\"",
                "otel.status_code=\"ERROR\"",
                "request ended"
            ]
        );
    }

    // R-LOCK-10: what was begun is ended, whoever still listens
    #[tokio::test]
    async fn a_handler_ends_its_work_when_whoever_asked_is_gone() {
        let kit = Kit::sample().await;
        let app = app(&kit);
        let told = Told::default();
        let _listening = tracing::subscriber::set_default(registry().with(told.clone()));
        let (begun, go_on, done) = (
            Arc::new(Notify::new()),
            Arc::new(Notify::new()),
            Arc::new(Notify::new()),
        );
        let bells = (Arc::clone(&begun), Arc::clone(&go_on), Arc::clone(&done));
        let routes = Router::new().route(
            "/work",
            get(async move || {
                bells.0.notify_one();
                bells.1.notified().await;
                bells.2.notify_one();
            }),
        );
        let router = guarded(routes, app.clone());
        let request = Request::builder().uri("/work").body(Body::empty());
        let asking = tokio::spawn(router.oneshot(request.expect("a request")));
        begun.notified().await;
        asking.abort();
        assert!(asking.await.is_err_and(|ended| ended.is_cancelled()));
        assert_eq!(
            app.tasks().len(),
            1,
            "the program waits for it before it ends"
        );
        assert_eq!(
            told.all(),
            ["error.type=\"CallerGone\"", "otel.status_code=\"ERROR\""]
        );
        go_on.notify_one();
        done.notified().await;
        app.tasks().close();
        app.tasks().wait().await;
        assert_eq!(told.all().last().expect("the span"), "request ended");
    }
}
