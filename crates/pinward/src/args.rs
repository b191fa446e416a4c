//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use pinward_core::{ClientRights, Fingerprint, Network, SignedDuration, Timestamp};
use pinward_directory::import::{FileKind, Options};
use pinward_service::AuditMark;

use crate::audit_lines::Format;

/// PIN sign-in for telephones.
///
/// Without a subcommand: the shell. It runs -c PIPELINE, else SCRIPT, else standard input; on a
/// terminal it is interactive.
///
/// Exit codes: 0 all well, 1 at least one error was reported, 2 wrong usage.
#[derive(Parser, Debug)]
#[command(name = "pinward", version, subcommand_precedence_over_arg = true)]
pub struct Args {
    /// The data folder [default: /var/lib/pinward for root, else ~/.local/share/pinward]
    #[arg(
        long,
        value_name = "DIR",
        env = "PINWARD_DATA",
        global = true,
        hide_env_values = true
    )]
    pub data: Option<PathBuf>,

    /// The key file, where it does not lie in the data folder [default: DATA/pinward.key]
    #[arg(
        long,
        value_name = "FILE",
        env = "PINWARD_KEY_FILE",
        global = true,
        hide_env_values = true
    )]
    pub key_file: Option<PathBuf>,

    /// Act with the roles of this user instead of as the owner of the data folder
    ///
    /// Any way of naming a user is good: SIP address, user principal name, domain\logon, display
    /// name. The audit log names both the user and the account.
    #[arg(long = "as", value_name = "USER", global = true)]
    pub act_as: Option<String>,

    /// Run this pipeline and exit
    ///
    /// Other people on this machine can see the arguments of programs: give PINs on standard
    /// input or in a script rather than here.
    #[arg(short = 'c', long = "command", value_name = "PIPELINE")]
    pub command: Option<String>,

    /// Run the commands in this file and exit
    #[arg(value_name = "SCRIPT", conflicts_with = "command")]
    pub script: Option<PathBuf>,

    #[command(subcommand)]
    pub action: Option<Action>,
}

/// What else the program does.
#[derive(Subcommand, Debug)]
pub enum Action {
    /// Make a new data folder with an empty directory and a new key
    Init {
        /// Fill it with the sample company Litware (about 1,000 users)
        #[arg(long)]
        sample: bool,

        /// Write a commented pinward.toml with every key there is; also into a folder that exists
        #[arg(long)]
        config: bool,
    },
    /// Say whether the configuration can be used; exit code 1 where it cannot
    ///
    /// Looks at every section, at the certificates that it names, and at the environment variables
    /// PINWARD__SECTION__KEY that take the place of keys.
    CheckConfig {
        /// Another file than pinward.toml in the data folder
        file: Option<PathBuf>,
    },
    /// A throw-away data folder with the sample company, and the shell on it
    Demo {
        /// Run this pipeline and exit
        #[arg(short = 'c', long = "command", value_name = "PIPELINE")]
        command: Option<String>,

        /// Run the commands in this file and exit
        #[arg(value_name = "SCRIPT", conflicts_with = "command")]
        script: Option<PathBuf>,
    },
    /// Serve telephones and people over the network, as pinward.toml in the data folder says
    ///
    /// SIGTERM and SIGINT stop it when what is under way is answered; SIGHUP makes it read its
    /// configuration and certificates again. It logs to standard error.
    Serve,
    /// Tell Asterisk's voicemail whether it may take a new PIN: externpasscheck in voicemail.conf
    ///
    /// Asterisk gives MAILBOX CONTEXT OLD NEW. The mailbox is the extension of a user, whose PIN policy
    /// judges. The answer is VALID, or INVALID with the reasons; it is INVALID too where nobody has that
    /// extension or anything goes wrong. Nothing is changed, and the history of PINs is not looked at.
    ///
    /// Exit codes: 0 VALID, 1 INVALID.
    Externpasscheck {
        /// As Asterisk gives them
        #[arg(
            value_name = "ARGUMENT",
            trailing_var_arg = true,
            allow_hyphen_values = true
        )]
        arguments: Vec<String>,
    },
    /// The keys that make a stolen database worthless
    Key {
        #[command(subcommand)]
        action: KeyAction,
    },
    /// The programs that use the API: their keys, and what each may do
    Client {
        #[command(subcommand)]
        action: ClientAction,
    },
    /// The audit log: who did what, and whether it is as it was written
    Audit {
        #[command(subcommand)]
        action: AuditAction,
    },
    /// Bring users into the built-in directory from a CSV or LDIF file; again to update them
    Import {
        /// The file; - for standard input
        file: PathBuf,

        /// Say what would be done and change nothing
        #[arg(long)]
        dry_run: bool,

        #[command(flatten)]
        format: FileArgs,

        /// Write the report as JSON on standard output
        #[arg(long)]
        json: bool,
    },
    /// Make a directory, or a CSV or LDIF file, the whole truth about its people
    ///
    /// Without --from: the LDAP directories that pinward.toml names. People are created, updated and
    /// disabled. Whoever was in the source the last time and is no more is disabled at once, keeps
    /// everything for 30 days, and is then removed. People who come from elsewhere stay as they are.
    /// `import` adds and updates only.
    ///
    /// Exit codes: 0 all well, 1 entries were left out or it failed, 2 wrong usage, 3 nothing was changed
    /// because too many users would be disabled, 130 interrupted.
    Sync(SyncArgs),
    /// Assign the PINs of another telephone system, from a CSV file; again to go on after an interruption
    ///
    /// The first line names the columns: one for the PIN (PIN, Passcode, Password ...) and at least one
    /// that tells whose it is (Extension, Number, LineURI, Identity, SipAddress, SamAccountName ...). Each
    /// PIN is judged by the policy of its user. A row whose user has this PIN already, or had it before, is
    /// left alone.
    ///
    /// Exit codes: 0 all well, 1 rows were refused, 2 the file is no list of PINs, 130 interrupted.
    ImportPins {
        /// The file; - for standard input
        file: PathBuf,

        /// Say what would be done and change nothing
        #[arg(long)]
        dry_run: bool,

        /// Users have to choose another PIN before they can log on
        #[arg(long)]
        must_change: bool,

        /// Users whose PIN breaks the policy and who have none get a generated one, to be changed at
        /// the first logon; it is written to the report alone
        #[arg(long, requires = "report")]
        generate_for_refused: bool,

        /// Write what came of each row to this new file (CSV), which only its owner may read
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,

        /// Write the summary as JSON on standard output
        #[arg(long)]
        json: bool,
    },
}

