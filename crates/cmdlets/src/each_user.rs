//! Doing something to each of many users: some at a time, reported in the order of the input.
//!
//! Users are gathered into small batches, and a batch is worked through before the next one is
//! taken from the pipeline. So nothing is in flight between two pipeline objects, wherever the
//! pipeline may be stopped, and the memory needed does not depend on how many users there are.

use std::collections::VecDeque;
use std::sync::Arc;

use pinward_core::{Timestamp, User};
use pinward_service::Right;
use pinward_shell::{Args, Command, Cx, Date, ErrorRecord, Flow, Progress, Share, Stop, Value};
use tokio::task::JoinHandle;

use crate::calls::{one_by_one, proceed_with};
use crate::product::Product;
use crate::refusals::{internal, raise};
use crate::users;

/// Batches are this many times what is in flight, so that the tail of a batch does not count.
const BATCH: usize = 16;
/// Time between two reports of progress, in milliseconds.
const REPORT_EVERY: i64 = 250;

/// What a cmdlet does to one user.
pub(crate) trait UserTask: 'static {
    /// What is to be done to one user, taken from the arguments when the user came: those of the next
    /// pipeline object may be others.
    type Order: 'static;
    /// What comes of it.
    type Done: Send + 'static;

    /// The right that it takes: a name leads to those whom it reaches.
    const RIGHT: Right;
    /// Whether a wildcard means everybody whom it matches, and not the users among them.
    const EVERYBODY: bool = false;

    /// How many users to work on at a time, on a machine with that many cores.
    fn in_flight(&self, cores: usize) -> usize;

    /// What is done, for `-WhatIf`, `-Confirm` and progress.
    fn action(&self, args: &Args) -> String;

    /// What it would mean for a user, in lines; for `-WhatIf` and `-Confirm`. `date` writes a time as
    /// the session's people do.
    fn meaning(
        &self,
        product: &Product,
        args: &Args,
        user: &User,
        date: &dyn Fn(Timestamp) -> String,
    ) -> String {
        let _ = (product, args, user, date);
        String::new()
    }

    /// What is wrong with the call as a whole.
    fn begin(&self, product: &Product, cx: &mut Cx, args: &Args) -> Flow {
        let _ = (product, cx, args);
        Ok(())
    }

    /// What to do to this user, or why it would be refused.
    fn check(
        &self,
        product: &Product,
        args: &Args,
        user: &User,
    ) -> Result<Self::Order, Box<ErrorRecord>>;

    /// Starts it.
    fn start(
        &self,
        product: &Arc<Product>,
        order: Self::Order,
        user: User,
    ) -> JoinHandle<Result<Self::Done, ErrorRecord>>;

    /// Shows what came of it.
    fn show(&self, cx: &mut Cx, args: &Args, done: &Self::Done) -> Flow;

    /// Whom to name in a warning where [`UserTask::show`] came too late for anybody to see it.
    fn unseen(&self, done: &Self::Done) -> Option<String> {
        let _ = done;
        None
    }

    /// What was done for so many users, as the beginning of a sentence.
    fn summary(&self, users: u64) -> String;
}

/// The command that does it.
pub(crate) struct EachUser<T: UserTask> {
    product: Arc<Product>,
    task: T,
    jobs: VecDeque<Job<T::Order>>,
    done: u64,
    failed: u64,
    unseen: Vec<String>,
    /// Taken by the next command, and lost if the pipeline is stopped.
    fleeting: Vec<String>,
    /// How many users were taken from the pipeline, the refused ones included.
    taken: u64,
    reported_at: Option<Timestamp>,
    accounted: bool,
    /// Everybody was worked on.
    finished: bool,
}

/// A user in line. Refusals stand in the same line, so that the order is that of the input.
enum Job<O> {
    Start(O, Box<User>),
    Refused(Box<ErrorRecord>),
}

/// A job whose turn comes.
enum Flight<D> {
    Aloft(JoinHandle<Result<D, ErrorRecord>>),
    Refused(Box<ErrorRecord>),
}

impl<T: UserTask> EachUser<T> {
    pub(crate) fn new(product: &Arc<Product>, task: T) -> Self {
        Self {
            product: Arc::clone(product),
            task,
            jobs: VecDeque::new(),
            done: 0,
            failed: 0,
            unseen: Vec::new(),
            fleeting: Vec::new(),
            taken: 0,
            reported_at: None,
            accounted: false,
            finished: false,
        }
    }

    fn gather(&mut self, cx: &mut Cx, args: &Args, window: usize) -> Flow {
        let named = args.get("Identity").unwrap_or(&Value::Null);
        let find = if T::EVERYBODY {
            users::find_all
        } else {
            users::find
        };
        let found = find(&self.product, T::RIGHT, named);
        self.taken += found.len() as u64;
        for found in found {
            let user = match found {
                Ok(user) => user,
                Err(refused) => {
                    self.push(cx, args, window, Job::Refused(Box::new(refused)))?;
                    continue;
                }
            };
            let order = match self.task.check(&self.product, args, &user) {
                Ok(order) => order,
                Err(refused) => {
                    self.push(cx, args, window, Job::Refused(refused))?;
                    continue;
                }
            };
            let action = self.task.action(args);
            let (zone, locale) = (cx.time_zone().clone(), cx.locale());
            let date = |at| locale.show(&Date::new(at, &zone));
            let meaning = || self.task.meaning(&self.product, args, &user, &date);
            if proceed_with(cx, args, &users::title_of(&user), &action, meaning)? {
                self.push(cx, args, window, Job::Start(order, Box::new(user)))?;
            } else {
                self.taken -= 1;
            }
        }
        Ok(())
    }

