//! The list of languages as an object.

use pinward_shell::{Object, TypeDesc, Value};

/// The type.
pub(crate) static LANGUAGE_LIST: TypeDesc =
    TypeDesc::new("DialInConferencingLanguageList", &["Identity", "Languages"])
        .also(&[
            "Microsoft.Rtc.Management.WritableConfig.Settings.DialInConferencingSettings.DialInConferencingLanguageList",
        ])
        .as_list();

/// The object.
pub(crate) fn object(languages: &[&str]) -> Value {
    let tags: Vec<String> = languages.iter().map(|&tag| tag.to_owned()).collect();
    Object::new(&LANGUAGE_LIST)
        .with("Identity", "Global")
        .with("Languages", tags.as_slice())
        .into()
}
