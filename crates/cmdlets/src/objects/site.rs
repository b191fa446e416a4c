//! Sites as objects.

use pinward_core::{Membership, Site};
use pinward_service::SiteDetails;
use pinward_shell::{Column, Object, TypeDesc, Value};

const COLUMNS: &[Column] = &[
    Column::new("Identity"),
    Column::new("DisplayName"),
    Column::new("Users"),
    Column::new("OU"),
    Column::new("LdapFilter"),
];

/// The type.
pub(crate) static SITE: TypeDesc = TypeDesc::new(
    "Site",
    &[
        "Identity",
        "SiteId",
        "DisplayName",
        "Users",
        "OU",
        "LdapFilter",
    ],
)
.as_table(COLUMNS);

/// The object. Its identity is that of the policy the site may have.
pub(crate) fn object(details: &SiteDetails) -> Value {
    let Site { id, display_name } = &details.site;
    let (units, filter) = match &details.membership {
        Membership::Directory => (Value::Null, None),
        Membership::Units(units) => (Value::from(units.as_slice()), None),
        Membership::Filter(filter) => (Value::Null, Some(filter.as_str())),
    };
    Object::new(&SITE)
        .with("Identity", format!("Site:{id}"))
        .with("SiteId", id.as_str())
        .with("DisplayName", display_name.as_deref())
        .with("Users", details.users)
        .with("OU", units)
        .with("LdapFilter", filter)
        .into()
}
