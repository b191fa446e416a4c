//! Who may connect, and how many.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pinward_fastagi::{Desk, Limits, Server};
use pinward_service::Terms;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::product::{desk, product};

const PATIENCE: Duration = Duration::from_secs(30);

struct Listening {
    address: SocketAddr,
    stopping: CancellationToken,
    served: JoinHandle<()>,
    open: watch::Sender<Arc<Desk>>,
    kit: pinward_testkit::Kit,
}

async fn listening(network: &str, most_calls: usize) -> Listening {
    let kit = product(Terms::default()).await;
    let limits = Limits {
        networks: vec![network.parse().expect("a network")],
        most_calls,
    };
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(anywhere).await.expect("a port");
    let address = server.address().expect("an address");
    let stopping = CancellationToken::new();
    let open = Desk {
        limits,
        ..desk(&kit)
    };
    let (open, watched) = watch::channel(Arc::new(open));
    let served = tokio::spawn(server.serve(watched, stopping.clone(), PATIENCE));
    Listening {
        address,
        stopping,
        served,
        open,
        kit,
    }
}

impl Listening {
    /// How many connections were closed for this reason.
    fn dropped(&self, why: &str) -> u64 {
        let mut all = self.kit.service.dropped().into_iter();
        all.find(|count| count.what == why)
            .map_or(0, |found| found.count)
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
        let refused = listening.dropped("UnknownNetwork");
        assert_eq!(refused, u64::from(!answered), "{network}");
    }
}

#[tokio::test]
async fn a_changed_configuration_holds_for_the_next_call() {
    let listening = listening("127.0.0.1", 1).await;
    let mut first = begins(listening.address).await.expect("a call");
    assert!(begins(listening.address).await.is_none());
    let limits = |network: &str, most_calls| Limits {
        networks: vec![network.parse().expect("a network")],
        most_calls,
    };
    for (limits, answered) in [
        (limits("127.0.0.1", 2), true),
        (limits("192.0.2.0/24", 9), false),
    ] {
        let desk = Desk {
            limits,
            ..desk(&listening.kit)
        };
        listening.open.send_replace(Arc::new(desk));
        assert_eq!(begins(listening.address).await.is_some(), answered);
    }
    // The call that was there goes on.
    let stream = first.get_mut();
    stream
        .write_all(b"200 result=1\n")
        .await
        .expect("it is read");
    let mut byte = [0];
    assert_eq!(first.read(&mut byte).await.expect("an answer"), 1);
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
async fn calls_that_are_under_way_are_ended_politely_when_the_program_stops() {
    let listening = listening("127.0.0.1", 2).await;
    let mut call = begins(listening.address).await.expect("a call");
    // Asterisk waits for keys while the program is told to stop.
    let mut line = String::new();
    while !line.starts_with("GET DATA") {
        let stream = call.get_mut();
        let answered = stream.write_all(b"200 result=0\n").await;
        answered.expect("it is read");
        line.clear();
        call.read_line(&mut line).await.expect("a command");
    }
    listening.stopping.cancel();
    while TcpStream::connect(listening.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!listening.served.is_finished());
    // What was keyed meanwhile is answered with the end of the call, and not with the next question.
    let mut then = Vec::new();
    loop {
        let stream = call.get_mut();
        if stream.write_all(b"200 result=51219\n").await.is_err() {
            break;
        }
        line.clear();
        if call.read_line(&mut line).await.unwrap_or(0) == 0 {
            break;
        }
        then.push(line.trim().to_owned());
    }
    assert_eq!(
        then[0], "SET VARIABLE PINWARD_RESULT Unavailable",
        "{then:?}"
    );
    assert!(
        then.iter().any(|line| line.contains("vm-goodbye")),
        "{then:?}"
    );
    assert!(
        !then.iter().any(|line| line.starts_with("GET DATA")),
        "{then:?}"
    );
    listening.served.await.expect("it ends");
    let calls = listening.kit.service.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!((calls[0].what, calls[0].count), ("Unavailable", 1));
}
