//! Programs that use the API, each with a key or a certificate. Rights: [`Right::ViewClients`], [`Right::AddClient`],
//! [`Right::ChangeClient`], [`Right::RemoveClient`].
//!
//! A client can have any role, so only CsAdministrator may add or change one. What a client may then do
//! is said in `client_access.rs`.

use jiff::SignedDuration;
use pinward_core::{
    Client, ClientKey, ClientLimits, ClientPatch, ClientRights, ClientViolation, Fingerprint,
    Network, Timestamp, client_name,
};
use pinward_store::{ClientChanged, ClientCreated, Deleted};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::unavailable;
use crate::{Caller, Denied, Permit, Refusal, Right, Service, Unavailable};

/// What every key begins with: searches for lost secrets find it by that.
const PREFIX: &str = "pinward_";
/// So many characters after the prefix are kept, to tell one key from another.
const SHOWN: usize = 6;
/// The longest that an old key may hold beside a new one.
const LONGEST_OVERLAP: SignedDuration = SignedDuration::from_hours(90 * 24);

/// By what a client is to prove who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvenBy {
    /// By a key, which is made now.
    Key,
    /// By this certificate.
    Certificate(Fingerprint),
}

/// A new client, but for its key.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Its name; see [`client_name`].
    pub name: String,
    /// What it may do.
    pub rights: ClientRights,
    /// From where it may come; empty: from anywhere.
    pub networks: Vec<Network>,
    /// From when on it may do nothing; `None`: never.
    pub expires: Option<Timestamp>,
    /// How much it may ask for.
    pub limits: ClientLimits,
    /// By what it proves who it is.
    pub proven_by: ProvenBy,
}

/// The key of a client: shown once, never again.
pub struct ClientSecret(Zeroizing<String>);

