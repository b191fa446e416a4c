//! FreeRADIUS with the same users, in a folder of its own: clear-text passwords in SQLite, PAP.

use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rusqlite::Connection;

use crate::radius::SECRET;
use crate::stage::Credential;

const PROGRAM: &str = "/usr/sbin/freeradius";
/// It is up by then, or does not come up.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// What is written of an attempt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// Nothing: tables are only read.
    Nothing,
    /// A row of each attempt, as its own `sql` module does in `post-auth`.
    Attempts,
}

/// A running server. It is ended when it is dropped.
pub struct FreeRadius {
    pub address: SocketAddr,
    process: Child,
}

impl FreeRadius {
    /// Starts one that knows these users; `None` where it is not installed.
    pub fn start(folder: &Path, users: &[Credential], keeps: Keeps) -> Result<Option<Self>> {
        if !Path::new(PROGRAM).exists() {
            return Ok(None);
        }
        fs::create_dir(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        fill(&folder.join("users.db"), users)?;
        let address = UdpSocket::bind("127.0.0.1:0")?.local_addr()?;
        fs::write(folder.join("dictionary"), "")?;
        fs::write(
            folder.join("radiusd.conf"),
            config(folder, address.port(), keeps),
        )?;
        let process = Command::new(PROGRAM)
            .args(["-f", "-n", "radiusd", "-d"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start FreeRADIUS")?;
        let mut server = Self { address, process };
        let log = folder.join("log");
        let begun = Instant::now();
        loop {
            let said = fs::read_to_string(&log).unwrap_or_default();
            if said.contains("Ready to process requests") {
                return Ok(Some(server));
            }
            if server.process.try_wait()?.is_some() || begun.elapsed() > PATIENCE {
                bail!("FreeRADIUS did not start: {said}");
            }
            std::thread::park_timeout(LOOK_AGAIN);
        }
    }
}

impl Drop for FreeRadius {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.process.kill();
        let _waited = self.process.wait();
    }
}

fn fill(file: &Path, users: &[Credential]) -> Result<()> {
    let mut db = Connection::open(file)?;
    db.execute_batch(
        "CREATE TABLE radcheck (id INTEGER PRIMARY KEY, username TEXT, attribute TEXT, op TEXT, value TEXT);
         CREATE TABLE radreply (id INTEGER PRIMARY KEY, username TEXT, attribute TEXT, op TEXT, value TEXT);
         CREATE TABLE radpostauth (id INTEGER PRIMARY KEY, username TEXT, reply TEXT, authdate TEXT);
         CREATE INDEX check_username ON radcheck (username);
         CREATE INDEX reply_username ON radreply (username);",
    )?;
    let all = db.transaction()?;
    {
        let mut insert = all.prepare(
            "INSERT INTO radcheck (username, attribute, op, value)
             VALUES (?1, 'Cleartext-Password', ':=', ?2)",
        )?;
        for Credential { who, pin } in users {
            insert.execute([who, pin])?;
        }
    }
    all.commit()?;
    Ok(())
}

/// No delays, no limits, no other modules than it needs.
fn config(folder: &Path, port: u16, keeps: Keeps) -> String {
    let at = folder.display();
    let query = |table| {
        format!(
            "SELECT id, username, attribute, value, op FROM {table} WHERE username = '%{{User-Name}}' ORDER BY id"
        )
    };
    let (check, reply) = (query("radcheck"), query("radreply"));
    let record = "INSERT INTO radpostauth (username, reply, authdate) \
                  VALUES ('%{User-Name}', '%{reply:Packet-Type}', '%S')";
    let after = match keeps {
        Keeps::Nothing => "",
        Keeps::Attempts => "sql",
    };
    format!(
        r#"
prefix = /usr
name = radiusd
confdir = {at}
libdir = /usr/lib/freeradius
run_dir = {at}
pidfile = {at}/pid
max_requests = 16384
log {{
    destination = files
    file = {at}/log
}}
security {{
    max_attributes = 200
    reject_delay = 0
    status_server = no
}}
thread pool {{
    start_servers = 5
    max_servers = 32
    min_spare_servers = 3
    max_spare_servers = 10
    max_requests_per_server = 0
}}
client localhost {{
    ipaddr = 127.0.0.1
    secret = {SECRET}
    require_message_authenticator = yes
}}
modules {{
    pap {{
    }}
    sql {{
        driver = "rlm_sql_sqlite"
        dialect = "sqlite"
        sqlite {{
            filename = "{at}/users.db"
            busy_timeout = 10000
        }}
        read_groups = no
        read_profiles = no
        authorize_check_query = "{check}"
        authorize_reply_query = "{reply}"
        post-auth {{
            query = "{record}"
        }}
        pool {{
            start = 5
            min = 3
            max = 32
            spare = 10
            uses = 0
            lifetime = 0
            idle_timeout = 60
        }}
    }}
}}
server default {{
    listen {{
        type = auth
        ipaddr = 127.0.0.1
        port = {port}
    }}
    authorize {{
        sql
        pap
    }}
    authenticate {{
        Auth-Type PAP {{
            pap
        }}
    }}
    post-auth {{
        {after}
    }}
}}
"#
    )
}
