//! Sources of people as objects.

use pinward_service::SourceStatus;
use pinward_shell::{Cx, Object, TypeDesc, Value};

/// The type.
pub(crate) static DIRECTORY_STATUS: TypeDesc = TypeDesc::new(
    "DirectoryStatus",
    &[
        "Identity",
        "Kind",
        "Users",
        "Enabled",
        "Gone",
        "Conflicts",
        "LastResult",
        "LastAttempt",
        "LastFull",
        "LastIncrement",
        "HasCookie",
    ],
)
.as_list();

/// The object.
pub(crate) fn object(cx: &Cx, source: &SourceStatus) -> Value {
    Object::new(&DIRECTORY_STATUS)
        .with("Identity", source.name.as_str())
        .with("Kind", source.kind.as_str())
        .with("Users", source.users)
        .with("Enabled", source.enabled)
        .with("Gone", source.gone)
        .with("Conflicts", source.conflicts)
        .with("LastResult", source.last_result.as_deref())
        .with("LastAttempt", source.last_attempt.map(|at| cx.date(at)))
        .with("LastFull", source.last_full.map(|at| cx.date(at)))
        .with("LastIncrement", source.last_increment.map(|at| cx.date(at)))
        .with("HasCookie", source.has_cookie)
        .into()
}
