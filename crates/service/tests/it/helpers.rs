//! What the tests here do again and again.

use pinward_core::{Outcome, PolicyIdentity, PolicyPatch, User};
use pinward_service::{
    Assigned, Attempt, ChoosePinError, Door, LogOnError, NewPin, Proof, Service, Source, Verdict,
};
use pinward_testkit::Kit;

pub const KEN: &str = "litwareinc\\kenmyer";
/// Ken Myer's extension, as a caller would key it.
pub const KEN_EXTENSION: &str = "51219";

/// Assigns a named PIN as an administrator.
pub async fn assign(kit: &Kit, identity: &str, pin: &str) -> User {
    let user = kit.person(identity).await;
    let assigned = kit
        .service
        .assign_pin(&kit.administrator(), &user, &NewPin::Named(pin))
        .await;
    if let Err(error) = assigned {
        panic!("{identity} gets a PIN: {error}");
    }
    user
}

/// Assigns a generated PIN as an administrator.
pub async fn generate(kit: &Kit, identity: &str) -> Assigned {
    let user = kit.person(identity).await;
    match kit
        .service
        .assign_pin(&kit.administrator(), &user, &NewPin::Generated)
        .await
    {
        Ok(assigned) => assigned,
        Err(error) => panic!("{identity} gets a PIN: {error}"),
    }
}

/// A user chooses a PIN at the shell's door.
pub async fn choose(kit: &Kit, user: &User, pin: &str) -> Result<(), ChoosePinError> {
    let source = Source::of(Door::Shell);
    kit.service
        .choose_pin(user, Proof::Password, pin, &source)
        .await
}

/// One logon that may be answered with an error.
pub async fn tried(service: &Service, who: &str, pin: &str) -> Result<Verdict, LogOnError> {
    let attempt = Attempt {
        who,
        pin,
        also_known_as: None,
        source: Source::of(Door::Shell),
        delivery: None,
    };
    service.log_on(&attempt).await
}

/// One logon with everything that is known of it.
pub async fn attempt(kit: &Kit, who: &str, pin: &str) -> Verdict {
    tried(&kit.service, who, pin).await.expect("a verdict")
}

/// One logon's outcome.
pub async fn log_on(kit: &Kit, who: &str, pin: &str) -> Outcome {
    attempt(kit, who, pin).await.outcome
}

/// `times` logons that must all end alike.
pub async fn log_on_times(kit: &Kit, times: u32, who: &str, pin: &str, expected: Outcome) {
    for turn in 1..=times {
        assert_eq!(
            log_on(kit, who, pin).await,
            expected,
            "attempt {turn} of {times} as {who}"
        );
    }
}

/// Changes the global policy.
pub async fn global_policy(kit: &Kit, patch: PolicyPatch) {
    policy(kit, "global", patch).await;
}

/// Changes a policy.
pub async fn policy(kit: &Kit, identity: &str, patch: PolicyPatch) {
    let identity = PolicyIdentity::parse(identity).expect("a policy's name");
    kit.service
        .change_policy(&kit.administrator(), &identity, &patch, None)
        .await
        .expect("the policy changes");
}

/// Local and global failures of a user.
pub async fn failures(kit: &Kit, identity: &str) -> (u32, u32) {
    let user = kit.person(identity).await;
    let info = kit
        .service
        .pin_info(&kit.administrator(), &user)
        .await
        .expect("the PIN's state");
    (info.local_failures, info.global_failures)
}

/// A folder in memory where there is one: for tests that write much and do not test the disk.
pub fn in_memory() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    made.expect("a temporary folder")
}
