//! Each step from the name of a server to its people, tried one after the other and explained.

use std::fmt;
use std::net::SocketAddr;

use tokio::net::lookup_host;
use tokio::time::timeout;

use super::certificate::CertificateFacts;
use super::connection::{Connection, open_one};
use super::error::{BindRefused, LdapError, Step, What};
use super::examples::{Example, Examples};
use super::groups::Memberships;
use super::increment::{deleted_can_be_listed, stand};
use super::mapping::{Changes, Groups, Mapping};
use super::person;
use super::search::{Progress, Search};
use super::server::{Server, Tls};
use super::source::LdapSource;
use crate::source::Entry;

/// Fewer days until a certificate expires are worth a word.
const SOON: i64 = 30;

/// The steps, in their order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CheckStep {
    /// The server's name has an address.
    Name,
    /// Its port can be reached.
    Port,
    /// The connection is encrypted and the certificate believed.
    Tls,
    /// The service account is let in.
    Bind,
    /// The bases are there.
    Base,
    /// Groups are found.
    Groups,
    /// People are found.
    People,
    /// They come in pages.
    Paging,
    /// What becomes of them.
    Mapping,
    /// Changes are found without reading everybody.
    Changes,
    /// Who was deleted is found so too (Active Directory).
    Deleted,
}

impl fmt::Display for CheckStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            CheckStep::Name => "name",
            CheckStep::Port => "port",
            CheckStep::Tls => "tls",
            CheckStep::Bind => "bind",
            CheckStep::Base => "base",
            CheckStep::Groups => "groups",
            CheckStep::People => "people",
            CheckStep::Paging => "paging",
            CheckStep::Mapping => "mapping",
            CheckStep::Changes => "changes",
            CheckStep::Deleted => "deleted",
        })
    }
}

/// How a step went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Well.
    Ok,
    /// Well, but perhaps not as intended.
    Warning,
    /// A sync would fail, or could not use this server.
    Failed,
    /// Not tried.
    Skipped,
}

/// What came of one step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Which step.
    pub step: CheckStep,
    /// The server, base or filter that it is about.
    pub about: String,
    /// How it went.
    pub outcome: Outcome,
    /// What was found, or what is wrong and what to do.
    pub said: String,
    /// A stable name of what is wrong.
    pub id: Option<&'static str>,
}

/// What a check tells while it runs.
pub enum CheckNews<'a> {
    /// A step is done.
    Finding(&'a Finding),
    /// So many people were read.
    Read(u64),
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct CheckReport {
    /// The steps.
    pub findings: Vec<Finding>,
    /// People that the filter finds.
    pub people: u64,
    /// Those of them who are enabled.
    pub enabled: u64,
    /// Entries that cannot be used.
    pub unusable: u64,
    /// Groups, where they are read.
    pub groups: Option<u64>,
    /// What the mapping makes of some people.
    pub examples: Vec<Example>,
}

impl CheckReport {
    /// Whether a sync would go well, with each of the servers.
    pub fn is_well(&self) -> bool {
        let failed = |finding: &Finding| finding.outcome == Outcome::Failed;
        !self.findings.iter().any(failed)
    }
}

impl LdapSource {
    /// Tries each step with each server, and reads all people of the first that is well. Nothing is kept.
    /// The service account binds once to each server; after a refused bind to no other.
    pub async fn check(&self, told: &mut (dyn FnMut(CheckNews<'_>) + Send)) -> CheckReport {
        let mut check = Check {
            source: self,
            told,
            report: CheckReport::default(),
        };
        check.run().await;
        check.report
    }
}

struct Check<'a> {
    source: &'a LdapSource,
    told: &'a mut (dyn FnMut(CheckNews<'_>) + Send),
    report: CheckReport,
}

