//! Commands out, answers in; what came is wiped.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::{Answer, Broken, Command, Decoder, Environment, Received};

/// So long a single command may take: the longest prompt and the keys after it.
const LONGEST_COMMAND: Duration = Duration::from_secs(180);
/// So much is read at a time.
const CHUNK: usize = 512;

/// The connection is of no more use.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Gone {
    /// It does not speak the protocol.
    #[error("{0}")]
    Broken(#[from] Broken),
    /// It was closed or broke.
    #[error("the connection was closed")]
    Closed,
    /// It broke.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A command was not answered.
    #[error("a command was not answered within {} seconds", LONGEST_COMMAND.as_secs())]
    Silent,
}

/// A connection to Asterisk.
pub(super) struct Connection<S> {
    stream: S,
    decoder: Decoder,
    hung_up: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            decoder: Decoder::default(),
            hung_up: false,
        }
    }

    /// Whether Asterisk said that the caller is gone.
    pub(super) fn hung_up(&self) -> bool {
        self.hung_up
    }

    /// What Asterisk says of the call, first.
    pub(super) async fn environment(&mut self) -> Result<Environment, Gone> {
        match self.receive().await? {
            Received::Environment(environment) => Ok(environment),
            Received::HangUp | Received::Answer(_) => Err(Broken::NotAnEnvironment.into()),
        }
    }

    /// Gives a command and waits for its answer.
    pub(super) async fn ask(&mut self, command: &Command) -> Result<Answer, Gone> {
        timeout(LONGEST_COMMAND, self.ask_without_limit(command))
            .await
            .unwrap_or(Err(Gone::Silent))
    }

    /// Gives a command that takes as long as it takes.
    pub(super) async fn ask_without_limit(&mut self, command: &Command) -> Result<Answer, Gone> {
        self.stream.write_all(command.line().as_bytes()).await?;
        self.stream.flush().await?;
        loop {
            match self.receive().await? {
                Received::Answer(answer) => {
                    self.hung_up |= matches!(answer, Answer::Dead);
                    return Ok(answer);
                }
                Received::HangUp => self.hung_up = true,
                Received::Environment(_) => return Err(Broken::NotAnAnswer.into()),
            }
        }
    }

    async fn receive(&mut self) -> Result<Received, Gone> {
        loop {
            if let Some(received) = self.decoder.receive()? {
                return Ok(received);
            }
            let mut chunk = Zeroizing::new(vec![0; CHUNK].into_boxed_slice());
            let read = self.stream.read(&mut chunk).await?;
            if read == 0 {
                return Err(Gone::Closed);
            }
            self.decoder.feed(&chunk[..read])?;
        }
    }
}
