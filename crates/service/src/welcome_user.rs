//! Assigning a PIN together with the message that tells it to the user. Rights:
//! [`Right::WelcomeUser`] and, as a PIN is assigned, [`Right::AssignPin`].

use pinward_core::{
    LineUri, MailForm, TemplateError, User, WELCOME_SUBJECT, WelcomeFacts, check_template, fold,
    is_mail_address, welcome_body,
};

use crate::assign_pin::identity_of;
use crate::error::unavailable;
use crate::{AssignPinError, Caller, Denied, NewPin, Refusal, Right, Service, Terms, Unavailable};

/// What the message says where the PIN stays as it is.
const KEPT: &str = "as before";

/// The message that is wanted.
#[derive(Clone, Debug)]
pub struct WelcomeRequest {
    /// Who sends it.
    pub from: String,
    /// To whom, where not to the address that the directory says.
    pub to: Option<String>,
    /// Who gets a copy.
    pub cc: Vec<String>,
    /// Who gets a copy without the others knowing.
    pub bcc: Vec<String>,
    /// What stands above it.
    pub subject: Option<String>,
    /// The template of the body, where not the one that comes with the product.
    pub template: Option<String>,
    /// How the body is written.
    pub form: MailForm,
    /// Whether a PIN is assigned to a user who has one.
    pub replace: bool,
}

/// A message that is ready to be sent. Its body may hold the PIN, so it cannot be printed.
pub struct Welcome {
    /// The user's SIP address.
    pub identity: String,
    /// Who sends it.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Who gets a copy.
    pub cc: Vec<String>,
    /// Who gets a copy without the others knowing.
    pub bcc: Vec<String>,
    /// What stands above it.
    pub subject: String,
    /// The message.
    pub body: String,
    /// How it is written.
    pub form: MailForm,
    /// Whether a PIN was assigned; where not, the user had one.
    pub assigned: bool,
}

/// Why a user was not welcomed.
#[derive(Debug, thiserror::Error)]
pub enum WelcomeError {
    /// The directory names no e-mail address and none was given.
    #[error("the directory says no e-mail address of {identity}; give -UserEmailAddress")]
    NoAddress {
        /// The user.
        identity: String,
    },
    /// Not an e-mail address.
    #[error(
        "\"{given}\" is not an e-mail address; write it as name@domain, without a name before it"
    )]
    Address {
        /// The text given.
        given: String,
    },
    /// The subject would not stay one line.
    #[error("the subject holds a control character; it must be one line of text")]
    Subject,
    /// The template names something there is not.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A PIN was named for a user who has one.
    #[error("{identity} has a PIN already; give -Force to replace it")]
    PinIsSet {
        /// The user.
        identity: String,
    },
    /// The PIN was not assigned.
    #[error(transparent)]
    Pin(#[from] AssignPinError),
    /// The user left the directory in between.
    #[error("{identity} is no longer in the directory")]
    Gone {
        /// The user.
        identity: String,
    },
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No decision could be reached.
    #[error(transparent)]
    Unavailable(Unavailable),
}

unavailable!(WelcomeError);

impl Refusal for WelcomeError {
    fn id(&self) -> &'static str {
        match self {
            Self::NoAddress { .. } => "MailAddressMissing",
            Self::Address { .. } => "MailAddressInvalid",
            Self::Subject => "MailSubjectInvalid",
            Self::Template(_) => "MailTemplateInvalid",
            Self::PinIsSet { .. } => "PinAlreadySet",
            Self::Pin(error) => error.id(),
            Self::Gone { .. } => "UserNotFound",
            Self::Denied(_) => "AccessDenied",
            Self::Unavailable(error) => error.id(),
        }
    }
}

impl Service {
    /// Everything [`Service::welcome_user`] would refuse, found without changing anything. Returns
    /// whether a PIN would be assigned.
    pub async fn check_welcome(
        &self,
        caller: &Caller,
        user: &User,
        new: &NewPin<'_>,
        request: &WelcomeRequest,
    ) -> Result<bool, WelcomeError> {
        let permit = caller.permit(Right::WelcomeUser)?;
        let identity = identity_of(user);
        if self.subject(&permit, user).await?.is_none() {
            return Err(WelcomeError::Gone { identity });
        }
        let to = address_of(user, request)?;
        let copies = request.cc.iter().chain(&request.bcc);
        for address in copies.chain([&request.from, &to]) {
            if !is_mail_address(address) {
                return Err(WelcomeError::Address {
                    given: address.clone(),
                });
            }
        }
        if let Some(subject) = &request.subject
            && subject.contains(char::is_control)
        {
            return Err(WelcomeError::Subject);
        }
        if let Some(template) = &request.template {
            check_template(template)?;
        }
        let status = self.store.pin_status(user.id, self.clock.now()).await?;
        let has_pin = status.is_some_and(|status| status.set_at.is_some());
        match (has_pin && !request.replace, new) {
            (true, NewPin::Named(_)) => Err(WelcomeError::PinIsSet { identity }),
            (true, NewPin::Generated) => Ok(false),
            (false, new) => {
                let terms = Terms::default();
                self.check_assignment(&terms, caller, user, new).await?;
                Ok(true)
            }
        }
    }

    /// Assigns a PIN to a user who has none, or in any case where the request says so, and writes the
    /// message that tells it with the numbers to dial. The message is not sent, and the PIN is
    /// nowhere else.
    pub async fn welcome_user(
        &self,
        caller: &Caller,
        user: &User,
        new: &NewPin<'_>,
        request: &WelcomeRequest,
    ) -> Result<Welcome, WelcomeError> {
        let assign = self.check_welcome(caller, user, new, request).await?;
        let to = address_of(user, request)?;
        let person = &user.person;
        let mut numbers = self.store.access_numbers(None).await?;
        // Those that are for another site are not for this user.
        numbers.retain(|number| match (&number.site, &person.site) {
            (None, _) => true,
            (Some(of), Some(own)) => fold(of) == fold(own),
            (Some(_), None) => false,
        });
        // Last, so that nothing is assigned for a message that cannot be written.
        let assigned = match assign {
            true => Some(self.assign_pin(caller, user, new).await?),
            false => None,
        };
        let line = person.line_uri.as_deref().and_then(LineUri::parse);
        let line = line.unwrap_or_default();
        let pin = assigned.as_ref().map(|assigned| assigned.pin.reveal());
        let facts = WelcomeFacts {
            display_name: &person.display_name,
            number: line.number.as_deref(),
            extension: line.extension.as_deref(),
            pin: pin.as_ref().map_or(KEPT, |pin| pin.as_str()),
            access_numbers: &numbers,
        };
        let subject = request.subject.clone();
        Ok(Welcome {
            identity: identity_of(user),
            from: request.from.clone(),
            to,
            cc: request.cc.clone(),
            bcc: request.bcc.clone(),
            subject: subject.unwrap_or_else(|| WELCOME_SUBJECT.to_owned()),
            body: welcome_body(request.template.as_deref(), request.form, &facts)?,
            form: request.form,
            assigned: assigned.is_some(),
        })
    }
}

fn address_of(user: &User, request: &WelcomeRequest) -> Result<String, WelcomeError> {
    let known = user
        .person
        .attributes
        .get("mail")
        .and_then(|all| all.first());
    let address = request.to.as_ref().or(known);
    address.cloned().ok_or_else(|| WelcomeError::NoAddress {
        identity: identity_of(user),
    })
}
