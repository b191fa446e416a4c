//! How it stands with somebody's own PIN, and the form that sets another one.

use maud::{Markup, html};
use pinward_core::{LineUri, LockState, MAX_DIGITS, Timestamp};
use pinward_service::{OwnPin, PinInfo, Rules};

use super::Told;
use super::refused;
use crate::web::posted::token_field;
use crate::web::visit::Member;
use crate::web::words::{Language, Words, with, with_text};

/// How it stands; what comes first hides what comes after.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    NotEnabled,
    LockedByAdministrator,
    LockedForGood,
    Missing,
    LockedUntil(Timestamp),
    Expired(Timestamp),
    Temporary,
    Set,
}

impl State {
    fn of(info: &PinInfo, enabled: bool, now: Timestamp) -> Self {
        match info.lock_state {
            _ if !enabled => Self::NotEnabled,
            LockState::Administrator => Self::LockedByAdministrator,
            LockState::Permanent => Self::LockedForGood,
            _ if !info.is_pin_set => Self::Missing,
            LockState::Temporary { until } => Self::LockedUntil(until),
            LockState::None => match info.pin_expiration {
                Some(end) if end <= now => Self::Expired(end),
                _ if info.must_change => Self::Temporary,
                _ => Self::Set,
            },
        }
    }

    /// Whether another PIN may be chosen (R-SET-5).
    fn may_choose(self) -> bool {
        !matches!(
            self,
            Self::NotEnabled | Self::LockedByAdministrator | Self::LockedForGood
        )
    }

    /// The word for it, and its colour.
    fn badge(self, words: &Words) -> (&'static str, &'static str) {
        match self {
            Self::NotEnabled => (words.is_not_enabled, "badge warn"),
            Self::LockedByAdministrator | Self::LockedForGood | Self::LockedUntil(_) => {
                (words.is_locked, "badge bad")
            }
            Self::Missing => (words.is_missing, "badge warn"),
            Self::Expired(_) => (words.is_expired, "badge bad"),
            Self::Temporary => (words.is_temporary, "badge warn"),
            Self::Set => (words.is_set, "badge good"),
        }
    }

    /// What its user has to know; nothing where all is well.
    fn note(self, language: Language, help_desk: &str) -> Option<Markup> {
        let words = language.words();
        let asking = |what: &str, ask: &str| html! { (what) " " (with_text(ask, help_desk)) };
        let note = match self {
            Self::NotEnabled => asking(words.note_not_enabled, words.ask_to_enable),
            Self::LockedByAdministrator => {
                asking(words.note_locked_by_administrator, words.ask_to_unlock)
            }
            Self::LockedForGood => asking(words.note_locked_for_good, words.ask_to_unlock),
            Self::Missing => html! { (words.note_missing) },
            Self::LockedUntil(until) => with(words.note_locked_until, &language.moment(until)),
            Self::Expired(end) => with(words.note_expired, &language.moment(end)),
            Self::Temporary => html! { (words.note_temporary) },
            Self::Set => return None,
        };
        Some(note)
    }
}

/// The whole part.
pub fn part(member: &Member, own: &OwnPin, told: &Told) -> Markup {
    let visit = &member.visit;
    let (language, words) = (visit.language, visit.words());
    let person = &member.signed.who.user.person;
    let state = State::of(&own.info, person.enabled, visit.now());
    let settings = visit.app.settings();
    let help_desk = settings.help_desk.as_deref().unwrap_or(words.help_desk);
    let line = person.line_uri.as_deref().and_then(LineUri::parse);
    let line = line.unwrap_or_default();
    html! {
        section aria-labelledby="your-pin" {
            h2.hidden #your-pin { (words.your_pin) }
            @match told {
                Told::Done if own.info.is_pin_set => {
                    div.notice.good role="status" data-code="Done" { p { (words.done) } }
                }
                Told::Refused(why) => (refused::notice(words, why)),
                _ => @if let Some(note) = state.note(language, help_desk) {
                    div.notice.warn data-state=(format!("{state:?}").split('(').next().unwrap_or_default()) {
                        p { (note) }
                    }
                }
            }
            div.columns {
                div.card { (facts(language, &own.info, state, &line)) }
                @if state.may_choose() { (form(member, own, &line)) }
            }
        }
    }
}

fn facts(language: Language, info: &PinInfo, state: State, line: &LineUri) -> Markup {
    let words = language.words();
    let (word, badge) = state.badge(words);
    html! {
        dl.facts {
            dt { (words.your_number) }
            dd.number {
                @match &line.number {
                    Some(number) => span dir="ltr" { "+" (number) },
                    None => (words.none),
                }
            }
            dt { (words.your_extension) }
            dd.number { (line.extension.as_deref().unwrap_or(words.none)) }
            dt { (words.pin) }
            dd { span class=(badge) id="state" { (word) } }
            @if let Some(set) = info.last_pin_change {
                dt { (words.set_on) }
                dd { (language.moment(set)) }
            }
            @if info.is_pin_set {
                dt { (words.valid_until) }
                dd {
                    @match info.pin_expiration {
                        Some(end) => (language.moment(end)),
                        None => (words.never_ends),
                    }
                }
            }
        }
    }
}

fn form(member: &Member, own: &OwnPin, line: &LineUri) -> Markup {
    let words = member.visit.words();
    let title = match own.info.is_pin_set {
        true => words.choose_other,
        false => words.choose_first,
    };
    let field = |id: &str, label: &str| {
        html! {
            div.field {
                label for=(id) { (label) }
                input id=(id) name=(id) type="password" inputmode="numeric" required dir="ltr"
                    autocomplete="off" maxlength=(MAX_DIGITS) aria-describedby="rules";
            }
        }
    };
    html! {
        form.card #choose method="post" action="/pin"
            data-shortest=(own.rules.shortest)
            data-extension=[line.extension.as_deref()] data-phone=[line.number.as_deref()]
            data-met=(words.rule_met) data-broken=(words.rule_broken) {
            h2 { (title) }
            (token_field(member))
            (field("pin", words.new_pin))
            (field("again", words.new_pin_again))
            label.check #show hidden { input type="checkbox"; (words.show) }
            h3 { (words.rules) }
            (rules(words, &own.rules, line))
            p.hidden #told aria-live="polite" {}
            button { (words.save) }
        }
    }
}

/// The rules of the policy that governs the user (R-POL-4). Those with a name are looked at while one
/// types; all of them are when the PIN is sent.
fn rules(words: &Words, rules: &Rules, line: &LineUri) -> Markup {
    let patterns = !rules.common_patterns;
    html! {
        ul.rules #rules {
            li data-rule="digits" { (words.rule_digits) }
            li data-rule="shortest" { (with_text(words.rule_shortest, &rules.shortest.to_string())) }
            @if patterns {
                li data-rule="repeating" { (words.rule_repeating) }
                li data-rule="block" { (words.rule_block) }
                li data-rule="consecutive" { (words.rule_consecutive) }
                @if line.extension.is_some() { li data-rule="extension" { (words.rule_extension) } }
                @if line.number.is_some() { li data-rule="phone" { (words.rule_phone) } }
                li { (words.rule_common) }
            }
            @if rules.not_one_of_the_last > 0 {
                li { (with_text(words.rule_history, &rules.not_one_of_the_last.to_string())) }
            }
            li data-rule="same" { (words.rule_same) }
        }
        @if rules.lifetime_days > 0 {
            p.quiet { (with_text(words.rule_lifetime, &rules.lifetime_days.to_string())) }
        }
    }
}
