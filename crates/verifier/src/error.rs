//! What can go wrong, in the few cases a caller can act on. No message holds a PIN, a key or a hash.

use std::path::PathBuf;

/// Why hash parameters are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    /// A value outside its range.
    #[error("{name} is {value}; it must be {least} to {most}")]
    OutOfRange {
        /// Which parameter, in the words of the configuration.
        name: &'static str,
        /// What was given.
        value: u32,
        /// Smallest accepted value.
        least: u32,
        /// Largest accepted value.
        most: u32,
    },
    /// Memory times passes above what one verification may cost.
    #[error(
        "{memory_kib} KiB times {passes} passes is too much work for one verification; \
         the product must not exceed {most}"
    )]
    TooMuchWork {
        /// Memory asked for, in KiB.
        memory_kib: u32,
        /// Passes asked for.
        passes: u32,
        /// Largest accepted product.
        most: u64,
    },
    /// Memory times passes below what protects PINs once the key has leaked.
    #[error(
        "{memory_kib} KiB times {passes} passes is too weak; the product must be at least {least} \
         (for example 19456 KiB and 2 passes)"
    )]
    TooWeak {
        /// Memory asked for, in KiB.
        memory_kib: u32,
        /// Passes asked for.
        passes: u32,
        /// Smallest accepted product.
        least: u64,
    },
}

/// A verifier text that this program did not write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedVerifier {
    /// Not five parts separated by `$` that begin with `pw1`.
    #[error("not of the form pw1$<key>$m=…,t=…,p=…$<salt>$<hash>")]
    Form,
    /// The key id is not eight lower-case hexadecimal digits.
    #[error("the key id is not eight lower-case hexadecimal digits")]
    KeyId,
    /// The parameters cannot be read.
    #[error("the parameters are not of the form m=…,t=…,p=…")]
    Params,
    /// The parameters can be read but are outside what is ever used.
    #[error("the parameters are refused: {0}")]
    ParamsRange(#[from] ParamsError),
    /// The salt is not 16 bytes in base64 without padding.
    #[error("the salt is not 16 bytes in base64")]
    Salt,
    /// The hash is not 32 bytes in base64 without padding.
    #[error("the hash is not 32 bytes in base64")]
    Hash,
}

/// Why no verdict was reached. Nobody is let in, and nothing is counted against the user (R-AUTH-7).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifierError {
    /// The queue of waiting verifications is full; try again later.
    #[error("too many PIN verifications are waiting; try again later")]
    Busy,
    /// The verifier was made with a key that is not in the key ring.
    #[error("the verifier was made with key {id}, which is not in the key file; restore that key")]
    UnknownKey {
        /// Id of the missing key.
        id: String,
    },
    /// The stored text is not a verifier.
    #[error("the stored verifier is malformed: {0}")]
    Malformed(#[from] MalformedVerifier),
    /// The system gave no memory for a verifier of larger parameters.
    #[error("no memory for a verification of {memory_kib} KiB")]
    OutOfMemory {
        /// Memory asked for, in KiB.
        memory_kib: u32,
    },
    /// The lane that computed the hash failed; it has recovered, this verification has no verdict.
    #[error("the verification was interrupted by an internal failure")]
    Failed,
}

/// Why the hashing pool cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configured parameters are refused.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// Memory for a lane could not be had.
    #[error(
        "no memory for {lanes} hashing lanes of {memory_kib} KiB each; configure fewer lanes or less memory"
    )]
    Memory {
        /// Lanes asked for.
        lanes: usize,
        /// Memory of each, in KiB.
        memory_kib: u32,
    },
    /// A thread could not be started.
    #[error("cannot start a hashing thread: {0}")]
    Thread(#[source] std::io::Error),
}

/// Why a key file cannot be used. Every message says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no key file.
    #[error(
        "there is no key file {path}: restore it from its backup; \
         create a new one only if no PIN was ever set with it"
    )]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// `create` found a file that it would have to overwrite.
    #[error("{path} already exists and is not overwritten; move it away if it is really unused")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Others than the owner can read or change the file.
    #[error("{path} has mode {mode:04o}: others could read the keys; run: chmod 0600 {path}")]
    LoosePermissions {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file or its folder belongs to somebody else.
    #[error(
        "{path} belongs to user id {owner}, this program runs as {running_as}; \
         change the owner, or run the program as the owner"
    )]
    ForeignOwner {
        /// The file or folder.
        path: PathBuf,
        /// Who owns it.
        owner: u32,
        /// Effective user id of this process.
        running_as: u32,
    },
    /// There is no folder to put the file in.
    #[error("the folder {path} does not exist; create it with: install -d -m 0700 {path}")]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// Others could replace the file because its folder is open to them.
    #[error(
        "the folder {path} has mode {mode:04o}: others could replace the key file; run: chmod go-w {path}"
    )]
    LooseFolder {
        /// The folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The path names something that is not a plain file.
    #[error("{path} is not a regular file; name the key file itself")]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// A line of the file cannot be read.
    #[error("{path}, line {line}: {reason}; restore the file from its backup")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1.
        line: usize,
        /// What is wrong with it; never the key.
        reason: &'static str,
    },
    /// The file no longer holds what was loaded: another program rotated or replaced it.
    #[error("{path} changed since it was loaded; load it again, then repeat the change")]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Verifiers exist whose key is not in the ring (R-SEC-2).
    #[error(
        "the database holds PINs made with key {id}, which is not in the key file; \
         restore the key file that has it: without it those PINs are lost"
    )]
    Lost {
        /// Id of the missing key.
        id: String,
    },
    /// A key has the right id but is another key.
    #[error(
        "key {id} in the key file is not the key the database was used with; restore the right file"
    )]
    Different {
        /// Id of the key.
        id: String,
    },
    /// `retire` was asked for the key in use, or for one that is not there.
    #[error("key {id} cannot be retired: {reason}")]
    NotRetirable {
        /// Id of the key.
        id: String,
        /// Why.
        reason: &'static str,
    },
    /// The source of randomness gave the same or no bytes.
    #[error("the system's random numbers are not random; no key was made")]
    BadEntropy,
    /// The operating system refused.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}
