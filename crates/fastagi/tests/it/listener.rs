//! Who may connect, and how many.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pinward_fastagi::{Limits, Server};
use pinward_service::Terms;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::product::{desk, product};

const PATIENCE: Duration = Duration::from_secs(30);

struct Listening {
    address: SocketAddr,
    stopping: CancellationToken,
    served: JoinHandle<()>,
    _kit: pinward_testkit::Kit,
}

async fn listening(network: &str, most_calls: usize) -> Listening {
    let kit = product(Terms::default()).await;
    let limits = Limits {
        networks: vec![network.parse().expect("a network")],
        most_calls,
    };
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(anywhere, limits).await.expect("a port");
    let address = server.address().expect("an address");
    let stopping = CancellationToken::new();
    let served = tokio::spawn(server.serve(Arc::new(desk(&kit)), stopping.clone(), PATIENCE));
    Listening {
        address,
        stopping,
        served,
        _kit: kit,
    }
}

/// Begins a call; whether it is answered.
async fn begins(address: SocketAddr) -> Option<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // It may be closed already.
    let _sent = stream.write_all(b"agi_uniqueid: 1.1\n\n").await;
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    let read = lines.read_line(&mut line).await.unwrap_or(0);
    (read > 0).then_some(lines)
}

#[tokio::test]
async fn only_networks_that_are_named_may_connect() {
    for (network, answered) in [("127.0.0.0/8", true), ("192.0.2.0/24", false)] {
        let listening = listening(network, 10).await;
        let begun = begins(listening.address).await;
        assert_eq!(begun.is_some(), answered, "{network}");
    }
}

#[tokio::test]
async fn calls_beyond_the_limit_are_closed() {
    let listening = listening("127.0.0.1", 2).await;
    let first = begins(listening.address).await.expect("a call");
    let _second = begins(listening.address).await.expect("a call");
    assert!(begins(listening.address).await.is_none());
    drop(first);
    // Its place is free as soon as the door has noticed.
    while begins(listening.address).await.is_none() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn calls_that_are_under_way_may_end_when_the_program_stops() {
    let listening = listening("127.0.0.1", 2).await;
    let mut call = begins(listening.address).await.expect("a call");
    listening.stopping.cancel();
    while TcpStream::connect(listening.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!listening.served.is_finished());
    let stream = call.get_mut();
    stream
        .write_all(b"200 result=1\n")
        .await
        .expect("it is read");
    let mut byte = [0];
    assert_eq!(call.read(&mut byte).await.expect("an answer"), 1);
    drop(call);
    listening.served.await.expect("it ends");
}
