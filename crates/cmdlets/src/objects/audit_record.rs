//! Records of the audit log as objects.

use pinward_service::AuditRecord;
use pinward_shell::{Column, Cx, Object, TypeDesc, Value};

const COLUMNS: &[Column] = &[
    Column::new("Time"),
    Column::new("Actor"),
    Column::new("Action"),
    Column::new("Identity"),
    Column::new("Outcome"),
];

/// The type.
pub(crate) static AUDIT_RECORD: TypeDesc = TypeDesc::new(
    "PinAuditRecord",
    &[
        "Sequence",
        "Time",
        "Door",
        "Actor",
        "Action",
        "Identity",
        "Outcome",
        "Changes",
        "Client",
        "CallerNumber",
        "CalledNumber",
        "Conference",
    ],
)
.as_table(COLUMNS);

/// The object.
pub(crate) fn object(cx: &Cx, record: &AuditRecord) -> Value {
    Object::new(&AUDIT_RECORD)
        .with("Sequence", record.seq)
        .with("Time", cx.date(record.at))
        .with("Door", record.door.as_str())
        .with("Actor", record.actor.as_deref())
        .with("Action", record.action.as_str())
        .with("Identity", record.subject.as_deref())
        .with("Outcome", record.outcome.as_str())
        .with("Changes", record.changes.as_deref())
        .with("Client", record.client.as_deref())
        .with("CallerNumber", record.caller.as_deref())
        .with("CalledNumber", record.called.as_deref())
        .with("Conference", record.conference.as_deref())
        .into()
}
