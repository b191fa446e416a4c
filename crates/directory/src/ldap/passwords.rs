//! Whether a password is right: the directory is asked by binding as the person.

use async_trait::async_trait;
use ldap3::LdapResult;
use pinward_core::{Dn, DnError, Person};

use super::connection::{Connection, Settings, bind, bind_service, encrypted};
use super::error::{BindRefused, LdapError, Step, What};
use super::mapping::Mapping;
use super::password_policy::{Told, told};
use super::person;
use super::search::Search;
use super::source::in_one;
use crate::password::Password;
use crate::password_check::{PasswordAnswer, PasswordCheck};
use crate::source::SourceError;

/// One directory and who is in it.
struct Place {
    /// Or why it cannot be asked at present.
    open: Result<Open, SourceError>,
    bases: Vec<(String, Dn)>,
}

/// How a directory is reached, and what it calls things.
struct Open {
    settings: Settings,
    mapping: Mapping,
}

/// The passwords of one or several directories. A person is asked for where the name lies, as it was
/// synchronised: somebody who was moved since has to wait for the next sync. A name can be somebody
/// else's by then, so a right password counts only if the key of the entry is still the person's.
#[derive(Default)]
pub struct LdapPasswords {
    places: Vec<Place>,
}

impl LdapPasswords {
    /// Adds a directory. People beneath the same name in several belong to the one that was added first.
    ///
    /// # Errors
    /// A base that is no distinguished name, or none at all.
    pub fn add(
        &mut self,
        settings: Settings,
        bases: Vec<String>,
        mapping: Mapping,
    ) -> Result<(), DnError> {
        self.place(Ok(Open { settings, mapping }), bases)
    }

    /// Adds a directory that cannot be asked at present. Its people are told so; none of them is looked
    /// for in another directory.
    ///
    /// # Errors
    /// A base that is no distinguished name, or none at all.
    pub fn add_closed(&mut self, why: SourceError, bases: Vec<String>) -> Result<(), DnError> {
        self.place(Err(why), bases)
    }

    fn place(
        &mut self,
        open: Result<Open, SourceError>,
        bases: Vec<String>,
    ) -> Result<(), DnError> {
        let read = |base: String| Dn::parse(&base).map(|dn| (base, dn));
        let bases: Vec<_> = bases.into_iter().map(read).collect::<Result<_, _>>()?;
        if bases.is_empty() {
            return Err(DnError::Empty);
        }
        self.places.push(Place { open, bases });
        Ok(())
    }

    fn place_of(&self, dn: &Dn) -> Option<&Place> {
        let within = |place: &&Place| place.bases.iter().any(|(_, base)| dn.is_within(base));
        self.places.iter().find(within)
    }
}

#[async_trait]
impl PasswordCheck for LdapPasswords {
    async fn check(
        &self,
        person: Option<&Person>,
        password: &Password,
    ) -> Result<PasswordAnswer, SourceError> {
        let Some(person) = person else {
            // Somebody who is not there is asked for all the same, so that it takes as long.
            let is_open = |place: &&Place| place.open.is_ok();
            let place = self.places.iter().find(is_open).or(self.places.first());
            if let Some(Place { open, bases }) = place
                && let Some((base, _)) = bases.first()
            {
                let open = open.as_ref().map_err(Clone::clone)?;
                ask(open, &format!("cn=nobody,{base}"), None, password).await?;
            }
            return Ok(PasswordAnswer::Wrong);
        };
        let place = Dn::parse(&person.dn).ok().and_then(|dn| self.place_of(&dn));
        let Some(place) = place else {
            return Ok(PasswordAnswer::NotKept);
        };
        let open = place.open.as_ref().map_err(Clone::clone)?;
        // Who has no key of the directory is known by the name alone.
        let key = (!person.guid_is_made_up()).then_some(person.guid.as_str());
        ask(open, &person.dn, key, password).await
    }
}

