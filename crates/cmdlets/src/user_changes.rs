//! What the cmdlets that change users have in common.

use std::marker::PhantomData;
use std::sync::Arc;

use pinward_core::{User, UserChange};
use pinward_service::{ChangedUser, Right};
use pinward_shell::{Args, Cx, ErrorRecord, Flow, Param, TypeDesc};
use tokio::task::JoinHandle;

use crate::each_user::UserTask;
use crate::lock_client_pin::WRITES_IN_FLIGHT;
use crate::objects::user;
use crate::product::Product;
use crate::refusals::record;
use crate::users::name_of;

/// `-PassThru`.
pub(crate) const PASS_THRU: Param =
    Param::switch("PassThru").help("Puts out the users as they are afterwards.");

/// One of these cmdlets.
pub(crate) trait ChangeKind: 'static {
    /// What the caller needs.
    const RIGHT: Right;
    /// See [`UserTask::EVERYBODY`].
    const EVERYBODY: bool = false;
    /// What `-PassThru` puts out.
    const PASSED: &'static TypeDesc;

    /// What is done, for `-WhatIf` and `-Confirm`.
    const ACTION: &'static str;
    /// What was done for some users, after their number.
    const SUMMARY: &'static str;

    /// What to change, or what is wrong with the call as a whole.
    fn change(args: &Args) -> Result<UserChange, Box<ErrorRecord>>;

    /// What whoever calls it should know first.
    fn warning() -> Option<&'static str> {
        None
    }
}

/// Changes each user.
pub(crate) struct ChangeUser<K>(PhantomData<K>);

impl<K> ChangeUser<K> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<K: ChangeKind> UserTask for ChangeUser<K> {
    type Order = UserChange;
    type Done = ChangedUser;
    const RIGHT: Right = K::RIGHT;
    const EVERYBODY: bool = K::EVERYBODY;

    fn in_flight(&self, _cores: usize) -> usize {
        WRITES_IN_FLIGHT
    }

    fn action(&self, _args: &Args) -> String {
        K::ACTION.to_owned()
    }

    fn begin(&self, _product: &Product, cx: &mut Cx, args: &Args) -> Flow {
        K::change(args).map_err(|error| cx.fail(*error))?;
        K::warning().map_or(Ok(()), |text| cx.warning(text))
    }

    fn check(
        &self,
        product: &Product,
        args: &Args,
        user: &User,
    ) -> Result<UserChange, Box<ErrorRecord>> {
        let change = K::change(args)?;
        let checked = product
            .service
            .check_user_change(&product.caller, user, &change);
        match product.wait(checked) {
            Ok(()) => Ok(change),
            Err(refusal) => Err(Box::new(record(&refusal, name_of(user)))),
        }
    }

    fn start(
        &self,
        product: &Arc<Product>,
        change: UserChange,
        user: User,
    ) -> JoinHandle<Result<ChangedUser, ErrorRecord>> {
        let shared = Arc::clone(product);
        product.runtime.spawn(async move {
            let changed = shared.service.change_user(&shared.caller, &user, &change);
            changed
                .await
                .map_err(|refusal| record(&refusal, name_of(&user)))
        })
    }

    fn show(&self, cx: &mut Cx, args: &Args, changed: &ChangedUser) -> Flow {
        let name = name_of(&changed.user);
        if !changed.done {
            cx.warning(&format!(
                "{name} is enabled already and stays as it is. Change users with Set-CsUser."
            ))?;
        }
        if !changed.same_line.is_empty() {
            let others = changed.same_line.join(", ");
            cx.warning(&format!(
                "{name} has the same number as {others}: nobody can sign in by it until it is unique."
            ))?;
        }
        if args.switch("PassThru") {
            let object = user::object(cx, K::PASSED, &changed.user);
            return cx.emit(object);
        }
        match changed.done {
            true => cx.verbose(&format!("{name} is changed.")),
            false => Ok(()),
        }
    }

    fn summary(&self, users: u64) -> String {
        format!("{users} {}", K::SUMMARY)
    }
}
