//! What the cmdlets about access numbers have in common.

use pinward_shell::{Args, ErrorRecord, Param, ParamKind, Value};

use crate::refusals::invalid;

/// `-Identity` of those that list numbers.
pub(crate) const OPTIONAL_IDENTITY: Param = Param::any("Identity")
    .label("UserIdParameter")
    .at(1)
    .by_value()
    .by_property()
    .help("The access number: its SIP address, with or without sip: before it.");
/// `-DisplayName`.
pub(crate) const DISPLAY_NAME: Param = Param::string("DisplayName")
    .allow_null()
    .help("What people call the number.");
/// `-DisplayNumber`.
pub(crate) const DISPLAY_NUMBER: Param = Param::string("DisplayNumber").help(
    "The number as people see it in invitations: written in any way, such as 1-800-555-1234.",
);
/// `-LineUri`.
pub(crate) const LINE_URI: Param = Param::string("LineUri").help(
    "The number itself: tel:+18005551234, with nothing between the digits. Each number has a line \
     of its own.",
);
/// `-PrimaryLanguage`.
pub(crate) const PRIMARY_LANGUAGE: Param = Param::string("PrimaryLanguage").help(
    "The language of announcements, such as en-US. Get-CsDialInConferencingLanguageList lists them.",
);
/// `-SecondaryLanguages`.
pub(crate) const SECONDARY_LANGUAGES: Param =
    Param::new("SecondaryLanguages", ParamKind::StringList)
        .allow_null()
        .help("Languages that a caller may choose instead: four at most. $null is none.");
/// `-Regions`.
pub(crate) const REGIONS: Param = Param::new("Regions", ParamKind::StringList)
    .allow_null()
    .help(
        "The regions whose people are shown the number. A region is there once a number names it.",
    );
/// `-ScopeToSite`.
pub(crate) const SCOPE_TO_SITE: Param = Param::switch("ScopeToSite").help(
    "The number is for the people of one site only: that to which most users of its pool belong.",
);
/// `-PassThru`.
pub(crate) const PASS_THRU: Param =
    Param::switch("PassThru").help("Puts out the access number as it is afterwards.");

/// The SIP address by which a value names a number: text, or an object that has one.
pub(crate) fn uri(value: &Value) -> Result<String, Box<ErrorRecord>> {
    let named = match value {
        Value::Object(_) | Value::Hash(_) => ["Identity", "PrimaryUri"]
            .iter()
            .filter_map(|name| value.property(name))
            .find(|named| !named.is_null()),
        Value::Str(_) => Some(value.clone()),
        _ => None,
    };
    named
        .map(|named| named.to_text().trim().to_owned())
        .ok_or_else(|| {
            let error = invalid(
                "IdentityInvalid",
                format!(
                    "a value of type {} does not name an access number",
                    value.type_name()
                ),
            );
            Box::new(error.advice("Give its SIP address, or an access number object."))
        })
}

/// A list of texts.
pub(crate) fn texts(args: &Args, name: &str) -> Vec<String> {
    let texts = args.strings(name);
    texts
        .iter()
        .map(ToString::to_string)
        .filter(|text| !text.is_empty())
        .collect()
}

/// A text that may be taken away.
pub(crate) fn optional(args: &Args, name: &str) -> Option<String> {
    let text = args.string(name).map(str::trim);
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}
