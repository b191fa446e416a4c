//! The API over HTTP on loopback, beside a hello-world of the same framework and beside the hash alone. The
//! same client drives all of them, from the same process.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::routing::get;
use pinward_core::{ClientLimits, ClientRights};
use pinward_http::{App, Limits, Parts, Routes, Server, Settings, router};
use pinward_service::{Caller, NewClient, ProvenBy};
use pinward_verifier::HashParams;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::args::{Args, cores};
use crate::beside::{Bench, Line, report};
use crate::http_client::{Asked, drive};
use crate::limits;
use crate::place::Place;
use crate::progress::Progress;
use crate::scenarios::IN_FLIGHT;
use crate::stage::Stage;
use crate::system::{SystemClock, SystemEntropy};

/// How many connections ask where a request costs little.
const CONNECTIONS: [usize; 2] = [IN_FLIGHT, 512];
/// Longer than anything here is under way.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures everything and prints it.
pub fn measure(place: &Place, args: &Args, progress: &Progress) -> Result<()> {
    let bench = Bench::set(place, args, progress)?;
    let mut out = String::new();
    bench.refusals(&mut out)?;
    bench.log_ons(&mut out)?;
    bench.end(&out)
}

impl Bench<'_> {
    /// Locked PINs, for a client that is trusted with reasons, beside a hello-world.
    fn refusals(&self, out: &mut String) -> Result<()> {
        let users = self.args.users;
        let (stage, api) = self.api("refusals", users, HashParams::MINIMUM_FOR_MEASUREMENTS)?;
        self.runtime.block_on(stage.lock_all())?;
        let hello = Asked {
            at: self.runtime.block_on(hello())?,
            requests: Arc::new([b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec()]),
            answer: "Hello",
        };
        let alive = Asked {
            at: api.address,
            requests: Arc::new([b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec()]),
            answer: "ok",
        };
        let refused = "{\"success\":false,\"outcome\":\"UserPinAccountLocked\"";
        let refusals = api.log_ons(&stage, refused);
        for connections in CONNECTIONS {
            let mut all = Vec::new();
            for round in 0..self.args.rounds {
                self.at(round, &format!("refusals, {connections} connections"));
                let sample = |asked| drive(asked, connections, &self.bounds);
                all.push(vec![
                    Line::of("a hello-world of axum", sample(&hello)?),
                    Line::of("GET /healthz", sample(&alive)?),
                    Line::of("refusals of locked PINs", sample(&refusals)?),
                ]);
            }
            writeln!(
                out,
                "HTTP, {connections} connections, {users} users; {} cores, {} rounds of {} s",
                cores(),
                self.args.rounds,
                self.args.seconds
            )?;
            report(out, &all)?;
            writeln!(out)?;
        }
        api.stop(&self.runtime)
    }

    /// Right PINs at the default cost of the hash, beside the hash alone.
    fn log_ons(&self, out: &mut String) -> Result<()> {
        let params = HashParams::default();
        let most = self.args.parallel().max().unwrap_or(1);
        let (stage, api) = self.api("logons", u32::try_from(most)?, params)?;
        let log_ons = api.log_ons(&stage, "{\"success\":true");
        for connections in self.args.parallel() {
            // Somebody alone keeps one core busy at most.
            let threads = connections.min(cores().get());
            let mut all = Vec::new();
            for round in 0..self.args.rounds {
                self.at(round, &format!("{connections} connections"));
                let before = limits::hashes(params, threads, &self.bounds)?;
                let sample = drive(&log_ons, connections, &self.bounds)?;
                let after = limits::hashes(params, threads, &self.bounds)?;
                let alone = format!("the hash alone, {threads} threads");
                all.push(vec![
                    Line::around(alone, &before, &after),
                    Line::of(format!("logons, {connections} connections"), sample),
                ]);
            }
            writeln!(out, "The default hash, {connections} connections")?;
            report(out, &all)?;
            writeln!(out)?;
        }
        api.stop(&self.runtime)
    }

    fn at(&self, round: u64, what: &str) {
        let rounds = self.args.rounds;
        self.progress
            .at(format!("round {} of {rounds}: {what}", round + 1));
    }

    /// A stage and the API to it.
    fn api(&self, name: &str, users: u32, params: HashParams) -> Result<(Stage, Api)> {
        let folder = self.place.path().join(format!("http-{name}"));
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        self.runtime.block_on(async {
            let stage = Stage::set(&folder, users, params, self.args, self.progress).await?;
            let api = Api::start(&stage).await?;
            Ok((stage, api))
        })
    }
}

/// The API, served as the program does.
struct Api {
    address: SocketAddr,
    key: String,
    stopping: CancellationToken,
    serving: tokio::task::JoinHandle<()>,
}

impl Api {
    async fn start(stage: &Stage) -> Result<Self> {
        let most = ClientLimits::MOST;
        let new = NewClient {
            name: "load".to_owned(),
            rights: ClientRights::TrustedLogOn,
            networks: Vec::new(),
            expires: None,
            limits: ClientLimits {
                per_second: most,
                at_once: most,
            },
            proven_by: ProvenBy::Key,
        };
        let caller = Caller::local_administrator("pinward-load");
        let (_, secret) = stage.service.add_client(&caller, &new).await?;
        let settings = Settings {
            limits: Limits {
                connections_per_address: usize::from(u16::MAX),
                ..Limits::default()
            },
            ..Settings::default()
        };
        let stopping = CancellationToken::new();
        let app = App::new(Parts {
            service: Arc::clone(&stage.service),
            settings: watch::channel(Arc::new(settings)).1,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            leaving: stopping.clone(),
            stopping: stopping.clone(),
        });
        let place = "http://127.0.0.1:0".parse()?;
        let server = Server::bind(&[place], watch::channel(None).1).await?;
        let addresses = server.addresses();
        let address = addresses.first().and_then(|at| at.strip_prefix("http://"));
        let address = address.context("the server has no address")?.parse()?;
        let routes = Routes::with_log_ons(router(app.clone()));
        let serving = tokio::spawn(server.serve(app, routes, PATIENCE));
        Ok(Self {
            address,
            key: secret.context("a key")?.reveal().to_owned(),
            stopping,
            serving,
        })
    }

    /// A logon of each user.
    fn log_ons(&self, stage: &Stage, answer: &'static str) -> Asked {
        let key = &self.key;
        let request = |credential: &crate::stage::Credential| {
            let (who, pin) = (&credential.who, &credential.pin);
            let body = format!("{{\"user\":\"{who}\",\"pin\":\"{pin}\"}}");
            let length = body.len();
            format!(
                "POST /api/v1/logon HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
                 content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
            )
            .into_bytes()
        };
        Asked {
            at: self.address,
            requests: stage.credentials.iter().map(request).collect(),
            answer,
        }
    }

    /// Closes it, so that its memory and threads do not count for what comes next.
    fn stop(self, runtime: &Runtime) -> Result<()> {
        self.stopping.cancel();
        runtime
            .block_on(self.serving)
            .map_err(|error| anyhow!("the server broke: {error}"))
    }
}

/// As little as the framework can do.
async fn hello() -> Result<SocketAddr> {
    let routes: Router = Router::new().route("/", get(async || "Hello, World!"));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(address)
}
