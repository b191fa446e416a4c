//! The collector: takes spans by one request each time (OTLP over HTTP).

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message as _;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::{Endpoint, Headers, Trust};

/// More than any collector answers.
const LONGEST_ANSWER: usize = 64 << 10;

/// Where spans are handed to.
pub struct Collector {
    /// Where it is.
    pub endpoint: Endpoint,
    /// What it is sent with every request.
    pub headers: Headers,
    /// Whose certificates are believed; `None`: TLS is not spoken.
    pub trust: Option<Trust>,
    /// How long it may take.
    pub patience: Duration,
}

/// Why spans were not taken. Texts for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// It may be otherwise soon.
    NotNow(String),
    /// It would be the same again.
    Refused(String),
}

fn broken(error: impl std::fmt::Display) -> Unsent {
    Unsent::NotNow(error.to_string())
}

impl Collector {
    /// Hands over an encoded request. How many of its spans the collector did not want.
    pub async fn take(&self, request: Bytes) -> Result<u64, Unsent> {
        let patience = self.patience;
        let late = || Unsent::NotNow(format!("it took longer than {patience:?}"));
        let accepted = AtomicBool::new(false);
        let taken = timeout(patience, self.connected(request, &accepted)).await;
        taken.unwrap_or_else(|_elapsed| match accepted.load(Ordering::Relaxed) {
            // Handed over again they would be there twice.
            true => Ok(0),
            false => Err(late()),
        })
    }

    async fn connected(&self, request: Bytes, accepted: &AtomicBool) -> Result<u64, Unsent> {
        let place = (self.endpoint.host(), self.endpoint.port());
        let stream = TcpStream::connect(place).await.map_err(broken)?;
        if !self.endpoint.is_encrypted() {
            return self.ask(stream, request, accepted).await;
        }
        let name = ServerName::try_from(place.0.to_owned()).map_err(broken)?;
        let trust = self.trust.as_ref();
        // Nothing is sent in clear where TLS was promised.
        let trust = trust.ok_or_else(|| broken("TLS is not set up"))?;
        let tls = TlsConnector::from(trust.0.clone());
        let stream = tls.connect(name, stream).await.map_err(broken)?;
        self.ask(stream, request, accepted).await
    }

    async fn ask<S>(&self, stream: S, request: Bytes, accepted: &AtomicBool) -> Result<u64, Unsent>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let request = self.request(request).map_err(broken)?;
        let handshake = http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = handshake.map_err(broken)?;
        let asked = async move {
            let response = sender.send_request(request).await.map_err(broken)?;
            accepted.store(response.status().is_success(), Ordering::Relaxed);
            judged(response).await
        };
        let mut asked = std::pin::pin!(asked);
        tokio::select! {
            biased;
            answer = &mut asked => answer,
            // What it brought is there to be read.
            _ended = connection => asked.await,
        }
    }

    fn request(&self, body: Bytes) -> hyper::http::Result<Request<Full<Bytes>>> {
        let mut request = Request::post(self.endpoint.path())
            .header(header::HOST, self.endpoint.authority())
            .header(header::CONTENT_TYPE, "application/x-protobuf")
            .header(header::USER_AGENT, "pinward")
            .header(header::CONNECTION, "close")
            .body(Full::new(body))?;
        self.headers.add_to(request.headers_mut());
        Ok(request)
    }
}

/// What the answer means.
async fn judged(response: Response<Incoming>) -> Result<u64, Unsent> {
    let status = response.status();
    if !status.is_success() {
        let why = format!("it answered {status}");
        return Err(match status {
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Unsent::NotNow(why),
            _ => Unsent::Refused(why),
        });
    }
    let body = Limited::new(response.into_body(), LONGEST_ANSWER);
    // It took them, whatever else it says.
    let Ok(body) = body.collect().await else {
        return Ok(0);
    };
    let answer = ExportTraceServiceResponse::decode(body.to_bytes()).unwrap_or_default();
    let rejected = answer.partial_success.map(|part| part.rejected_spans);
    Ok(rejected
        .and_then(|spans| spans.try_into().ok())
        .unwrap_or(0))
}
