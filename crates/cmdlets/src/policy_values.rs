//! The properties of a policy, given as parameters or read from an object.

use pinward_core::{PolicyIdentity, PolicyPatch};
use pinward_service::PolicyError;
use pinward_shell::value::{NumberKind, Value};
use pinward_shell::{Args, ErrorRecord, Param};

use crate::refusals::{invalid, record};

/// `-Description`.
pub(crate) const DESCRIPTION: Param = Param::string("Description").allow_null().help(
    "Free text for administrators, such as whom the policy is meant for: up to 1024 characters.",
);
/// `-MinPasswordLength`.
pub(crate) const MIN_PASSWORD_LENGTH: Param = Param::any("MinPasswordLength")
    .label("UInt32")
    .help("The fewest digits a new PIN may have: 4 to 24. A new policy has 5.");
/// `-PINHistoryCount`.
pub(crate) const PIN_HISTORY_COUNT: Param = Param::any("PINHistoryCount").label("UInt64").help(
    "How many of their most recent PINs users may not choose again: 0 to 20. A new policy has 0: \
     any PIN may be used again.",
);
/// `-AllowCommonPatterns`.
pub(crate) const ALLOW_COMMON_PATTERNS: Param = Param::boolean("AllowCommonPatterns").help(
    "Whether PINs may be repeated or consecutive digits, the user's own extension or phone number, \
     or ones that many people choose. A new policy has $False.",
);
/// `-PINLifetime`.
pub(crate) const PIN_LIFETIME: Param = Param::any("PINLifetime").label("UInt64").help(
    "Days after which a PIN has to be replaced: 0 to 999; 0 means never, as in a new policy. More \
     than 0 needs a PINHistoryCount of more than 0.",
);
/// `-MaximumLogonAttempts`.
pub(crate) const MAXIMUM_LOGON_ATTEMPTS: Param = Param::any("MaximumLogonAttempts")
    .label("UInt32")
    .allow_null()
    .help(
        "Failed logons within 30 minutes after which the PIN is locked out for an hour: 1 to 999. \
         With $null, as in a new policy, it is 10 for PINs of four digits and 25 for longer ones.",
    );

/// A numeric property. Its range is for values that are no number which the core could judge.
struct Numeric {
    name: &'static str,
    range: &'static str,
    nullable: bool,
    set: fn(&mut PolicyPatch, Option<u64>),
}

const NUMERIC: [Numeric; 4] = [
    Numeric {
        name: "MinPasswordLength",
        range: "4 and 24",
        nullable: false,
        set: |patch, value| patch.min_password_length = value,
    },
    Numeric {
        name: "PINHistoryCount",
        range: "0 and 20",
        nullable: false,
        set: |patch, value| patch.pin_history_count = value,
    },
    Numeric {
        name: "PINLifetime",
        range: "0 and 999",
        nullable: false,
        set: |patch, value| patch.pin_lifetime_days = value,
    },
    Numeric {
        name: "MaximumLogonAttempts",
        range: "1 and 999",
        nullable: true,
        set: |patch, value| patch.maximum_logon_attempts = Some(value),
    },
];

/// What was asked for, and what of it makes no sense.
#[derive(Default)]
pub(crate) struct Wanted {
    /// What to change.
    pub(crate) patch: PolicyPatch,
    /// Values that are not of their kind, as sentences.
    pub(crate) problems: Vec<String>,
}

impl Wanted {
    /// What the parameters ask for and, where they are silent, the properties of an object.
    pub(crate) fn read(args: &Args, object: Option<&Value>) -> Self {
        let mut wanted = Self::default();
        let given = |name: &str| args.get(name).cloned().or_else(|| kept(object?, name));
        if let Some(value) = given("Description") {
            let text = value.to_text();
            wanted.patch.description = Some((!text.is_empty()).then(|| text.to_string()));
        }
        if let Some(value) = given("AllowCommonPatterns") {
            match truth(&value) {
                Some(allow) => wanted.patch.allow_common_patterns = Some(allow),
                None => wanted.blame("AllowCommonPatterns", &value, "$True or $False"),
            }
        }
        for numeric in &NUMERIC {
            let Some(value) = given(numeric.name) else {
                continue;
            };
            match number(&value) {
                Some(number) => (numeric.set)(&mut wanted.patch, Some(number)),
                None if value.is_null() && numeric.nullable => {
                    (numeric.set)(&mut wanted.patch, None);
                }
                None => {
                    let range = format!("a whole number between {}", numeric.range);
                    wanted.blame(numeric.name, &value, &range);
                }
            }
        }
        wanted
    }

    fn blame(&mut self, property: &str, value: &Value, expected: &str) {
        let shown = if value.is_null() {
            "$null".into()
        } else {
            value.to_text()
        };
        self.problems
            .push(format!("{property} is {shown}; it must be {expected}"));
    }

    /// The error that names everything wrong at once: values that are none, and what the service
    /// says of the others.
    pub(crate) fn refusal(
        &self,
        identity: &PolicyIdentity,
        rest: Result<(), PolicyError>,
    ) -> ErrorRecord {
        let mut all = self.problems.clone();
        match rest {
            Ok(()) => {}
            Err(PolicyError::Invalid { reasons, .. }) => {
                all.extend(reasons.iter().map(ToString::to_string));
            }
            Err(other) => return record(&other, &identity.to_string()),
        }
        let message = format!(
            "the PIN policy {identity} was not changed: {}",
            all.join("; ")
        );
        invalid("PolicyInvalid", message).target(identity.to_string())
    }
}

/// A property of an object; none where it is not set and cannot be unset.
fn kept(object: &Value, name: &str) -> Option<Value> {
    let value = object.property(name)?;
    let unset = value.is_null() || value.as_str().is_some_and(str::is_empty);
    let nullable =
        name == "Description" || NUMERIC.iter().any(|one| one.name == name && one.nullable);
    match (unset, nullable) {
        (false, _) => Some(value),
        (true, true) => Some(Value::Null),
        (true, false) => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Str(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::Str(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A whole number that is not negative, from a number or from digits.
fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => match number.kind() {
            NumberKind::Float(float) if float.fract() != 0.0 => None,
            _ => number.as_u64(),
        },
        Value::Str(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The policy that a value names: text, or an object with an Identity.
pub(crate) fn identity(value: &Value) -> Result<PolicyIdentity, Box<ErrorRecord>> {
    let named = match value {
        Value::Object(_) | Value::Hash(_) => value.property("Identity"),
        Value::Str(_) | Value::Number(_) => Some(value.clone()),
        _ => None,
    };
    let Some(named) = named.filter(|named| !named.is_null()) else {
        return Err(Box::new(
            invalid(
                "PolicyIdentityInvalid",
                format!(
                    "a value of type {} does not name a PIN policy",
                    value.type_name()
                ),
            )
            .advice("Write global, site:<SiteId> or the name of a per-user policy."),
        ));
    };
    let text = named.to_text();
    PolicyIdentity::parse(&text).map_err(|error| {
        Box::new(invalid("PolicyIdentityInvalid", error.to_string()).target(text.as_ref()))
    })
}
