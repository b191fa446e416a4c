//! Requests that are sent again (R-LOCK-11).

use std::sync::Arc;

use pinward_radius::codec::Code;
use pinward_radius::{Client, Dropped};
use pinward_testkit::Kit;

use crate::server::{
    KEN, KEN_EXTENSION, PIN, Request, Server, Socket, WRONG, assign, checked, client,
};

// R-LOCK-11
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_repetitions_counts_once() {
    for reasons in [true, false] {
        let server = Server::of(vec![Client {
            reasons,
            ..client()
        }])
        .await;
        let socket = Socket::to(&server).await;
        let request = Request::of(KEN_EXTENSION, WRONG, 1);
        let octets = request.octets();
        for _ in 0..20 {
            socket.send(&octets).await;
        }
        let first = socket.answer().await;
        assert_eq!(checked(&first, &request).code(), Code::AccessReject);
        let mut answers = 1;
        while answers < 20 - server.dropped(Dropped::UnderWay) {
            assert_eq!(socket.answer().await, first);
            answers += 1;
        }
        assert_eq!(server.failures().await, (1, 1));
        for _ in 0..5 {
            assert_eq!(socket.ask(&octets).await, first, "the same octets");
        }
        assert_eq!(server.failures().await, (1, 1));
        let figures = server.door.figures();
        assert_eq!(figures.rejected(), 1);
        let not_first = figures.repeated() + server.dropped(Dropped::UnderWay);
        assert_eq!(not_first, 24);
    }
}

// R-LOCK-11
#[tokio::test]
async fn another_authenticator_identifier_or_port_is_another_attempt() {
    let server = Server::of(vec![client()]).await;
    let socket = Socket::to(&server).await;
    let request = Request::of(KEN_EXTENSION, WRONG, 1);
    let mut renumbered = Request::of(KEN_EXTENSION, WRONG, 1);
    renumbered.id = 2;
    let fresh = Request::of(KEN_EXTENSION, WRONG, 3);
    let answers = [
        socket.ask(&request.octets()).await,
        socket.ask(&renumbered.octets()).await,
        socket.ask(&fresh.octets()).await,
        Socket::to(&server).await.ask(&request.octets()).await,
    ];
    assert!(answers.iter().all(|answer| answer[0] == 3));
    assert_eq!(server.failures().await, (4, 4));
}

// R-LOCK-11: what this door has forgotten, or never knew, the service still knows
#[tokio::test]
async fn a_repetition_after_a_restart_counts_once_too() {
    let server = Server::of(vec![client()]).await;
    let socket = Socket::to(&server).await;
    let request = Request::of(KEN_EXTENSION, WRONG, 1);
    let first = socket.ask(&request.octets()).await;
    server.kit.clock.advance_seconds(31);
    assert_eq!(socket.ask(&request.octets()).await, first);
    assert_eq!(server.failures().await, (1, 1));
    assert_eq!(
        server.door.figures().repeated(),
        0,
        "the door had forgotten it"
    );
    server.kit.clock.advance_seconds(60);
    assert_eq!(socket.ask(&request.octets()).await, first);
    assert_eq!(server.failures().await, (2, 2), "now it is another attempt");
}

// R-LOCK-11
#[tokio::test]
async fn an_authenticator_that_is_used_again_for_something_else_is_not_answered() {
    let server = Server::of(vec![client()]).await;
    let socket = Socket::to(&server).await;
    let answer = socket
        .ask(&Request::of(KEN_EXTENSION, WRONG, 1).octets())
        .await;
    assert_eq!(answer[0], 3);
    socket
        .send(&Request::of(KEN_EXTENSION, PIN, 1).octets())
        .await;
    socket.silence().await;
    assert_eq!(server.dropped(Dropped::Reused), 1);
    assert_eq!(server.failures().await, (1, 1));
}

/// Two processes on one folder: a client that asks the other one again is the same client.
#[tokio::test]
async fn a_repetition_at_another_process_counts_once() {
    let kit = Kit::sample().await;
    assign(&kit, KEN, PIN).await;
    let beside = kit.beside().await;
    let one = Arc::clone(&kit.service);
    let other = Arc::clone(&beside.service);
    let one = Server::on(Arc::new(kit), one, vec![client()]).await;
    let other = Server::on(Arc::new(beside), other, vec![client()]).await;
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let octets = Request::of(KEN_EXTENSION, WRONG, 1).octets();
    let mut answers = Vec::new();
    for server in [&one, &other] {
        socket.send_to(&octets, server.address).await.unwrap();
        let mut answer = vec![0; 4096];
        let (length, _) = socket.recv_from(&mut answer).await.unwrap();
        answers.push(answer[..length].to_vec());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(one.failures().await, (1, 1));
}
