//! What went wrong between here and a directory: which server, at which step, and what to do.

use std::error::Error as _;
use std::time::Duration;

use ldap3::LdapError as Ldap3Error;
use rustls::CertificateError;

use crate::source::SourceError;

/// A failure of one server.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{server}: {step}: {what}")]
pub struct LdapError {
    /// Which server, as `ldaps://dc1.litwareinc.com:636`.
    pub server: String,
    /// What was being done.
    pub step: Step,
    /// What happened.
    pub what: What,
}

/// The steps from a name to an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Step {
    /// The name is looked up and the port is reached.
    #[error("connecting")]
    Connect,
    /// The connection is encrypted and the certificate checked.
    #[error("encrypting (TLS)")]
    Tls,
    /// The service account shows who it is.
    #[error("binding")]
    Bind,
    /// The directory is asked whether a person's password is right.
    #[error("checking a password")]
    Password,
    /// Entries are asked for.
    #[error("searching")]
    Search,
}

/// What can happen.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum What {
    /// Nothing came within the time.
    #[error("no answer within {} s; check that the server is well and that no firewall is between", .0.as_secs_f32())]
    NoAnswer(Duration),
    /// The network said no.
    #[error("{0}; check the name, the port and that the server runs")]
    Network(String),
    /// The certificate is not believed.
    #[error("the certificate is refused: {0}")]
    Certificate(Certificate),
    /// The bind is refused.
    #[error("{0}")]
    Bind(BindRefused),
    /// The server wants encryption, though the connection is encrypted from here.
    #[error(
        "the directory wants an encrypted connection (strongerAuthRequired), and has none: something on \
         the way, such as a load balancer, ends the encryption before the server; let it pass through, \
         or name the server itself"
    )]
    NotEncryptedThere,
    /// Any other answer than success.
    #[error("the directory answered {code}{}", after_colon(.text))]
    Refused {
        /// The LDAP result code.
        code: u32,
        /// The diagnostic text of the directory.
        text: String,
    },
    /// The base of a search does not exist, or the account may not see it.
    #[error("there is no \"{0}\", or the service account may not see it; check the base")]
    NoSuchBase(String),
    /// The base belongs to another directory, to which this one refers.
    #[error(
        "\"{0}\" is not in this directory, which refers to another; name a server of the domain it is in"
    )]
    BaseElsewhere(String),
    /// A filter that is no filter.
    #[error("the filter \"{0}\" is not valid")]
    BadFilter(String),
    /// The server hung up, or answered something that is not LDAP.
    #[error("the server broke the connection off, or answered something that is not LDAP")]
    Lost,
}

/// Why a certificate is not believed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Certificate {
    /// Its time is over.
    #[error("it has expired; renew it on the server")]
    Expired,
    /// It is for somebody else.
    #[error(
        "it is not for this name; use a name that stands in it (subjectAltName), or have the name added"
    )]
    WrongName,
    /// No known authority signed it.
    #[error(
        "it was signed by an authority that is not known here; name the file of that authority"
    )]
    UnknownAuthority,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// Why a bind was refused, as far as the directory tells: Active Directory does, others answer
/// [`BindRefused::WrongPassword`] to everything.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BindRefused {
    /// 52e, 525: the password is wrong, or there is no such user.
    #[error("the name or the password is wrong")]
    WrongPassword,
    /// 533
    #[error("the account is disabled")]
    Disabled,
    /// 773
    #[error("the password must be changed before the first sign-in")]
    MustChange,
    /// 532
    #[error("the password has expired")]
    PasswordExpired,
    /// 701
    #[error("the account has expired")]
    Expired,
    /// 775
    #[error("the account is locked after too many wrong passwords")]
    Locked,
    /// 530, 531: not at this time, or not from this computer.
    #[error("the account may not sign in now, or not from here")]
    NotAllowed,
}

impl BindRefused {
    /// Reads the answer to a bind; `None`: it is about something other than who binds.
    pub(super) fn of(code: u32, text: &str) -> Option<BindRefused> {
        const INVALID_CREDENTIALS: u32 = 49;
        if code != INVALID_CREDENTIALS {
            return None;
        }
        let sub_code = text.split_once(", data ").map_or("", |(_, rest)| {
            rest.split([',', ' ', '\0']).next().unwrap_or_default()
        });
        Some(match sub_code.to_ascii_lowercase().as_str() {
            "533" => BindRefused::Disabled,
            "773" => BindRefused::MustChange,
            "532" => BindRefused::PasswordExpired,
            "701" => BindRefused::Expired,
            "775" => BindRefused::Locked,
            "530" | "531" => BindRefused::NotAllowed,
            _ => BindRefused::WrongPassword,
        })
    }
}

