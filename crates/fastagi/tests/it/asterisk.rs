//! A scripted Asterisk: it answers commands as the real one was seen to, and keys what it is told to.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};

use pinward_fastagi::{Desk, attend};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio_util::sync::CancellationToken;

pub const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What a call looked like from Asterisk's side.
#[derive(Default)]
pub struct Seen {
    /// Every command, in order.
    pub commands: Vec<String>,
}

impl Seen {
    /// The last value of a variable of the channel.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let start = format!("SET VARIABLE {name} ");
        let last = self.commands.iter().rev();
        let value = last.filter_map(|line| line.strip_prefix(&start)).next();
        value.map(|value| value.trim_matches('"'))
    }

    /// The sounds that were played, in order.
    pub fn played(&self) -> Vec<&str> {
        self.commands
            .iter()
            .filter_map(|line| {
                let rest = line
                    .strip_prefix("STREAM FILE ")
                    .or(line.strip_prefix("GET DATA "))?;
                rest.split(' ').next()
            })
            .filter(|file| *file != "\"\"")
            .collect()
    }
}

/// The call: who calls, and what they key, one word for each question: `51219` and `#`, `51219~` and
/// nothing more, `~` nothing at all, `x` hangs up, `!5` presses a key while the next sound is played,
/// `?` the sound is not there.
pub struct Call {
    pub environment: Vec<(&'static str, String)>,
    pub keyed: &'static str,
    /// The line goes at the first command that begins like this.
    pub line_goes_at: Option<&'static str>,
}

impl Call {
    pub fn keying(keyed: &'static str) -> Self {
        let environment = [
            ("network", "yes"),
            ("network_script", "attendant"),
            ("request", "agi://127.0.0.1/attendant"),
            ("channel", "SIP/gate-00000001"),
            ("language", "en"),
            ("uniqueid", "1763773200.1"),
            ("callerid", "+14255550100"),
            ("dnid", "unknown"),
            ("extension", "700"),
        ];
        Self {
            environment: environment
                .into_iter()
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
            keyed,
            line_goes_at: None,
        }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }
}

/// Puts a call through to the door.
pub async fn put_through(desk: &Desk, call: Call) -> Seen {
    let (asterisk, door) = duplex(4096);
    let never = CancellationToken::new();
    let (seen, ()) = tokio::join!(play(asterisk, call), attend(door, desk, PEER, &never));
    seen
}

async fn play(stream: DuplexStream, call: Call) -> Seen {
    let (read, mut write) = tokio::io::split(stream);
    let mut environment = String::new();
    for (name, value) in &call.environment {
        environment.push_str(&format!("agi_{name}: {value}\n"));
    }
    environment.push('\n');
    write
        .write_all(environment.as_bytes())
        .await
        .expect("the door reads");
    let mut keyed: VecDeque<&str> = call.keyed.split_whitespace().collect();
    let mut seen = Seen::default();
    let mut dead = false;
    let mut lines = BufReader::new(read).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if call.line_goes_at.is_some_and(|at| line.starts_with(at)) {
            break;
        }
        let answer = answer(&line, &mut keyed, &mut dead);
        seen.commands.push(line);
        if write.write_all(answer.as_bytes()).await.is_err() {
            break;
        }
    }
    seen
}

fn answer(line: &str, keyed: &mut VecDeque<&str>, dead: &mut bool) -> String {
    let plays = ["STREAM", "GET", "SAY", "EXEC"]
        .iter()
        .any(|word| line.starts_with(word));
    if *dead && plays {
        return "511 Command Not Permitted on a dead channel or intercept routine\n".to_owned();
    }
    if line.starts_with("CHANNEL STATUS") {
        return "200 result=6\n".to_owned();
    }
    if line.starts_with("GET DATA") {
        return match keyed.pop_front() {
            None | Some("x") => {
                *dead = true;
                "HANGUP\n200 result=-1\n".to_owned()
            }
            Some("?") => "200 result=-1\n".to_owned(),
            Some(keys) => match keys.strip_suffix('~') {
                Some(keys) => format!("200 result={keys} (timeout)\n"),
                None => format!("200 result={}\n", keys.trim_end_matches('#')),
            },
        };
    }
    if line.starts_with("STREAM FILE") || line.starts_with("SAY ") {
        let pressed = keyed.front().and_then(|keys| keys.strip_prefix('!'));
        if let Some(key) = pressed.and_then(|key| key.bytes().next())
            && !line.ends_with("\"\"")
        {
            keyed.pop_front();
            return format!("200 result={key} endpos=4000\n");
        }
        return "200 result=0 endpos=8000\n".to_owned();
    }
    "200 result=1\n".to_owned()
}
