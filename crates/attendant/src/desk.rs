//! The front desk: asks the service whatever a call needs to know, until there is something to say to the
//! caller again.

use pinward_core::Outcome;
use pinward_service::{
    AnswerOrChoice, Attempt, ChoosePinError, LogOnError, MustChoose, Proof, Service, Source,
    Verdict,
};

use crate::{Answer, ChoiceRefused, Choosing, Deciding, Ending, Gathering, Next};

/// What is left for a door to do.
#[must_use]
pub enum Turn {
    /// Ask the caller.
    Gather(Gathering),
    /// Say the last words, and act on the outcome.
    End(Ending),
}

/// Goes on until the caller is to be asked or the call has ended. `source` is where the call comes from;
/// the conference is filled in.
pub async fn settle(service: &Service, source: &Source, mut next: Next) -> Turn {
    loop {
        next = match next {
            Next::Gather(gathering) => return Turn::Gather(gathering),
            Next::End(ending) => return Turn::End(ending),
            Next::Decide(deciding) => decide(service, source, deciding).await,
            Next::Choose(choosing) => choose(service, source, choosing).await,
        };
    }
}

fn with_conference(source: &Source, conference: Option<&str>) -> Source {
    Source {
        conference: conference.map(str::to_owned),
        ..source.clone()
    }
}

async fn decide(service: &Service, source: &Source, deciding: Deciding) -> Next {
    let pin = deciding.pin().reveal();
    let attempt = Attempt {
        who: deciding.number(),
        pin: &pin,
        also_known_as: None,
        source: with_conference(source, deciding.conference()),
        delivery: None,
    };
    let answer = match deciding.tells_reasons() {
        true => service.log_on(&attempt).await.map(with_reason),
        false => service.log_on_or_choose(&attempt).await.map(without_reason),
    };
    match answer {
        Ok(answer) => deciding.answered(answer),
        Err(error) => {
            no_verdict(&error);
            deciding.unavailable()
        }
    }
}

fn no_verdict(error: &LogOnError) {
    tracing::error!(%error, "a call was ended without a verdict");
}

fn with_reason(verdict: Verdict) -> Answer {
    if let Some(must) = MustChoose::of(&verdict) {
        return Answer::MustChoose(must);
    }
    match (verdict.outcome, verdict.user) {
        (Outcome::Success, Some(user)) => Answer::Admitted(user),
        // Nobody is let in without being known.
        (Outcome::Success, None) => Answer::Refused(None),
        (why, _) => Answer::Refused(Some(why)),
    }
}

fn without_reason(answer: AnswerOrChoice) -> Answer {
    match answer {
        AnswerOrChoice::Success(user) => Answer::Admitted(user),
        AnswerOrChoice::MustChoose(must) => Answer::MustChoose(must),
        AnswerOrChoice::Refused => Answer::Refused(None),
    }
}

async fn choose(service: &Service, source: &Source, choosing: Choosing) -> Next {
    let pin = choosing.pin().reveal();
    let source = with_conference(source, choosing.conference());
    let proof = Proof::Pin(choosing.proven());
    let chosen = service.choose_pin(choosing.user(), proof, &pin, &source);
    match chosen.await {
        Ok(()) => choosing.chosen(),
        Err(ChoosePinError::Refused(violations)) => {
            choosing.refused(&ChoiceRefused::Rules(violations))
        }
        Err(ChoosePinError::UsedBefore(_)) => choosing.refused(&ChoiceRefused::UsedBefore),
        Err(ChoosePinError::Locked) => choosing.refused(&ChoiceRefused::Locked),
        Err(ChoosePinError::NotEnabled) => choosing.refused(&ChoiceRefused::NotEnabled),
        Err(ChoosePinError::Superseded) => choosing.refused(&ChoiceRefused::Superseded),
        Err(error @ ChoosePinError::Unavailable(_)) => {
            tracing::error!(%error, "a call was ended: the chosen PIN could not be set");
            choosing.unavailable()
        }
    }
}
