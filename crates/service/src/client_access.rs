//! What a client of the API may do: asked of the store at each request anew, so that a client that was removed is out at
//! once (within a millisecond, where another process removed it).
//!
//! A client for logons has no role, and so no use case lets it do anything else (R-RBAC-4); one with a
//! role has no logons decided. A program that needs both has two keys.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use pinward_core::{Client, ClientLimits, ClientRights, Fingerprint, Role, Timestamp};

use crate::clients::{certificate_digest, digest, fingerprint};
use crate::error::unavailable;
use crate::log_on::{Attempt, LogOnError, Verdict};
use crate::{Answer, Caller, Door, Refusal, Service, Source, Unavailable};

/// From where a client comes that has no address.
const LOCAL: &str = "a local socket";

/// How a client proves who it is.
#[derive(Clone, Copy)]
pub enum ClientProof<'a> {
    /// By its key.
    Key(&'a str),
    /// By a certificate (DER), verified against the configured authorities, whose private key it has.
    Certificate(&'a [u8]),
}

/// A client that has proved who it is.
#[derive(Clone)]
pub struct ClientAccess {
    client: Arc<Client>,
    log_ons: Option<Trust>,
    roles: Vec<Role>,
    source: Source,
    /// Made when it is asked for: few logons need it.
    caller: OnceLock<Box<Caller>>,
}

/// Whether a client is told why a logon is refused (R-AUTH-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    YesOrNo,
    Reasons,
}

impl fmt::Debug for ClientAccess {
    /// Without its keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientAccess")
            .field("name", &self.name())
            .field("log_ons", &self.log_ons)
            .finish_non_exhaustive()
    }
}

impl ClientAccess {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.client.name
    }

    /// How much it may ask for.
    #[must_use]
    pub fn limits(&self) -> &ClientLimits {
        &self.client.limits
    }

    /// The client as whoever asks for what its role allows.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        self.caller.get_or_init(|| {
            let name = format!("client:{}", self.name());
            let caller = Caller::new(name, self.roles.clone());
            Box::new(caller.from(self.source.clone()))
        })
    }

    /// Where it comes from.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }
}

/// Why a client was let do nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientAccessError {
    /// No client has the key.
    #[error(
        "the key is that of no client: it was replaced or removed, or is not complete. `pinward \
         client add` and `pinward client rotate` make keys"
    )]
    UnknownKey,
    /// No client has the certificate.
    #[error(
        "the certificate {fingerprint} is that of no client: it was replaced or removed. `pinward client add \
         --certificate` and `pinward client rotate --certificate` give a client its certificate"
    )]
    UnknownCertificate {
        /// Of the certificate.
        fingerprint: Fingerprint,
    },
    /// The client came to its end.
    #[error(
        "the client {name} ended at {at}. `pinward client set {name} --expires` gives it more time"
    )]
    Expired {
        /// The client.
        name: String,
        /// Its end.
        at: Timestamp,
    },
    /// It comes from somewhere else than it may.
    #[error(
        "the client {name} may not come from {from}; `pinward client set {name} --network` says from where"
    )]
    Address {
        /// The client.
        name: String,
        /// The address.
        from: String,
    },
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(ClientAccessError);

impl Refusal for ClientAccessError {
    fn id(&self) -> &'static str {
        match self {
            Self::UnknownKey => "KeyNotAccepted",
            Self::UnknownCertificate { .. } => "CertificateNotAccepted",
            Self::Expired { .. } => "ClientExpired",
            Self::Address { .. } => "AddressNotAllowed",
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// What a client is told of a logon.
#[derive(Clone, Debug)]
#[must_use]
pub enum ClientVerdict {
    /// The outcome, as the client is trusted with it.
    Told(Verdict),
    /// Yes or no.
    YesOrNo(Answer),
}

/// Why a logon was not decided for a client.
#[derive(Debug, thiserror::Error)]
pub enum ClientLogOnError {
    /// The client is not for logons.
    #[error(
        "the client {name} is not for logons. `pinward client add NAME --rights logon` makes one that is"
    )]
    NotForLogOns {
        /// The client.
        name: String,
    },
    /// There is no verdict.
    #[error(transparent)]
    LogOn(#[from] LogOnError),
}

impl Refusal for ClientLogOnError {
    fn id(&self) -> &'static str {
        match self {
            Self::NotForLogOns { .. } => "AccessDenied",
            Self::LogOn(error) => error.id(),
        }
    }
}

impl Service {
    /// The client that proves itself so, coming from there; `None`: from this machine by other ways than an
    /// address.
    pub async fn client_access(
        &self,
        proof: ClientProof<'_>,
        from: Option<IpAddr>,
    ) -> Result<ClientAccess, ClientAccessError> {
        let (digest, unknown) = match proof {
            ClientProof::Key(key) => (digest(key), ClientAccessError::UnknownKey),
            ClientProof::Certificate(certificate) => {
                let fingerprint = fingerprint(certificate);
                let unknown = ClientAccessError::UnknownCertificate { fingerprint };
                (certificate_digest(&fingerprint), unknown)
            }
        };
        let now = self.clock.now();
        let found = self.store.client_by_key(&digest).await?;
        let holds = |client: &Arc<Client>| {
            let mut keys = client.keys.iter();
            keys.any(|key| key.digest == digest && key.holds(now))
        };
        let Some(client) = found.filter(holds) else {
            return Err(unknown);
        };
        let name = &client.name;
        if let Some(at) = client.expires.filter(|_| client.is_expired(now)) {
            let name = name.clone();
            return Err(ClientAccessError::Expired { name, at });
        }
        let allowed = match from {
            Some(address) => client.may_come_from(address),
            None => client.networks.is_empty(),
        };
        if !allowed {
            let name = name.clone();
            let from = from.map_or_else(|| LOCAL.to_owned(), |from| from.to_string());
            return Err(ClientAccessError::Address { name, from });
        }
        let (log_ons, roles) = match &client.rights {
            ClientRights::Nothing => (None, Vec::new()),
            ClientRights::LogOn => (Some(Trust::YesOrNo), Vec::new()),
            ClientRights::TrustedLogOn => (Some(Trust::Reasons), Vec::new()),
            ClientRights::Role(role) => (None, self.role_of_client(role).await?),
        };
        let source = Source {
            client: Some(match from {
                Some(from) => format!("{name} ({from})").into(),
                None => format!("{name} ({LOCAL})").into(),
            }),
            ..Source::of(Door::Http)
        };
        Ok(ClientAccess {
            client,
            log_ons,
            roles,
            source,
            caller: OnceLock::new(),
        })
    }

    async fn role_of_client(&self, role: &str) -> Result<Vec<Role>, ClientAccessError> {
        Ok(self.role(role).await?.into_iter().collect())
    }

    /// Decides a logon for a client: one that is trusted with reasons is told them, any other gets the
    /// answer that is the same for every refusal (R-AUTH-5).
    pub async fn client_log_on(
        &self,
        client: &ClientAccess,
        attempt: &Attempt<'_>,
    ) -> Result<ClientVerdict, ClientLogOnError> {
        match client.log_ons {
            None => Err(ClientLogOnError::NotForLogOns {
                name: client.name().to_owned(),
            }),
            Some(Trust::Reasons) => {
                let verdict = self.log_on(attempt).await?;
                Ok(ClientVerdict::Told(verdict))
            }
            Some(Trust::YesOrNo) => {
                let answer = self.log_on_silently(attempt).await?;
                Ok(ClientVerdict::YesOrNo(answer))
            }
        }
    }
}
