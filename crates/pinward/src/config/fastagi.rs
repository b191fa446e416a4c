//! `[fastagi]`: where an Asterisk hands its callers over, and what they hear.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use pinward_core::Network;
use pinward_fastagi::{ConfBridge, Limits, Sounds};
use serde::Deserialize;

use super::Attendant;

/// The section in the commented `pinward.toml`.
pub const TEMPLATE: &str = "
# Where an Asterisk hands its callers over, and what they hear.
[fastagi]
# Where to listen, such as 127.0.0.1:4573; empty: the door is closed. The protocol has neither encryption nor
# passwords: anywhere but on the machine of the Asterisk it needs a tunnel. Read at the start.
#listen = \"\"
# The networks that may connect.
#networks = [\"127.0.0.0/8\", \"::1\"]
# So many calls at a time, 1-100000. More are refused.
#most_calls = 1000
# A folder with recordings of your own below Asterisk's folder of sounds, such as pinward; empty: the sounds that
# come with Asterisk.
#recordings = \"\"
# Whether callers are told why they are refused. It tells whose extension exists.
#tell_reasons = false
# Whether the caller's number, as Asterisk tells it, is offered as the one to sign in with.
#trust_caller_number = false
# Whether callers who are let in and named a conference are handed to Asterisk's conference bridge; otherwise the
# dialplan does it. With the profiles of confbridge.conf; empty: the default ones.
#confbridge = false
#bridge_profile = \"\"
#user_profile = \"\"
#menu = \"\"
";

/// The FastAGI door.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FastAgi {
    /// Where to listen; empty: the door is closed.
    pub listen: String,
    /// The networks that may connect.
    pub networks: Vec<String>,
    /// So many calls at a time, 1–100000.
    pub most_calls: u32,
    /// A folder with recordings below Asterisk's folder of sounds; empty: the sounds of Asterisk.
    pub recordings: String,
    /// Whether callers are told why they are refused. It tells whose extension exists.
    pub tell_reasons: bool,
    /// Whether the caller's number, as Asterisk tells it, is offered as the one to sign in with.
    pub trust_caller_number: bool,
    /// Whether admitted callers who named a conference are handed to Asterisk's conference bridge.
    pub confbridge: bool,
    /// The bridge profile; empty: the default one.
    pub bridge_profile: String,
    /// The user profile; empty: the default one.
    pub user_profile: String,
    /// The menu; empty: the default one.
    pub menu: String,
}

impl Default for FastAgi {
    fn default() -> Self {
        Self {
            listen: String::new(),
            networks: vec!["127.0.0.0/8".to_owned(), "::1".to_owned()],
            most_calls: 1000,
            recordings: String::new(),
            tell_reasons: false,
            trust_caller_number: false,
            confbridge: false,
            bridge_profile: String::new(),
            user_profile: String::new(),
            menu: String::new(),
        }
    }
}

/// A name that can stand in a path or in the arguments of an application of Asterisk.
pub(super) fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    text.chars().all(plain) && !text.contains("..")
}

/// The networks of a section, checked.
pub(super) fn networks(section: &str, texts: &[String]) -> Result<Vec<Network>> {
    let mut networks: Vec<Network> = Vec::with_capacity(texts.len());
    for text in texts {
        let network = text.parse();
        networks.push(network.with_context(|| format!("{section} networks in pinward.toml"))?);
    }
    if networks.is_empty() {
        bail!("{section} networks in pinward.toml: it is empty, so that nobody could connect");
    }
    Ok(networks)
}

impl FastAgi {
    /// Who may connect, checked.
    pub fn limits(&self) -> Result<Limits> {
        let networks = networks("[fastagi]", &self.networks)?;
        if !(1..=100_000).contains(&self.most_calls) {
            let given = self.most_calls;
            bail!("[fastagi] in pinward.toml: most_calls is {given}; it goes from 1 to 100000");
        }
        Ok(Limits {
            networks,
            most_calls: usize::try_from(self.most_calls)?,
        })
    }

    /// Where to listen, where the door is open, checked.
    pub fn listen(&self) -> Result<Option<SocketAddr>> {
        if self.listen.is_empty() {
            return Ok(None);
        }
        let address = self.listen.parse().with_context(|| {
            let given = &self.listen;
            format!(
                "[fastagi] in pinward.toml: listen is \"{given}\"; write an address and a port, such \
                 as 127.0.0.1:4573"
            )
        })?;
        Ok(Some(address))
    }

    /// What is played, checked.
    pub fn sounds(&self, attendant: &Attendant) -> Result<Sounds> {
        let folder = self.recordings.trim_end_matches('/');
        if !is_plain(folder) {
            bail!(
                "[fastagi] in pinward.toml: recordings is \"{folder}\", which is no folder below \
                 Asterisk's sounds; write its name, such as pinward"
            );
        }
        match folder.is_empty() {
            false => Ok(Sounds::Folder(folder.to_owned())),
            true if attendant.languages.len() > 1 => bail!(
                "[attendant] languages in pinward.toml: Asterisk's own sounds cannot offer a choice \
                 of languages; name one, or set recordings in [fastagi]"
            ),
            true => Ok(Sounds::Stock),
        }
    }

    /// The conference bridge, where callers are handed to it, checked.
    pub fn confbridge(&self) -> Result<Option<ConfBridge>> {
        for name in [&self.bridge_profile, &self.user_profile, &self.menu] {
            if !is_plain(name) {
                bail!(
                    "[fastagi] in pinward.toml: \"{name}\" is no name of a profile: it has other \
                     characters than letters, digits, - and _"
                );
            }
        }
        Ok(self.confbridge.then(|| ConfBridge {
            bridge: self.bridge_profile.clone(),
            user: self.user_profile.clone(),
            menu: self.menu.clone(),
        }))
    }

    /// Everything, checked.
    pub fn check(&self, attendant: &Attendant) -> Result<()> {
        self.limits()?;
        self.confbridge()?;
        if self.listen()?.is_some() {
            self.sounds(attendant)?;
        }
        Ok(())
    }
}
