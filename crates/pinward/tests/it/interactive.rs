//! The shell at a terminal: a real one, of which the test holds the other end.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::program::Sample;

const PROMPT: &str = "PIN> ";
/// Longer than anything takes on a busy machine; what does not come fails then.
const PATIENCE: Duration = Duration::from_secs(60);

struct Terminal {
    shell: Child,
    screen: File,
    /// Everything that was shown.
    shown: String,
    /// How much of it earlier expectations have used up.
    seen: usize,
}

impl Terminal {
    fn open(sample: &Sample) -> Self {
        let mut terminal = Self::start(sample, &[]);
        terminal.expect(PROMPT);
        terminal
    }

    fn start(sample: &Sample, arguments: &[&str]) -> Self {
        let held: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&held).unwrap();
        unlockpt(&held).unwrap();
        let size = Winsize {
            ws_row: 40,
            ws_col: 100,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&held, size).unwrap();
        let name = ptsname(&held, Vec::new()).unwrap();
        let end = || {
            let flags = OFlags::RDWR | OFlags::NOCTTY;
            Stdio::from(rustix::fs::open(&name, flags, Mode::empty()).unwrap())
        };
        // A session of its own with this terminal, so that Ctrl-C reaches the shell.
        let mut command = Command::new("setsid");
        command.args(["--ctty", "--wait", env!("CARGO_BIN_EXE_pinward")]);
        command.args(arguments);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
            .env("TERM", "xterm")
            .env("HOME", sample.everything());
        command
            .env("PINWARD_DATA", sample.data())
            .env("NO_COLOR", "1");
        let shell = command
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();
        Self {
            shell,
            screen: File::from(held),
            shown: String::new(),
            seen: 0,
        }
    }

    /// Waits until `text` is shown after what earlier expectations used up; returns what was
    /// shown up to it.
    fn expect(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.shown[self.seen..].find(text) {
                let end = self.seen + at + text.len();
                let part = self.shown[self.seen..end].to_owned();
                self.seen = end;
                return part;
            }
            assert!(self.read_more(text), "the shell ended before {text:?}");
        }
    }

    /// Reads what comes next; `false` where the shell has ended.
    fn read_more(&mut self, awaited: &str) -> bool {
        let patience = Timespec::try_from(PATIENCE).unwrap();
        let mut ready = [PollFd::new(&self.screen, PollFlags::IN)];
        let events = poll(&mut ready, Some(&patience)).unwrap();
        assert!(
            events > 0,
            "no {awaited:?} in {:?}",
            &self.shown[self.seen..]
        );
        let mut buffer = [0; 4096];
        // The system tells the end of a terminal by an error.
        let count = self.screen.read(&mut buffer).unwrap_or(0);
        self.shown
            .push_str(&String::from_utf8_lossy(&buffer[..count]));
        count > 0
    }

    fn keys(&mut self, keys: &str) {
        self.screen.write_all(keys.as_bytes()).unwrap();
    }

    /// Types a line and returns what is shown until the next prompt.
    fn line(&mut self, line: &str) -> String {
        self.keys(line);
        self.keys("\r");
        self.expect("\n");
        self.expect(PROMPT)
    }

    /// Types the last keys and returns the exit code.
    fn end(mut self, keys: &str) -> Option<i32> {
        self.keys(keys);
        // Read to the end, or a full terminal would keep the shell from ending.
        while self.read_more("the end") {}
        self.shell.wait().unwrap().code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Only where the test failed is it still there.
        let _ended = self.shell.kill();
        let _waited = self.shell.wait();
    }
}

