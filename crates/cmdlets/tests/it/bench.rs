//! A session on the product, and ways to look at what a command left behind.

use std::sync::Arc;

use pinward_cmdlets::{Product, all};
use pinward_core::{Outcome, Policy, PolicyIdentity, User};
use pinward_service::{Attempt, Caller, Door, PinInfo, Source};
use pinward_shell::host::TestHost;
use pinward_shell::{CmdletDef, Host, Limits, Registry, Session, Value};
use pinward_testkit::Kit;
use tokio::runtime::Runtime;

/// The sample company and a session with all cmdlets.
pub struct Bench {
    pub kit: Kit,
    pub host: TestHost,
    pub session: Session,
    pub runtime: Runtime,
    administrator: Caller,
}

impl Bench {
    /// Runs a test as an administrator, on a thread with the stack that a session wants.
    pub fn on(test: impl FnOnce(&mut Bench) + Send + 'static) {
        Self::with_role("CsAdministrator", test);
    }

    /// The same with another role.
    pub fn with_role(role: &str, test: impl FnOnce(&mut Bench) + Send + 'static) {
        Self::with_caller(Caller::with_standard_role("test", role), test);
    }

    /// The same with somebody of whom the test says what they may do.
    pub fn with_caller(caller: Caller, test: impl FnOnce(&mut Bench) + Send + 'static) {
        Self::with_kit(caller, Kit::sample(), test);
    }

    /// The same on another company.
    pub fn with_kit(
        caller: Caller,
        kit: impl Future<Output = Kit> + Send + 'static,
        test: impl FnOnce(&mut Bench) + Send + 'static,
    ) {
        let thread = std::thread::Builder::new()
            .stack_size(64 << 20)
            .spawn(move || {
                let mut bench = Bench::new(caller, kit);
                test(&mut bench);
            });
        if let Err(panic) = thread.unwrap().join() {
            std::panic::resume_unwind(panic);
        }
    }

    fn new(caller: Caller, kit: impl Future<Output = Kit>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let kit = runtime.block_on(kit);
        let administrator = kit.administrator();
        let host = TestHost::new();
        let session = session(&kit, &runtime, caller, Box::new(host.clone()));
        let mut bench = Bench {
            kit,
            host,
            session,
            runtime,
            administrator,
        };
        bench.tell_time();
        bench
    }

    /// A further session on the same product, with its own role and host.
    pub fn another_session(&self, role: &str, host: Box<dyn Host>) -> Session {
        let caller = Caller::with_standard_role("other", role);
        session(&self.kit, &self.runtime, caller, host)
    }

    /// Lets the session's clock show what the product's shows.
    pub fn tell_time(&mut self) {
        use pinward_core::Clock;
        let now = self.kit.clock.now();
        self.host.with(|seen| seen.now = now);
    }

    /// Runs source and returns what it puts out; errors are for the test to look at.
    pub fn values(&mut self, source: &str) -> Vec<Value> {
        self.host.with(|seen| {
            seen.errors.clear();
            seen.warnings.clear();
            seen.information.clear();
            seen.verbose.clear();
            seen.progress.clear();
        });
        match self.session.collect(source) {
            Ok(values) => values,
            Err(pinward_shell::Stop::Terminated(error)) => {
                self.host.with(|seen| seen.errors.push(*error));
                Vec::new()
            }
            Err(_) => Vec::new(),
        }
    }

    /// Runs source that must not report any error.
    pub fn ok(&mut self, source: &str) -> Vec<Value> {
        let values = self.values(source);
        let errors = self.host.with(|seen| seen.errors.clone());
        assert!(errors.is_empty(), "{source}: {errors:?}");
        values
    }

    /// Runs source that must put out nothing and report nothing.
    pub fn silent(&mut self, source: &str) {
        let values = self.ok(source);
        assert!(values.is_empty(), "{source}: {values:?}");
        assert_eq!(self.warnings(), Vec::<String>::new(), "{source}");
    }

    /// Runs source that must report one error with this identifier; the error's message.
    pub fn refused(&mut self, source: &str, id: &str) -> String {
        self.values(source);
        self.host.with(|seen| {
            let ids: Vec<&str> = seen.errors.iter().map(|error| error.id.as_ref()).collect();
            assert_eq!(ids, [id], "{source}: {:?}", seen.errors);
            seen.errors[0].message.clone()
        })
    }

    /// The texts of a property of all objects that source puts out.
    pub fn texts(&mut self, source: &str, property: &str) -> Vec<String> {
        self.ok(source)
            .iter()
            .map(|value| text(value, property))
            .collect()
    }

    pub fn warnings(&self) -> Vec<String> {
        self.host.with(|seen| seen.warnings.clone())
    }

    pub fn remarks(&self) -> Vec<String> {
        self.host.with(|seen| seen.information.clone())
    }

    pub fn user(&self, identity: &str) -> User {
        self.runtime.block_on(self.kit.person(identity))
    }

    pub fn info(&self, identity: &str) -> PinInfo {
        let user = self.user(identity);
        let info = self.kit.service.pin_info(&self.administrator, &user);
        self.runtime.block_on(info).unwrap()
    }

    pub fn policy(&self, identity: &str) -> Option<Policy> {
        let identity = PolicyIdentity::parse(identity).unwrap();
        self.runtime
            .block_on(self.kit.store.policy(&identity))
            .unwrap()
    }

    /// What a logon comes to; it counts.
    pub fn log_on(&self, who: &str, pin: &str) -> Outcome {
        let attempt = Attempt {
            who,
            pin,
            also_known_as: None,
            delivery: None,
            source: Source::of(Door::Shell),
        };
        self.runtime
            .block_on(self.kit.service.log_on(&attempt))
            .unwrap()
            .outcome
    }

    /// Everything the session showed so far, for looking for what must not be there.
    pub fn everything_shown(&self) -> String {
        self.host.with(|seen| {
            format!(
                "{:?}{:?}{:?}{:?}{:?}{:?}{:?}",
                seen.lines,
                seen.errors,
                seen.warnings,
                seen.verbose,
                seen.debug,
                seen.information,
                seen.questions
            )
        })
    }
}

/// The definitions as an administrator has them.
pub fn definitions(bench: &Bench) -> Vec<CmdletDef> {
    all(Product {
        service: Arc::clone(&bench.kit.service),
        caller: bench.kit.administrator(),
        runtime: bench.runtime.handle().clone(),
    })
}

fn session(kit: &Kit, runtime: &Runtime, caller: Caller, host: Box<dyn Host>) -> Session {
    let mut registry = Registry::with_language_commands();
    registry.extend(all(Product {
        service: Arc::clone(&kit.service),
        caller,
        runtime: runtime.handle().clone(),
    }));
    Session::new(Arc::new(registry), host, Limits::default())
}

/// A property as text.
pub fn text(value: &Value, property: &str) -> String {
    match value.property(property) {
        Some(value) => value.to_text().to_string(),
        None => panic!("{value:?} has no property {property}"),
    }
}

/// The names of an object's properties, in order.
pub fn names(value: &Value) -> Vec<String> {
    let object = value.as_object().expect("an object");
    object
        .properties()
        .iter()
        .map(|property| property.name.to_string())
        .collect()
}
