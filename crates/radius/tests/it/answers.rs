//! What is answered to whom, and what is not.

use std::sync::Arc;

use pinward_core::Outcome;
use pinward_radius::codec::{CISCO, Code, Packet, Secret, VendorAttributes, cisco, kind};
use pinward_radius::{Client, Dropped, Shared};
use pinward_service::AuditQuery;
use pinward_store::StoreError;
use pinward_testkit::{Hook, Kit, Step};

use crate::known;
use crate::server::{
    KEN, KEN_EXTENSION, KEN_SIP, PIN, Request, Server, Socket, WRONG, assign, checked, client,
};

fn return_code(answer: &Packet<'_>) -> Option<String> {
    let all = answer
        .attributes()
        .flat_map(|attribute| VendorAttributes::of(&attribute));
    let mut codes =
        all.filter(|found| (found.vendor, found.kind) == (CISCO, cisco::H323_RETURN_CODE));
    codes.next()?.pair("h323-return-code")
}

fn said(answer: &Packet<'_>) -> Option<String> {
    Some(answer.first(kind::REPLY_MESSAGE)?.text())
}

// R-AUTH-3, R-AUTH-5
#[tokio::test]
async fn a_trusted_client_is_told_the_outcome() {
    let server = Server::of(vec![client()]).await;
    let kit = &server.kit;
    let locked = assign(kit, "litwareinc\\packerman", "26489153").await;
    kit.service
        .lock_pin(&kit.administrator(), &locked)
        .await
        .unwrap();
    let socket = Socket::to(&server).await;
    for (number, (who, pin, outcome, code)) in [
        (KEN_EXTENSION, PIN, Outcome::Success, "0"),
        ("+1 (425) 555-1219", PIN, Outcome::Success, "0"),
        ("KENMYER@litwareinc.com", PIN, Outcome::Success, "0"),
        (KEN_EXTENSION, WRONG, Outcome::IncorrectPin, "2"),
        (KEN_EXTENSION, "", Outcome::IncorrectPin, "2"),
        (KEN_EXTENSION, "caf\u{e9}", Outcome::IncorrectPin, "2"),
        ("99999", PIN, Outcome::UserDoesNotExist, "1"),
        (
            "litwareinc\\packerman",
            "26489153",
            Outcome::UserPinAccountLocked,
            "10",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let request = Request::of(who, pin, u8::try_from(number).unwrap());
        let answer = socket.ask(&request.octets()).await;
        let answer = checked(&answer, &request);
        assert_eq!(
            return_code(&answer).as_deref(),
            Some(code),
            "{who} {outcome}"
        );
        if outcome == Outcome::Success {
            assert_eq!(answer.code(), Code::AccessAccept);
            assert_eq!(answer.first(kind::USER_NAME).unwrap().text(), KEN_SIP);
            assert_eq!(said(&answer), None);
        } else {
            assert_eq!(answer.code(), Code::AccessReject);
            let said = said(&answer).unwrap();
            assert!(said.starts_with(&format!("{outcome}: ")), "{said}");
        }
    }
    assert_eq!(server.door.figures().accepted(), 3);
    assert_eq!(server.door.figures().rejected(), 5);
}

// R-AUTH-5
#[tokio::test]
async fn a_client_without_reasons_sees_every_no_alike() {
    let silent = Client {
        reasons: false,
        ..client()
    };
    let server = Server::of(vec![silent]).await;
    let socket = Socket::to(&server).await;
    let mut lengths = Vec::new();
    for (number, (who, pin)) in [
        (KEN_EXTENSION, WRONG),
        ("99999", PIN),
        (KEN_EXTENSION, "no"),
    ]
    .into_iter()
    .enumerate()
    {
        let request = Request::of(who, pin, u8::try_from(number).unwrap());
        let answer = socket.ask(&request.octets()).await;
        let answer = checked(&answer, &request);
        assert_eq!(answer.code(), Code::AccessReject);
        assert_eq!(
            answer.attributes().count(),
            1,
            "the signature and nothing else"
        );
        lengths.push(answer.octets().len());
    }
    assert_eq!(lengths, [38, 38, 38]);
    let request = Request::of(KEN_EXTENSION, PIN, 99);
    let answer = socket.ask(&request.octets()).await;
    let answer = checked(&answer, &request);
    assert_eq!(answer.code(), Code::AccessAccept);
    assert_eq!(
        answer.attributes().count(),
        2,
        "the signature and User-Name"
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_packet_is_counted_and_never_answered() {
    let server = Server::of(vec![client()]).await;
    let socket = Socket::to(&server).await;
    let good = Request::of(KEN_EXTENSION, PIN, 1);
    let with = |change: &dyn Fn(&mut Request)| {
        let mut request = Request::of(KEN_EXTENSION, PIN, 1);
        change(&mut request);
        request.octets()
    };
    let cut = good.octets()[..30].to_vec();
    let name = (kind::USER_NAME, KEN_EXTENSION.as_bytes().to_vec());
    for (octets, reason) in [
        (Vec::new(), Dropped::Malformed),
        (cut, Dropped::Malformed),
        (with(&|it| it.signed = false), Dropped::Unsigned),
        (
            with(&|it| it.secret = Secret::new(b"testing124").unwrap()),
            Dropped::WrongSignature,
        ),
        (with(&|it| it.code = 4), Dropped::UnexpectedCode),
        (with(&|it| it.code = 2), Dropped::UnexpectedCode),
        (
            with(&|it| (it.code, it.signed) = (12, false)),
            Dropped::Unsigned,
        ),
        (
            with(&|it| drop(it.attributes.remove(0))),
            Dropped::Malformed,
        ),
        (
            with(&|it| drop(it.attributes.remove(1))),
            Dropped::Malformed,
        ),
        (
            with(&|it| it.attributes.push(name.clone())),
            Dropped::Malformed,
        ),
        (
            with(&|it| it.attributes[1].1.truncate(15)),
            Dropped::Malformed,
        ),
        (
            with(&|it| it.attributes[1].1 = vec![7; 144]),
            Dropped::Malformed,
        ),
    ] {
        let before = server.dropped(reason);
        socket.send(&octets).await;
        socket.silence().await;
        assert_eq!(server.dropped(reason), before + 1, "{reason:?}");
        let told = server.kit.service.dropped();
        let told = told.iter().find(|it| it.what == reason.name());
        assert_eq!(
            told.map(|it| (it.door, it.count)),
            Some(("radius", before + 1))
        );
    }
    assert_eq!(server.failures().await, (0, 0));
    let answer = socket.ask(&good.octets()).await;
    assert_eq!(checked(&answer, &good).code(), Code::AccessAccept);
}

#[tokio::test]
async fn strangers_are_not_answered() {
    let elsewhere = Client {
        networks: vec!["192.0.2.0/24".parse().unwrap()],
        ..client()
    };
    let server = Server::of(vec![elsewhere]).await;
    let socket = Socket::to(&server).await;
    socket
        .send(&Request::of(KEN_EXTENSION, PIN, 1).octets())
        .await;
    socket.silence().await;
    assert_eq!(server.dropped(Dropped::UnknownClient), 1);
}

#[tokio::test]
async fn the_narrowest_network_decides() {
    let other = Client {
        name: "other".to_owned(),
        networks: vec![
            "0.0.0.0/0".parse().unwrap(),
            "127.0.0.0/24".parse().unwrap(),
        ],
        udp: Some(Shared {
            secret: Secret::new(b"another one").unwrap(),
            unsigned: true,
        }),
        ..client()
    };
    let narrow = Client {
        networks: vec!["127.0.0.1".parse().unwrap()],
        ..client()
    };
    let server = Server::of(vec![other, narrow]).await;
    let socket = Socket::to(&server).await;
    let request = Request::of(KEN_EXTENSION, PIN, 1);
    let answer = socket.ask(&request.octets()).await;
    assert_eq!(checked(&answer, &request).code(), Code::AccessAccept);
}

#[tokio::test]
async fn chap_is_rejected_and_counts_nothing() {
    let server = Server::of(vec![client()]).await;
    let socket = Socket::to(&server).await;
    let ms_chap = [&311_u32.to_be_bytes()[..], &[25, 4, 0, 0]].concat();
    for (number, attribute) in [
        (kind::CHAP_PASSWORD, vec![1; 17]),
        (kind::EAP_MESSAGE, vec![2, 0, 0, 5, 1]),
        (kind::VENDOR_SPECIFIC, ms_chap),
    ]
    .into_iter()
    .enumerate()
    {
        let mut request = Request::of(KEN_EXTENSION, PIN, u8::try_from(number).unwrap());
        request.attributes[1] = attribute;
        let answer = socket.ask(&request.octets()).await;
        let answer = checked(&answer, &request);
        assert_eq!(answer.code(), Code::AccessReject);
        assert!(said(&answer).unwrap().contains("use PAP"));
    }
    assert_eq!(server.door.figures().not_pap(), 3);
    assert_eq!(server.failures().await, (0, 0));
}

#[tokio::test]
async fn status_server_is_answered() {
    let server = Server::of(vec![client()]).await;
    let socket = Socket::to(&server).await;
    let mut request = Request::of("", "", 1);
    (request.code, request.attributes) = (12, Vec::new());
    let answer = socket.ask(&request.octets()).await;
    assert_eq!(checked(&answer, &request).code(), Code::AccessAccept);
    assert_eq!(server.door.figures().status(), 1);
}

/// What radclient sent, with two Proxy-States.
#[tokio::test]
async fn proxy_state_comes_back_in_its_order() {
    let server = Server::of(vec![client()]).await;
    let socket = Socket::to(&server).await;
    let octets = known::octets(known::PROXIED);
    let answer = socket.ask(&octets).await;
    let answer = Packet::parse(&answer).unwrap();
    let states: Vec<&[u8]> = answer
        .all(kind::PROXY_STATE)
        .map(|state| state.value)
        .collect();
    assert_eq!(states, [b"one", b"two"]);
    let last = answer.attributes().last().unwrap();
    assert_eq!(last.value, b"two");
}

// R-AUTH-1
#[tokio::test]
async fn the_audit_log_tells_where_a_call_came_from() {
    let server = Server::of(vec![client()]).await;
    let socket = Socket::to(&server).await;
    socket.ask(&known::octets(known::PAP)).await;
    let administrator = server.kit.administrator();
    let mut pages = server
        .kit
        .service
        .audit(&administrator, AuditQuery::default())
        .unwrap();
    let mut last = None;
    loop {
        let page = pages.next().await.unwrap();
        let Some(record) = page.into_iter().next_back() else {
            break;
        };
        last = Some(record);
    }
    let record = last.unwrap();
    assert_eq!(
        (record.door.as_str(), record.outcome.as_str()),
        ("radius", "Success")
    );
    assert_eq!(record.client.as_deref(), Some("gateway (gw1 port 7)"));
    assert_eq!(record.caller.as_deref(), Some("+14255550100"));
    assert_eq!(record.called.as_deref(), Some("+14255559000"));
    assert_eq!(record.conference.as_deref(), Some("4711"));
}

/// A store that keeps nothing.
struct Down;

#[async_trait::async_trait]
impl Hook for Down {
    async fn before(&self, step: Step<'_>) -> Result<(), StoreError> {
        match step {
            Step::Charge(_) => Err(StoreError::Busy),
            Step::Settle(..) => Ok(()),
        }
    }
}

// R-AUTH-7
#[tokio::test]
async fn without_a_decision_nothing_is_answered() {
    for reasons in [true, false] {
        let kit = Kit::sample().await;
        assign(&kit, KEN, PIN).await;
        let kit = kit.hooked(Arc::new(Down)).await;
        let service = Arc::clone(&kit.service);
        let clients = vec![Client {
            reasons,
            ..client()
        }];
        let server = Server::on(Arc::new(kit), service, clients).await;
        let socket = Socket::to(&server).await;
        let request = Request::of(KEN_EXTENSION, PIN, 1).octets();
        for turn in 1..=2 {
            socket.send(&request).await;
            socket.silence().await;
            assert_eq!(
                server.dropped(Dropped::NoDecision),
                turn,
                "asked again it is tried again"
            );
        }
    }
}

#[tokio::test]
async fn it_stops_when_it_is_told_to() {
    let server = Server::of(vec![client()]).await;
    server.stopping.cancel();
    server.running.await.unwrap();
}
