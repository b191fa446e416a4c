//! A PIN that was just assigned: the one object that shows one.

use pinward_service::Assigned;
use pinward_shell::{Column, Object, TypeDesc, Value};

/// Fixed widths, so that each PIN is on the screen as soon as it holds.
const COLUMNS: &[Column] = &[
    Column::new("Identity").width(50),
    Column::new("Pin").width(24).whole(),
];

/// The type.
pub(crate) static ASSIGNED_PIN: TypeDesc =
    TypeDesc::new("AssignedPin", &["Identity", "Pin"]).as_table(COLUMNS);

/// The object.
pub(crate) fn object(assigned: &Assigned) -> Value {
    Object::new(&ASSIGNED_PIN)
        .with("Identity", assigned.identity.as_str())
        .with("Pin", assigned.pin.reveal().as_str())
        .into()
}