    fn push(&mut self, cx: &mut Cx, args: &Args, window: usize, job: Job<T::Order>) -> Flow {
        self.jobs.push_back(job);
        let full = match window {
            1 => 1,
            _ => window * BATCH,
        };
        if self.jobs.len() >= full {
            self.work(cx, args, window, false)
        } else {
            Ok(())
        }
    }

    /// Works through the batch. Whatever stops it, what was started is brought to its end and
    /// shown first.
    fn work(&mut self, cx: &mut Cx, args: &Args, window: usize, last: bool) -> Flow {
        let mut aloft = VecDeque::with_capacity(window);
        let mut stop: Option<Stop> = None;
        loop {
            while stop.is_none() && aloft.len() < window {
                if cx.cancelled() {
                    stop = Some(Stop::Cancelled);
                } else if let Some(job) = self.jobs.pop_front() {
                    aloft.push_back(self.launch(job));
                } else {
                    break;
                }
            }
            let Some(next) = aloft.pop_front() else { break };
            // Whoever ended the pipeline takes nothing more; the user who wants to stop does.
            let lost = !matches!(stop, None | Some(Stop::Cancelled));
            if let Err(reason) = self.land(cx, args, next, lost) {
                stop.get_or_insert(reason);
            }
            self.report(cx, args, false);
        }
        let Some(stop) = stop else { return Ok(()) };
        self.report(cx, args, true);
        self.account(cx, matches!(stop, Stop::Cancelled), last)?;
        Err(stop)
    }

    fn launch(&self, job: Job<T::Order>) -> Flight<T::Done> {
        match job {
            Job::Start(order, user) => Flight::Aloft(self.task.start(&self.product, order, *user)),
            Job::Refused(refused) => Flight::Refused(refused),
        }
    }

    fn land(&mut self, cx: &mut Cx, args: &Args, flight: Flight<T::Done>, lost: bool) -> Flow {
        let outcome = match flight {
            Flight::Refused(refused) => Err(*refused),
            Flight::Aloft(handle) => match self.product.wait(handle) {
                Ok(outcome) => outcome,
                Err(broken) => Err(internal(&broken)),
            },
        };
        match outcome {
            Ok(done) => {
                self.done += 1;
                if lost {
                    self.unseen.extend(self.task.unseen(&done));
                    return Ok(());
                }
                // What holds must be shown, also where the user wants to stop.
                let shown = cx.finish(|cx| self.task.show(cx, args, &done));
                // A command that has enough has taken this one.
                if !matches!(shown, Ok(()) | Err(Stop::Enough(_))) {
                    self.unseen.extend(self.task.unseen(&done));
                } else if !cx.reaches_somebody() {
                    self.fleeting.extend(self.task.unseen(&done));
                }
                shown
            }
            Err(refused) => {
                self.failed += 1;
                raise(cx, refused)
            }
        }
    }

    /// Says what was done and what was not, where the work ends before its end.
    fn account(&mut self, cx: &mut Cx, cancelled: bool, last: bool) -> Flow {
        self.accounted = true;
        let mut unseen = std::mem::take(&mut self.fleeting);
        unseen.append(&mut self.unseen);
        if !unseen.is_empty() {
            let names = unseen.join(", ");
            let all = unseen.len() as u64 == self.done;
            let more = if all { "" } else { "more " };
            cx.warning(&format!(
                "{} {more}were assigned but could not be shown. Assign them anew: {names}",
                unseen.len()
            ))?;
        }
        if cancelled {
            let shown = self.done - unseen.len() as u64;
            let left = self.jobs.len();
            let least = if last { "" } else { "at least " };
            cx.warning(&format!(
                "Stopped. {}; {least}{left} users were not reached.",
                self.task.summary(shown)
            ))?;
        }
        self.jobs.clear();
        Ok(())
    }

    fn report(&mut self, cx: &mut Cx, args: &Args, finished: bool) {
        let now = cx.now();
        let since = self
            .reported_at
            .map(|at| now.as_millisecond() - at.as_millisecond());
        let due = match since {
            None => self.done > 1 && !finished,
            Some(elapsed) => finished || elapsed.abs() >= REPORT_EVERY,
        };
        if !due {
            return;
        }
        self.reported_at = Some(now);
        cx.progress(&Progress {
            activity: self.task.action(args),
            done: self.done + self.failed,
            share: self.share(cx),
            unit: "users".to_owned(),
            finished,
        });
    }

    /// How much of all the work is done: of what was taken from the pipeline, and of what comes into
    /// it, as far as anybody knows.
    fn share(&self, cx: &Cx) -> Option<Share> {
        let input = cx.input_share()?;
        Some(Share {
            part: input.part.checked_mul(self.done + self.failed)?,
            whole: input.whole.checked_mul(self.taken)?,
        })
    }

    fn window(&self, cx: &Cx, args: &Args) -> usize {
        if one_by_one(cx, args) {
            return 1;
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        self.task.in_flight(cores).max(1)
    }
}

impl<T: UserTask> Command for EachUser<T> {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self.task.begin(&self.product, cx, args)
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let window = self.window(cx, args);
        self.gather(cx, args, window)
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let window = self.window(cx, args);
        self.work(cx, args, window, true)?;
        self.report(cx, args, true);
        self.finished = true;
        Ok(())
    }

    fn stopped(&mut self, cx: &mut Cx, args: &Args, stop: &Stop) {
        self.report(cx, args, true);
        if matches!(stop, Stop::Enough(_)) {
            // Whoever had enough has taken what came.
            self.fleeting.clear();
        }
        let begun = self.done > 0 || !self.jobs.is_empty();
        if begun && !self.accounted {
            let cancelled = !matches!(stop, Stop::Enough(_)) && !self.finished;
            // The pipeline ends in any case.
            let _ended = self.account(cx, cancelled, false);
        }
    }
}