/// Asks the first server that can be reached. Once the password was sent no other server is asked,
/// whatever the answer: a wrong one counts towards the lock of the account on each.
async fn ask(
    open: &Open,
    name: &str,
    key: Option<&str>,
    password: &Password,
) -> Result<PasswordAnswer, SourceError> {
    let settings = &open.settings;
    let mut passed_over = Vec::new();
    for server in &settings.servers {
        let ldap = match encrypted(settings, &settings.trust, server).await {
            Ok(ldap) => ldap,
            Err(error) => {
                passed_over.push(error);
                continue;
            }
        };
        let failed = |what| {
            SourceError::from(LdapError {
                server: server.to_string(),
                step: Step::Password,
                what,
            })
        };
        let answer = bind(&ldap, name, password, settings.operation_timeout).await;
        let Ok(answer) = answer else {
            return Ok(PasswordAnswer::NoAnswer);
        };
        let answer = read(&answer).map_err(failed)?;
        return match key {
            Some(key) if answer == PasswordAnswer::Right => {
                // People may not be allowed to read their own entry: the service account is.
                bind_service(settings, server, &ldap).await?;
                let connection = Connection::of(settings, server, ldap);
                of_whom(&connection, name, key, &open.mapping).await
            }
            _ => Ok(answer),
        };
    }
    Err(in_one(&passed_over))
}

/// Whether the name still is that of the person with the key.
async fn of_whom(
    connection: &Connection,
    name: &str,
    key: &str,
    mapping: &Mapping,
) -> Result<PasswordAnswer, SourceError> {
    let entry = Search::of_entry(name, &[&mapping.guid]);
    let found = connection.all(entry).await?;
    let now = found.first().and_then(|entry| person::guid(entry, mapping));
    Ok(match now.as_deref() == Some(key) {
        true => PasswordAnswer::Right,
        false => PasswordAnswer::NotKept,
    })
}

/// What an answer to a bind says.
fn read(answer: &LdapResult) -> Result<PasswordAnswer, What> {
    /// There is nothing to compare with.
    const INAPPROPRIATE: u32 = 48;
    let policy = told(answer.ctrls.iter().map(|control| &control.1));
    match (answer.rc, policy, BindRefused::of(answer.rc, &answer.text)) {
        (0, Some(Told::MustChange), _) => Ok(PasswordAnswer::MustChange),
        (0, _, _) => Ok(PasswordAnswer::Right),
        (_, Some(Told::MustChange), Some(_)) => Ok(PasswordAnswer::MustChange),
        (_, Some(Told::Locked), Some(_)) => Ok(PasswordAnswer::Locked),
        (_, Some(Told::PasswordExpired), Some(_)) => Ok(PasswordAnswer::PasswordExpired),
        (_, None, Some(refused)) => Ok(of_refusal(&refused)),
        (INAPPROPRIATE, _, None) => Ok(PasswordAnswer::Wrong),
        (code, _, None) => Err(What::of_bind(code, answer.text.clone())),
    }
}

fn of_refusal(refused: &BindRefused) -> PasswordAnswer {
    match refused {
        BindRefused::WrongPassword => PasswordAnswer::Wrong,
        BindRefused::Disabled => PasswordAnswer::Disabled,
        BindRefused::MustChange => PasswordAnswer::MustChange,
        BindRefused::PasswordExpired => PasswordAnswer::PasswordExpired,
        BindRefused::Expired => PasswordAnswer::Expired,
        BindRefused::Locked => PasswordAnswer::Locked,
        BindRefused::NotAllowed => PasswordAnswer::NotAllowed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_codes_are_told_apart() {
        let answer = |rc, text: &str| LdapResult {
            rc,
            matched: String::new(),
            text: text.to_owned(),
            refs: Vec::new(),
            ctrls: Vec::new(),
        };
        let data = |code| {
            format!(
                "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data {code}, v1db1"
            )
        };
        for (code, expected) in [
            ("52e", PasswordAnswer::Wrong),
            ("525", PasswordAnswer::Wrong),
            ("530", PasswordAnswer::NotAllowed),
            ("531", PasswordAnswer::NotAllowed),
            ("532", PasswordAnswer::PasswordExpired),
            ("533", PasswordAnswer::Disabled),
            ("701", PasswordAnswer::Expired),
            ("773", PasswordAnswer::MustChange),
            ("775", PasswordAnswer::Locked),
        ] {
            assert_eq!(read(&answer(49, &data(code))), Ok(expected), "{code}");
        }
        assert_eq!(read(&answer(49, "")), Ok(PasswordAnswer::Wrong));
        assert_eq!(read(&answer(48, "")), Ok(PasswordAnswer::Wrong));
        assert_eq!(read(&answer(0, "")), Ok(PasswordAnswer::Right));
        for other in [1, 8, 10, 32, 51, 52, 53, 80] {
            assert!(read(&answer(other, "no")).is_err(), "{other}");
        }
    }
}