/// What is done with the clients of the API.
#[derive(Subcommand, Debug)]
pub enum ClientAction {
    /// Add a client and print its key, which is shown this once, or name its certificate
    Add {
        /// Its name: letters, digits, '.', '-' and '_'
        name: String,

        /// What it may do: logon (is told yes or no), trusted-logon (is told why not), or role:NAME
        /// (administration with that role)
        #[arg(long)]
        rights: ClientRights,

        /// It proves itself by this certificate and gets no key: a PEM file, or the SHA-256 fingerprint
        #[arg(long, value_name = "FILE|FINGERPRINT", value_parser = crate::clients::certificate)]
        certificate: Option<Fingerprint>,

        #[command(flatten)]
        settings: ClientSettings,

        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List the clients
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Change what a client may do
    Set {
        /// Its name
        name: String,

        /// What it may do: logon, trusted-logon, role:NAME or nothing
        #[arg(long)]
        rights: Option<ClientRights>,

        #[command(flatten)]
        settings: ClientSettings,
    },
    /// Give a client another key or certificate; the one it has holds for a while still
    Rotate {
        /// Its name
        name: String,

        /// From now on it proves itself by this certificate: a PEM file, or the SHA-256 fingerprint
        #[arg(long, value_name = "FILE|FINGERPRINT", value_parser = crate::clients::certificate)]
        certificate: Option<Fingerprint>,

        /// For how long the old one holds: 90m, 12h, 7d; 0 where it was lost
        #[arg(long, value_name = "TIME", default_value = "24h", value_parser = crate::clients::overlap)]
        overlap: SignedDuration,

        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove a client: its keys hold no longer
    Remove {
        /// Its name
        name: String,
    },
}

/// From where, until when, and how much.
#[derive(clap::Args, Clone, Debug)]
pub struct ClientSettings {
    /// It may come from these addresses only: 192.0.2.7, 10.0.0.0/8; may be given several times
    #[arg(long, value_name = "NETWORK", value_delimiter = ',')]
    pub network: Vec<Network>,

    /// It may come from anywhere
    #[arg(long, conflicts_with = "network")]
    pub any_network: bool,

    /// It ends at this time: 2027-01-05T09:00:00Z, or a day
    #[arg(long, value_name = "TIME", value_parser = crate::audit::time)]
    pub expires: Option<Timestamp>,

    /// It does not end
    #[arg(long, conflicts_with = "expires")]
    pub never_expires: bool,

    /// Requests per second [default: 100]
    #[arg(long, value_name = "COUNT")]
    pub per_second: Option<u32>,

    /// Requests at the same time [default: 64]
    #[arg(long, value_name = "COUNT")]
    pub at_once: Option<u32>,
}

/// What is done with the audit log.
#[derive(Subcommand, Debug)]
pub enum AuditAction {
    /// Say whether the log is as it was written, and print its head: note it elsewhere. Exit code 1
    /// where it is not
    Verify {
        /// A head that was noted earlier must be in the log; may be given several times
        #[arg(long, value_name = "NUMBER:HASH", value_parser = crate::audit::mark)]
        head: Vec<AuditMark>,

        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the records to standard output, the oldest first, for another program
    Export {
        /// How each record is written
        #[arg(long, value_enum, default_value_t = Format::Jsonl)]
        format: Format,

        /// Only from this time on: 2026-01-05T09:00:00Z, or a day
        #[arg(long, value_name = "TIME", value_parser = crate::audit::time)]
        after: Option<Timestamp>,

        /// Only before this time
        #[arg(long, value_name = "TIME", value_parser = crate::audit::time)]
        before: Option<Timestamp>,
    },
    /// Remove old records: export them first where they must be kept. That it was done is recorded
    Prune {
        /// Records older than so many days
        #[arg(long, value_name = "DAYS")]
        older_than: u32,
    },
}

/// What is synchronised, and how.
#[derive(clap::Args, Clone, Debug)]
pub struct SyncArgs {
    /// A file instead of the directories of pinward.toml
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,

    /// One directory only; with --from the name under which the file is remembered [default: its path]
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,

    /// Try each step on the way to the directories and say what is wrong; change nobody
    #[arg(long, conflicts_with_all = ["from", "dry_run", "full", "allow_disable"])]
    pub check: bool,

    /// Say what would be done and change nobody; of a directory also some people as they stand in it and
    /// what becomes of them
    #[arg(long)]
    pub dry_run: bool,

    /// Read everybody, also where reading what changed would do
    #[arg(long, conflicts_with = "from")]
    pub full: bool,

    /// Go on if no more than so many users would be disabled
    #[arg(long, value_name = "COUNT")]
    pub allow_disable: Option<u64>,

    #[command(flatten)]
    pub format: FileArgs,

    /// Write the report as JSON on standard output: with --from an object, else a list of them
    #[arg(long)]
    pub json: bool,
}

/// How a file of people is read, and what it does not say.
#[derive(clap::Args, Clone, Debug)]
pub struct FileArgs {
    /// csv or ldif [default: by the file's name, else by its content]
    #[arg(long, value_name = "FORMAT", value_parser = ["csv", "ldif"])]
    format: Option<String>,

    /// The NetBIOS domain of people whose entry tells none, such as LITWAREINC
    #[arg(long, value_name = "NAME")]
    domain: Option<String>,

    /// The site of people whose entry names none
    #[arg(long, value_name = "SITE")]
    site: Option<String>,

    /// The registrar pool of people whose entry names none
    #[arg(long, value_name = "FQDN")]
    registrar_pool: Option<String>,
}

impl FileArgs {
    /// Whether any of it was given.
    pub fn is_given(&self) -> bool {
        let given = [&self.format, &self.domain, &self.site, &self.registrar_pool];
        given.into_iter().any(Option::is_some)
    }

    /// The kind of file that was asked for.
    pub fn kind(&self) -> Option<FileKind> {
        self.format.as_deref().map(|format| match format {
            "ldif" => FileKind::Ldif,
            _ => FileKind::Csv,
        })
    }

    /// What holds for people whose entry does not say.
    pub fn options(&self) -> Options {
        Options {
            domain: self.domain.clone(),
            site: self.site.clone(),
            registrar_pool: self.registrar_pool.clone(),
        }
    }
}

/// What is done with the keys.
#[derive(Subcommand, Debug)]
pub enum KeyAction {
    /// List the keys and how many stored PINs need each
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a new key; stored PINs move to it as their users log on. Nobody's PIN changes
    Rotate,
    /// Remove a key that no stored PIN needs any more
    Remove {
        /// The key's id, as `pinward key status` lists it
        id: String,
    },
}
