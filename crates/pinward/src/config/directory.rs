//! `[[directory]]`: an LDAP directory that people are synchronised with.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use pinward_core::Dn;
use pinward_directory::ldap::{
    BindName, LdapPasswords, LdapSource, Password, Preset, Server, Settings, Trust,
};
use pinward_directory::source::SourceError;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::mapping::{MappingKeys, SiteKeys};
use super::secret;
use super::time::Time;

const NO_PASSWORD: &str =
    "name where the password is, with either password_file or password_variable";

/// What the directory is, how it is reached, and what of it becomes what.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// The name under which its people are remembered; choose it once. `Get-CsDirectoryStatus` lists it.
    pub name: String,
    /// What kind it is: `active-directory`, `lync` or `openldap`.
    preset: Preset,
    /// The servers, `ldaps://HOST[:PORT]` or for StartTLS `ldap://HOST[:PORT]`, in the order in which they
    /// are asked.
    servers: Vec<String>,
    /// The PEM file of the authority that signed the servers' certificates [default: those that the
    /// system trusts].
    ca_file: Option<PathBuf>,
    /// Take every certificate. Whoever is between here and the directory can then read the password.
    #[serde(default)]
    accept_any_certificate: bool,
    /// The service account: a distinguished name, `name@domain` or `DOMAIN\name`.
    bind_name: String,
    /// The file with its password, which others must not be able to read.
    password_file: Option<PathBuf>,
    /// The environment variable with its password, instead of a file.
    password_variable: Option<String>,
    /// Refused, whatever it holds.
    password: Option<IgnoredAny>,
    /// The distinguished names beneath which people and groups are.
    bases: Vec<String>,
    /// How long connecting and encrypting may take, each [default: 5 seconds].
    connect_timeout: Option<Time>,
    /// How long any other answer may take [default: 30 seconds].
    operation_timeout: Option<Time>,
    /// How many entries are asked for at a time, 1–1000 [default: 500].
    page_size: Option<u16>,
    /// `[directory.mapping]`: what differs from the preset.
    #[serde(default)]
    mapping: MappingKeys,
    /// `[[directory.site]]`: who belongs to which site.
    #[serde(default)]
    site: Vec<SiteKeys>,
}

impl Directory {
    /// The directory, ready to be read. Its password is read now.
    pub fn source(&self, data: &Path) -> Result<LdapSource> {
        let source = || {
            self.parts()?;
            let mapping = self.mapping.checked(self.preset, &self.site)?;
            LdapSource::new(self.settings(data)?, self.bases.clone(), mapping).context("bases")
        };
        source().with_context(|| self.place())
    }

    /// Lets the directory be asked whether passwords are right. One whose files or variable cannot be
    /// read is closed: the others and the telephones go on without it.
    pub fn ask_for_passwords(&self, data: &Path, passwords: &mut LdapPasswords) -> Result<()> {
        let open = || {
            self.parts()?;
            let mapping = self.mapping.checked(self.preset, &self.site)?;
            Ok((self.settings(data)?, mapping))
        };
        let opened: Result<_> = open();
        let added = match opened.with_context(|| self.place()) {
            Ok((settings, mapping)) => passwords.add(settings, self.bases.clone(), mapping),
            Err(error) => {
                tracing::error!(
                    source = self.name,
                    "nobody of this directory can sign in: {error:#}. Put that right, then reload \
                     the configuration (SIGHUP, systemctl reload pinward)"
                );
                let closed = SourceError {
                    id: "DirectoryNotReady",
                    message: format!("{error:#}"),
                };
                passwords.add_closed(closed, self.bases.clone())
            }
        };
        added.context("bases").with_context(|| self.place())
    }

    fn place(&self) -> String {
        format!("[[directory]] \"{}\" in pinward.toml", self.name)
    }

    /// Checks what needs neither a file nor the environment.
    fn check(&self) -> Result<()> {
        let mapping = || self.mapping.checked(self.preset, &self.site).map(drop);
        self.parts()
            .and_then(|()| mapping())
            .with_context(|| self.place())
    }

