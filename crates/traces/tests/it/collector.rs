//! A collector that answers as it is told.

use std::net::SocketAddr;
use std::sync::Arc;

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message as _;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

/// What it does with a request.
#[derive(Clone, Copy, Debug)]
pub enum Does {
    /// Answers with this status.
    Answer(u16),
    /// Takes all spans but so many.
    Reject(i64),
    /// Answers with what is no HTTP.
    Babble,
    /// Closes the connection.
    Close,
    /// Never answers.
    Wait,
    /// Begins an answer that takes them, and never ends it.
    Stall,
}

/// A running one.
pub struct Collector {
    pub address: SocketAddr,
    /// How many spans each request had.
    pub requests: mpsc::UnboundedReceiver<usize>,
}

impl Collector {
    /// One that does this with its requests, one after the other, and the last with all further ones.
    pub async fn that(does: &'static [Does], tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (taken, requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut next = 0;
            while let Ok((stream, _)) = listener.accept().await {
                let does = does[next.min(does.len() - 1)];
                next += 1;
                let taken = taken.clone();
                let tls = tls.clone();
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, does, &taken).await,
                        Some(tls) => {
                            let stream = TlsAcceptor::from(tls).accept(stream).await;
                            if let Ok(stream) = stream {
                                serve(stream, does, &taken).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, requests }
    }
}

async fn serve<S>(mut stream: S, does: Does, taken: &mpsc::UnboundedSender<usize>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut request = Vec::new();
    let body = loop {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
        if let Some(body) = whole(&request) {
            break body;
        }
    };
    let request = ExportTraceServiceRequest::decode(body).expect("OTLP");
    let scopes = request.resource_spans.iter();
    let spans = scopes.flat_map(|service| &service.scope_spans);
    let _nobody_looks = taken.send(spans.map(|scope| scope.spans.len()).sum());
    let answer = match does {
        Does::Close => return,
        Does::Stall => {
            let head = response(200, &[0]);
            let _gone = stream.write_all(&head[..head.len() - 1]).await;
            return std::future::pending().await;
        }
        Does::Wait => return std::future::pending().await,
        Does::Babble => b"SSH-2.0-OpenSSH\r\n".to_vec(),
        Does::Answer(status) => response(status, &[]),
        Does::Reject(spans) => {
            let partial = ExportTracePartialSuccess {
                rejected_spans: spans,
                error_message: "too old".to_owned(),
            };
            let answer = ExportTraceServiceResponse {
                partial_success: Some(partial),
            };
            response(200, &answer.encode_to_vec())
        }
    };
    let _gone = stream.write_all(&answer).await;
    let _closed = stream.shutdown().await;
}

fn response(status: u16, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Word\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// The body, where all of it is there.
fn whole(request: &[u8]) -> Option<&[u8]> {
    let end = request.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&request[..end]).expect("text");
    let head = head.to_lowercase();
    let (_, length) = head.split_once("content-length: ").expect("a length");
    let length: usize = length.lines().next()?.parse().expect("a number");
    let body = &request[end + 4..];
    (body.len() == length).then_some(body)
}
