//! The end: nobody who was heard goes without an answer, and nobody is waited for who does not ask.

use std::sync::Arc;

use axum::Router;
use axum::routing::get as route;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::running::{Running, With, to_end};

#[tokio::test]
async fn what_is_under_way_is_answered() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let bells = (Arc::clone(&begun), Arc::clone(&go_on));
    let work = async move || {
        bells.0.notify_one();
        bells.1.notified().await;
        "done"
    };
    let running = Running::with(With {
        routes: Router::new().route("/work", route(work)),
        ..With::default()
    })
    .await;
    let mut idle = running.connect().await;
    let mut kept = running.connect().await;
    kept.write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n")
        .await
        .expect("it reads");
    let mut first = [0; 15];
    kept.read_exact(&mut first).await.expect("an answer");
    let mut waiting = running.connect().await;
    waiting
        .write_all(b"GET /work HTTP/1.1\r\nhost: here\r\n\r\n")
        .await
        .expect("it reads");
    begun.notified().await;

    running.app.stopping().cancel();
    // Idle connections are closed, the one that waits is not.
    to_end(&mut kept).await;
    assert_eq!(to_end(&mut idle).await, "");
    let refused = TcpStream::connect(running.address).await;
    assert!(refused.is_err(), "nobody new is accepted");
    assert!(!running.ended.is_finished());
    go_on.notify_one();
    let answer = to_end(&mut waiting).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\ndone"), "{answer}");
    running.ended.await.expect("it ends");
}

#[tokio::test]
async fn a_server_that_stops_is_not_ready() {
    let running = Running::with(With::default()).await;
    let mut kept = running.connect().await;
    for (stop, status, says) in [
        (false, "200 OK", "ready\n"),
        (true, "503 Service Unavailable", "stopping\n"),
    ] {
        if stop {
            running.app.stopping().cancel();
        }
        kept.write_all(b"GET /readyz HTTP/1.1\r\nhost: here\r\n\r\n")
            .await
            .expect("it reads");
        let mut answer = Vec::new();
        while !answer.ends_with(format!("\r\n\r\n{says}").as_bytes()) {
            answer.push(kept.read_u8().await.expect("an answer"));
        }
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}\r\n")),
            "{answer}"
        );
    }
    running.ended.await.expect("it ends");
}

#[tokio::test]
async fn a_server_that_is_about_to_stop_says_so_and_answers_everything() {
    let running = Running::with(With::default()).await;
    running.leaving.cancel();
    for (path, status) in [
        ("/readyz", "503 Service Unavailable"),
        ("/healthz", "200 OK"),
    ] {
        // On a new connection, which is asked to be kept and is not.
        let mut stream = running.connect().await;
        let request = format!("GET {path} HTTP/1.1\r\nhost: here\r\n\r\n");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it reads");
        let answer = to_end(&mut stream).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}\r\n")),
            "{answer}"
        );
        assert!(answer.contains("connection: close\r\n"), "{answer}");
    }
    assert!(!running.ended.is_finished());
    running.app.stopping().cancel();
    running.ended.await.expect("it ends");
}