impl ClientSecret {
    /// The one way to show it: for the answer to whoever had it made.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Why a client was not added, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// There is no such client.
    #[error("there is no client \"{name}\". `pinward client list` lists them")]
    NotFound {
        /// The name as given.
        name: String,
    },
    /// There is one of that name.
    #[error(
        "there is a client {name} already. `pinward client set` changes it, and `pinward client \
         rotate` gives it another key"
    )]
    Exists {
        /// The client.
        name: String,
    },
    /// Somebody changed it, or gave it another key, after it was seen.
    #[error("the client {name} was changed in the meantime. Look at it again")]
    Overtaken {
        /// The client.
        name: String,
    },
    /// A client has the certificate.
    #[error(
        "that certificate is the one of the client {by} already. Each client has a certificate of its own"
    )]
    CertificateTaken {
        /// The client.
        by: String,
    },
    /// There is no such role.
    #[error("there is no role \"{role}\". `Get-CsAdminRole` lists the roles")]
    NoSuchRole {
        /// The name as given.
        role: String,
    },
    /// Its end is over.
    #[error("the client would have ended at {expires}. Give a time to come, or none")]
    Over {
        /// The end as given.
        expires: Timestamp,
    },
    /// The old key would hold for too long, or for less than no time.
    #[error("the old key can hold for up to {} days more", LONGEST_OVERLAP.as_hours() / 24)]
    Overlap,
    /// Something else makes no sense.
    #[error(transparent)]
    Invalid(#[from] ClientViolation),
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(ClientError);

impl Refusal for ClientError {
    fn id(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "ClientNotFound",
            Self::Exists { .. } => "ClientExists",
            Self::Overtaken { .. } => "ClientOvertaken",
            Self::CertificateTaken { .. } => "CertificateTaken",
            Self::NoSuchRole { .. } => "RoleNotFound",
            Self::Over { .. } | Self::Overlap | Self::Invalid(_) => "ClientInvalid",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

/// What a key is kept and found by. Its 256 random bits need no slow hash.
pub(crate) fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// What a certificate is kept and found by: nothing that is the digest of a key too, since everybody knows
/// certificates.
pub(crate) fn certificate_digest(fingerprint: &Fingerprint) -> [u8; 32] {
    let digest = Sha256::new_with_prefix(b"pinward-client-certificate-v1");
    digest.chain_update(fingerprint.0).finalize().into()
}

/// The fingerprint of a certificate (DER).
pub(crate) fn fingerprint(certificate: &[u8]) -> Fingerprint {
    Fingerprint(Sha256::digest(certificate).into())
}

/// What came of a change, as a refusal where it was not made.
fn changed(name: &str, changed: ClientChanged) -> Result<Client, ClientError> {
    match changed {
        ClientChanged::Done(client) => Ok(client),
        ClientChanged::NotFound => Err(not_found(name)),
        ClientChanged::Overtaken => Err(overtaken(name)),
        ClientChanged::Invalid(violation) => Err(violation.into()),
        ClientChanged::KeyTaken { by } => Err(ClientError::CertificateTaken { by }),
    }
}

fn not_found(name: &str) -> ClientError {
    ClientError::NotFound {
        name: name.trim().to_owned(),
    }
}

fn overtaken(name: &str) -> ClientError {
    ClientError::Overtaken {
        name: name.trim().to_owned(),
    }
}

impl Service {
    /// All clients by name. They belong to the company as a whole.
    pub async fn clients(&self, caller: &Caller) -> Result<Vec<Client>, ClientError> {
        let permit = caller.permit(Right::ViewClients)?;
        match permit.reaches_site(None) {
            true => Ok(self.store.clients().await?),
            false => Ok(Vec::new()),
        }
    }

    /// Adds a client. Where it proves itself by a key, the key is made; it is shown now and never again.
    pub async fn add_client(
        &self,
        caller: &Caller,
        new: &NewClient,
    ) -> Result<(Client, Option<ClientSecret>), ClientError> {
        let permit = caller.permit(Right::AddClient)?;
        let (key, secret) = self.proof(new.proven_by);
        let client = Client {
            name: client_name(&new.name)?.to_owned(),
            rights: self.known(new.rights.clone()).await?,
            networks: new.networks.clone(),
            expires: self.to_come(new.expires)?,
            limits: new.limits,
            keys: vec![key],
        };
        client.validate()?;
        match self
            .store
            .create_client(&client, &self.now(&permit))
            .await?
        {
            ClientCreated::Done => Ok((client, secret)),
            ClientCreated::Exists => Err(ClientError::Exists { name: client.name }),
            ClientCreated::KeyTaken { by } => Err(ClientError::CertificateTaken { by }),
        }
    }

    /// Changes what is given of a client and leaves the rest, if it is still as it was seen. Returns what it
    /// became.
    pub async fn change_client(
        &self,
        caller: &Caller,
        name: &str,
        patch: &ClientPatch,
        seen: Option<&Client>,
    ) -> Result<Client, ClientError> {
        let permit = caller.permit(Right::ChangeClient)?;
        let rights = match patch.rights.clone() {
            Some(rights) => Some(self.known(rights).await?),
            None => None,
        };
        self.to_come(patch.expires.flatten())?;
        let patch = ClientPatch {
            rights,
            ..patch.clone()
        };
        let act = self.now(&permit);
        let done = self.store.change_client(name, &patch, seen, &act);
        changed(name, done.await?)
    }

    /// Gives a client another key or certificate; the one it had holds for so long still, and any older one
    /// no longer. Whoever says which state was seen does it once, however often it is sent.
    pub async fn rotate_client(
        &self,
        caller: &Caller,
        name: &str,
        proven_by: ProvenBy,
        overlap: SignedDuration,
        seen: Option<&Client>,
    ) -> Result<(Client, Option<ClientSecret>), ClientError> {
        let permit = caller.permit(Right::ChangeClient)?;
        if overlap.is_negative() || overlap > LONGEST_OVERLAP {
            return Err(ClientError::Overlap);
        }
        let act = self.now(&permit);
        let until = act.at.checked_add(overlap).unwrap_or(Timestamp::MAX);
        let (key, secret) = self.proof(proven_by);
        let rotated = self.store.rotate_client(name, &key, until, seen, &act);
        Ok((changed(name, rotated.await?)?, secret))
    }

    /// Removes a client: its keys hold no longer.
    pub async fn remove_client(
        &self,
        caller: &Caller,
        name: &str,
        seen: Option<&Client>,
    ) -> Result<(), ClientError> {
        let permit = caller.permit(Right::RemoveClient)?;
        let act = self.now(&permit);
        match self.store.remove_client(name, seen, &act).await? {
            Deleted::Done => Ok(()),
            Deleted::NotFound => Err(not_found(name)),
            Deleted::Overtaken => Err(overtaken(name)),
        }
    }

    fn now(&self, permit: &Permit<'_>) -> pinward_store::Act {
        permit.act(self.clock.now())
    }

    /// What is kept of what a client proves itself by, and the key where one is made.
    fn proof(&self, proven_by: ProvenBy) -> (ClientKey, Option<ClientSecret>) {
        match proven_by {
            ProvenBy::Key => {
                let (key, secret) = self.client_key();
                (key, Some(secret))
            }
            ProvenBy::Certificate(fingerprint) => {
                let key = ClientKey {
                    digest: certificate_digest(&fingerprint),
                    start: fingerprint.to_string(),
                    made: self.clock.now(),
                    ends: None,
                };
                (key, None)
            }
        }
    }

    /// A new key: 256 random bits, and what is kept of them.
    fn client_key(&self) -> (ClientKey, ClientSecret) {
        let mut bits = Zeroizing::new([0; 32]);
        self.entropy.fill(&mut *bits);
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + 2 * bits.len()));
        text.push_str(PREFIX);
        for byte in *bits {
            for digit in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(digit.into(), 16));
            }
        }
        let key = ClientKey {
            digest: digest(&text),
            start: text.chars().take(PREFIX.len() + SHOWN).collect(),
            made: self.clock.now(),
            ends: None,
        };
        (key, ClientSecret(text))
    }

    /// The rights, whose role there must be; it is named as it is called.
    async fn known(&self, rights: ClientRights) -> Result<ClientRights, ClientError> {
        let ClientRights::Role(name) = rights else {
            return Ok(rights);
        };
        match self.role(&name).await? {
            Some(role) => Ok(ClientRights::Role(role.identity)),
            None => Err(ClientError::NoSuchRole { role: name }),
        }
    }

    fn to_come(&self, expires: Option<Timestamp>) -> Result<Option<Timestamp>, ClientError> {
        match expires {
            Some(expires) if expires <= self.clock.now() => Err(ClientError::Over { expires }),
            expires => Ok(expires),
        }
    }
}
