//! A directory that knows everybody's password and answers as it is told.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use pinward_core::Person;
use pinward_directory::source::SourceError;
use pinward_directory::{Password, PasswordAnswer, PasswordCheck};

/// The password of everybody.
const RIGHT: &str = "right";

/// Everybody's password is "right"; what else is to be said of an account is set before.
#[derive(Default)]
pub struct FakePasswords {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    answers: HashMap<String, PasswordAnswer>,
    down: bool,
    asked: usize,
    given: usize,
}

impl FakePasswords {
    /// From now on this is said of a logon name, whatever the password.
    pub fn answer(&self, logon: &str, answer: PasswordAnswer) {
        self.lock().answers.insert(logon.to_owned(), answer);
    }

    /// Whether it cannot be reached.
    pub fn set_down(&self, down: bool) {
        self.lock().down = down;
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.lock().asked
    }

    /// How many passwords it was given of people whom it has.
    pub fn given(&self) -> usize {
        self.lock().given
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl PasswordCheck for FakePasswords {
    async fn check(
        &self,
        person: Option<&Person>,
        password: &Password,
    ) -> Result<PasswordAnswer, SourceError> {
        let mut state = self.lock();
        state.asked += 1;
        if state.down {
            return Err(SourceError {
                id: "DirectoryNotReached",
                message: "it is down".to_owned(),
            });
        }
        let Some(person) = person else {
            return Ok(PasswordAnswer::Wrong);
        };
        state.given += 1;
        let told = state.answers.get(&person.sam_account_name);
        Ok(told.copied().unwrap_or(match password.is(RIGHT) {
            true => PasswordAnswer::Right,
            false => PasswordAnswer::Wrong,
        }))
    }
}
