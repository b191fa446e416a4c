//! `Unlock-CsClientPin`: ends every lock and lockout of a PIN.

use std::sync::Arc;

use pinward_core::User;
use pinward_service::Right;
use pinward_shell::{Args, CmdletDef, Cx, ErrorRecord, Flow, Param};
use tokio::task::JoinHandle;

use crate::calls::FORCE;
use crate::each_user::{EachUser, UserTask};
use crate::lock_client_pin::WRITES_IN_FLIGHT;
use crate::product::Product;
use crate::refusals::record;
use crate::users::{IDENTITY, name_of};

const PARAMS: &[Param] = &[IDENTITY, FORCE];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::new("Unlock-CsClientPin", move || EachUser::new(&product, UnlockPin))
        .synopsis("Unlocks the PIN of a user.")
        .description(
            "Ends every lock: the one an administrator set, the one after too many failed logons \
             in all, and the temporary lockout. Both counts of failed logons start at 0 again, \
             also where the PIN was not locked. The PIN stays as it is.",
        )
        .params(PARAMS)
        .inputs("Names of users as text, or objects with an Identity: users, PIN states, rows.")
        .notes("Puts out nothing. See the result with Get-CsClientPinInfo.")
        .changes()
        .example(r#"Unlock-CsClientPin -Identity "litwareinc\kenmyer""#, "Unlocks one PIN.")
        .example(
            r"Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsLockedOut -eq $True} | Unlock-CsClientPin",
            "Unlocks all PINs that are locked.",
        )
        .example(
            r"Get-CsUser | Get-CsClientPinInfo | Where-Object LockState -eq Temporary | Unlock-CsClientPin -Confirm",
            "Asks for each user who is locked out for an hour whether to end it.",
        )
}

struct UnlockPin;

impl UserTask for UnlockPin {
    type Order = ();
    type Done = String;
    const RIGHT: Right = Right::UnlockPin;

    fn in_flight(&self, _cores: usize) -> usize {
        WRITES_IN_FLIGHT
    }

    fn action(&self, _args: &Args) -> String {
        "Unlock the PIN".to_owned()
    }

    fn check(&self, product: &Product, _args: &Args, user: &User) -> Result<(), Box<ErrorRecord>> {
        let checked = product.service.check_unlock(&product.caller, user);
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
            match shared.service.unlock_pin(&shared.caller, &user).await {
                Ok(()) => Ok(name_of(&user).to_owned()),
                Err(refusal) => Err(record(&refusal, name_of(&user))),
            }
        })
    }

    fn show(&self, cx: &mut Cx, _args: &Args, identity: &String) -> Flow {
        cx.verbose(&format!("The PIN of {identity} is unlocked."))
    }

    fn summary(&self, users: u64) -> String {
        format!("{users} PINs were unlocked")
    }
}
