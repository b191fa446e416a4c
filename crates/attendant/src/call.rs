//! A call from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use crate::question::{LONGEST_CONFERENCE, LONGEST_NUMBER, Question};
use crate::{
    AskConference, CallOutcome, Choosing, Deciding, Ending, Input, Prompt, Said, Settings,
};

/// So many silences and entries that are no answer, one after the other, end a call.
pub const MOST_MISSES: u8 = 3;
/// A caller is asked at most so often.
pub const MOST_TURNS: u16 = 50;

/// What comes next in a call. Each of them takes only what can come then.
#[must_use = "a call goes on with what comes next"]
pub enum Next {
    /// Say something and take keys.
    Gather(Gathering),
    /// Ask for a verdict.
    Decide(Deciding),
    /// Set the PIN that was chosen.
    Choose(Choosing),
    /// The call has ended.
    End(Ending),
}

/// What is kept over a call.
pub struct Call {
    settings: Arc<Settings>,
    own_number: Option<String>,
    named_conference: Option<String>,
    pub(crate) language: &'static str,
    pub(crate) conference: Option<String>,
    /// Wrong PINs, and how many of these choices were refused.
    pub(crate) refusals: u8,
    pub(crate) refused_choices: u8,
    misses: u8,
    turns: u16,
}

impl Call {
    /// A call that has just come in.
    #[must_use]
    pub fn new(settings: Arc<Settings>) -> Self {
        Self {
            language: settings.languages.first(),
            settings,
            own_number: None,
            named_conference: None,
            conference: None,
            refusals: 0,
            refused_choices: 0,
            misses: 0,
            turns: 0,
        }
    }

    /// The caller's number, offered as the one to sign in with. Only where the telephone system vouches
    /// for it. What is not a number is left out.
    #[must_use]
    pub fn from_number(mut self, number: &str) -> Self {
        let digits = number.strip_prefix('+').unwrap_or(number);
        if is_digits(digits, LONGEST_NUMBER) {
            self.own_number = Some(number.to_owned());
        }
        self
    }

    /// The conference, where the telephone system knows it; then it is not asked for. What is not up to
    /// 16 digits is left out.
    #[must_use]
    pub fn to_conference(mut self, number: &str) -> Self {
        if is_digits(number, LONGEST_CONFERENCE) {
            self.named_conference = Some(number.to_owned());
        }
        self
    }

    /// The first question.
    pub fn start(self) -> Next {
        self.begin(&[Prompt::Welcome])
    }

    /// The first question, after these words.
    pub(crate) fn begin(mut self, first: &[Prompt]) -> Next {
        self.conference = self.named_conference.clone();
        let question = match self.settings.languages.tags() {
            [_] => self.after_language(),
            _ => Question::Language,
        };
        self.ask(question, first)
    }

    pub(crate) fn after_language(&self) -> Question {
        match self.settings.conference {
            AskConference::Optional | AskConference::Required if self.conference.is_none() => {
                Question::Conference
            }
            _ => Question::Number,
        }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn own_number(&self) -> Option<&str> {
        self.own_number.as_deref()
    }

    /// Asks a question after an answer that was understood.
    pub(crate) fn ask(mut self, question: Question, first: &[Prompt]) -> Next {
        self.misses = 0;
        self.gather(
            question,
            first.iter().map(|&prompt| prompt.into()).collect(),
        )
    }

    /// Asks again after something that was no answer, unless that came too often.
    pub(crate) fn ask_again(mut self, question: Question, why: Prompt) -> Next {
        self.misses += 1;
        if self.misses >= MOST_MISSES {
            return self.end(vec![why.into()], CallOutcome::NoInput);
        }
        self.gather(question, vec![why.into()])
    }

    /// Says something and asks.
    pub(crate) fn gather(mut self, question: Question, mut say: Vec<Said>) -> Next {
        if self.turns == MOST_TURNS {
            return self.end(say, CallOutcome::NoInput);
        }
        self.turns += 1;
        say.extend(question.prompts(&self));
        Next::Gather(Gathering {
            call: self,
            question,
            say,
        })
    }

    /// Ends; who is not let in hears a goodbye.
    pub(crate) fn end(self, mut say: Vec<Said>, outcome: CallOutcome) -> Next {
        if !matches!(outcome, CallOutcome::Admitted(_)) {
            say.push(Prompt::Goodbye.into());
        }
        Next::End(Ending {
            say,
            language: self.language,
            outcome,
        })
    }

    /// Ends a call whose caller is gone.
    pub(crate) fn hung_up(self) -> Next {
        Next::End(Ending {
            say: Vec::new(),
            language: self.language,
            outcome: CallOutcome::HungUp,
        })
    }

    /// Ends a call about which nothing can be decided (R-AUTH-7).
    pub(crate) fn unavailable(self) -> Next {
        self.end(vec![Prompt::Unavailable.into()], CallOutcome::Unavailable)
    }

    pub(crate) fn speak(&mut self, language: &'static str) {
        self.language = language;
    }
}

/// A question that is being asked.
#[must_use = "a call goes on with what was keyed"]
pub struct Gathering {
    call: Call,
    question: Question,
    say: Vec<Said>,
}

impl Gathering {
    /// What is said. The caller may key their answer at any time.
    pub fn say(&self) -> &[Said] {
        &self.say
    }

    /// The tag of the language it is said in.
    pub fn language(&self) -> &'static str {
        self.call.language
    }

    /// The entry ends after so many keys, also without `#`.
    pub fn most_keys(&self) -> usize {
        self.question.most_keys()
    }

    /// How long each key may take; then the entry is complete.
    pub fn wait(&self) -> Duration {
        self.call.settings.wait
    }

    /// Ends the call though it could go on: the program is being stopped.
    pub fn closing(self) -> Next {
        self.call.unavailable()
    }

    /// Goes on with what came of it.
    pub fn take(self, input: Input) -> Next {
        match input {
            Input::HungUp => self.call.hung_up(),
            Input::Nothing => self.call.ask_again(self.question, Prompt::NothingKeyed),
            Input::Keys(keys) if keys.starts_over() => self.question.start_over(self.call),
            Input::Keys(keys) => self.question.answered(self.call, keys),
        }
    }
}

/// Whether a text is 1 to `most` digits.
pub(crate) fn is_digits(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
