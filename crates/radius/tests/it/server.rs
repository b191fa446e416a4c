//! The door on the sample company, at a port of the loopback, and requests to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pinward_core::{Clock, User};
use pinward_radius::codec::{Answer, Code, LONGEST, Packet, Secret, Signature, hide, kind};
use pinward_radius::{Client, Clients, Door, Dropped, Shared, udp};
use pinward_service::{NewPin, Service};
use pinward_testkit::Kit;
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

pub const KEN: &str = "litwareinc\\kenmyer";
pub const KEN_SIP: &str = "sip:kenmyer@litwareinc.com";
/// Ken Myer's extension.
pub const KEN_EXTENSION: &str = "51219";
pub const PIN: &str = "18723834";
pub const WRONG: &str = "72940001";
pub const SECRET: &str = "testing123";
/// Nothing that is answered takes so long.
const LONGEST_ANSWER: Duration = Duration::from_secs(20);
/// What is not answered would have been answered by then.
const SILENCE: Duration = Duration::from_millis(300);

pub fn secret() -> Secret {
    Secret::new(SECRET.as_bytes()).unwrap()
}

/// A client on the loopback that is told reasons.
pub fn client() -> Client {
    Client {
        name: "gateway".to_owned(),
        networks: vec!["127.0.0.0/8".parse().unwrap()],
        udp: Some(Shared {
            secret: secret(),
            unsigned: false,
        }),
        certificate: None,
        reasons: true,
        accept: Vec::new(),
    }
}

pub struct Server {
    pub kit: Arc<Kit>,
    pub door: Arc<Door>,
    pub address: SocketAddr,
    pub stopping: CancellationToken,
    pub running: JoinHandle<()>,
}

impl Server {
    /// The door for these clients; Ken has a PIN.
    pub async fn of(clients: Vec<Client>) -> Self {
        let kit = Kit::sample().await;
        assign(&kit, KEN, PIN).await;
        let service = Arc::clone(&kit.service);
        Self::on(Arc::new(kit), service, clients).await
    }

    /// The door to this service.
    pub async fn on(kit: Arc<Kit>, service: Arc<Service>, clients: Vec<Client>) -> Self {
        let clock = Arc::clone(&kit.clock) as Arc<dyn Clock>;
        let door = Arc::new(Door::new(service, Clients::new(clients), &clock));
        let listener = udp::Listener::bind(([127, 0, 0, 1], 0).into())
            .await
            .unwrap();
        let address = listener.address().unwrap();
        let stopping = CancellationToken::new();
        let serving = listener.serve(Arc::clone(&door), stopping.clone(), Duration::from_secs(10));
        let running = tokio::spawn(serving);
        Self {
            kit,
            door,
            address,
            stopping,
            running,
        }
    }

    pub fn dropped(&self, reason: Dropped) -> u64 {
        self.door.figures().dropped(reason)
    }

    /// Local and global failures of Ken.
    pub async fn failures(&self) -> (u32, u32) {
        let user = self.kit.person(KEN).await;
        let administrator = self.kit.administrator();
        let info = self.kit.service.pin_info(&administrator, &user).await;
        let info = info.unwrap();
        (info.local_failures, info.global_failures)
    }
}

/// Assigns a PIN as an administrator.
pub async fn assign(kit: &Kit, identity: &str, pin: &str) -> User {
    let user = kit.person(identity).await;
    let assigned = kit
        .service
        .assign_pin(&kit.administrator(), &user, &NewPin::Named(pin))
        .await;
    assert!(assigned.is_ok(), "{identity} gets a PIN");
    user
}

/// An Access-Request as a client makes it, unsigned.
pub struct Request {
    pub code: u8,
    pub id: u8,
    pub authenticator: [u8; 16],
    pub attributes: Vec<(u8, Vec<u8>)>,
    pub signed: bool,
    pub secret: Secret,
}

impl Request {
    pub fn of(who: &str, pin: &str, number: u8) -> Self {
        let authenticator = [number; 16];
        let hidden = hide(&secret(), &authenticator, pin.as_bytes()).unwrap();
        Self {
            code: 1,
            id: number,
            authenticator,
            attributes: vec![
                (kind::USER_NAME, who.as_bytes().to_vec()),
                (kind::USER_PASSWORD, hidden),
            ],
            signed: true,
            secret: secret(),
        }
    }

    /// Its octets. Signed as an answer is: whose authenticator in the header is the request's.
    pub fn octets(&self) -> Vec<u8> {
        let mut bare = crate::codec::packet(self.code, self.authenticator, &self.attributes);
        bare[1] = self.id;
        if !self.signed {
            return bare;
        }
        let request = Packet::parse(&bare).unwrap();
        let mut answer = Answer::new(Code::Other(self.code));
        for (kind, value) in &self.attributes {
            answer = answer.with(*kind, value);
        }
        let own = |kind: &u8| *kind == kind::PROXY_STATE;
        assert!(
            !self.attributes.iter().any(|(kind, _)| own(kind)),
            "they would be doubled"
        );
        let mut signed = answer.to(&request, &self.secret).unwrap();
        signed[4..20].copy_from_slice(&self.authenticator);
        let read = Packet::parse(&signed).unwrap();
        assert_eq!(read.signature(&self.secret), Signature::Right);
        signed
    }
}

/// A client's socket.
pub struct Socket(pub UdpSocket);

impl Socket {
    pub async fn to(server: &Server) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.connect(server.address).await.unwrap();
        Self(socket)
    }

    pub async fn send(&self, octets: &[u8]) {
        self.0.send(octets).await.unwrap();
    }

    pub async fn answer(&self) -> Vec<u8> {
        let mut octets = vec![0; LONGEST];
        let length = timeout(LONGEST_ANSWER, self.0.recv(&mut octets)).await;
        octets.truncate(length.expect("an answer").unwrap());
        octets
    }

    pub async fn ask(&self, octets: &[u8]) -> Vec<u8> {
        self.send(octets).await;
        self.answer().await
    }

    pub async fn silence(&self) {
        let mut octets = vec![0; LONGEST];
        let answer = timeout(SILENCE, self.0.recv(&mut octets)).await;
        assert!(answer.is_err(), "no answer is expected");
    }
}

/// What an answer says, checked as every client must check it, and that its signature comes first.
pub fn checked<'a>(answer: &'a [u8], request: &Request) -> Packet<'a> {
    let packet = Packet::parse(answer).unwrap();
    assert!(packet.answers(&request.secret, &request.authenticator));
    let signed = packet.signature_of_answer(&request.secret, &request.authenticator);
    assert_eq!(signed, Signature::Right);
    let first = packet.attributes().next().unwrap();
    assert_eq!(first.kind, kind::MESSAGE_AUTHENTICATOR);
    assert_eq!(packet.id(), request.id);
    packet
}
