//! Assertions: a short-lived signed word (JWT, EdDSA) that somebody has just proved who they are, for those who
//! trust this server: a conference server, the provisioning of telephones.
//!
//! There is no right to check: the client that had the logon decided knows the answer already, and the keys to
//! check assertions with are for everybody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::SignedDuration;
use pinward_core::{Outcome, User};
use pinward_verifier::SigningKey;
use serde_json::{Value, json};

use crate::{Answer, ClientAccess, ClientVerdict, Service};

/// What an assertion says besides who it is.
#[derive(Clone, Copy, Debug)]
pub struct AssertionTerms<'a> {
    /// Who says it.
    pub issuer: &'a str,
    /// For whom it is; `None`: for the client.
    pub audience: Option<&'a str>,
    /// The conference that the caller wants to enter.
    pub conference: Option<&'a str>,
    /// How long it holds, in whole seconds.
    pub life: SignedDuration,
}

/// Who logged on.
fn logged_on(verdict: &ClientVerdict) -> Option<&User> {
    match verdict {
        ClientVerdict::Told(verdict) if verdict.outcome == Outcome::Success => {
            verdict.user.as_deref()
        }
        ClientVerdict::YesOrNo(Answer::Success(user)) => Some(user),
        ClientVerdict::Told(_) | ClientVerdict::YesOrNo(Answer::Refused) => None,
    }
}

fn encoded(part: &Value) -> String {
    BASE64.encode(part.to_string())
}

impl Service {
    /// An assertion for the client that had the logon decided; `None` where nobody logged on.
    pub fn assertion(
        &self,
        client: &ClientAccess,
        verdict: &ClientVerdict,
        terms: &AssertionTerms<'_>,
    ) -> Option<String> {
        let person = &logged_on(verdict)?.person;
        let ring = self.keys_as_they_are();
        let now = self.clock.now().as_second();
        let mut id = [0; 16];
        self.entropy.fill(&mut id);
        let guid = format!("urn:uuid:{}", person.guid);
        let head = json!({"alg": "EdDSA", "typ": "JWT", "kid": ring.current_id()});
        let mut claims = json!({
            "iss": terms.issuer,
            "sub": person.sip_address.as_deref().unwrap_or(&guid),
            "aud": terms.audience.unwrap_or(client.name()),
            "iat": now,
            "exp": now.saturating_add(terms.life.as_secs()),
            "jti": BASE64.encode(id),
            "amr": ["pin"],
            "name": person.display_name,
        });
        for (name, value) in [
            ("phone_number", person.line_uri.as_deref()),
            ("conference", terms.conference),
        ] {
            if let Some(value) = value {
                claims[name] = value.into();
            }
        }
        let signed = format!("{}.{}", encoded(&head), encoded(&claims));
        let signature = BASE64.encode(ring.sign(signed.as_bytes()));
        Some(format!("{signed}.{signature}"))
    }

    /// The keys with which assertions are checked, the newest first. For an hour after a rotation the key
    /// before it is still among them.
    #[must_use]
    pub fn assertion_keys(&self) -> Vec<SigningKey> {
        self.keys_as_they_are().signing_keys(self.clock.now())
    }
}
