//! A server on a port that the system chose, over the sample company.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use pinward_core::{ClientLimits, ClientRights, Network};
use pinward_http::{App, Limits, Parts, Routes, Server, Settings, TlsConfig, monitoring, router};
use pinward_service::{NewClient, ProvenBy};
use pinward_testkit::{Kit, SeededEntropy};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::sync::CancellationToken;

/// A running server.
pub struct Running {
    pub address: SocketAddr,
    pub app: App,
    pub leaving: CancellationToken,
    pub tls: watch::Sender<Option<TlsConfig>>,
    pub ended: JoinHandle<()>,
    /// What it is over.
    pub kit: Kit,
}

/// What differs from the usual.
#[derive(Default)]
pub struct With {
    pub limits: Limits,
    /// Proxies that are trusted.
    pub proxies: Vec<Network>,
    pub tls: Option<TlsConfig>,
    /// Further routes.
    pub routes: Router,
    /// The listener for monitoring instead.
    pub monitoring: bool,
}

/// Long enough for everything that is cut off in the end.
const PATIENCE: Duration = Duration::from_secs(20);

impl Running {
    /// Starts one.
    pub async fn with(with: With) -> Self {
        let kit = Kit::sample().await;
        let settings = Settings {
            limits: with.limits,
            trusted_proxies: with.proxies,
            ..Settings::default()
        };
        let leaving = CancellationToken::new();
        let app = App::new(Parts {
            service: Arc::clone(&kit.service),
            settings: watch::channel(Arc::new(settings)).1,
            clock: kit.clock.clone(),
            entropy: Arc::new(SeededEntropy::new(1)),
            leaving: leaving.clone(),
            stopping: CancellationToken::new(),
        });
        let scheme = if with.tls.is_some() { "https" } else { "http" };
        let listen = format!("{scheme}://127.0.0.1:0").parse().expect("a place");
        let (tls, watched) = watch::channel(with.tls);
        let server = Server::bind(&[listen], watched).await.expect("a port");
        let addresses = server.addresses();
        let (_, address) = addresses[0].split_once("://").expect("an address");
        let routes = match with.monitoring {
            true => with.routes.merge(monitoring(app.clone())).into(),
            false => Routes::with_log_ons(with.routes.merge(router(app.clone()))),
        };
        let serving = server.serve(app.clone(), routes, PATIENCE);
        Self {
            address: address.parse().expect("an address"),
            app,
            leaving,
            tls,
            ended: tokio::spawn(serving),
            kit,
        }
    }

    /// A connection.
    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("it accepts")
    }

    /// A connection with TLS, as this client makes it.
    pub async fn connect_tls(&self, client: &TlsConnector) -> io::Result<TlsStream<TcpStream>> {
        let name = "localhost".try_into().expect("a name");
        client.connect(name, self.connect().await).await
    }

    /// The answer to a GET on a connection of its own.
    pub async fn get(&self, path: &str) -> String {
        get(self.connect().await, path).await
    }

    /// Whether it serves others meanwhile.
    pub async fn still_serves(&self) {
        let answer = self.get("/healthz").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
}

/// The answer to a GET.
pub async fn get(stream: impl AsyncRead + AsyncWrite + Unpin, path: &str) -> String {
    get_with(stream, path, "").await
}

/// The answer to a GET with these header lines, each with its end.
pub async fn get_with(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    path: &str,
    lines: &str,
) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n{lines}\r\n");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    to_end(&mut stream).await
}

/// Everything until the other end closes or breaks off.
pub async fn to_end(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut answer = Vec::new();
    // A connection that is reset ends too.
    let _ended = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// Adds a client; answers its key where it has one.
pub async fn add(
    running: &Running,
    name: &str,
    rights: &str,
    proven_by: ProvenBy,
) -> Option<String> {
    let new = NewClient {
        name: name.to_owned(),
        rights: rights.parse::<ClientRights>().expect("rights"),
        networks: Vec::new(),
        expires: None,
        limits: ClientLimits::default(),
        proven_by,
    };
    let administrator = running.kit.administrator();
    let added = running.kit.service.add_client(&administrator, &new).await;
    let (_, secret) = added.expect("a client");
    secret.map(|secret| secret.reveal().to_owned())
}
