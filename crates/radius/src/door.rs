//! One packet: read, checked, decided by the service, answered. No sockets here.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::SignedDuration;
use pinward_core::{Clock, Outcome};
use pinward_service::{Answer as Silent, Attempt, Delivery, Input, LogOnError, SPANS, Service};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::client::{Client, Clients};
use crate::codec::{Answer, Code, Packet, Secret, Signature};
use crate::figures::{Dropped, Figures};
use crate::recent::{Key, Recent, Seen};
use crate::request::{self, Unasked};
use crate::{recent, reply};

/// The service remembers a delivery for longer than this door does: the store may be slow.
const LIFE: SignedDuration = SignedDuration::from_secs(2 * recent::LIFE.as_secs());

/// Who sent a packet.
#[derive(Clone)]
pub enum Peer {
    /// Over UDP, from this address and port.
    Udp(SocketAddr),
    /// Over TLS, from this address and port, after it proved to be this client.
    Tls(SocketAddr, Arc<Client>),
}

impl Peer {
    fn address(&self) -> SocketAddr {
        match self {
            Self::Udp(address) | Self::Tls(address, _) => *address,
        }
    }
}

/// What is to be done with a packet.
#[must_use]
pub enum Now {
    /// Nothing: it is not answered.
    Silence(Dropped),
    /// Send this.
    Answer(Arc<[u8]>),
    /// Have it decided with [`Door::decide`], which takes as long as a hash, and send what comes of it.
    Decide(Work),
}

/// An Access-Request that is to be decided.
pub struct Work {
    peer: Peer,
    client: Arc<Client>,
    secret: Secret,
    octets: Vec<u8>,
    key: Key,
}

/// The door.
pub struct Door {
    service: Arc<Service>,
    clients: RwLock<Arc<Clients>>,
    recent: Recent,
    figures: Figures,
}

impl Door {
    /// The door to this service for these clients.
    #[must_use]
    pub fn new(service: Arc<Service>, clients: Clients, clock: &Arc<dyn Clock>) -> Self {
        Self {
            service,
            clients: RwLock::new(Arc::new(clients)),
            recent: Recent::new(Arc::clone(clock)),
            figures: Figures::default(),
        }
    }

    /// What it counted.
    #[must_use]
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// The clients.
    #[must_use]
    pub fn clients(&self) -> Arc<Clients> {
        let clients = self.clients.read();
        Arc::clone(&clients.unwrap_or_else(PoisonError::into_inner))
    }

    /// Names other clients. They hold for every packet from now on, also on connections that are open.
    pub fn set_clients(&self, clients: Clients) {
        let mut place = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        *place = Arc::new(clients);
    }

    /// Reads a packet and answers what needs no decision. Quick: no I/O and no hash.
    pub fn read(&self, peer: &Peer, octets: &[u8]) -> Now {
        match self.examine(peer, octets) {
            Ok(now) => now,
            Err((dropped, why)) => {
                self.leave_out(peer, dropped, why);
                Now::Silence(dropped)
            }
        }
    }

    /// Counts a packet that is not answered, and says why in the log, seldom.
    pub(crate) fn leave_out(&self, peer: &Peer, dropped: Dropped, why: &'static str) {
        self.figures.count_dropped(dropped);
        self.service
            .note_dropped(pinward_service::Door::Radius, dropped.name());
        let address = peer.address();
        if dropped != Dropped::UnderWay
            && let Some(more) = self.service.complaints().due(why)
        {
            tracing::warn!(%address, reason = dropped.name(), more, "RADIUS: not answered: {why}");
        }
    }

