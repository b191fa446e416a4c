//! Telling the service manager how far we are (systemd's `Type=notify`).

use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::Path;

/// What it can be told.
#[derive(Clone, Copy, Debug)]
pub enum State {
    /// Everything is open.
    Ready,
    /// The end has begun.
    Stopping,
}

/// Tells it, where there is one that wants to know.
pub fn notify(state: State) {
    let Some(socket) = std::env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    let text: &[u8] = match state {
        State::Ready => b"READY=1",
        State::Stopping => b"STOPPING=1",
    };
    let name = socket.as_bytes();
    let address = match name.strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(Path::new(&socket)),
    };
    let told = address.and_then(|address| {
        UnixDatagram::unbound()?
            .send_to_addr(text, &address)
            .map(|_sent| ())
    });
    if let Err(error) = told {
        tracing::warn!(%error, "the service manager could not be told");
    }
}
