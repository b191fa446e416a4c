//! A connection to the first server that is well, encrypted and bound.

use std::future::Future;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapResult, StdStream};
use tokio::net::TcpStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::bind_name::BindName;
use super::error::{BindRefused, LdapError, Step, What, what};
use super::password_policy;
use super::server::{Server, Tls};
use super::trust::Trust;
use crate::password::Password;

/// How the directory is reached.
pub struct Settings {
    /// The servers in the order in which they are asked; each connection begins with the first.
    pub servers: Vec<Server>,
    /// Whose certificates are believed.
    pub trust: Trust,
    /// The service account.
    pub name: BindName,
    /// Its password.
    pub password: Password,
    /// How long connecting and encrypting may take, each; 5 s is usual.
    pub connect_timeout: Duration,
    /// How long any other answer may take; 30 s is usual.
    pub operation_timeout: Duration,
    /// How many entries are asked for at a time; 500 is usual, Active Directory gives at most 1000.
    pub page_size: u16,
}

/// A bound connection; it is closed when dropped.
pub struct Connection {
    pub(super) ldap: Ldap,
    pub(super) server: Server,
    pub(super) operation_timeout: Duration,
    pub(super) page_size: u16,
    pub(super) number: usize,
    passed_over: Vec<LdapError>,
}

impl Connection {
    /// Connects to the first server that answers, and binds.
    ///
    /// # Errors
    /// The error of each server asked, in their order. After a refused bind no other server is asked,
    /// because each wrong password counts towards the lock of the account.
    pub async fn open(settings: &Settings) -> Result<Connection, Vec<LdapError>> {
        Connection::open_from(settings, 0).await
    }

    /// The same without the servers before the one of that number.
    pub(super) async fn open_from(
        settings: &Settings,
        first: usize,
    ) -> Result<Connection, Vec<LdapError>> {
        let mut passed_over = Vec::new();
        for (number, server) in settings.servers.iter().enumerate().skip(first) {
            match open_one(settings, &settings.trust, server).await {
                Ok(ldap) => {
                    return Ok(Connection {
                        number,
                        passed_over,
                        ..Connection::of(settings, server, ldap)
                    });
                }
                Err(error) => {
                    let go_on = error.is_of_this_server();
                    passed_over.push(error);
                    if !go_on {
                        break;
                    }
                }
            }
        }
        Err(passed_over)
    }

    pub(super) fn of(settings: &Settings, server: &Server, ldap: Ldap) -> Connection {
        Connection {
            ldap,
            server: server.clone(),
            operation_timeout: settings.operation_timeout,
            page_size: settings.page_size.max(1),
            number: 0,
            passed_over: Vec::new(),
        }
    }

    /// The server it goes to.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Why the servers before this one were not used.
    pub fn passed_over(&self) -> &[LdapError] {
        &self.passed_over
    }
}

/// Connects to one server and binds, with a trust in place of that of the settings.
pub(super) async fn open_one(
    settings: &Settings,
    trust: &Trust,
    server: &Server,
) -> Result<Ldap, LdapError> {
    let ldap = encrypted(settings, trust, server).await?;
    bind_service(settings, server, &ldap).await?;
    Ok(ldap)
}

/// Binds as the service account.
pub(super) async fn bind_service(
    settings: &Settings,
    server: &Server,
    ldap: &Ldap,
) -> Result<(), LdapError> {
    let (name, password) = (settings.name.as_str(), &settings.password);
    let failed = |what| LdapError {
        server: server.to_string(),
        step: Step::Bind,
        what,
    };
    let answer = bind(ldap, name, password, settings.operation_timeout)
        .await
        .map_err(failed)?;
    match (answer.rc, BindRefused::of(answer.rc, &answer.text)) {
        (0, _) => Ok(()),
        (_, Some(refused)) => Err(failed(What::Bind(refused))),
        (code, None) => Err(failed(What::of_bind(code, answer.text))),
    }
}

/// A connection that nobody is bound on yet.
pub(super) async fn encrypted(
    settings: &Settings,
    trust: &Trust,
    server: &Server,
) -> Result<Ldap, LdapError> {
    let failed = |step, what| LdapError {
        server: server.to_string(),
        step,
        what,
    };
    let limit = settings.connect_timeout;
    let address = (server.host(), server.port());
    let stream = timeout(limit, TcpStream::connect(address))
        .await
        .map_err(|_| failed(Step::Connect, What::NoAnswer(limit)))?
        .and_then(TcpStream::into_std)
        .map_err(|e| failed(Step::Connect, What::Network(e.to_string())))?;
    let how = LdapConnSettings::new()
        .set_config(trust.config())
        .set_starttls(server.tls() == Tls::StartTls)
        .set_conn_timeout(limit)
        .set_std_stream(StdStream::Tcp(stream));
    let url = server.to_string();
    let encrypt = async move { LdapConnAsync::with_settings(how, &url).await };
    let (connection, ldap) = guarded(encrypt, limit)
        .await
        .map_err(|what| failed(Step::Tls, what))?;
    // It ends when the last handle is dropped or the server hangs up; whoever waits for an answer then
    // gets an error.
    tokio::spawn(connection.drive());
    Ok(ldap)
}

/// The answer to a bind. It is asked for what a password policy says of it, which is harmless where
/// there is none.
pub(super) async fn bind(
    ldap: &Ldap,
    name: &str,
    password: &Password,
    limit: Duration,
) -> Result<LdapResult, What> {
    let (mut binding, name) = (ldap.clone(), name.to_owned());
    let password = Zeroizing::new(password.reveal().to_owned());
    binding.with_timeout(limit);
    binding.with_controls(password_policy::asked());
    let bind = async move { binding.simple_bind(&name, &password).await };
    guarded(bind, limit).await
}

/// Does it in a task of its own: the library panics on answers that are not LDAP, which must not
/// reach the caller.
pub(super) async fn guarded<T: Send + 'static>(
    work: impl Future<Output = Result<T, ldap3::LdapError>> + Send + 'static,
    limit: Duration,
) -> Result<T, What> {
    match tokio::spawn(work).await {
        Ok(done) => done.map_err(|e| what(e, limit)),
        Err(_) => Err(What::Lost),
    }
}
