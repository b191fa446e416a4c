//! An OpenTelemetry collector: takes what it is sent, and keeps every octet.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

/// One that takes everything.
pub struct Collector {
    pub address: SocketAddr,
    requests: Receiver<Request>,
}

/// A request as it came.
pub struct Request {
    pub head: String,
    pub body: Vec<u8>,
}

/// A span, and as which service it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    pub span: Span,
    pub service: Vec<KeyValue>,
}

impl Collector {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (request, requests) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                take(stream, &request);
            }
        });
        Self { address, requests }
    }

    /// Everything that it has taken so far.
    pub fn taken(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

fn take(stream: TcpStream, taken: &Sender<Request>) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let lower = head.to_lowercase();
    let (_, length) = lower.split_once("content-length: ").expect("a length");
    let length = length.lines().next().expect("a length");
    let mut body = vec![0; length.parse().expect("a number")];
    reader.read_exact(&mut body).expect("the body");
    // Before the answer: whoever has it finds the request kept.
    let _nobody_looks = taken.send(Request { head, body });
    let answer =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";
    let _gone = reader.get_mut().write_all(answer);
}

/// The spans of these requests.
pub fn spans(requests: &[Request]) -> Vec<Sent> {
    let mut sent = Vec::new();
    for request in requests {
        let request = ExportTraceServiceRequest::decode(&*request.body).expect("OTLP");
        for of_service in request.resource_spans {
            let service = of_service.resource.expect("a service").attributes;
            let spans = of_service.scope_spans.into_iter();
            for span in spans.flat_map(|of_scope| of_scope.spans) {
                let service = service.clone();
                sent.push(Sent { span, service });
            }
        }
    }
    sent
}

/// An attribute as text; empty where there is none.
pub fn attribute(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.key == key);
    match found.and_then(|found| found.value.clone()) {
        Some(AnyValue {
            value: Some(Value::StringValue(text)),
        }) => text,
        Some(AnyValue {
            value: Some(Value::IntValue(number)),
        }) => number.to_string(),
        Some(AnyValue {
            value: Some(Value::BoolValue(truth)),
        }) => truth.to_string(),
        other => other.map(|other| format!("{other:?}")).unwrap_or_default(),
    }
}

impl Sent {
    /// An attribute of the span as text; empty where there is none.
    pub fn says(&self, key: &str) -> String {
        attribute(&self.span.attributes, key)
    }

    /// Those within it.
    pub fn children<'a>(&self, all: &'a [Sent]) -> Vec<&'a Sent> {
        let of_this = all.iter().filter(|other| {
            other.span.parent_span_id == self.span.span_id
                && other.span.trace_id == self.span.trace_id
        });
        of_this.collect()
    }
}
