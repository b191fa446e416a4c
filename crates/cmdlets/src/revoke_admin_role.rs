//! `Revoke-CsAdminRole`: takes a granted role back.

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
use crate::role_values;
use crate::users::{IDENTITY, name_of};

const PARAMS: &[Param] = &[
    IDENTITY,
    Param::string("Role")
        .required()
        .at(2)
        .completes("role")
        .help("The name of the role that was granted."),
    FORCE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::new("Revoke-CsAdminRole", move || EachUser::new(&product, Revoke))
        .synopsis("Takes a granted role back from a user.")
        .description(
            "Takes back what Grant-CsAdminRole gave; it counts for sessions that begin from then on. \
             A role that a user holds by a group of the directory is taken there: this reports \
             it.",
        )
        .params(PARAMS)
        .inputs("Names of users as text, or objects with an Identity.")
        .notes("Puts out nothing. See who holds what with Get-CsAdminRoleAssignment.")
        .changes()
        .example(
            r#"Revoke-CsAdminRole -Identity "kenmyer@litwareinc.com" -Role CsHelpDesk"#,
            "Takes a role back from one user.",
        )
        .example(
            r#"Get-CsUser -LdapFilter "Title=Supervisor" | Revoke-CsAdminRole -Role CsHelpDesk -ErrorAction SilentlyContinue"#,
            "Takes a role back from several users, passing over those who were not granted it.",
        )
}

struct Revoke;

impl UserTask for Revoke {
    type Order = String;
    type Done = String;
    const RIGHT: Right = Right::RevokeRole;

    fn in_flight(&self, _cores: usize) -> usize {
        WRITES_IN_FLIGHT
    }

    fn action(&self, args: &Args) -> String {
        format!("Take back the role {}", role_values::named(args))
    }

    fn check(
        &self,
        product: &Product,
        args: &Args,
        user: &User,
    ) -> Result<String, Box<ErrorRecord>> {
        let (service, caller) = (&product.service, &product.caller);
        match product.wait(service.check_role_revocation(caller, user, role_values::named(args))) {
            Ok(()) => Ok(role_values::named(args).to_owned()),
            Err(refusal) => Err(Box::new(record(&refusal, name_of(user)))),
        }
    }

    fn start(
        &self,
        product: &Arc<Product>,
        role: String,
        user: User,
    ) -> JoinHandle<Result<String, ErrorRecord>> {
        let shared = Arc::clone(product);
        product.runtime.spawn(async move {
            let (service, caller) = (&shared.service, &shared.caller);
            let revoked = service.revoke_role(caller, &user, &role).await;
            revoked.map_err(|refusal| record(&refusal, name_of(&user)))?;
            Ok(name_of(&user).to_owned())
        })
    }

    fn show(&self, cx: &mut Cx, args: &Args, identity: &String) -> Flow {
        cx.verbose(&format!(
            "{identity} was granted the role {} no longer.",
            role_values::named(args)
        ))
    }

    fn summary(&self, users: u64) -> String {
        format!("The role was taken back from {users} users")
    }
}
