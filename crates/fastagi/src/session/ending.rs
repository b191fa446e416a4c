//! The outcome, as the dialplan sees it.

use pinward_attendant::{Admission, CallOutcome, Ending};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Gone, RESULT, Session};
use crate::Command;
use crate::speech::pieces;

/// What `PINWARD_RESULT` says while and after the caller is in the conference bridge: whoever comes back from
/// there was not let in anew.
const HANDED_OVER: &str = "Conference";

impl<S: AsyncRead + AsyncWrite + Unpin> Session<'_, S> {
    /// Sets the variables and says the last words; with the command that hands the caller over, if any.
    pub(super) async fn end(&mut self, ending: Ending) -> Result<Option<Command>, Gone> {
        let outcome = ending.outcome.name();
        self.note(outcome);
        tracing::info!(
            call = self.environment.unique_id,
            outcome,
            "a call was decided"
        );
        let handover = match ending.outcome {
            CallOutcome::Admitted(admission) => self.admit(&admission).await?,
            _ => None,
        };
        // Last: whoever reads it finds the others set.
        let result = if handover.is_some() {
            HANDED_OVER
        } else {
            outcome
        };
        self.set(RESULT, result).await?;
        if !ending.say.is_empty() {
            self.speak(ending.language).await?;
        }
        for piece in pieces(&ending.say, ending.language, &self.desk.sounds) {
            if self.connection.hung_up() {
                return Ok(None);
            }
            self.play(piece, false).await?;
        }
        Ok(handover)
    }

    async fn admit(&mut self, admission: &Admission) -> Result<Option<Command>, Gone> {
        let person = &admission.user.person;
        let conference = admission.conference.as_deref();
        let sip = person.sip_address.as_deref().unwrap_or_default();
        self.set("PINWARD_SIP", sip).await?;
        self.set("PINWARD_DISPLAYNAME", &person.display_name)
            .await?;
        self.set("PINWARD_CONFERENCE", conference.unwrap_or_default())
            .await?;
        let (Some(profiles), Some(conference)) = (&self.desk.confbridge, conference) else {
            return Ok(None);
        };
        // By this name the others see them.
        self.set("CALLERID(name)", &person.display_name).await?;
        Ok(Some(Command::Exec {
            application: "ConfBridge",
            arguments: profiles.arguments(conference),
        }))
    }
}
