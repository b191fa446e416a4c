//! Connections on which nothing comes for a while hold little, and are what they were when something does.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get as route, post};
use pinward_http::{Limits, TlsConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::Notify;

use crate::certificates::Authority;
use crate::running::{Running, With, to_end};

const ALIVE: &str = "GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n";

/// Waits until so many connections rest.
async fn resting(running: &Running, count: usize) {
    let mut resting = running.app.resting();
    let rested = resting.wait_for(|resting| *resting == count);
    let rested = tokio::time::timeout(Duration::from_secs(60), rested).await;
    rested.expect("so many rest").expect("it runs");
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    stream.write_all(text.as_bytes()).await.expect("it reads");
    stream.flush().await.expect("it reads");
}

/// Reads until what came ends like this.
async fn ends(stream: &mut (impl AsyncRead + Unpin), end: &str) {
    let mut came = Vec::new();
    while !came.ends_with(end.as_bytes()) {
        let byte = stream.read_u8().await;
        let so_far = String::from_utf8_lossy(&came).into_owned();
        came.push(byte.unwrap_or_else(|error| panic!("{error}: {so_far}")));
    }
}

async fn asks(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    send(stream, ALIVE).await;
    ends(stream, "\r\n\r\nok\n").await;
}

async fn rests_and_goes_on(running: &Running, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    for _ in 0..2 {
        asks(&mut stream).await;
        resting(running, 1).await;
    }
    // Several at once, and the beginning of one that is ended later.
    let (half, rest) = ALIVE.split_at(20);
    send(&mut stream, &format!("{ALIVE}{ALIVE}{half}")).await;
    for _ in 0..2 {
        ends(&mut stream, "\r\n\r\nok\n").await;
    }
    send(&mut stream, rest).await;
    ends(&mut stream, "\r\n\r\nok\n").await;
    resting(running, 1).await;
    // One that comes in the smallest pieces.
    for at in 0..ALIVE.len() {
        send(&mut stream, &ALIVE[at..=at]).await;
    }
    ends(&mut stream, "\r\n\r\nok\n").await;
    resting(running, 1).await;
    // A body in pieces.
    let head = "POST /echo HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n";
    for piece in [head, "3\r\nabc\r\n", "2\r\nde\r\n0\r\n\r\n"] {
        send(&mut stream, piece).await;
    }
    ends(&mut stream, "\r\n\r\nabcde").await;
    resting(running, 1).await;
    // It ends as any other does: with TLS not without saying so.
    running.app.stopping().cancel();
    let mut more = Vec::new();
    let ended = stream.read_to_end(&mut more).await;
    assert_eq!(ended.expect("a clean end"), 0, "{more:?}");
}

fn routes() -> Router {
    Router::new().route("/echo", post(async |body: Bytes| body))
}

#[tokio::test]
async fn a_connection_rests_and_goes_on() {
    let running = Running::with(With {
        routes: routes(),
        ..With::default()
    })
    .await;
    let stream = running.connect().await;
    rests_and_goes_on(&running, stream).await;
    running.ended.await.expect("it ends");
}

#[tokio::test]
async fn and_so_does_one_with_tls() {
    let authority = Authority::new();
    let running = Running::with(With {
        tls: Some(authority.server(None)),
        routes: routes(),
        ..With::default()
    })
    .await;
    let stream = running.connect_tls(&authority.client(None)).await;
    rests_and_goes_on(&running, stream.expect("TLS")).await;
    running.ended.await.expect("it ends");
}

#[tokio::test]
async fn what_is_under_way_does_not_rest() {
    let go_on = Arc::new(Notify::new());
    let bell = Arc::clone(&go_on);
    let slow = async move || {
        bell.notified().await;
        "done"
    };
    let routes = routes().route("/slow", route(slow));
    let running = Running::with(With {
        routes,
        ..With::default()
    })
    .await;
    let half_a_head = format!("{ALIVE}GET /healthz HTTP/1.1\r\n");
    let half_a_body = "POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 5\r\n\r\nabc";
    let mut under_way = Vec::new();
    for sent in [
        "GET /slow HTTP/1.1\r\nhost: here\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n",
        &half_a_head,
        half_a_body,
    ] {
        let mut stream = running.connect().await;
        send(&mut stream, sent).await;
        under_way.push(stream);
    }
    // Another one has rested twice, which is time enough for all of them.
    let mut rests = running.connect().await;
    for _ in 0..2 {
        asks(&mut rests).await;
        resting(&running, 1).await;
    }
    drop(rests);
    resting(&running, 0).await;
    // They go on where they were, and then they rest.
    go_on.notify_one();
    for (stream, (sent, end)) in under_way.iter_mut().zip([
        ("", "\r\n\r\ndone"),
        ("host: here\r\n\r\n", "\r\n\r\nok\n"),
        ("host: here\r\n\r\n", "ok\nHTTP/1.1 200 OK\r\n"),
        ("de", "\r\n\r\nabcde"),
    ]) {
        send(stream, sent).await;
        ends(stream, end).await;
    }
    resting(&running, 4).await;
}

#[tokio::test]
async fn a_body_that_nobody_read_is_left_to_the_library() {
    let running = Running::with(With::default()).await;
    let mut stream = running.connect().await;
    let unread = "POST /healthz HTTP/1.1\r\nhost: here\r\ncontent-length: 3\r\n\r\nabc";
    send(&mut stream, &format!("{unread}{ALIVE}")).await;
    ends(&mut stream, "HTTP/1.1 405 Method Not Allowed\r\n").await;
    ends(&mut stream, "\r\n\r\nok\n").await;
    resting(&running, 1).await;
    asks(&mut stream).await;
}

#[tokio::test]
async fn one_that_rests_is_still_one() {
    let running = Running::with(With {
        limits: Limits {
            connections_per_address: 1,
            idle: Duration::from_secs(1),
            ..Limits::default()
        },
        ..With::default()
    })
    .await;
    let mut stream = running.connect().await;
    asks(&mut stream).await;
    resting(&running, 1).await;
    assert_eq!(running.app.connections(), 1);
    assert_eq!(to_end(&mut running.connect().await).await, "");
    // Nothing comes for too long.
    assert_eq!(to_end(&mut stream).await, "");
    resting(&running, 0).await;
}

#[tokio::test]
async fn whoever_closes_is_not_waited_for() {
    let running = Running::with(With::default()).await;
    for half in [true, false] {
        let mut stream = running.connect().await;
        asks(&mut stream).await;
        resting(&running, 1).await;
        if half {
            stream.shutdown().await.expect("it is open");
            assert_eq!(to_end(&mut stream).await, "");
        }
        drop(stream);
        resting(&running, 0).await;
        while running.app.connections() > 0 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn the_beginning_of_a_head_is_not_waited_for_at_the_end() {
    let unread = "POST /healthz HTTP/1.1\r\nhost: here\r\ncontent-length: 3\r\n\r\nabc";
    for (first, answer, rested, more) in [
        (ALIVE, "\r\n\r\nok\n", false, "\r\n"),
        (ALIVE, "\r\n\r\nok\n", true, "\r\n"),
        (ALIVE, "\r\n\r\nok\n", true, &ALIVE[..10]),
        (unread, "HTTP/1.1 405 Method Not Allowed\r\n", false, "\r\n"),
        ("", "", false, &ALIVE[..10]),
    ] {
        let running = Running::with(With::default()).await;
        let mut stream = running.connect().await;
        send(&mut stream, first).await;
        ends(&mut stream, answer).await;
        if rested {
            resting(&running, 1).await;
        }
        send(&mut stream, more).await;
        // Another one has rested twice, which is time enough for this one to be heard.
        let mut other = running.connect().await;
        for _ in 0..2 {
            asks(&mut other).await;
            let mut resting = running.app.resting();
            let rested = resting.wait_for(|resting| *resting > 0).await;
            drop(rested.expect("it runs"));
        }
        running.app.stopping().cancel();
        // Where it is waited for that takes as long as `stop` says.
        let ended = tokio::time::timeout(Duration::from_secs(10), running.ended).await;
        ended
            .unwrap_or_else(|_| panic!("{first:?}, {more:?}"))
            .expect("it ends");
    }
}

/// A page that rings when it is asked and answers when it is rung for.
async fn with_a_slow_page(tls: Option<TlsConfig>) -> (Running, Arc<Notify>, Arc<Notify>) {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let bells = (Arc::clone(&begun), Arc::clone(&go_on));
    let slow = async move || {
        bells.0.notify_one();
        bells.1.notified().await;
        "done"
    };
    let running = Running::with(With {
        routes: routes().route("/slow", route(slow)),
        tls,
        ..With::default()
    })
    .await;
    (running, begun, go_on)
}

/// Closes one side of a connection in the middle of an answer; another one is answered meanwhile.
async fn is_answered_all_the_same(
    begun: &Notify,
    go_on: &Notify,
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    mut other: impl AsyncRead + AsyncWrite + Unpin,
) {
    send(&mut stream, "GET /slow HTTP/1.1\r\nhost: here\r\n\r\n").await;
    begun.notified().await;
    stream.shutdown().await.expect("it is open");
    asks(&mut other).await;
    go_on.notify_one();
    let answer = to_end(&mut stream).await;
    assert!(answer.ends_with("\r\n\r\ndone"), "{answer}");
}

#[tokio::test]
async fn whoever_closes_their_side_is_answered_all_the_same() {
    let (running, begun, go_on) = with_a_slow_page(None).await;
    let (stream, other) = (running.connect().await, running.connect().await);
    is_answered_all_the_same(&begun, &go_on, stream, other).await;
}

#[tokio::test]
async fn and_so_is_whoever_does_with_tls() {
    let authority = Authority::new();
    let client = authority.client(None);
    let (running, begun, go_on) = with_a_slow_page(Some(authority.server(None))).await;
    let connect = async || running.connect_tls(&client).await.expect("TLS");
    is_answered_all_the_same(&begun, &go_on, connect().await, connect().await).await;
}

#[tokio::test]
async fn what_is_asked_anew_is_answered_at_the_end() {
    let (running, begun, go_on) = with_a_slow_page(None).await;
    let mut slow = running.connect().await;
    asks(&mut slow).await;
    resting(&running, 1).await;
    // The beginning of another head comes with it.
    let slowly = "GET /slow HTTP/1.1\r\nhost: here\r\n\r\n";
    send(&mut slow, &format!("{slowly}GET /hea")).await;
    begun.notified().await;
    let mut idle = running.connect().await;
    asks(&mut idle).await;
    resting(&running, 1).await;
    running.app.stopping().cancel();
    assert_eq!(to_end(&mut idle).await, "");
    go_on.notify_one();
    let answer = to_end(&mut slow).await;
    assert!(answer.ends_with("\r\n\r\ndone"), "{answer}");
    running.ended.await.expect("it ends");
}

#[tokio::test]
async fn whoever_is_silent_for_too_long_is_told_so() {
    let authority = Authority::new();
    let running = Running::with(With {
        limits: Limits {
            idle: Duration::from_secs(2),
            ..Limits::default()
        },
        tls: Some(authority.server(None)),
        ..With::default()
    })
    .await;
    // Before the first request, between two, and in the middle of a head: that of the first and of another. And after a
    // body that nobody read, with and without the beginning of a head.
    let client = authority.client(None);
    let connect = async || running.connect_tls(&client).await.expect("TLS");
    let (mut silent, mut resting) = (connect().await, connect().await);
    let (mut first, mut another) = (connect().await, connect().await);
    asks(&mut resting).await;
    send(&mut first, "GET /healthz HTTP/1.1\r\n").await;
    asks(&mut another).await;
    send(&mut another, "GET").await;
    let unread = "POST /healthz HTTP/1.1\r\nhost: here\r\ncontent-length: 3\r\n\r\nabc";
    let (mut refused, mut begun) = (connect().await, connect().await);
    for stream in [&mut refused, &mut begun] {
        send(stream, unread).await;
        ends(stream, "HTTP/1.1 405 Method Not Allowed\r\n").await;
        asks(stream).await;
        send(stream, unread).await;
    }
    send(&mut begun, "GET").await;
    for stream in [&mut refused, &mut begun] {
        let answer = to_end(stream).await;
        assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
    }
    for stream in [&mut silent, &mut resting, &mut first, &mut another] {
        let mut more = Vec::new();
        let ended = stream.read_to_end(&mut more).await;
        assert_eq!(ended.expect("a clean end"), 0, "{more:?}");
    }
}
