//! Access numbers as objects.

use pinward_core::AccessNumber;
use pinward_shell::{Object, TypeDesc, Value};

/// The type. The scope is our own.
pub(crate) static ACCESS_NUMBER: TypeDesc = TypeDesc::new(
    "AccessNumber",
    &[
        "Identity",
        "PrimaryUri",
        "DisplayName",
        "DisplayNumber",
        "LineUri",
        "PrimaryLanguage",
        "SecondaryLanguages",
        "Pool",
        "HostingProvider",
        "Regions",
        "Scope",
    ],
)
.also(&["Microsoft.Rtc.Management.Xds.AccessNumber"])
.shows(&[
    "Identity",
    "PrimaryUri",
    "DisplayName",
    "DisplayNumber",
    "LineUri",
    "PrimaryLanguage",
    "SecondaryLanguages",
    "Pool",
    "HostingProvider",
    "Regions",
])
.as_list();

/// The object.
pub(crate) fn object(number: &AccessNumber) -> Value {
    let scope = match &number.site {
        None => "Global".to_owned(),
        Some(site) => format!("Site:{site}"),
    };
    Object::new(&ACCESS_NUMBER)
        .with("Identity", number.primary_uri.as_str())
        .with("PrimaryUri", number.primary_uri.as_str())
        .with("DisplayName", number.display_name.as_deref())
        .with("DisplayNumber", number.display_number.as_str())
        .with("LineUri", number.line_uri.as_str())
        .with("PrimaryLanguage", number.primary_language.as_str())
        .with("SecondaryLanguages", number.secondary_languages.as_slice())
        .with("Pool", number.pool.as_deref())
        .with("HostingProvider", number.hosting_provider.as_deref())
        .with("Regions", number.regions.as_slice())
        .with("Scope", scope)
        .into()
}