impl What {
    /// What an answer to a bind means that is not about who binds.
    pub(super) fn of_bind(code: u32, text: String) -> What {
        const STRONGER_AUTH_REQUIRED: u32 = 8;
        const CONFIDENTIALITY_REQUIRED: u32 = 13;
        match code {
            STRONGER_AUTH_REQUIRED | CONFIDENTIALITY_REQUIRED => What::NotEncryptedThere,
            code => What::Refused { code, text },
        }
    }
}

impl LdapError {
    /// A stable name of what happened.
    pub fn id(&self) -> &'static str {
        match &self.what {
            What::NoAnswer(_) => "DirectoryNoAnswer",
            What::Network(_) => "DirectoryNotReached",
            What::Certificate(_) => "DirectoryCertificateRefused",
            What::Bind(_) => "DirectoryBindRefused",
            What::NotEncryptedThere => "DirectoryNotEncrypted",
            What::Refused { .. } => "DirectoryRefused",
            What::NoSuchBase(_) => "DirectoryBaseNotFound",
            What::BaseElsewhere(_) => "DirectoryBaseElsewhere",
            What::BadFilter(_) => "DirectoryFilterInvalid",
            What::Lost => "DirectoryConnectionLost",
        }
    }

    /// Whether another server may do better: not where every one would say the same, and above all not
    /// after a wrong password, which counts towards the lock of the account on each.
    pub(super) fn is_of_this_server(&self) -> bool {
        !matches!(
            self.what,
            What::Bind(_) | What::NoSuchBase(_) | What::BaseElsewhere(_) | What::BadFilter(_)
        )
    }
}

impl From<LdapError> for SourceError {
    fn from(error: LdapError) -> SourceError {
        SourceError {
            id: error.id(),
            message: error.to_string(),
        }
    }
}

/// What an error of the LDAP library means. Its own text is not used where it could hold what was sent.
pub(super) fn what(error: Ldap3Error, timeout: Duration) -> What {
    match error {
        Ldap3Error::Timeout { .. } => What::NoAnswer(timeout),
        Ldap3Error::Io { source } => of_io(&source),
        Ldap3Error::FilterParsing => What::BadFilter(String::new()),
        Ldap3Error::Rustls { source } => of_tls(&source),
        Ldap3Error::LdapResult { result } => What::Refused {
            code: result.rc,
            text: result.text,
        },
        _ => What::Lost,
    }
}

/// TLS errors come inside I/O errors.
fn of_io(error: &std::io::Error) -> What {
    let mut inner = error.get_ref().map(|e| e as &dyn std::error::Error);
    while let Some(cause) = inner {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return of_tls(tls);
        }
        inner = cause.source();
    }
    match error.source().is_some() || error.kind() == std::io::ErrorKind::UnexpectedEof {
        true => What::Lost,
        false => What::Network(error.to_string()),
    }
}

fn of_tls(error: &rustls::Error) -> What {
    use CertificateError as C;
    What::Certificate(match error {
        rustls::Error::InvalidCertificate(problem) => match problem {
            C::Expired | C::ExpiredContext { .. } => Certificate::Expired,
            C::NotValidForName | C::NotValidForNameContext { .. } => Certificate::WrongName,
            // Another authority of the same name, such as one that was set up anew, is another one.
            C::UnknownIssuer | C::BadSignature => Certificate::UnknownAuthority,
            other => Certificate::Other(other.to_string()),
        },
        other => return What::Network(other.to_string()),
    })
}

fn after_colon(text: &str) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    match text.is_empty() {
        true => String::new(),
        false => format!(": {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_binds_are_told_apart() {
        let text = |data: &str| {
            format!(
                "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {data}, v1db1\0"
            )
        };
        for (data, expected) in [
            ("52e", BindRefused::WrongPassword),
            ("525", BindRefused::WrongPassword),
            ("533", BindRefused::Disabled),
            ("773", BindRefused::MustChange),
            ("532", BindRefused::PasswordExpired),
            ("701", BindRefused::Expired),
            ("775", BindRefused::Locked),
            ("531", BindRefused::NotAllowed),
            ("", BindRefused::WrongPassword),
        ] {
            assert_eq!(BindRefused::of(49, &text(data)), Some(expected), "{data}");
        }
        assert_eq!(BindRefused::of(49, ""), Some(BindRefused::WrongPassword));
        assert_eq!(BindRefused::of(8, &text("533")), None);
    }
}
