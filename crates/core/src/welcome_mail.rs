//! The message that welcomes a user to dial-in conferencing: a template and what is put into it.

use crate::access_number::AccessNumber;

/// The subject where none is given.
pub const WELCOME_SUBJECT: &str = "Welcome to dial-in conferencing";

/// The template where none is given, for HTML.
const HTML: &str = "<html><body>\n<p>Hello {{DisplayName}},</p>\n\
    <p>you can join conferences by telephone. Dial one of the numbers below, then enter your number \
    or extension and your PIN.</p>\n\
    <p>Your number: {{Number}}<br>Your extension: {{Extension}}<br>Your PIN: {{Pin}}</p>\n\
    <p>Keep the PIN to yourself.</p>\n{{AccessNumbers}}\n</body></html>\n";

/// The same as plain text.
const PLAIN: &str = "Hello {{DisplayName}},\n\n\
    you can join conferences by telephone. Dial one of the numbers below, then enter your number or\n\
    extension and your PIN.\n\n\
    Your number: {{Number}}\nYour extension: {{Extension}}\nYour PIN: {{Pin}}\n\n\
    Keep the PIN to yourself.\n\n{{AccessNumbers}}";

/// What stands between `{{` and `}}` in a template.
const FIELDS: [&str; 5] = ["DisplayName", "Number", "Extension", "Pin", "AccessNumbers"];

/// How a message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailForm {
    /// HTML; everything that is put in is escaped.
    Html,
    /// Plain text.
    Plain,
}

/// What a template is filled with.
pub struct WelcomeFacts<'a> {
    /// What the user is called.
    pub display_name: &'a str,
    /// The user's full number.
    pub number: Option<&'a str>,
    /// The user's extension.
    pub extension: Option<&'a str>,
    /// The digits of the PIN, or what is said where it stays as it is.
    pub pin: &'a str,
    /// The numbers to dial, in their order.
    pub access_numbers: &'a [AccessNumber],
}

/// A template that names something there is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the template names {{{{{field}}}}}, which there is not; there are {{{{DisplayName}}}}, {{{{Number}}}}, \
     {{{{Extension}}}}, {{{{Pin}}}} and {{{{AccessNumbers}}}}"
)]
pub struct TemplateError {
    /// What stands in the braces.
    pub field: String,
}

/// Judges a template without filling it.
pub fn check_template(template: &str) -> Result<(), TemplateError> {
    fill(template, &|_field| String::new()).map(drop)
}

/// The body of the message, from a template or the one that comes with the product.
///
/// # Errors
/// The template names something there is not.
pub fn welcome_body(
    template: Option<&str>,
    form: MailForm,
    facts: &WelcomeFacts<'_>,
) -> Result<String, TemplateError> {
    let template = template.unwrap_or(match form {
        MailForm::Html => HTML,
        MailForm::Plain => PLAIN,
    });
    let text = |text: &str| match form {
        MailForm::Html => escape(text),
        MailForm::Plain => text.to_owned(),
    };
    fill(template, &|field| match field {
        "DisplayName" => text(facts.display_name),
        "Number" => text(
            &facts
                .number
                .map_or("none".to_owned(), |number| format!("+{number}")),
        ),
        "Extension" => text(facts.extension.unwrap_or("none")),
        "Pin" => text(facts.pin),
        _ => numbers(facts.access_numbers, form, &text),
    })
}

fn fill(template: &str, value: &dyn Fn(&str) -> String) -> Result<String, TemplateError> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let (field, after) = after.split_once("}}").unwrap_or((after, ""));
        let known = FIELDS
            .iter()
            .find(|known| known.eq_ignore_ascii_case(field.trim()));
        match known {
            Some(known) => filled.push_str(&value(known)),
            None => {
                let field = field.trim().chars().take(40).collect();
                return Err(TemplateError { field });
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The numbers by region, each with its languages; those of no region at the end.
fn numbers(all: &[AccessNumber], form: MailForm, text: &dyn Fn(&str) -> String) -> String {
    let mut regions: Vec<&str> = Vec::new();
    for region in all.iter().flat_map(|number| &number.regions) {
        if !regions
            .iter()
            .any(|known| known.eq_ignore_ascii_case(region))
        {
            regions.push(region);
        }
    }
    let mut list = String::new();
    let mut line = |heading: &str, of: &dyn Fn(&AccessNumber) -> bool| {
        let lines = all.iter().filter(|number| of(number)).map(|number| {
            let mut languages = vec![number.primary_language.as_str()];
            languages.extend(number.secondary_languages.iter().map(String::as_str));
            text(&format!(
                "{} ({})",
                number.display_number,
                languages.join(", ")
            ))
        });
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() {
            return;
        }
        list.push_str(&match form {
            MailForm::Html => format!(
                "<h3>{}</h3>\n<ul><li>{}</li></ul>\n",
                text(heading),
                lines.join("</li>\n<li>")
            ),
            MailForm::Plain => format!("{heading}\n  {}\n", lines.join("\n  ")),
        });
    };
    for region in regions {
        line(region, &|number| number.is_in(region));
    }
    line("Everywhere", &|number| number.regions.is_empty());
    list
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Whether a text can stand in the header of a message as one address.
pub fn is_mail_address(text: &str) -> bool {
    let strange = |c: char| c.is_control() || c.is_whitespace() || ",;<>\"()".contains(c);
    match text.split_once('@') {
        Some((name, domain)) => {
            !name.is_empty()
                && !domain.is_empty()
                && !domain.contains('@')
                && text.len() <= 254
                && !text.contains(strange)
        }
        None => false,
    }
}
