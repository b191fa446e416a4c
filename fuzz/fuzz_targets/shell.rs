//! Any source at all: parsed, completed, and run with small limits against the language's own
//! commands. Nothing may panic, hang, or overflow the stack.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use pinward_shell::host::TestHost;
use pinward_shell::{Limits, Registry, Session, privacy};

thread_local! {
    static REGISTRY: Arc<Registry> = Arc::new(Registry::with_language_commands());
}

fuzz_target!(|source: &str| {
    let limits = Limits {
        steps: 20_000,
        cells: 20_000,
        text_bytes: 1 << 16,
        elements: 10_000,
        // The fuzzer's thread has a small stack and large frames.
        parse_depth: 24,
        eval_depth: 40,
        ..Limits::default()
    };
    let registry = REGISTRY.with(Arc::clone);
    let mut session = Session::new(registry, Box::new(TestHost::new()), limits);
    let _ = session.is_complete(source);
    let _ = session.complete_at(source, source.len());
    let _ = privacy::may_be_kept(source);
    session.run(source);
});
