//! Logons are led past the router, and nobody can tell by the answer.

use std::net::SocketAddr;
use std::time::Duration;

use pinward_http::{Routes, Server, monitoring, router};
use pinward_service::ProvenBy;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::running::{Running, With, add, get, to_end};

/// A server over the same state, and where it is.
async fn served(running: &Running, routes: Routes) -> SocketAddr {
    let listen = "http://127.0.0.1:0".parse().expect("a place");
    let server = Server::bind(&[listen], watch::channel(None).1).await;
    let server = server.expect("a port");
    let address = server.addresses()[0]
        .strip_prefix("http://")
        .and_then(|address| address.parse().ok());
    tokio::spawn(server.serve(running.app.clone(), routes, Duration::ZERO));
    address.expect("an address")
}

/// The lines of the answer, but for its time; those of its head in some order.
async fn answer(address: SocketAddr, asked: &str, lines: &[&str], body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("it accepts");
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let request = format!(
        "{asked} HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: {}\r\n{lines}\r\n{body}",
        body.len()
    );
    let sent = stream.write_all(request.as_bytes()).await;
    sent.expect("it reads");
    let answer = to_end(&mut stream).await;
    let lines = answer.lines().filter(|line| !line.starts_with("date: "));
    let mut lines: Vec<_> = lines.collect();
    lines.get_mut(1..).expect("a head").sort_unstable();
    lines.join("\n")
}

#[tokio::test]
async fn a_logon_is_answered_alike_past_the_router() {
    let running = Running::with(With::default()).await;
    let key = add(&running, "pbx", "trusted-logon", ProvenBy::Key).await;
    let key = format!("authorization: Bearer {}", key.expect("a key"));
    let all = ["content-type: application/json", &key];
    let app = &running.app;
    let ways = [
        served(&running, router(app.clone()).into()).await,
        served(&running, Routes::with_log_ons(router(app.clone()))).await,
    ];
    let logon = "POST /api/v1/logon";
    let nobody = r#"{"user": "99999", "pin": "18723834"}"#;
    let long = format!(r#"{{"user": "{}", "pin": "1"}}"#, "9".repeat(65 << 10));
    let asked: [(_, &[&str], _, _); 9] = [
        (logon, &all, nobody, "200 OK"),
        (logon, &all[..1], nobody, "401 Unauthorized"),
        (logon, &all[1..], nobody, "415 Unsupported Media Type"),
        (logon, &all, "{}", "400 Bad Request"),
        (logon, &all, "", "400 Bad Request"),
        (logon, &all, &long, "413 Payload Too Large"),
        ("POST /api/v1/logon?at=noon", &all, nobody, "200 OK"),
        ("POST /api/v1/logon/", &all, nobody, "404 Not Found"),
        ("GET /api/v1/logon", &all, "", "405 Method Not Allowed"),
    ];
    for (line, lines, body, status) in asked {
        let [routed, led] = ways.map(|address| answer(address, line, lines, body));
        let (routed, led) = (routed.await, led.await);
        assert_eq!(routed, led, "{line}");
        assert!(led.starts_with(&format!("HTTP/1.1 {status}\n")), "{led}");
    }
    // Both are counted as one route.
    let figures = served(&running, monitoring(app.clone()).into()).await;
    let figures = TcpStream::connect(figures).await.expect("it accepts");
    let figures = get(figures, "/metrics").await;
    let counted =
        r#"pinward_http_requests_total{method="POST",route="/api/v1/logon",status="200"} 4"#;
    assert!(figures.contains(&format!("{counted}\n")), "{figures}");
}
