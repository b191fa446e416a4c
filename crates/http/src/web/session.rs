//! Who is signed in: kept here and not in the cookie, which holds a random name of the session alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pinward_core::{Entropy, SignedDuration, Timestamp, User, UserId};
use ring::digest;

/// A session ends when nothing was asked for so long.
pub const IDLE: SignedDuration = SignedDuration::from_mins(20);
/// And after so long at the latest.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(10);
/// What is dangerous needs a password that was given within this time.
pub const FRESH: SignedDuration = SignedDuration::from_mins(15);
/// More sessions of one user are not kept: the one that was used longest ago ends.
const MOST_OF_ONE: usize = 8;
/// More forms of one session are not kept: the one that was kept first is given up.
const MOST_DRAFTS: usize = 4;
/// More sessions in all are not kept either.
const MOST: usize = 100_000;

/// One session, as it was when the request came.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whose it is.
    pub user: UserId,
    /// Whether they were enabled when they signed in: who is disabled later is signed out.
    pub was_enabled: bool,
    /// What each form of theirs brings along.
    pub token: String,
    /// When they last gave their password.
    pub proven: Timestamp,
    begun: Timestamp,
    seen: Timestamp,
    /// One for each form, the oldest first.
    drafts: Vec<Arc<Draft>>,
}

/// What somebody had put into a form that was not taken because they gave their password too long ago. Never
/// a secret.
#[derive(Debug)]
pub struct Draft {
    /// The path and the query of the form.
    pub form: String,
    /// Its fields.
    pub fields: Vec<(String, String)>,
}

impl Session {
    /// Whether the password was given so recently that dangerous acts may be done.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.proven) < FRESH
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen) >= IDLE || now.duration_since(self.begun) >= LONGEST
    }
}

/// All sessions, by the hash of what stands in the cookie.
#[derive(Default)]
pub struct Sessions {
    all: Mutex<HashMap<[u8; 32], Session>>,
}

impl Sessions {
    /// A new session; what is to stand in the cookie.
    pub fn begin(&self, user: &User, now: Timestamp, entropy: &dyn Entropy) -> String {
        let cookie = random(entropy);
        let session = Session {
            user: user.id,
            was_enabled: user.person.enabled,
            token: random(entropy),
            proven: now,
            begun: now,
            seen: now,
            drafts: Vec::new(),
        };
        let mut all = self.lock();
        make_room(&mut all, user.id, now);
        all.insert(key(&cookie), session);
        cookie
    }

    /// The session of a cookie; it is seen by this.
    pub fn find(&self, cookie: &str, now: Timestamp) -> Option<Session> {
        let mut all = self.lock();
        let key = key(cookie);
        let session = all.get_mut(&key)?;
        if session.is_over(now) {
            all.remove(&key);
            return None;
        }
        session.seen = session.seen.max(now);
        Some(session.clone())
    }

    /// Keeps what was put into a form until the password is given and the form is shown again.
    pub fn keep(&self, cookie: &str, draft: Draft) {
        if let Some(session) = self.lock().get_mut(&key(cookie)) {
            session.drafts.retain(|kept| kept.form != draft.form);
            if session.drafts.len() >= MOST_DRAFTS {
                session.drafts.remove(0);
            }
            session.drafts.push(Arc::new(draft));
        }
    }

    /// What was put into a form before the password was given for it; it is told once.
    pub fn take(&self, cookie: &str, form: &str, now: Timestamp) -> Option<Arc<Draft>> {
        let mut all = self.lock();
        let session = all.get_mut(&key(cookie))?;
        let place = session.drafts.iter().position(|draft| draft.form == form)?;
        session.is_fresh(now).then(|| session.drafts.remove(place))
    }

