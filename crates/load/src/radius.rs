//! RADIUS over UDP: the door beside a raw echo of the same machine, and beside FreeRADIUS with clear-text
//! secrets in SQLite where it is installed. The same client drives all of them, from the same process.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use pinward_core::Clock;
use pinward_radius::codec::Secret;
use pinward_radius::{Client, Clients, Door, Shared, udp};
use pinward_verifier::HashParams;
use tokio::net::UdpSocket;
use tokio_util::sync::CancellationToken;

use crate::args::{Args, cores};
use crate::beside::{Bench, Line, report};
use crate::freeradius::{FreeRadius, Keeps};
use crate::limits;
use crate::place::Place;
use crate::progress::Progress;
use crate::radius_client::{Server, drive};
use crate::scenarios::IN_FLIGHT;
use crate::stage::Stage;
use crate::system::SystemClock;

/// What all clients and servers here share.
pub const SECRET: &str = "testing123";
/// The widest message here, and the longest packet.
const LONGEST: usize = 4096;

/// Measures everything and prints it.
pub fn measure(place: &Place, args: &Args, progress: &Progress) -> Result<()> {
    let bench = Bench::set(place, args, progress)?;
    let mut out = String::new();
    bench.decided(&mut out)?;
    bench.at_the_usual_cost(&mut out)?;
    bench.end(&out)
}

impl Bench<'_> {
    /// Everything but the hash, beside the echo and FreeRADIUS, in turns.
    fn decided(&self, out: &mut String) -> Result<()> {
        let users = self.args.users;
        let (stage, door) = self.door("radius", users, HashParams::MINIMUM_FOR_MEASUREMENTS)?;
        let echo = self.runtime.block_on(echo())?;
        let others = [
            (
                Keeps::Nothing,
                "freeradius",
                "FreeRADIUS, clear-text in SQLite",
            ),
            (
                Keeps::Attempts,
                "freeradius-attempts",
                "the same, a row of each attempt",
            ),
        ];
        let mut peers = Vec::new();
        for (keeps, folder, what) in others {
            let folder = self.place.path().join(folder);
            if let Some(peer) = FreeRadius::start(&folder, &stage.credentials, keeps)? {
                peers.push((what, peer));
            }
        }
        let mut all: Vec<Vec<Line>> = Vec::new();
        for round in 0..self.args.rounds {
            self.progress
                .at(format!("round {} of {}", round + 1, self.args.rounds));
            let mut lines = Vec::new();
            let mut add = |what: &str, server: Server| -> Result<()> {
                let sample = drive(&server, &stage.credentials, IN_FLIGHT, &self.bounds)?;
                lines.push(Line::of(what, sample));
                Ok(())
            };
            add("a raw echo of UDP", Server::Echo(echo))?;
            add("decided logons", Server::Radius(door.address))?;
            for (what, peer) in &peers {
                add(what, Server::Radius(peer.address))?;
            }
            all.push(lines);
        }
        writeln!(
            out,
            "RADIUS over UDP, {IN_FLIGHT} at a time, {users} users, the cheapest hash; {} cores, {} rounds of {} s",
            cores(),
            self.args.rounds,
            self.args.seconds
        )?;
        report(out, &all)?;
        if peers.is_empty() {
            writeln!(
                out,
                "FreeRADIUS is not installed: apt-get install freeradius"
            )?;
        }
        drop(door);
        Ok(())
    }

    /// At the default cost of the hash, beside the hash alone.
    fn at_the_usual_cost(&self, out: &mut String) -> Result<()> {
        let params = HashParams::default();
        let users = u32::try_from(IN_FLIGHT)?;
        let (stage, door) = self.door("radius-usual", users, params)?;
        let mut all: Vec<Vec<Line>> = Vec::new();
        for round in 0..self.args.rounds {
            self.progress.at(format!(
                "round {} of {}, at the default cost",
                round + 1,
                self.args.rounds
            ));
            let before = limits::hashes(params, cores().get(), &self.bounds)?;
            let server = Server::Radius(door.address);
            let logons = drive(&server, &stage.credentials, IN_FLIGHT, &self.bounds)?;
            let after = limits::hashes(params, cores().get(), &self.bounds)?;
            all.push(vec![
                Line::around("the hash alone", &before, &after),
                Line::of("decided logons", logons),
            ]);
        }
        writeln!(
            out,
            "\nRADIUS over UDP, {IN_FLIGHT} at a time, the default hash"
        )?;
        report(out, &all)?;
        drop(door);
        Ok(())
    }

    /// A stage and the door to it.
    fn door(&self, name: &str, users: u32, params: HashParams) -> Result<(Stage, Running)> {
        let folder = self.place.path().join(name);
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        self.runtime.block_on(async {
            let stage = Stage::set(&folder, users, params, self.args, self.progress).await?;
            let clock: Arc<dyn Clock> = Arc::new(SystemClock);
            let secret = Secret::new(SECRET.as_bytes()).context("a secret")?;
            let client = Client {
                name: "load".to_owned(),
                networks: vec!["127.0.0.1".parse()?],
                udp: Some(Shared {
                    secret,
                    unsigned: false,
                }),
                certificate: None,
                reasons: true,
                accept: Vec::new(),
            };
            let clients = Clients::new([client]);
            let door = Arc::new(Door::new(Arc::clone(&stage.service), clients, &clock));
            let listener = udp::Listener::bind(([127, 0, 0, 1], 0).into()).await?;
            let address = listener.address()?;
            let stopping = CancellationToken::new();
            let patience = Duration::from_secs(10);
            tokio::spawn(listener.serve(door, stopping.clone(), patience));
            Ok((stage, Running { address, stopping }))
        })
    }
}

/// A door that is closed when it is dropped.
struct Running {
    address: SocketAddr,
    stopping: CancellationToken,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

/// Sends back whatever comes.
async fn echo() -> Result<SocketAddr> {
    let socket = UdpSocket::bind("127.0.0.1:0").await?;
    let address = socket.local_addr()?;
    tokio::spawn(async move {
        let mut octets = vec![0; LONGEST];
        while let Ok((length, from)) = socket.recv_from(&mut octets).await {
            if socket.send_to(&octets[..length], from).await.is_err() {
                return;
            }
        }
    });
    Ok(address)
}