#[test]
fn a_person_at_a_terminal() {
    let sample = Sample::new();
    let mut terminal = Terminal::open(&sample);

    let answer = terminal.line("Set-CsClientPin litwareinc\\kenmyer 8305926417");
    assert!(
        answer.contains("8305926417") && answer.contains("sip:kenmyer"),
        "{answer}"
    );
    let answer = terminal.line("(Get-CsPinPolicy -Identity global).MinPasswordLength");
    assert!(answer.contains('5'), "{answer}");
    let answer = terminal.line("Get-History");
    assert!(
        answer.contains("Get-CsPinPolicy") && !answer.contains("8305926417"),
        "{answer}"
    );

    // Tab completes cmdlets, parameters and names.
    terminal.keys("Get-CsPinPol\t");
    terminal.expect("Get-CsPinPolicy");
    terminal.keys(" -Ident\t");
    terminal.expect("-Identity");
    terminal.keys(" site:Red\t");
    terminal.expect("Redmond");
    terminal.keys("\r");
    terminal.expect(PROMPT);
    terminal.keys("New-CsPinPolicy site:Dub\t -WhatIf\r");
    terminal.expect("site:Dublin");
    terminal.expect(PROMPT);
    terminal.keys("Get-CsClientPinInfo \"Ken M\t\"\r");
    terminal.expect("kenmyer");
    terminal.expect(PROMPT);

    // A line that is not finished asks for more.
    terminal.keys("Get-CsUser |\r");
    terminal.keys("Measure-Object | Select-Object -ExpandProperty Count\r");
    terminal.expect("995");
    terminal.expect(PROMPT);

    // Ctrl-C stops the pipeline and not the shell, and says what was done.
    terminal.keys("Get-CsUser | Set-CsClientPin\r");
    terminal.expect("sip:");
    terminal.expect("sip:");
    terminal.keys("\u{3}");
    terminal.expect("WARNING");
    terminal.expect(PROMPT);
    // Ctrl-C while typing clears the line.
    terminal.keys("Get-Nonsense\u{3}");
    terminal.expect(PROMPT);
    let answer = terminal.line("'still ' + 'here'");
    assert!(answer.contains("still here"), "{answer}");

    // Questions are asked, and No changes nothing.
    terminal.keys("Lock-CsClientPin litwareinc\\kenmyer -Confirm\r");
    terminal.expect("[?] Help");
    terminal.keys("?\r");
    terminal.expect("[?] Help");
    terminal.keys("n\r");
    terminal.expect(PROMPT);
    let answer = terminal.line("(Get-CsClientPinInfo litwareinc\\kenmyer).IsLockedOut");
    assert!(answer.contains("False"), "{answer}");

    let errors = terminal.line("Get-CsUser nobody-at-all");
    assert!(errors.contains("nobody-at-all"), "{errors}");
    assert_eq!(terminal.end("exit 3\r"), Some(3));

    let history = sample.everything().join(".local/state/pinward/history");
    let history = std::fs::read_to_string(history).expect("the history");
    assert!(history.contains("Get-CsPinPolicy"), "{history}");
    assert!(!history.contains("8305926417") && !history.contains("Set-CsClientPin litware"));
    let mut terminal = Terminal::open(&sample);
    terminal.keys("\u{1b}[A");
    terminal.expect("exit 3");
    // The line is cleared, and the next prompt takes the end of input.
    terminal.keys("\u{3}");
    terminal.expect(PROMPT);
    assert_eq!(terminal.end("\u{4}"), Some(0));
}

#[test]
fn the_demo_serves_as_long_as_somebody_is_in_it() {
    let sample = Sample::new();
    let mut terminal = Terminal::start(&sample, &["demo"]);
    terminal.expect("serves at http://");
    let place = terminal.expect("\r\n");
    let address: std::net::SocketAddr = place.trim().parse().expect("an address");
    terminal.expect("To open all of it as Ken Myer, type here first:");
    terminal.expect("Grant-CsAdminRole");
    let line = format!("Grant-CsAdminRole{}", terminal.expect("\r\n").trim_end());
    terminal.expect(PROMPT);
    terminal.keys(&format!("{line}\r"));
    terminal.expect(PROMPT);
    terminal.keys("(Get-CsAdminRoleAssignment litwareinc\\kenmyer) -contains 'CsAdministrator'\r");
    terminal.expect("True\r\n");
    terminal.expect(PROMPT);
    let mut stream = std::net::TcpStream::connect(address).expect("it accepts");
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n")
        .expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    terminal.keys("exit\r");
    while terminal.read_more("the end") {}
    assert!(std::net::TcpStream::connect(address).is_err());
}
