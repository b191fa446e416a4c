//! A client of RADIUS servers: so many requests on their way, each from a socket of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use pinward_radius::codec::{Answer, Code, HEADER, LONGEST, Packet, Secret, hide, kind};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use crate::drive::Bounds;
use crate::radius::SECRET;
use crate::sample::{Meter, Sample};
use crate::stage::Credential;

/// What is not answered by then is sent again, and stops the measurement the third time.
const PATIENCE: Duration = Duration::from_secs(5);
const TRIES: u32 = 3;

/// What is driven.
#[derive(Clone, Copy)]
pub enum Server {
    /// Something that sends back what it gets.
    Echo(SocketAddr),
    /// A RADIUS server that knows the users.
    Radius(SocketAddr),
}

/// Drives a server from a thread of its own; every answer must be an Access-Accept.
pub fn drive(
    server: &Server,
    credentials: &Arc<[Credential]>,
    parallel: usize,
    bounds: &Bounds,
) -> Result<Sample> {
    let (server, credentials, bounds) = (*server, Arc::clone(credentials), bounds.clone());
    let driving = std::thread::spawn(move || -> Result<Sample> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let begun = Arc::new(AtomicU64::new(0));
            let started = Instant::now();
            let meter = Meter::start();
            let callers: Vec<_> = (0..parallel)
                .map(|number| {
                    let credentials = Arc::clone(&credentials);
                    let (bounds, begun) = (bounds.clone(), Arc::clone(&begun));
                    tokio::spawn(async move {
                        let mut caller = Caller::new(server, number, parallel).await?;
                        let mut took = Vec::new();
                        while !bounds.reached(started, &begun) {
                            took.push(caller.ask(&credentials).await?);
                        }
                        Ok::<_, anyhow::Error>(took)
                    })
                })
                .collect();
            let mut took = Vec::new();
            for caller in callers {
                took.extend(caller.await??);
            }
            Ok(meter.end(took))
        })
    });
    driving
        .join()
        .map_err(|_| anyhow!("the client's thread ended"))?
}

struct Caller {
    server: Server,
    socket: UdpSocket,
    secret: Secret,
    next: usize,
    step: usize,
    turn: u64,
}

/// Different for every request of a run.
static TURNS: AtomicU64 = AtomicU64::new(1);

impl Caller {
    async fn new(server: Server, next: usize, step: usize) -> Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        let (Server::Echo(address) | Server::Radius(address)) = server;
        socket.connect(address).await?;
        Ok(Self {
            server,
            socket,
            secret: Secret::new(SECRET.as_bytes()).context("a secret")?,
            next,
            step,
            turn: 0,
        })
    }

    /// Asks once and returns the microseconds that it took.
    async fn ask(&mut self, credentials: &[Credential]) -> Result<u32> {
        let Credential { who, pin } = &credentials[self.next % credentials.len()];
        self.next += self.step;
        self.turn += 1;
        let mut authenticator = [0; 16];
        let turn = TURNS.fetch_add(1, Ordering::Relaxed);
        authenticator[..8].copy_from_slice(&turn.to_be_bytes());
        let request = self.request(who, pin, authenticator)?;
        let mut answer = [0; LONGEST];
        let asked = Instant::now();
        for _ in 0..TRIES {
            self.socket.send(&request).await?;
            let Ok(length) = timeout(PATIENCE, self.socket.recv(&mut answer)).await else {
                continue;
            };
            let took = asked.elapsed();
            let length = length?;
            if let Server::Radius(_) = self.server {
                let packet = Packet::parse(&answer[..length])?;
                if packet.code() != Code::AccessAccept || packet.id() != request[1] {
                    bail!("{who} was answered {:?}", packet.code());
                }
            }
            return Ok(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
        }
        bail!("{who} was not answered")
    }

    fn request(&self, who: &str, pin: &str, authenticator: [u8; 16]) -> Result<Vec<u8>> {
        let mut bare = vec![Code::AccessRequest.number(), self.turn as u8, 0, 20];
        bare.extend(authenticator);
        let hidden = hide(&self.secret, &authenticator, pin.as_bytes()).context("a short PIN")?;
        // An answer is signed like a request, but for the authenticator in its header.
        let mut request = Answer::new(Code::AccessRequest)
            .with(kind::USER_NAME, who.as_bytes())
            .with(kind::USER_PASSWORD, &hidden)
            .to(&Packet::parse(&bare)?, &self.secret)?;
        request[4..HEADER].copy_from_slice(&authenticator);
        Ok(request)
    }
}
