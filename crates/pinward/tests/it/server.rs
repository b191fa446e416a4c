//! The real server on the folder of a sample, and the little of HTTP that tests speak with it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::program::Sample;

/// Nothing here takes so long.
const LONGEST: Duration = Duration::from_secs(60);

/// A running server. It is killed when the test is done with it.
pub struct Server {
    child: Child,
    log: Receiver<String>,
    seen: String,
    /// Where its first listener is reached.
    pub address: SocketAddr,
}

impl Server {
    /// Serves on a port that the system chooses.
    pub fn on(sample: &Sample) -> Self {
        Self::with(sample, "")
    }

    /// Serves with more lines of configuration behind `[server]`.
    pub fn with(sample: &Sample, config: &str) -> Self {
        let listen = match config.contains("listen") {
            true => "",
            false => "listen = [\"127.0.0.1:0\"]",
        };
        let config = format!("[server]\n{listen}\n{config}\n");
        fs::write(sample.data().join("pinward.toml"), config).expect("the configuration");
        let mut child = sample
            .command()
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let errors = child.stderr.take().expect("its log");
        let (line, log) = channel();
        std::thread::spawn(move || {
            for told in BufReader::new(errors).lines().map_while(Result::ok) {
                if line.send(told).is_err() {
                    return;
                }
            }
        });
        let mut server = Self {
            child,
            log,
            seen: String::new(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let told = server.log_until("listening at ");
        let (_, place) = told.rsplit_once("://").expect("an address");
        let place = place.trim_end_matches(|c: char| !c.is_ascii_digit());
        let place = place.split('"').next().unwrap_or(place);
        server.address = place.parse().expect("an address");
        server.log_until("ready");
        server
    }

    /// Reads the log up to a line that says this.
    pub fn log_until(&mut self, says: &str) -> String {
        loop {
            match self.log.recv_timeout(LONGEST) {
                Ok(line) => {
                    self.seen.push_str(&line);
                    self.seen.push('\n');
                    if line.contains(says) {
                        return line;
                    }
                }
                Err(error) => panic!("{error}; the log never said {says:?}:\n{}", self.seen),
            }
        }
    }

    /// Everything that the log said so far.
    pub fn log(&mut self) -> &str {
        for line in self.log.try_iter() {
            self.seen.push_str(&line);
            self.seen.push('\n');
        }
        &self.seen
    }

    /// A connection to it.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it accepts");
        stream.set_read_timeout(Some(LONGEST)).expect("a time-out");
        stream
    }

    /// Sends a request on a connection of its own and returns the whole answer.
    pub fn ask(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The answer to a GET.
    pub fn get(&self, path: &str) -> String {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        ))
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let id = Pid::from_child(&self.child);
        kill_process(id, signal).expect("it runs");
    }

    /// Waits for its end, and reads its log to the end.
    pub fn ended(&mut self) -> ExitStatus {
        let status = self.child.wait().expect("it ends");
        for line in self.log.iter() {
            self.seen.push_str(&line);
            self.seen.push('\n');
        }
        status
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended, as most tests want.
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }
}
