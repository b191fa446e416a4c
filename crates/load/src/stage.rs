//! A data folder with users who have PINs, and the service on it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use pinward_core::{Clock, LengthClass, Lookup, Person, Pin, UserId};
use pinward_service::{Allowance, GuessLimits, Service};
use pinward_store::{Act, Origin, PinSet, SetPin, SqliteStore, Store};
use pinward_verifier::{HashParams, KeyRing, Verifier};
use tokio::task::JoinSet;

use crate::args::Args;
use crate::progress::Progress;
use crate::system::{SystemClock, SystemEntropy};

/// People put, and PINs set, at a time: no more than one lane has waiting.
const BATCH: u32 = 64;
/// Extensions begin here; all have six digits, so that each is looked up in the same ways.
const FIRST_EXTENSION: u32 = 100_000;

/// What a user keys.
pub struct Credential {
    /// The extension.
    pub who: String,
    /// The PIN; one of this tool's own making.
    pub pin: String,
}

pub struct Stage {
    pub service: Arc<Service>,
    pub store: Arc<dyn Store>,
    pub users: Vec<UserId>,
    pub credentials: Arc<[Credential]>,
}

impl Stage {
    /// Makes a data folder with so many users, each with a PIN of their own.
    pub async fn set(
        folder: &Path,
        users: u32,
        params: HashParams,
        args: &Args,
        progress: &Progress,
    ) -> Result<Self> {
        let store: Arc<dyn Store> = Arc::new(SqliteStore::create(folder)?);
        let key_file = folder.join("pinward.key");
        let ring = KeyRing::create(&key_file, &SystemEntropy, SystemClock.now())?;
        let verifier = Verifier::new(ring, params, args.lanes(), Arc::new(SystemEntropy))?;
        let verifier = Arc::new(verifier);
        let mut ids = Vec::new();
        for first in (0..users).step_by(BATCH as usize) {
            if progress.interrupted() {
                bail!("interrupted");
            }
            progress.at(format!("making users: {first} of {users}"));
            let numbers = first..users.min(first + BATCH);
            let _put = store
                .put_people(numbers.clone().map(person).collect(), false, &act())
                .await?;
            let mut batch = JoinSet::new();
            for number in numbers {
                batch.spawn(set_pin(Arc::clone(&store), Arc::clone(&verifier), number));
            }
            for id in batch.join_all().await {
                ids.push(id?);
            }
        }
        drop(verifier);
        let service = Service::open(
            Arc::clone(&store),
            KeyRing::load(&key_file)?,
            params,
            args.lanes(),
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
        )
        .await?
        .with_guess_limits(never_used_up());
        let credentials = (0..users)
            .map(|number| Credential {
                who: extension(number),
                pin: pin(number),
            })
            .collect();
        Ok(Self {
            service: Arc::new(service),
            store,
            users: ids,
            credentials,
        })
    }

    /// Locks every PIN.
    pub async fn lock_all(&self) -> Result<()> {
        let mut locks = JoinSet::new();
        for batch in self.users.chunks(BATCH as usize) {
            for user in batch.iter().copied() {
                let store = Arc::clone(&self.store);
                locks.spawn(async move { store.lock_pin(user, &act()).await });
            }
            while let Some(locked) = locks.join_next().await {
                if !locked?? {
                    bail!("a user is gone");
                }
            }
        }
        Ok(())
    }
}

async fn set_pin(store: Arc<dyn Store>, verifier: Arc<Verifier>, number: u32) -> Result<UserId> {
    let found = store.find(&Lookup::Extension(extension(number)), 2).await?;
    let [user] = found.as_slice() else {
        bail!(
            "extension {} names {} users",
            extension(number),
            found.len()
        );
    };
    let pin = Pin::parse(&pin(number))?;
    let made = verifier.derive(&user.person.guid, &pin).await?;
    let request = SetPin {
        user: user.id,
        verifier: made.as_str().to_owned(),
        length_class: LengthClass::of(pin.len()),
        must_change: false,
        expires_override: None,
        if_version: None,
        act: act(),
    };
    match store.set_pin(request).await? {
        PinSet::Done => Ok(user.id),
        other => bail!("the PIN of {} was not set: {other:?}", user.person.dn),
    }
}

/// Limits of guessing that are looked at as in the program, and never reached: many refusals of one client are
/// what is measured.
fn never_used_up() -> GuessLimits {
    let all = Allowance {
        burst: u32::MAX,
        per_hour: 3600,
    };
    GuessLimits {
        caller: all,
        withheld: all,
        client: all,
        // Named, so that a limit that comes anew is not overlooked here.
        spraying: GuessLimits::default().spraying,
    }
}

/// This tool, now.
fn act() -> Act {
    Act {
        at: SystemClock.now(),
        actor: "pinward-load".to_owned(),
        action: "Measure",
        origin: Origin::of("program"),
    }
}

fn extension(number: u32) -> String {
    (FIRST_EXTENSION + number).to_string()
}

/// Five digits that differ between neighbours.
fn pin(number: u32) -> String {
    format!("{:05}", u64::from(number) * 7919 % 100_000)
}

fn person(number: u32) -> Person {
    let attribute = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
    let extension = extension(number);
    Person {
        guid: format!("00000000-0000-4000-8000-{number:012x}"),
        dn: format!("CN=Person {number},OU=Finance,DC=litwareinc,DC=com"),
        display_name: format!("Person {number}"),
        first_name: Some("Person".to_owned()),
        last_name: Some(number.to_string()),
        sam_account_name: format!("person{number}"),
        domain: "LITWAREINC".to_owned(),
        upn: Some(format!("person{number}@litwareinc.com")),
        sip_address: Some(format!("sip:person{number}@litwareinc.com")),
        line_uri: Some(format!("tel:+1425{number:07};ext={extension}")),
        enabled: true,
        registrar_pool: Some("pool.litwareinc.com".to_owned()),
        site: None,
        attributes: BTreeMap::from([
            attribute("title", "Accountant"),
            attribute("department", "Finance"),
            attribute("l", "Redmond"),
        ]),
        when_created: None,
        when_changed: None,
    }
}
