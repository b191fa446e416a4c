//! A client of HTTP servers: so many connections that are kept, each asking again as soon as it was answered.
//! It knows as little of HTTP as it can: what it costs is taken from the server that it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::drive::Bounds;
use crate::sample::{Meter, Sample};

/// An answer that takes longer ends the measurement.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longer than any answer here.
const ROOM: usize = 4096;

/// What is asked.
#[derive(Clone)]
pub struct Asked {
    pub at: SocketAddr,
    /// The requests, whole; each connection has its share of them to itself.
    pub requests: Arc<[Vec<u8>]>,
    /// How the body of every answer begins.
    pub answer: &'static str,
}

/// Asks over so many connections, from a thread of its own.
pub fn drive(asked: &Asked, connections: usize, bounds: &Bounds) -> Result<Sample> {
    let (asked, bounds) = (asked.clone(), bounds.clone());
    let driving = std::thread::spawn(move || -> Result<Sample> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let mut callers = Vec::with_capacity(connections);
            for number in 0..connections {
                callers.push(Caller::connect(&asked, number, connections).await?);
            }
            let begun = Arc::new(AtomicU64::new(0));
            let meter = Meter::start();
            let started = Instant::now();
            let callers: Vec<_> = callers
                .into_iter()
                .map(|mut caller| {
                    let (bounds, begun) = (bounds.clone(), Arc::clone(&begun));
                    tokio::spawn(async move {
                        let mut took = Vec::new();
                        while !bounds.reached(started, &begun) {
                            let asking = timeout(PATIENCE, caller.ask());
                            took.push(asking.await.context("there was no answer")??);
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
    stream: TcpStream,
    asked: Asked,
    next: usize,
    step: usize,
    answer: Vec<u8>,
}

impl Caller {
    async fn connect(asked: &Asked, next: usize, step: usize) -> Result<Self> {
        let stream = TcpStream::connect(asked.at).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            asked: asked.clone(),
            next,
            step,
            answer: Vec::with_capacity(ROOM),
        })
    }

    /// Asks once and returns the microseconds that it took.
    async fn ask(&mut self) -> Result<u32> {
        let request = &self.asked.requests[self.next % self.asked.requests.len()];
        self.next += self.step;
        self.answer.clear();
        let begun = Instant::now();
        self.stream.write_all(request).await?;
        let body = loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                bail!("the server closed a connection");
            }
            if let Some(body) = whole(&self.answer)? {
                break body;
            }
        };
        let took = begun.elapsed();
        if !body.starts_with(self.asked.answer.as_bytes()) {
            let answer = String::from_utf8_lossy(&self.answer);
            bail!("this was answered: {answer}");
        }
        Ok(u32::try_from(took.as_micros()).unwrap_or(u32::MAX))
    }
}

/// The body of an answer that has come as a whole.
fn whole(answer: &[u8]) -> Result<Option<&[u8]>> {
    const LENGTH: &[u8] = b"content-length: ";
    let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return Ok(None);
    };
    let (head, body) = answer.split_at(end + 4);
    let mut lines = head.split(|byte| *byte == b'\n');
    let length = lines.find_map(|line| line.strip_prefix(LENGTH));
    let length = length.context("the answer does not say how long it is")?;
    let length: usize = std::str::from_utf8(length)?.trim().parse()?;
    Ok(Some(body).filter(|body| body.len() >= length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_its_body_is() {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n";
        for (came, body) in [
            (head.to_owned(), None),
            (format!("{head}\r\n"), None),
            (format!("{head}\r\nHell"), None),
            (format!("{head}\r\nHello"), Some("Hello")),
        ] {
            let found = whole(came.as_bytes()).expect("an answer");
            assert_eq!(found, body.map(str::as_bytes), "{came}");
        }
        assert!(whole(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
