//! What clients do that they should not: the server ends it, and serves others meanwhile.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get as route;
use pinward_http::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use crate::certificates::Authority;
use crate::running::{Running, With, to_end};

/// Limits that are over soon.
fn soon() -> Limits {
    let soon = Duration::from_millis(300);
    Limits {
        idle: soon,
        body: soon,
        stalled: soon,
        ..Limits::default()
    }
}

async fn soon_over() -> Running {
    Running::with(With {
        limits: soon(),
        ..With::default()
    })
    .await
}

#[tokio::test]
async fn whoever_sends_half_of_something_is_not_waited_for() {
    let running = soon_over().await;
    for (sent, answer) in [
        // Nothing, and the beginning of a head.
        ("", ""),
        ("GET /healthz HTT", ""),
        ("GET /healthz HTTP/1.1\r\nhost: here\r\n", ""),
        // A kept connection that falls silent, after its answer.
        (
            "GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n",
            "HTTP/1.1 200 OK\r\n",
        ),
    ] {
        let mut stream = running.connect().await;
        stream.write_all(sent.as_bytes()).await.expect("it reads");
        running.still_serves().await;
        let came = to_end(&mut stream).await;
        assert!(
            came.starts_with(answer) && came.is_empty() == answer.is_empty(),
            "{sent}: {came}"
        );
    }
}

#[tokio::test]
async fn what_is_no_http_is_answered_and_ended() {
    let running = soon_over().await;
    let long_head = format!(
        "GET /healthz HTTP/1.1\r\nhost: here\r\nx: {}\r\n\r\n",
        "y".repeat(64 << 10)
    );
    let many = "x: y\r\n".repeat(500);
    let many_heads = format!("GET /healthz HTTP/1.1\r\nhost: here\r\n{many}\r\n");
    for (sent, status) in [
        ("\0\0\0\0\r\n\r\n", "400"),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n", "400"),
        (
            "GET /healthz HTTP/1.1\r\nhost: here\r\ncontent-length: many\r\n\r\n",
            "400",
        ),
        (
            "GET /healthz HTTP/1.1\r\nhost: here\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
            "400",
        ),
        (long_head.as_str(), "431"),
        (many_heads.as_str(), "431"),
    ] {
        let mut stream = running.connect().await;
        // It may close before it has read everything.
        let _sent = stream.write_all(sent.as_bytes()).await;
        let came = to_end(&mut stream).await;
        let of_interest = &sent[..sent.len().min(80)];
        // Where it closed on unread bytes, the system may drop the answer too.
        let reset = sent.len() > 4096 && came.is_empty();
        assert!(
            reset || came.starts_with(&format!("HTTP/1.1 {status} ")),
            "{of_interest:?}: {came}"
        );
        running.still_serves().await;
    }
}

#[tokio::test]
async fn many_idle_connections_keep_nobody_out() {
    let running = Running::with(With {
        limits: Limits {
            connections: 600,
            connections_per_address: 500,
            ..Limits::default()
        },
        ..With::default()
    })
    .await;
    let mut idle = Vec::new();
    for _ in 0..499 {
        idle.push(running.connect().await);
    }
    running.still_serves().await;
    // One address has no more than its share.
    idle.push(running.connect().await);
    let mut refused = Vec::new();
    for _ in 0..3 {
        let mut stream = running.connect().await;
        refused.push(to_end(&mut stream).await);
    }
    assert_eq!(refused, ["", "", ""]);
    // Places become free.
    let mut last = idle.pop().expect("one");
    last.write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")
        .await
        .expect("it reads");
    assert!(to_end(&mut last).await.starts_with("HTTP/1.1 200"));
    drop(last);
    loop {
        let answer = running.get("/healthz").await;
        if answer.starts_with("HTTP/1.1 200") {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn whoever_takes_nothing_is_cut_off() {
    const MUCH: usize = 64 << 20;
    let running = Running::with(With {
        limits: soon(),
        routes: Router::new().route("/much", route(async || Body::from(vec![b'x'; MUCH]))),
        ..With::default()
    })
    .await;
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a size");
    let mut stream = socket.connect(running.address).await.expect("it accepts");
    stream
        .write_all(b"GET /much HTTP/1.1\r\nhost: here\r\n\r\n")
        .await
        .expect("it reads");
    let mut first = [0; 16];
    stream
        .read_exact(&mut first)
        .await
        .expect("an answer begins");
    // Once it is cut off, only what was on its way is left to read.
    running.still_serves().await;
    tokio::time::timeout(Duration::from_secs(10), async {
        while running.app.connections() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("it was cut off");
    assert!(to_end(&mut stream).await.len() < MUCH);
}

#[tokio::test]
async fn who_speaks_no_tls_where_it_is_spoken_is_ended() {
    let authority = Authority::new();
    let running = Running::with(With {
        tls: Some(authority.server(None)),
        ..With::default()
    })
    .await;
    for sent in [
        &b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n"[..],
        &[0x16, 3, 1, 0xff, 0xff, 0, 0, 0, 0],
        &[0; 4096],
    ] {
        let mut stream = running.connect().await;
        let _sent = stream.write_all(sent).await;
        let came = to_end(&mut stream).await;
        assert!(!came.contains("HTTP"), "{came}");
    }
    let stream = running.connect_tls(&authority.client(None)).await;
    let answer = crate::running::get(stream.expect("TLS"), "/healthz").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}
