//! Packets over UDP.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::codec::LONGEST;
use crate::door::{Door, Now, Peer};

/// So many requests are decided at a time at each socket. The clients ask again for those beyond.
const MOST: usize = 1024;

/// A socket that receives requests.
pub struct Listener {
    socket: Arc<UdpSocket>,
}

impl Listener {
    /// Binds an address.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = Arc::new(UdpSocket::bind(address).await?);
        Ok(Self { socket })
    }

    /// Where it is reached.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Answers until it is told to stop, and then what is under way, for as long as `patience` lasts.
    pub async fn serve(self, door: Arc<Door>, stopping: CancellationToken, patience: Duration) {
        let under_way = TaskTracker::new();
        let places = Arc::new(Semaphore::new(MOST));
        let mut octets = vec![0; LONGEST];
        loop {
            let received = tokio::select! {
                () = stopping.cancelled() => break,
                received = self.socket.recv_from(&mut octets) => received,
            };
            // What comes back of an earlier answer (a closed port) is no reason to stop.
            let Ok((length, address)) = received else {
                tokio::task::yield_now().await;
                continue;
            };
            match door.read(&Peer::Udp(address), &octets[..length]) {
                Now::Silence(_) => {}
                Now::Answer(answer) => send(&self.socket, &answer, address).await,
                Now::Decide(work) => match Arc::clone(&places).try_acquire_owned() {
                    Err(_) => door.turn_away(&work),
                    Ok(place) => {
                        let (door, socket) = (Arc::clone(&door), Arc::clone(&self.socket));
                        under_way.spawn(async move {
                            if let Some(answer) = door.decide(work).await {
                                send(&socket, &answer, address).await;
                            }
                            drop(place);
                        });
                    }
                },
            }
        }
        under_way.close();
        let _rest = tokio::time::timeout(patience, under_way.wait()).await;
    }
}

async fn send(socket: &UdpSocket, answer: &[u8], to: SocketAddr) {
    if let Err(error) = socket.send_to(answer, to).await {
        tracing::debug!(%to, %error, "RADIUS: an answer could not be sent");
    }
}
