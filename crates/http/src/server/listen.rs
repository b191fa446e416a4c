//! Where the server listens: `http://127.0.0.1:8080`, `https://0.0.0.0:8443`, `unix:/run/pinward/http.sock`.

use std::fmt;
use std::fs::Permissions;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

/// A place to listen at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// An address and a port; port 0 lets the system choose.
    Tcp {
        /// The address and the port.
        address: SocketAddr,
        /// With TLS.
        encrypted: bool,
    },
    /// A Unix socket, without TLS; its owner and group may connect (mode 0660).
    Unix(PathBuf),
}

/// Why the server does not listen there.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The text names no place.
    #[error(
        "{0:?} is no place to listen at: write http://127.0.0.1:8080, https://0.0.0.0:8443 or \
         unix:/run/pinward/http.sock"
    )]
    Text(String),
    /// The system refused.
    #[error("cannot listen at {listen}: {error}")]
    System {
        /// Where.
        listen: String,
        /// What it said.
        error: io::Error,
    },
}

impl FromStr for Listen {
    type Err = ListenError;

    fn from_str(text: &str) -> Result<Self, ListenError> {
        let wrong = || ListenError::Text(text.to_owned());
        if let Some(path) = text.strip_prefix("unix:") {
            return match path.starts_with('/') {
                true => Ok(Self::Unix(PathBuf::from(path))),
                false => Err(wrong()),
            };
        }
        let (address, encrypted) = match text.split_once("://") {
            Some(("https", address)) => (address, true),
            Some(("http", address)) => (address, false),
            Some(_) => return Err(wrong()),
            None => (text, false),
        };
        let address = address.strip_suffix('/').unwrap_or(address);
        Ok(Self::Tcp {
            address: address.parse().map_err(|_none| wrong())?,
            encrypted,
        })
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp {
                address,
                encrypted: true,
            } => write!(f, "https://{address}"),
            Self::Tcp {
                address,
                encrypted: false,
            } => write!(f, "http://{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Listen {
    /// Whether everything that comes this way could be read by others on the network.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            Self::Tcp { address, encrypted } => {
                !encrypted && !address.ip().to_canonical().is_loopback()
            }
            Self::Unix(_) => false,
        }
    }

    /// Whether it needs a certificate.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        matches!(
            self,
            Self::Tcp {
                encrypted: true,
                ..
            }
        )
    }
}

/// A bound socket.
pub enum Listener {
    /// TCP.
    Tcp(TcpListener, bool),
    /// A Unix socket, removed when it is dropped.
    Unix(UnixListener, PathBuf),
}

/// A connection, whatever carries it.
pub enum Socket {
    /// TCP.
    Tcp(TcpStream, SocketAddr),
    /// A Unix socket.
    Unix(UnixStream),
}

impl Listener {
    /// Binds; a Unix socket that nobody listens at any more is replaced.
    pub async fn bind(listen: &Listen) -> Result<Self, ListenError> {
        let refused = |error| ListenError::System {
            listen: listen.to_string(),
            error,
        };
        match listen {
            Listen::Tcp { address, encrypted } => {
                let listener = TcpListener::bind(address).await.map_err(refused)?;
                Ok(Self::Tcp(listener, *encrypted))
            }
            Listen::Unix(path) => {
                let left =
                    std::fs::symlink_metadata(path).is_ok_and(|it| it.file_type().is_socket());
                if left && UnixStream::connect(path).await.is_err() {
                    std::fs::remove_file(path).map_err(refused)?;
                }
                let listener = UnixListener::bind(path).map_err(refused)?;
                std::fs::set_permissions(path, Permissions::from_mode(0o660)).map_err(refused)?;
                Ok(Self::Unix(listener, path.clone()))
            }
        }
    }

    /// Where it is reached.
    pub fn address(&self) -> String {
        match self {
            Self::Tcp(listener, encrypted) => match listener.local_addr() {
                Ok(address) => Listen::Tcp {
                    address,
                    encrypted: *encrypted,
                }
                .to_string(),
                Err(error) => error.to_string(),
            },
            Self::Unix(_, path) => Listen::Unix(path.clone()).to_string(),
        }
    }

    /// Whether TLS is spoken.
    pub fn is_encrypted(&self) -> bool {
        matches!(self, Self::Tcp(_, true))
    }

    /// The next connection.
    pub async fn accept(&self) -> io::Result<Socket> {
        match self {
            Self::Tcp(listener, _) => {
                let (stream, address) = listener.accept().await?;
                // Answers are written whole; waiting for more would only delay them.
                stream.set_nodelay(true)?;
                Ok(Socket::Tcp(stream, address))
            }
            Self::Unix(listener, _) => Ok(Socket::Unix(listener.accept().await?.0)),
        }
    }

    /// A connection that waits already.
    pub async fn accept_waiting(&self) -> Option<Socket> {
        poll_fn(|cx| {
            let accepted = match self {
                Self::Tcp(listener, _) => listener
                    .poll_accept(cx)
                    .map_ok(|(stream, address)| Socket::Tcp(stream, address)),
                Self::Unix(listener, _) => listener
                    .poll_accept(cx)
                    .map_ok(|(stream, _)| Socket::Unix(stream)),
            };
            match accepted {
                Poll::Ready(accepted) => Poll::Ready(accepted.ok()),
                Poll::Pending => Poll::Ready(None),
            }
        })
        .await
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Self::Unix(_, path) = self {
            // Whoever removed it already did this work.
            let _gone = std::fs::remove_file(path);
        }
    }
}

impl Socket {
    /// The other end.
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(_, address) => Some(*address),
            Self::Unix(_) => None,
        }
    }

    /// Waits until the other end has sent something, or closed. Those at a Unix socket are few, and not
    /// waited for.
    pub async fn heard(&self) -> io::Result<()> {
        match self {
            // `readable` would answer before it knows.
            Self::Tcp(stream, _) => stream.peek(&mut [0]).await.map(|_length| ()),
            Self::Unix(_) => Ok(()),
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream, _) => Pin::new(stream).poll_read(cx, buffer),
            Self::Unix(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream, _) => Pin::new(stream).poll_write(cx, bytes),
            Self::Unix(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream, _) => Pin::new(stream).poll_flush(cx),
            Self::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream, _) => Pin::new(stream).poll_shutdown(cx),
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream, _) => Pin::new(stream).poll_write_vectored(cx, pieces),
            Self::Unix(stream) => Pin::new(stream).poll_write_vectored(cx, pieces),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }
}
