//! The message that welcomes a user, as an object.

use pinward_core::MailForm;
use pinward_service::Welcome;
use pinward_shell::{Object, TypeDesc, Value};

/// The type.
pub(crate) static WELCOME_MAIL: TypeDesc = TypeDesc::new(
    "WelcomeMail",
    &[
        "Identity",
        "From",
        "To",
        "Cc",
        "Bcc",
        "Subject",
        "Body",
        "BodyAsHtml",
        "PinAssigned",
    ],
)
.as_list();

/// The object.
pub(crate) fn object(welcome: &Welcome) -> Value {
    Object::new(&WELCOME_MAIL)
        .with("Identity", welcome.identity.as_str())
        .with("From", welcome.from.as_str())
        .with("To", welcome.to.as_str())
        .with("Cc", welcome.cc.as_slice())
        .with("Bcc", welcome.bcc.as_slice())
        .with("Subject", welcome.subject.as_str())
        .with("Body", welcome.body.as_str())
        .with("BodyAsHtml", welcome.form == MailForm::Html)
        .with("PinAssigned", welcome.assigned)
        .into()
}