impl Check<'_> {
    async fn run(&mut self) {
        let Some(connection) = self.servers().await else {
            return;
        };
        if !self.bases(&connection).await {
            return;
        }
        let Some(groups) = self.groups(&connection).await else {
            return;
        };
        if self.people(&connection, &groups).await {
            self.changes(&connection).await;
            self.deleted(&connection).await;
        }
    }

    fn find(&mut self, step: CheckStep, about: &str, outcome: Outcome, said: impl Into<String>) {
        self.note(Finding {
            step,
            about: about.to_owned(),
            outcome,
            said: said.into(),
            id: None,
        });
    }

    fn fail(&mut self, step: CheckStep, about: &str, id: &'static str, said: String) {
        self.note(Finding {
            step,
            about: about.to_owned(),
            outcome: Outcome::Failed,
            said,
            id: Some(id),
        });
    }

    fn note(&mut self, finding: Finding) {
        (self.told)(CheckNews::Finding(&finding));
        self.report.findings.push(finding);
    }

    /// Tries all servers; gives a connection to the first that is well.
    async fn servers(&mut self) -> Option<Connection> {
        let mut first = None;
        let mut refused = false;
        for server in &self.source.settings.servers {
            let name = server.to_string();
            if refused {
                let why = "not tried: each refused bind counts towards the lock of the account";
                self.find(CheckStep::Name, &name, Outcome::Skipped, why);
                continue;
            }
            if !self.name(server, &name).await {
                continue;
            }
            match self.connect(server, &name).await {
                Ok(connection) => first = first.or(Some(connection)),
                Err(is_bind) => refused = is_bind,
            }
        }
        first
    }

    async fn name(&mut self, server: &Server, name: &str) -> bool {
        let limit = self.source.settings.connect_timeout;
        let host = server.host();
        let found = match timeout(limit, lookup_host((host, server.port()))).await {
            Ok(Ok(addresses)) => Ok(addresses.collect::<Vec<SocketAddr>>()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {} s", limit.as_secs_f32())),
        };
        match found {
            Ok(addresses) => {
                let addresses = addresses.iter().map(|address| address.ip().to_string());
                let addresses = addresses.collect::<Vec<_>>().join(", ");
                self.find(CheckStep::Name, name, Outcome::Ok, addresses);
                true
            }
            Err(error) => {
                let said = format!(
                    "{host} has no address: {error}; check the name, and the DNS server that this \
                     machine asks"
                );
                self.fail(CheckStep::Name, name, "DirectoryNameUnknown", said);
                false
            }
        }
    }

    /// Port, TLS and bind. `Err`: whether it was the bind that was refused.
    async fn connect(&mut self, server: &Server, name: &str) -> Result<Connection, bool> {
        let settings = &self.source.settings;
        let (trust, watcher) = match settings.trust.watched() {
            Ok(watched) => watched,
            Err(error) => {
                self.fail(CheckStep::Tls, name, "DirectoryTls", error.to_string());
                return Err(false);
            }
        };
        let opened = open_one(settings, &trust, server).await;
        let failed = opened.as_ref().err();
        if let Some(error) = failed.filter(|error| error.step == Step::Connect) {
            self.fail(CheckStep::Port, name, error.id(), error.what.to_string());
            return Err(false);
        }
        self.find(CheckStep::Port, name, Outcome::Ok, "reached");
        let facts = watcher.shown();
        if let Some(error) = failed.filter(|error| error.step == Step::Tls) {
            let said = not_encrypted(error, server, facts.as_ref());
            self.fail(CheckStep::Tls, name, error.id(), said);
            return Err(false);
        }
        self.encrypted(name, facts.as_ref());
        match opened {
            Ok(ldap) => {
                let said = format!("as {}", settings.name);
                self.find(CheckStep::Bind, name, Outcome::Ok, said);
                Ok(Connection::of(settings, server, ldap))
            }
            Err(error) => {
                let said = format!(
                    "as {}: {}{}",
                    settings.name,
                    error.what,
                    advice(&error.what)
                );
                self.fail(CheckStep::Bind, name, error.id(), said);
                Err(matches!(error.what, What::Bind(_)))
            }
        }
    }

    fn encrypted(&mut self, name: &str, facts: Option<&CertificateFacts>) {
        let said = facts.map(described).unwrap_or_default();
        let soon = facts.filter(|facts| facts.days_left < SOON);
        if let Some(warning) = self.source.warning() {
            let said = format!("{said}; {warning}");
            self.find(CheckStep::Tls, name, Outcome::Warning, said);
        } else if let Some(facts) = soon {
            let said = format!("{said}; it expires in {} days: renew it", facts.days_left);
            self.find(CheckStep::Tls, name, Outcome::Warning, said);
        } else {
            self.find(CheckStep::Tls, name, Outcome::Ok, said);
        }
    }

    async fn bases(&mut self, connection: &Connection) -> bool {
        let mut all = true;
        for base in &self.source.bases {
            let search = Search::of_entry(base, &["objectclass"]);
            let error = match connection.all(search).await {
                Ok(found) if !found.is_empty() => {
                    self.find(CheckStep::Base, base, Outcome::Ok, "there");
                    continue;
                }
                Ok(_) => connection.failed(What::NoSuchBase(base.clone())),
                Err(error) => error,
            };
            self.fail(CheckStep::Base, base, error.id(), error.what.to_string());
            all = false;
        }
        all
    }

    async fn groups(&mut self, connection: &Connection) -> Option<Memberships> {
        let mapping = &self.source.mapping;
        let about = &mapping.group_filter;
        match Memberships::read(connection, &self.source.bases, mapping).await {
            Ok(groups) => {
                if mapping.groups == Groups::None {
                    self.find(
                        CheckStep::Groups,
                        "",
                        Outcome::Skipped,
                        "groups are not read",
                    );
                    return Some(groups);
                }
                let count = groups.count();
                self.report.groups = Some(count as u64);
                let (outcome, said) = match count {
                    0 => (
                        Outcome::Warning,
                        "none is found; roles that groups hold reach nobody".to_owned(),
                    ),
                    count => (Outcome::Ok, format!("{count} groups")),
                };
                self.find(CheckStep::Groups, about, outcome, said);
                Some(groups)
            }
            Err(error) => {
                self.fail(CheckStep::Groups, about, error.id(), error.what.to_string());
                None
            }
        }
    }

    /// Reads everybody. Whether that went well and somebody was found.
    async fn people(&mut self, connection: &Connection, groups: &Memberships) -> bool {
        let mapping = &self.source.mapping;
        let about = mapping.people.clone();
        let mut counts = Counts::default();
        let mut examples = Examples::default();
        for base in &self.source.bases {
            let search = Search::beneath(base, about.clone(), person::attributes(mapping));
            let mut progress = Progress::new(search);
            loop {
                let page = match progress.next(connection).await {
                    Ok(Some(page)) => page,
                    Ok(None) => break,
                    Err(error) => {
                        self.fail(
                            CheckStep::People,
                            &about,
                            error.id(),
                            error.what.to_string(),
                        );
                        return false;
                    }
                };
                counts.pages += 1;
                for raw in page {
                    let entry = person::read(&raw, mapping, groups.of(&raw, mapping));
                    counts.count(&entry);
                    examples.look(&raw, &entry, mapping);
                }
                (self.told)(CheckNews::Read(counts.people));
            }
        }
        self.report.people = counts.people;
        self.report.enabled = counts.enabled;
        self.report.unusable = counts.unusable;
        self.report.examples = examples.found;
        if counts.people == 0 {
            let said = "nobody is found; check the filter, the bases, and that the service account may \
                        read people";
            self.fail(
                CheckStep::People,
                &about,
                "DirectoryNobodyFound",
                said.to_owned(),
            );
            return false;
        }
        let (outcome, said) = counts.found();
        self.find(CheckStep::People, &about, outcome, said);
        let size = connection.page_size;
        let pages = match counts.pages {
            1 => "1 page".to_owned(),
            several => format!("{several} pages"),
        };
        let said = format!("{pages} of up to {size} entries");
        self.find(CheckStep::Paging, "", Outcome::Ok, said);
        let (outcome, said) = counts.mapped(mapping);
        self.find(CheckStep::Mapping, "", outcome, said);
        true
    }

    async fn changes(&mut self, connection: &Connection) {
        let mapping = &self.source.mapping;
        let (outcome, said) = match stand(connection, &self.source.bases, mapping, None).await {
            Err(error) => {
                self.fail(CheckStep::Changes, "", error.id(), error.what.to_string());
                return;
            }
            Ok(_) if mapping.changes == Changes::None => (
                Outcome::Ok,
                "every reading is a full one, as the mapping says".to_owned(),
            ),
            Ok(Some(stand)) => {
                let said = format!("after a full reading from {} on", stand.at);
                (Outcome::Ok, said)
            }
            Ok(None) if mapping.follows_no_groups() => (
                Outcome::Warning,
                "a filter asks who is in which group, and groups are not read (groups = \"none\"), so \
                 every reading is a full one"
                    .to_owned(),
            ),
            Ok(None) => (
                Outcome::Warning,
                "the directory does not tell where it stands, so every reading is a full one"
                    .to_owned(),
            ),
        };
        self.find(CheckStep::Changes, "", outcome, said);
    }

    async fn deleted(&mut self, connection: &Connection) {
        if self.source.mapping.changes != Changes::Usn {
            return;
        }
        match deleted_can_be_listed(connection).await {
            Ok(true) => {
                let said = "who was deleted is seen at the next reading";
                self.find(CheckStep::Deleted, "", Outcome::Ok, said);
            }
            Ok(false) => {
                let said = "the account may not list the deleted objects, so who was deleted is noticed \
                            by the next full reading only; docs/directory.md, step 1, tells how to let it";
                self.find(CheckStep::Deleted, "", Outcome::Warning, said);
            }
            Err(error) => {
                let said = error.what.to_string();
                self.find(CheckStep::Deleted, "", Outcome::Warning, said);
            }
        }
    }
}

