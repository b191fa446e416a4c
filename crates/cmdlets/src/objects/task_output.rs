//! The result of a logon that was tried.

use jiff::SignedDuration;
use pinward_shell::{Object, TypeDesc, Value};

/// The type.
pub(crate) static TASK_OUTPUT: TypeDesc = TypeDesc::new(
    "TaskOutput",
    &[
        "TargetUri",
        "TargetFqdn",
        "Result",
        "Latency",
        "Error",
        "Diagnosis",
    ],
)
.also(&["Microsoft.Rtc.SyntheticTransactions.TaskOutput"])
.as_list();

/// What the object says.
pub(crate) struct TaskOutput<'a> {
    pub(crate) target_uri: Option<&'a str>,
    pub(crate) target_fqdn: Option<&'a str>,
    pub(crate) success: bool,
    pub(crate) latency: SignedDuration,
    pub(crate) error: Option<String>,
    pub(crate) diagnosis: Option<String>,
}

impl From<TaskOutput<'_>> for Value {
    fn from(output: TaskOutput<'_>) -> Self {
        Object::new(&TASK_OUTPUT)
            .with("TargetUri", output.target_uri)
            .with("TargetFqdn", output.target_fqdn)
            .with("Result", if output.success { "Success" } else { "Failure" })
            .with("Latency", output.latency)
            .with("Error", output.error)
            .with("Diagnosis", output.diagnosis)
            .into()
    }
}