    fn examine(&self, peer: &Peer, octets: &[u8]) -> Result<Now, (Dropped, &'static str)> {
        let (client, secret, may_be_unsigned) = self.who(peer)?;
        let packet =
            Packet::parse(octets).map_err(|_| (Dropped::Malformed, "the packet is malformed"))?;
        let signature = packet.signature(&secret);
        if signature == Signature::Wrong {
            let why =
                "Message-Authenticator is wrong: the secrets differ, or the packet was changed";
            return Err((Dropped::WrongSignature, why));
        }
        match packet.code() {
            Code::StatusServer if signature == Signature::Right => {
                let answer = Answer::new(Code::AccessAccept).to(&packet, &secret);
                self.figures.count_status();
                self.undecided("Status");
                return answer
                    .map(|answer| Now::Answer(answer.into()))
                    .map_err(too_long);
            }
            Code::AccessRequest if signature == Signature::Right || may_be_unsigned => {}
            Code::AccessRequest | Code::StatusServer => {
                let why = "Message-Authenticator is missing: have the client send it, or set \
                           require_message_authenticator = false for it";
                return Err((Dropped::Unsigned, why));
            }
            _ => return Err((Dropped::UnexpectedCode, "it is no Access-Request")),
        }
        let key = Key::of(peer.address(), packet.octets());
        match self.recent.see(key) {
            Seen::First => {}
            Seen::UnderWay => return Err((Dropped::UnderWay, "it is being decided")),
            Seen::Answered(answer) => {
                self.figures.count_repeated();
                self.undecided("Repeated");
                return Ok(Now::Answer(answer));
            }
        }
        Ok(Now::Decide(Work {
            peer: peer.clone(),
            client,
            secret,
            octets: packet.octets().to_vec(),
            key,
        }))
    }

    /// The client, its secret, and whether its requests may be without Message-Authenticator.
    fn who(&self, peer: &Peer) -> Result<(Arc<Client>, Secret, bool), (Dropped, &'static str)> {
        let stranger = (Dropped::UnknownClient, "no client has this address");
        match peer {
            // TLS protects every octet. The client may have changed since it proved itself.
            Peer::Tls(address, proven) => {
                let clients = self.clients();
                let mut known = clients.over_tls(address.ip());
                let client = known.find(|client| client.is_proven_as(proven));
                let client = Arc::clone(client.ok_or(stranger)?);
                Ok((client, Secret::of_radsec(), true))
            }
            Peer::Udp(address) => {
                let clients = self.clients();
                let client = clients.over_udp(address.ip()).ok_or(stranger)?;
                let shared = client.udp.as_ref().ok_or(stranger)?;
                Ok((Arc::clone(client), shared.secret.clone(), shared.unsigned))
            }
        }
    }

    /// Decides a request: the octets that answer it, or nothing where there is no decision.
    pub async fn decide(&self, work: Work) -> Option<Arc<[u8]>> {
        let span = work.span();
        let answer = match Packet::parse(&work.octets) {
            Ok(packet) => {
                let answering = self.answer(&work, &packet);
                answering.instrument(span.clone()).await
            }
            Err(_) => Err((Dropped::Malformed, "the packet is malformed")),
        };
        note(&span, &answer);
        match answer {
            Ok(answer) => {
                let answer: Arc<[u8]> = answer.into();
                self.recent.answered(work.key, &answer);
                Some(answer)
            }
            Err((dropped, why)) => {
                self.leave_out(&work.peer, dropped, why);
                self.recent.given_up(work.key);
                None
            }
        }
    }

    /// Work that is not begun, since too much is under way.
    pub(crate) fn turn_away(&self, work: &Work) {
        self.recent.given_up(work.key);
        let why = "more is being decided than can be";
        self.leave_out(&work.peer, Dropped::Busy, why);
    }

    async fn answer(
        &self,
        work: &Work,
        packet: &Packet<'_>,
    ) -> Result<Vec<u8>, (Dropped, &'static str)> {
        let client = &work.client;
        let asked = match request::read(packet, client, &work.secret) {
            Ok(asked) => asked,
            Err(Unasked::Malformed(why)) => return Err((Dropped::Malformed, why)),
            Err(Unasked::NotPap(method)) => {
                self.not_pap(work, method);
                let answer = reply::reject_method(client, method);
                return answer.to(packet, &work.secret).map_err(too_long);
            }
        };
        let name = format!("radius\n{}", client.name);
        let key = delivery_key(work.peer.address(), packet);
        let attempt = Attempt {
            who: &asked.who,
            pin: &asked.pin,
            also_known_as: None,
            source: asked.source,
            delivery: Some(Delivery {
                client: &name,
                key: &key,
                life: LIFE,
                input: Input::Octets(&work.octets),
            }),
        };
        let (accepted, answer) = self
            .ask(client, &attempt)
            .await
            .map_err(|error| self.no_decision(&error))?;
        let answer = answer.to(packet, &work.secret).map_err(too_long)?;
        self.figures.count_decided(accepted);
        Ok(answer)
    }