#[derive(Default)]
struct Counts {
    pages: u64,
    people: u64,
    enabled: u64,
    with_line: u64,
    with_sip: u64,
    unusable: u64,
    reason: Option<String>,
}

impl Counts {
    fn count(&mut self, entry: &Entry) {
        self.people += 1;
        match entry {
            Entry::Person(person) if person.enabled => {
                self.enabled += 1;
                self.with_line += u64::from(person.line_uri.is_some());
                self.with_sip += u64::from(person.sip_address.is_some());
            }
            Entry::Unusable { name, reason, .. } => {
                self.unusable += 1;
                self.reason
                    .get_or_insert_with(|| format!("{name}: {reason}"));
            }
            Entry::Person(_) | Entry::Gone { .. } => {}
        }
    }

    fn found(&self) -> (Outcome, String) {
        let mut said = format!("{} people, {} enabled", self.people, self.enabled);
        if let Some(reason) = &self.reason {
            said += &format!("; {} cannot be used, such as {reason}", self.unusable);
        }
        if self.enabled == 0 {
            said += "; check which filter makes people enabled (mapping.enabled)";
        }
        match self.enabled == 0 || self.unusable > 0 {
            true => (Outcome::Warning, said),
            false => (Outcome::Ok, said),
        }
    }

    fn mapped(&self, mapping: &Mapping) -> (Outcome, String) {
        let mut said = format!(
            "of {} enabled people {} have a line URI and {} a SIP address",
            self.enabled, self.with_line, self.with_sip
        );
        if self.with_line > 0 || self.enabled == 0 {
            return (Outcome::Ok, said);
        }
        let single = [&mapping.line_uri, &mapping.telephone, &mapping.extension];
        let names: Vec<&str> = single.into_iter().flatten().map(String::as_str).collect();
        said += &format!(
            "; nobody can sign in with a number: check where the numbers are (now read: {})",
            names.join(", ")
        );
        (Outcome::Warning, said)
    }
}

