//! `Lock-CsClientPin`: locks a PIN until an administrator unlocks it.

use std::sync::Arc;

use pinward_core::User;
use pinward_service::Right;
use pinward_shell::{Args, CmdletDef, Cx, ErrorRecord, Flow, Param};
use tokio::task::JoinHandle;

use crate::calls::FORCE;
use crate::each_user::{EachUser, UserTask};
use crate::product::Product;
use crate::refusals::record;
use crate::users::{IDENTITY, name_of};

const PARAMS: &[Param] = &[IDENTITY, FORCE];

/// Writes of several users go to the disk together.
pub(crate) const WRITES_IN_FLIGHT: usize = 32;

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::new("Lock-CsClientPin", move || EachUser::new(&product, LockPin))
        .synopsis("Locks the PIN of a user until it is unlocked.")
        .description(
            "The user cannot sign in with the PIN from then on, and the PIN cannot be replaced, \
             until Unlock-CsClientPin. The lock holds at once; a user who has no PIN yet can be \
             locked too.",
        )
        .params(PARAMS)
        .inputs("Names of users as text, or objects with an Identity: users, PIN states, rows.")
        .notes("Puts out nothing. See the result with Get-CsClientPinInfo.")
        .changes()
        .example(r#"Lock-CsClientPin -Identity "kenmyer@litwareinc.com""#, "Locks one PIN.")
        .example(
            r"Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet -eq $True} | Lock-CsClientPin",
            "Locks the PINs of all users who have one.",
        )
        .example(
            r"Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.PinExpirationTime -lt (Get-Date)} | Lock-CsClientPin",
            "Locks the PINs that have expired. One that never expires has no expiration time, \
             and is spared.",
        )
}

struct LockPin;

impl UserTask for LockPin {
    type Order = ();
    type Done = String;
    const RIGHT: Right = Right::LockPin;

    fn in_flight(&self, _cores: usize) -> usize {
        WRITES_IN_FLIGHT
    }

    fn action(&self, _args: &Args) -> String {
        "Lock the PIN".to_owned()
    }

    fn check(&self, product: &Product, _args: &Args, user: &User) -> Result<(), Box<ErrorRecord>> {
        let checked = product.service.check_lock(&product.caller, user);
        product
            .wait(checked)
            .map_err(|refusal| Box::new(record(&refusal, name_of(user))))
    }

    fn start(
        &self,
        product: &Arc<Product>,
        _order: (),
        user: User,
    ) -> JoinHandle<Result<String, ErrorRecord>> {
        let shared = Arc::clone(product);
        product.runtime.spawn(async move {
            match shared.service.lock_pin(&shared.caller, &user).await {
                Ok(()) => Ok(name_of(&user).to_owned()),
                Err(refusal) => Err(record(&refusal, name_of(&user))),
            }
        })
    }

    fn show(&self, cx: &mut Cx, _args: &Args, identity: &String) -> Flow {
        cx.verbose(&format!("The PIN of {identity} is locked."))
    }

    fn summary(&self, users: u64) -> String {
        format!("{users} PINs were locked")
    }
}
