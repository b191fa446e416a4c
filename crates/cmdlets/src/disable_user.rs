//! `Disable-CsUser`: makes users people who cannot sign in.

use std::sync::Arc;

use pinward_core::UserChange;
use pinward_service::Right;
use pinward_shell::{Args, CmdletDef, ErrorRecord, Param, TypeDesc};

use crate::calls::DOMAIN_CONTROLLER;
use crate::each_user::EachUser;
use crate::objects::user::PERSON;
use crate::product::Product;
use crate::user_changes::{ChangeKind, ChangeUser, PASS_THRU};
use crate::users::IDENTITY;

const PARAMS: &[Param] = &[IDENTITY, PASS_THRU, DOMAIN_CONTROLLER];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::new("Disable-CsUser", move || {
        EachUser::new(&product, ChangeUser::<Disable>::new())
    })
    .synopsis("Takes everything from users that makes them users.")
    .description(
        "The person stays in the directory and is no user any more: SIP address, line and registrar \
         pool are taken away, the granted PIN policy, and the PIN with its history. Whoever is \
         enabled again needs a new PIN.\n\n\
         Failed logons and locks stay, so that nobody is rid of a lock this way.",
    )
    .params(PARAMS)
    .inputs("Names of users as text, or objects with an Identity: users, PIN states, rows.")
    .outputs(const { &[&PERSON] })
    .notes(
        "Set-CsUser -Enabled $False keeps a user from signing in and takes nothing away. Puts out \
         nothing without -PassThru. What a later import says of the same person holds from then on.",
    )
    .changes()
    .example(r#"Disable-CsUser -Identity "Ken Myer""#, "One user.")
    .example(
        r#"Get-CsUser -LdapFilter "Department=Finance" | Disable-CsUser"#,
        "A department.",
    )
    .example(
        "Get-CsUser -UnassignedUser | Disable-CsUser",
        "The users who have no registrar pool.",
    )
}

struct Disable;

impl ChangeKind for Disable {
    const RIGHT: Right = Right::DisableUser;
    const PASSED: &'static TypeDesc = &PERSON;
    const ACTION: &'static str =
        "Disable the user, and take away SIP address, line, policy and PIN";
    const SUMMARY: &'static str = "users were disabled";

    fn change(_args: &Args) -> Result<UserChange, Box<ErrorRecord>> {
        Ok(UserChange::Disable)
    }

    fn warning() -> Option<&'static str> {
        Some(
            "Disable-CsUser takes away the PINs of the users and their history, and the policies \
             granted to them. Set-CsUser -Enabled $False takes nothing away.",
        )
    }
}