    fn parts(&self) -> Result<()> {
        if self.password.is_some() {
            bail!(
                "password: a password does not stand in this file; write it to a file of its own and \
                 name that with password_file"
            );
        }
        if self.password_file.is_some() == self.password_variable.is_some() {
            bail!(NO_PASSWORD);
        }
        if self.ca_file.is_some() && self.accept_any_certificate {
            bail!(
                "ca_file and accept_any_certificate exclude each other; with ca_file certificates are \
                 checked"
            );
        }
        self.servers()?;
        ensure!(!self.bases.is_empty(), "bases: name at least one");
        check_bases(&self.bases).context("bases")?;
        BindName::parse(&self.bind_name).context("bind_name")?;
        limited("connect_timeout", self.connect_timeout, 5)?;
        limited("operation_timeout", self.operation_timeout, 30)?;
        self.page_size()?;
        Ok(())
    }

    fn servers(&self) -> Result<Vec<Server>> {
        ensure!(!self.servers.is_empty(), "servers: name at least one");
        let servers = self.servers.iter().map(|server| server.parse());
        servers.collect::<Result<_, _>>().context("servers")
    }

    fn page_size(&self) -> Result<u16> {
        let size = self.page_size.unwrap_or(500);
        ensure!(
            (1..=1000).contains(&size),
            "page_size is {size}; it goes from 1 to 1000"
        );
        Ok(size)
    }

    /// How it is reached. The password is read now.
    fn settings(&self, data: &Path) -> Result<Settings> {
        Ok(Settings {
            servers: self.servers()?,
            trust: self.trust(data)?,
            name: BindName::parse(&self.bind_name).context("bind_name")?,
            password: self.password(data)?,
            connect_timeout: limited("connect_timeout", self.connect_timeout, 5)?.0,
            operation_timeout: limited("operation_timeout", self.operation_timeout, 30)?.0,
            page_size: self.page_size()?,
        })
    }

    fn password(&self, data: &Path) -> Result<Password> {
        let file = self.password_file.as_ref().map(|file| data.join(file));
        let keys = ["password_file", "password_variable"];
        let password = secret::read(file.as_deref(), self.password_variable.as_deref(), keys)?;
        Ok(Password::new(password.context(NO_PASSWORD)?)?)
    }

    fn trust(&self, data: &Path) -> Result<Trust> {
        Ok(match (&self.ca_file, self.accept_any_certificate) {
            (Some(file), _) => Trust::file(&data.join(file)).context("ca_file")?,
            (None, true) => Trust::accept_any_certificate()?,
            (None, false) => Trust::system()?,
        })
    }
}

/// Checks that they are names, none beneath another: whoever is beneath both would be there twice.
fn check_bases(bases: &[String]) -> Result<()> {
    let mut read: Vec<(&str, Dn)> = Vec::new();
    for base in bases {
        let dn = Dn::parse(base)?;
        for (other, earlier) in &read {
            ensure!(
                !dn.is_within(earlier) && !earlier.is_within(&dn),
                "\"{other}\" and \"{base}\" overlap, so that people would be read twice; name only the \
                 one that holds the other"
            );
        }
        read.push((base, dn));
    }
    Ok(())
}

fn limited(key: &str, given: Option<Time>, usual: u64) -> Result<Time> {
    let time = given.unwrap_or(Time::seconds(usual));
    ensure!(
        (1..=600).contains(&time.0.as_secs()),
        "{key} goes from 1 second to 10 minutes"
    );
    Ok(time)
}

/// Checks all of them, without files and the environment.
pub fn check_all(directories: &[Directory]) -> Result<()> {
    check_names(directories)?;
    directories.iter().try_for_each(Directory::check)
}

/// Checks that names tell them apart.
pub fn check_names(directories: &[Directory]) -> Result<()> {
    let mut names: Vec<String> = Vec::new();
    for directory in directories {
        let name = directory.name.trim().to_lowercase();
        ensure!(
            !name.is_empty(),
            "[[directory]] in pinward.toml: a name is empty"
        );
        if names.contains(&name) {
            bail!(
                "[[directory]] in pinward.toml: two have the name \"{}\"",
                directory.name
            );
        }
        names.push(name);
    }
    Ok(())
}

/// As `pinward init --config` writes it. It has no defaults, so that all of it is prose.
pub const TEMPLATE: &str = r#"
# LDAP directories that people are synchronised with, one [[directory]] for each; without one there is none.
# docs/directory.md has every key, and Active Directory, Lync and OpenLDAP step by step. Check each with
# pinward sync --check.
# [[directory]]
# name = "litware"
# preset = "active-directory"
# servers = ["ldaps://dc1.litwareinc.com", "ldaps://dc2.litwareinc.com"]
# ca_file = "litware-ca.pem"
# bind_name = "LITWAREINC\pinward"
# password_file = "litware.password"
# bases = ["OU=People,DC=litwareinc,DC=com"]
"#;