    /// The session goes on under a new name after the password was given. What is to stand in the cookie.
    pub fn renew(
        &self,
        cookie: &str,
        user: &User,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> String {
        let earlier = self.lock().remove(&key(cookie));
        let cookie = self.begin(user, now, entropy);
        if let (Some(earlier), Some(session)) = (earlier, self.lock().get_mut(&key(&cookie))) {
            session.drafts = earlier.drafts;
        }
        cookie
    }

    /// Ends a session.
    pub fn end(&self, cookie: &str) {
        self.lock().remove(&key(cookie));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Session>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(all: &mut HashMap<[u8; 32], Session>, user: UserId, now: Timestamp) {
    if all.len() >= MOST {
        all.retain(|_, session| !session.is_over(now));
    }
    let of_user = all.values().filter(|session| session.user == user).count();
    let among = |session: &Session| of_user < MOST_OF_ONE || session.user == user;
    if of_user < MOST_OF_ONE && all.len() < MOST {
        return;
    }
    let oldest = all
        .iter()
        .filter(|(_, session)| among(session))
        .min_by_key(|(_, session)| session.seen)
        .map(|(key, _)| *key);
    if let Some(oldest) = oldest {
        all.remove(&oldest);
    }
}

fn key(cookie: &str) -> [u8; 32] {
    let mut key = [0; 32];
    let hash = digest::digest(&digest::SHA256, cookie.as_bytes());
    for (to, from) in key.iter_mut().zip(hash.as_ref()) {
        *to = *from;
    }
    key
}

/// 256 random bits.
fn random(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    hex(&bytes)
}

/// Two digits for each byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use pinward_core::Person;
    use pinward_testkit::SeededEntropy;

    use super::*;

    fn user(id: i64) -> User {
        User {
            id: UserId(id),
            person: Person {
                guid: String::new(),
                dn: String::new(),
                display_name: String::new(),
                first_name: None,
                last_name: None,
                sam_account_name: String::new(),
                domain: String::new(),
                upn: None,
                sip_address: None,
                line_uri: None,
                enabled: true,
                registrar_pool: None,
                site: None,
                attributes: BTreeMap::new(),
                when_created: None,
                when_changed: None,
            },
            pin_policy: None,
            gone: false,
        }
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    #[test]
    fn a_session_ends_when_idle_and_after_its_longest_time() {
        let (sessions, entropy) = (Sessions::default(), SeededEntropy::new(1));
        let idle = sessions.begin(&user(1), at(0), &entropy);
        assert!(sessions.find(&idle, at(19)).is_some());
        assert!(sessions.find(&idle, at(38)).is_some());
        assert!(sessions.find(&idle, at(58)).is_none());
        assert!(sessions.find(&idle, at(38)).is_none(), "it does not return");
        let busy = sessions.begin(&user(1), at(0), &entropy);
        for minute in (0..600).step_by(10) {
            assert!(sessions.find(&busy, at(minute)).is_some(), "{minute}");
        }
        assert!(sessions.find(&busy, at(600)).is_none());
    }

    #[test]
    fn a_password_is_fresh_for_a_while() {
        let (sessions, entropy) = (Sessions::default(), SeededEntropy::new(1));
        let cookie = sessions.begin(&user(1), at(0), &entropy);
        let fresh = |minute| {
            sessions
                .find(&cookie, at(minute))
                .map(|s| s.is_fresh(at(minute)))
        };
        assert_eq!((fresh(14), fresh(15)), (Some(true), Some(false)));
    }

    #[test]
    fn every_session_has_names_of_its_own_and_can_be_ended() {
        let (sessions, entropy) = (Sessions::default(), SeededEntropy::new(1));
        let one = sessions.begin(&user(1), at(0), &entropy);
        let other = sessions.begin(&user(1), at(0), &entropy);
        let token = |cookie: &str| sessions.find(cookie, at(0)).map(|session| session.token);
        assert_eq!(
            (one.len(), token(&one).map(|token| token.len())),
            (64, Some(64))
        );
        assert_ne!(one, other);
        assert_ne!(token(&one), token(&other));
        sessions.end(&one);
        assert!(token(&one).is_none() && token(&other).is_some());
        assert!(token("").is_none());
    }

    #[test]
    fn a_draft_is_told_once_to_its_own_form_after_the_password_was_given() {
        let (sessions, entropy) = (Sessions::default(), SeededEntropy::new(1));
        let draft = |form: &str, of: &str| Draft {
            form: form.to_owned(),
            fields: vec![("of".to_owned(), of.to_owned())],
        };
        let first = sessions.begin(&user(1), at(0), &entropy);
        // The second of /b takes the place of the first; the fifth form that of the oldest.
        for (form, of) in ["/a", "/b", "/c", "/b", "/d", "/e"].iter().zip(1..) {
            sessions.keep(&first, draft(form, &of.to_string()));
        }
        assert!(sessions.take(&first, "/b", at(15)).is_none());
        let second = sessions.renew(&first, &user(1), at(16), &entropy);
        assert!(sessions.find(&first, at(16)).is_none());
        for (form, of) in [
            ("/", None),
            ("/a", None),
            ("/b", Some("4")),
            ("/c", Some("3")),
            ("/d", Some("5")),
            ("/e", Some("6")),
            ("/b", None),
        ] {
            let taken = sessions.take(&second, form, at(16));
            let told = taken.as_ref().map(|draft| draft.fields[0].1.as_str());
            assert_eq!(told, of, "{form}");
        }
    }

    #[test]
    fn a_user_has_no_more_than_some_sessions() {
        let (sessions, entropy) = (Sessions::default(), SeededEntropy::new(1));
        let other = sessions.begin(&user(2), at(0), &entropy);
        let all: Vec<_> = (0..10)
            .map(|minute| sessions.begin(&user(1), at(minute), &entropy))
            .collect();
        let there: Vec<_> = all
            .iter()
            .map(|one| sessions.find(one, at(10)).is_some())
            .collect();
        assert_eq!(there, [&[false; 2][..], &[true; 8]].concat());
        assert!(sessions.find(&other, at(10)).is_some());
    }
}
