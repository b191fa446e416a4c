//! `Set-CsPinSendCAWelcomeMail`: assigns a PIN and writes the message that tells it to the user.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use pinward_core::{MailForm, User};
use pinward_service::{NewPin, Right, WelcomeRequest};
use pinward_shell::{Args, CmdletDef, Cx, ErrorRecord, Flow, Param, ParamKind, Value};

use crate::access_number_values::texts;
use crate::calls::{CREDENTIAL, proceed};
use crate::objects::welcome_mail::{self, WELCOME_MAIL};
use crate::product::Product;
use crate::refusals::{invalid, raise, report};
use crate::users::{self, IDENTITY, name_of, title_of};

/// The longest template, in bytes.
const LONGEST_TEMPLATE: u64 = 1 << 20;

const NOT_SENT: &str = "Accepted so that scripts run; nothing is sent, so it changes nothing.";

const PARAMS: &[Param] = &[
    Param {
        name: "UserUri",
        ..IDENTITY.alias(&["Identity"])
    },
    Param::string("From")
        .required()
        .help("The e-mail address that the message comes from."),
    Param::string("Subject").help("What stands above the message."),
    Param::string("Body").help(
        "The message, with {{DisplayName}}, {{Number}}, {{Extension}}, {{Pin}} and {{AccessNumbers}} \
         where these belong. Not together with -TemplatePath.",
    ),
    Param::string("TemplatePath").help("A file with the message, written as -Body is."),
    Param::switch("BodyAsPlainText").help("The message is plain text and not HTML."),
    Param::string("Pin").secret().help(
        "The PIN to assign. Without it one is generated. A user who has a PIN needs -Force for it.",
    ),
    Param::string("UserEmailAddress")
        .help("To whom the message goes, instead of the address that the directory says."),
    Param::new("Cc", ParamKind::StringList).help("E-mail addresses that get a copy."),
    Param::new("Bcc", ParamKind::StringList)
        .help("E-mail addresses that get a copy without the others knowing."),
    Param::switch("Force").help(
        "Assigns a new PIN to a user who has one. Asks nothing, whatever $ConfirmPreference says.",
    ),
    Param::string("SmtpServer").help(NOT_SENT),
    Param::switch("UseSsl").help(NOT_SENT),
    CREDENTIAL,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Set-CsPinSendCAWelcomeMail", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Assigns a PIN and writes the message that welcomes the user. It does not send it.")
    .description(
        "A user who has no PIN gets one, generated or given. One who has a PIN keeps it, unless \
         -Force is given; the message then does not tell it. The message has the user's name, number, \
         extension and PIN, and the access numbers by region with their languages, as far as they \
         are for the user's site.\n\n\
         Mail is not sent: the message is put out as an object, to be handed to whatever sends mail. \
         The PIN stands in its Body and nowhere else.",
    )
    .params(PARAMS)
    .inputs("Names of users as text, or objects with an Identity: users, PIN states, rows.")
    .outputs(const { &[&WELCOME_MAIL] })
    .notes("What is put into an HTML message is escaped.")
    .changes()
    .example(
        r#"Set-CsPinSendCAWelcomeMail -UserUri "kenmyer@litwareinc.com" -From "helpdesk@litwareinc.com""#,
        "A PIN for a user who has none, and the message that tells it.",
    )
    .example(
        r#"Set-CsPinSendCAWelcomeMail -UserUri "kenmyer@litwareinc.com" -From "helpdesk@litwareinc.com" -Subject "Your new dial-in conferencing PIN" -Pin "383042650" -Force"#,
        "This PIN, also where the user has one.",
    )
    .example(
        r#"Get-CsUser -LdapFilter "Department=Legal" | Set-CsPinSendCAWelcomeMail -From "helpdesk@litwareinc.com" -BodyAsPlainText | Export-Csv mails.csv -NoTypeInformation"#,
        "The messages of a department, kept in a file for whatever sends them.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let request = match request(args) {
        Ok(request) => request,
        Err(error) => return Err(cx.fail(*error)),
    };
    let named = args.get("UserUri").unwrap_or(&Value::Null);
    for found in users::find(product, Right::WelcomeUser, named) {
        match found {
            Ok(user) => welcome(product, cx, args, &user, &request)?,
            Err(refused) => raise(cx, refused)?,
        }
    }
    Ok(())
}

fn welcome(
    product: &Product,
    cx: &mut Cx,
    args: &Args,
    user: &User,
    request: &WelcomeRequest,
) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let new = args.string("Pin").map_or(NewPin::Generated, NewPin::Named);
    let assign = match product.wait(service.check_welcome(caller, user, &new, request)) {
        Ok(assign) => assign,
        Err(refusal) => return report(cx, &refusal, name_of(user)),
    };
    let action = match assign {
        true => "Assign a PIN and write the welcome message",
        false => "Write the welcome message; the PIN stays as it is",
    };
    if !proceed(cx, args, &title_of(user), action)? {
        return Ok(());
    }
    match product.wait(service.welcome_user(caller, user, &new, request)) {
        Ok(welcome) => {
            // What holds must be shown, also where the user wants to stop.
            cx.finish(|cx| cx.emit(welcome_mail::object(&welcome)))?;
            match welcome.assigned {
                true => Ok(()),
                false => cx.warning(&format!(
                    "{} has a PIN already and keeps it; the message does not tell it. -Force assigns \
                     a new one.",
                    welcome.identity
                )),
            }
        }
        Err(refusal) => report(cx, &refusal, name_of(user)),
    }
}

fn request(args: &Args) -> Result<WelcomeRequest, Box<ErrorRecord>> {
    let text = |name: &str| args.string(name).map(|text| text.trim().to_owned());
    let template = match (args.string("Body"), args.string("TemplatePath")) {
        (Some(_), Some(_)) => {
            return Err(Box::new(invalid(
                "BodiesExclusive",
                "-Body and -TemplatePath cannot be used together",
            )));
        }
        (Some(body), None) => Some(body.to_owned()),
        (None, Some(path)) => Some(read(path)?),
        (None, None) => None,
    };
    Ok(WelcomeRequest {
        from: args.text("From").trim().to_owned(),
        to: text("UserEmailAddress"),
        cc: texts(args, "Cc"),
        bcc: texts(args, "Bcc"),
        subject: text("Subject"),
        template,
        form: match args.switch("BodyAsPlainText") {
            true => MailForm::Plain,
            false => MailForm::Html,
        },
        replace: args.switch("Force"),
    })
}

fn read(path: &str) -> Result<String, Box<ErrorRecord>> {
    let mut template = String::new();
    let read = File::open(path).and_then(|file| {
        file.take(LONGEST_TEMPLATE + 1)
            .read_to_string(&mut template)
    });
    match read {
        Ok(_) if template.len() as u64 <= LONGEST_TEMPLATE => Ok(template),
        Ok(_) => Err(Box::new(invalid(
            "MailTemplateInvalid",
            format!("the template {path} is longer than {LONGEST_TEMPLATE} bytes"),
        ))),
        Err(error) => Err(Box::new(invalid(
            "MailTemplateUnreadable",
            format!("the template {path} cannot be read: {error}"),
        ))),
    }
}
