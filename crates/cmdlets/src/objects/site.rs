//! Sites as objects.

use pinward_core::Site;
use pinward_shell::{Column, Object, TypeDesc, Value};

const COLUMNS: &[Column] = &[Column::new("Identity"), Column::new("DisplayName")];

/// The type.
pub(crate) static SITE: TypeDesc =
    TypeDesc::new("Site", &["Identity", "SiteId", "DisplayName"]).as_table(COLUMNS);

/// The object. Its identity is that of the policy the site may have.
pub(crate) fn object(site: &Site) -> Value {
    Object::new(&SITE)
        .with("Identity", format!("Site:{}", site.id))
        .with("SiteId", site.id.as_str())
        .with("DisplayName", site.display_name.as_deref())
        .into()
}
