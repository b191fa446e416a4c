//! `[httapi]`: FreeSWITCH hands its callers over by mod_httapi.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use pinward_core::Network;
use pinward_http::{HookPassword, Voice};
use serde::Deserialize;

use super::fastagi::{is_plain, networks};
use super::{Attendant, secret};

/// The section in the commented `pinward.toml`.
pub const TEMPLATE: &str = r#"
# FreeSWITCH hands its callers over by mod_httapi, at /hooks/httapi of the listeners of [server]. See
# docs/freeswitch.md.
[httapi]
# A file with the password that FreeSWITCH sends (gateway-credentials). Empty: FreeSWITCH is not answered.
#password_file = ""
# The networks that may ask.
#networks = ["127.0.0.0/8", "::1"]
# So many calls at a time, 1-100000. More are refused.
#most_calls = 1000
# The engine of FreeSWITCH that reads out what is said, and its voice; it speaks English.
#engine = "flite"
#voice = "slt"
# Or a folder with recordings of your own below FreeSWITCH's folder of sounds, such as pinward.
#recordings = ""
# Whether callers are told why they are refused. It tells whose extension exists.
#tell_reasons = false
# Whether the caller's number, as FreeSWITCH tells it, is offered as the one to sign in with.
#trust_caller_number = false
"#;

/// FreeSWITCH.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Httapi {
    /// The file with the password; empty: FreeSWITCH is not answered.
    pub password_file: PathBuf,
    /// The networks that may ask.
    pub networks: Vec<String>,
    /// So many calls at a time, 1–100000.
    pub most_calls: u32,
    /// The engine that reads out what is said.
    pub engine: String,
    /// Its voice.
    pub voice: String,
    /// A folder with recordings below FreeSWITCH's folder of sounds; empty: the engine.
    pub recordings: String,
    /// Whether callers are told why they are refused. It tells whose extension exists.
    pub tell_reasons: bool,
    /// Whether the caller's number, as FreeSWITCH tells it, is offered as the one to sign in with.
    pub trust_caller_number: bool,
}

impl Default for Httapi {
    fn default() -> Self {
        Self {
            password_file: PathBuf::new(),
            networks: vec!["127.0.0.0/8".to_owned(), "::1".to_owned()],
            most_calls: 1000,
            engine: "flite".to_owned(),
            voice: "slt".to_owned(),
            recordings: String::new(),
            tell_reasons: false,
            trust_caller_number: false,
        }
    }
}

impl Httapi {
    /// Whether FreeSWITCH is answered.
    pub fn is_on(&self) -> bool {
        !self.password_file.as_os_str().is_empty()
    }

    /// The password of its file, checked.
    pub fn password(&self) -> Result<HookPassword> {
        let password = secret::from_file(&self.password_file);
        let password = password.context("[httapi] password_file in pinward.toml")?;
        HookPassword::new(&password)
            .context("[httapi] password_file in pinward.toml: the file is empty")
    }

    /// Who may ask, checked.
    pub fn networks(&self) -> Result<Vec<Network>> {
        networks("[httapi]", &self.networks)
    }

    /// How callers are spoken to, checked.
    pub fn voice(&self, attendant: &Attendant) -> Result<Voice> {
        let folder = self.recordings.trim_end_matches('/');
        for (key, name) in [
            ("recordings", folder),
            ("engine", &self.engine),
            ("voice", &self.voice),
        ] {
            if !is_plain(name) {
                bail!(
                    "[httapi] in pinward.toml: {key} is \"{name}\", which has other characters than letters, \
                     digits, -, _, . and /"
                );
            }
        }
        if !folder.is_empty() {
            return Ok(Voice::Recordings(folder.to_owned()));
        }
        ensure!(
            attendant.speaks_english_only(),
            "[httapi] in pinward.toml: what is read out is English; name one English language in \
             [attendant], or set recordings"
        );
        Ok(Voice::Speech {
            engine: self.engine.clone(),
            voice: self.voice.clone(),
        })
    }

    /// Everything, checked.
    pub fn check(&self, attendant: &Attendant) -> Result<()> {
        self.networks()?;
        ensure!(
            (1..=100_000).contains(&self.most_calls),
            "[httapi] in pinward.toml: most_calls is {}; it goes from 1 to 100000",
            self.most_calls
        );
        if self.is_on() {
            self.voice(attendant)?;
            self.password()?;
        }
        Ok(())
    }
}