fn described(facts: &CertificateFacts) -> String {
    let names = match facts.names.is_empty() {
        true => "no name at all (subjectAltName)".to_owned(),
        false => facts.names.join(", "),
    };
    format!(
        "certificate for {names}, issued by \"{}\", valid from {} to {}",
        facts.issuer, facts.not_before, facts.not_after
    )
}

fn not_encrypted(error: &LdapError, server: &Server, facts: Option<&CertificateFacts>) -> String {
    let mut said = error.what.to_string();
    match (facts, server.tls()) {
        (Some(facts), _) => said += &format!(" ({})", described(facts)),
        (None, Tls::Ldaps) => {
            said +=
                "; does this port speak LDAPS? For StartTLS, usually on port 389, write ldap://";
        }
        (None, Tls::StartTls) => {
            said += "; does this port speak LDAP with StartTLS? For LDAPS, usually on port 636, write \
                     ldaps://";
        }
    }
    said
}

/// What to do about a bind that failed.
fn advice(what: &What) -> &'static str {
    let What::Bind(refused) = what else {
        return match what {
            What::Refused { code: 34, .. } => {
                "; this directory wants a distinguished name as bind_name"
            }
            _ => "",
        };
    };
    match refused {
        BindRefused::WrongPassword => {
            "; check bind_name and the password. Each further try counts towards the lock of the account"
        }
        BindRefused::Disabled => "; enable it in the directory",
        BindRefused::MustChange | BindRefused::PasswordExpired => {
            "; give the account a new password in the directory, one that need not be changed"
        }
        BindRefused::Expired => "; extend it in the directory",
        BindRefused::Locked => {
            "; unlock it in the directory, and find out who tries wrong passwords"
        }
        BindRefused::NotAllowed => "; allow it in the directory, from this machine and at any time",
    }
}