    /// The service's decision, told as far as the client may know.
    async fn ask(
        &self,
        client: &Client,
        attempt: &Attempt<'_>,
    ) -> Result<(bool, Answer), LogOnError> {
        if !client.reasons {
            return Ok(match self.service.log_on_silently(attempt).await? {
                Silent::Success(user) => (true, reply::accept(client, &user)),
                Silent::Refused => (false, reply::reject()),
            });
        }
        let verdict = self.service.log_on(attempt).await?;
        Ok(match (verdict.outcome, &verdict.user) {
            (Outcome::Success, Some(user)) => (true, reply::accept(client, user)),
            _ => (false, reply::reject_because(&verdict)),
        })
    }

    fn no_decision(&self, error: &LogOnError) -> (Dropped, &'static str) {
        match error {
            LogOnError::KeyReused => {
                let why =
                    "its authenticator was used for another request of late; it must be random";
                (Dropped::Reused, why)
            }
            LogOnError::Denied(_) | LogOnError::Unavailable(_) => {
                if let Some(more) = self.service.complaints().due("radius: no decision") {
                    tracing::warn!(%error, more, "RADIUS: no decision");
                }
                (Dropped::NoDecision, "no decision could be reached")
            }
        }
    }

    /// Too many files are open, and the like.
    pub(crate) fn cannot_accept(&self, error: &std::io::Error) {
        if let Some(more) = self.service.complaints().due("radius: no connection") {
            tracing::warn!(%error, more, "RADIUS: no connection can be taken");
        }
    }

    fn undecided(&self, kind: &'static str) {
        self.service
            .note_undecided(pinward_service::Door::Radius, kind);
    }

    fn not_pap(&self, work: &Work, method: &'static str) {
        self.figures.count_not_pap();
        self.undecided("NotPap");
        let address = work.peer.address();
        if let Some(more) = self.service.complaints().due(method) {
            let client = &work.client.name;
            tracing::warn!(
                %address,
                client,
                more,
                "RADIUS: {method} is rejected: it needs the PIN in clear, and PINs are kept so that nobody \
                 can read them. Set the client to PAP"
            );
        }
    }
}

impl Work {
    /// Its span.
    fn span(&self) -> Span {
        let transport = match self.peer {
            Peer::Udp(_) => "udp",
            Peer::Tls(..) => "tcp",
        };
        tracing::info_span!(
            target: SPANS,
            "Access-Request",
            otel.kind = "server",
            network.transport = transport,
            pinward.client = self.client.name,
            pinward.answer = Empty,
            otel.status_code = Empty,
        )
    }
}

/// Says in the span of a request how it was answered, or why it was not.
fn note(span: &Span, answer: &Result<Vec<u8>, (Dropped, &'static str)>) {
    let told = match answer {
        Ok(answer) if answer.first() == Some(&Code::AccessAccept.number()) => "Access-Accept",
        Ok(_) => "Access-Reject",
        Err((dropped, _)) => dropped.name(),
    };
    span.record("pinward.answer", told);
    if matches!(answer, Err((Dropped::NoDecision, _))) {
        span.record("otel.status_code", "ERROR");
    }
}

/// What tells the store that a request is the same: who sent it, its identifier and its authenticator.
fn delivery_key(peer: SocketAddr, packet: &Packet<'_>) -> String {
    let authenticator = u128::from_be_bytes(*packet.authenticator());
    format!("{peer}\n{}\n{authenticator:x}", packet.id())
}

fn too_long(_: crate::codec::TooLong) -> (Dropped, &'static str) {
    let why =
        "the answer would be too long: too much in Proxy-State and in what the configuration adds";
    (Dropped::TooLong, why)
}
