//! Asking the caller.
//!
//! The last sound is played by `GET DATA`, which takes the keys up to `#` without losing one; those before
//! by `STREAM FILE`, which a key ends. A `*` is acted on at once when it is the key that ends a sound, and
//! with the end of the entry otherwise.

use pinward_attendant::{Gathering, Input, Keys};
use tokio::io::{AsyncRead, AsyncWrite};
use zeroize::Zeroizing;

use super::{Gone, Session};
use crate::speech::{Piece, pieces, speak};
use crate::{Answer, Broken, Command};

/// What `CHANNEL STATUS` answers while the call is up.
const UP: &str = "6";

impl<S: AsyncRead + AsyncWrite + Unpin> Session<'_, S> {
    /// Says what is to be said and takes what the caller keys.
    pub(super) async fn gather(&mut self, gathering: &Gathering) -> Result<Input, Gone> {
        self.speak(gathering.language()).await?;
        let mut pieces = pieces(gathering.say(), gathering.language(), &self.desk.sounds);
        let last = match pieces.pop() {
            Some(Piece::File(file)) => file,
            other => {
                pieces.extend(other);
                String::new()
            }
        };
        for piece in pieces {
            let answer = self.play(piece, true).await?;
            if self.connection.hung_up() {
                return Ok(Input::HungUp);
            }
            if let Some(key) = answer.key() {
                return self.rest(key, gathering).await;
            }
        }
        let most = gathering.most_keys();
        self.keys(Zeroizing::default(), last, most, gathering).await
    }

    /// A key ended a sound: the entry has begun.
    async fn rest(&mut self, first: char, gathering: &Gathering) -> Result<Input, Gone> {
        let most = gathering.most_keys() - 1;
        let entry = Zeroizing::new(String::from(first));
        match first {
            '#' | '*' => parsed(&entry),
            _ if most == 0 => parsed(&entry),
            _ => self.keys(entry, String::new(), most, gathering).await,
        }
    }

    /// Takes keys after those that were keyed before.
    async fn keys(
        &mut self,
        before: Zeroizing<String>,
        file: String,
        most: usize,
        gathering: &Gathering,
    ) -> Result<Input, Gone> {
        let wait = gathering.wait();
        let mut command = Command::GetData { file, wait, most };
        let mut answer = self.connection.ask(&command).await?;
        if answer.failed() && !self.is_gone().await? {
            let Command::GetData { file, .. } = &mut command else {
                return Err(Broken::NotAnAnswer.into());
            };
            tracing::warn!(
                file,
                "Asterisk could not play a sound; is it there in all languages?"
            );
            file.clear();
            answer = self.connection.ask(&command).await?;
        }
        match answer {
            _ if answer.failed() => Ok(Input::HungUp),
            Answer::Done { result, timed_out } => {
                let nothing = timed_out && before.is_empty() && result.is_empty();
                let entry = Zeroizing::new([before.as_str(), &result].concat());
                if nothing {
                    Ok(Input::Nothing)
                } else {
                    parsed(&entry)
                }
            }
            _ => Ok(Input::HungUp),
        }
    }

    /// Whether the caller is gone, after a command that failed for this reason or for another.
    async fn is_gone(&mut self) -> Result<bool, Gone> {
        if self.connection.hung_up() {
            return Ok(true);
        }
        let status = self.connection.ask(&Command::ChannelStatus).await?;
        let up = matches!(&status, Answer::Done { result, .. } if result.as_str() == UP);
        Ok(self.connection.hung_up() || !up)
    }

    pub(super) async fn play(&mut self, piece: Piece, interruptible: bool) -> Result<Answer, Gone> {
        if let Piece::Language(tag) = piece {
            self.spoken = Some(tag);
        }
        self.connection.ask(&piece.command(interruptible)).await
    }

    /// Sets the language of the channel where it is another. A single language is that of the dialplan.
    pub(super) async fn speak(&mut self, language: &'static str) -> Result<(), Gone> {
        let several = self.desk.settings.languages.tags().len() > 1;
        if several && self.spoken != Some(language) {
            self.connection.ask(&speak(language)).await?;
            self.spoken = Some(language);
        }
        Ok(())
    }
}

fn parsed(entry: &str) -> Result<Input, Gone> {
    let keys = Keys::parse(entry).map_err(|_not_keys| Broken::NotAnAnswer)?;
    Ok(Input::Keys(keys))
}
