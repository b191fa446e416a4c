//! Attributes that the configuration adds to an Access-Accept.

use pinward_radius::codec::{CISCO, VendorAttributes, kind};
use pinward_radius::{Client, Extra, ExtraError, Value};

use crate::server::{KEN_EXTENSION, PIN, Request, Server, Socket, checked, client};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[tokio::test]
async fn an_accept_says_what_is_configured() {
    let pair = "h323-ivr-out={displayname}, {extension} of {number}";
    let extra = Client {
        accept: vec![
            Extra::new(None, kind::SESSION_TIMEOUT, Value::Number(3600)).unwrap(),
            Extra::new(None, kind::CLASS, text("{sip}")).unwrap(),
            Extra::new(Some(CISCO), 1, text(pair)).unwrap(),
        ],
        ..client()
    };
    let server = Server::of(vec![extra]).await;
    let socket = Socket::to(&server).await;
    let request = Request::of(KEN_EXTENSION, PIN, 1);
    let answer = socket.ask(&request.octets()).await;
    let answer = checked(&answer, &request);
    let timeout = answer.first(kind::SESSION_TIMEOUT).unwrap();
    assert_eq!(timeout.number(), Some(3600));
    let class = answer.first(kind::CLASS).unwrap();
    assert_eq!(class.text(), "sip:kenmyer@litwareinc.com");
    let vendor = answer
        .attributes()
        .flat_map(|found| VendorAttributes::of(&found));
    let said = vendor.filter_map(|found| found.pair("h323-ivr-out")).next();
    assert_eq!(said.as_deref(), Some("Ken Myer, 51219 of +14255551219"));
}

#[test]
fn what_cannot_be_configured() {
    let long = "x".repeat(248);
    for (vendor, kind, value, expected) in [
        (None, 80, text("x"), Some(ExtraError::Own(80))),
        (None, 1, text("x"), Some(ExtraError::Own(1))),
        (None, 26, text("x"), Some(ExtraError::Own(26))),
        (Some(9), 1, text("x"), None),
        (None, 25, text(""), Some(ExtraError::Length(0))),
        (None, 25, text(&long), Some(ExtraError::Length(248))),
        (
            None,
            25,
            text("{pin}"),
            Some(ExtraError::Place("{pin}".to_owned())),
        ),
        (
            None,
            25,
            text("a {sip"),
            Some(ExtraError::Place("{sip".to_owned())),
        ),
        (None, 25, text("{sip}{logon}"), None),
    ] {
        assert_eq!(Extra::new(vendor, kind, value).err(), expected, "{kind}");
    }
}
