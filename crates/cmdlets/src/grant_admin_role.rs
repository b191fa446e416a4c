//! `Grant-CsAdminRole`: gives users a role.

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
        .help("The name of the role, standard or custom."),
    FORCE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::new("Grant-CsAdminRole", move || EachUser::new(&product, Grant))
        .synopsis("Gives a user a role.")
        .description(
            "The user may do what the role allows, as far as its scopes reach, in sessions that begin \
             from then on. Granting again changes nothing. People also hold the roles that are \
             called like their groups in the directory; those are given and taken there.\n\n\
             The account that owns the data folder on the machine itself always is CsAdministrator, \
             whoever else holds which role.",
        )
        .params(PARAMS)
        .inputs("Names of users as text, or objects with an Identity.")
        .notes("Puts out nothing. See who holds what with Get-CsAdminRoleAssignment.")
        .changes()
        .example(
            r#"Grant-CsAdminRole -Identity "kenmyer@litwareinc.com" -Role CsHelpDesk"#,
            "Gives one user a role.",
        )
        .example(
            r#"Get-CsUser -LdapFilter "Title=Supervisor" | Grant-CsAdminRole -Role CsHelpDesk"#,
            "Gives several users a role.",
        )
}

struct Grant;

impl UserTask for Grant {
    type Order = String;
    type Done = String;
    const RIGHT: Right = Right::GrantRole;

    fn in_flight(&self, _cores: usize) -> usize {
        WRITES_IN_FLIGHT
    }

    fn action(&self, args: &Args) -> String {
        format!("Grant the role {}", role_values::named(args))
    }

    fn begin(&self, product: &Product, cx: &mut Cx, args: &Args) -> Flow {
        // Wrong for one user, it is wrong for all.
        let checked = product
            .service
            .check_role_grant(&product.caller, role_values::named(args));
        product.wait(checked).map_err(|refusal| {
            cx.fail(role_values::unknown(
                product,
                &refusal,
                role_values::named(args),
            ))
        })
    }

    fn check(&self, _: &Product, args: &Args, _: &User) -> Result<String, Box<ErrorRecord>> {
        Ok(role_values::named(args).to_owned())
    }

    fn start(
        &self,
        product: &Arc<Product>,
        role: String,
        user: User,
    ) -> JoinHandle<Result<String, ErrorRecord>> {
        let shared = Arc::clone(product);
        product.runtime.spawn(async move {
            let granted = shared
                .service
                .grant_role(&shared.caller, &user, &role)
                .await;
            granted.map_err(|refusal| record(&refusal, name_of(&user)))?;
            Ok(name_of(&user).to_owned())
        })
    }

    fn show(&self, cx: &mut Cx, args: &Args, identity: &String) -> Flow {
        cx.verbose(&format!(
            "{identity} holds the role {}.",
            role_values::named(args)
        ))
    }

    fn summary(&self, users: u64) -> String {
        format!("The role was granted to {users} users")
    }
}
