//! Keeping PINs out of core dumps and out of reach of debuggers of the same account (R-SEC-3).

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Asks the system not to write this process's memory anywhere. What it refuses is not fatal:
/// containers may forbid the calls, and then their own settings rule.
pub fn no_core_dumps() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _limited = setrlimit(Resource::Core, none);
    let _hidden = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
