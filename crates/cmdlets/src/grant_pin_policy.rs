//! `Grant-CsPinPolicy`: gives users a per-user PIN policy, or takes it back.

use std::sync::Arc;

use pinward_core::{Timestamp, User};
use pinward_service::{GrantError, Right};
use pinward_shell::{Args, CmdletDef, Cx, ErrorRecord, Flow, Param};
use tokio::task::JoinHandle;

use crate::calls::DOMAIN_CONTROLLER;
use crate::each_user::{EachUser, UserTask};
use crate::foresight;
use crate::lock_client_pin::WRITES_IN_FLIGHT;
use crate::objects::user::{self, USER};
use crate::product::Product;
use crate::refusals::{fail, invalid, record};
use crate::users::{IDENTITY, name_of};

const PARAMS: &[Param] = &[
    IDENTITY,
    Param::string("PolicyName").at(2).allow_null().completes("per-user-policy").help(
        "The per-user policy to grant, with or without tag: before its name. $null or \"\" takes \
         the grant back: the policy of the site or the global one applies again.",
    ),
    Param::switch("PassThru").help("Puts out the users as they are afterwards."),
    DOMAIN_CONTROLLER,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::new("Grant-CsPinPolicy", move || EachUser::new(&product, Grant))
        .synopsis("Grants users a per-user PIN policy, or takes it back.")
        .description(
            "A user has one per-user policy at most; granting another one replaces it. Policies of \
             sites and the global policy apply by themselves and cannot be granted. With -WhatIf, \
             and where it asks for confirmation, it says which policy would follow on which, and \
             whether the PIN would be expired by it.",
        )
        .params(PARAMS)
        .inputs("Names of users as text, or objects with an Identity: users, PIN states, rows.")
        .outputs(const { &[&USER] })
        .notes(
            "Puts out nothing without -PassThru. -PolicyName has to be given, be it as $null, so \
             that a forgotten name takes nothing back.",
        )
        .changes()
        .example(
            r#"Grant-CsPinPolicy -Identity "kenmyer@litwareinc.com" -PolicyName RedmondUsersPinPolicy"#,
            "Grants a policy to one user.",
        )
        .example(
            "Grant-CsPinPolicy -Identity kenmyer@litwareinc.com -PolicyName $Null",
            "Takes it back.",
        )
        .example(
            r#"Get-CsUser -LdapFilter "l=Redmond" | Grant-CsPinPolicy -PolicyName RedmondUsersPinPolicy"#,
            "Grants a policy to everybody in a city.",
        )
        .example(
            r"Get-CsUser -Filter {PinPolicy -eq $Null} | Grant-CsPinPolicy -PolicyName RedmondUsersPinPolicy",
            "Grants a policy to all users who were granted none.",
        )
        .example(
            r#"Grant-CsPinPolicy "* Smith" ExecutivesPinPolicy -PassThru | Format-Table DisplayName, PinPolicy"#,
            "Grants a policy to several users and shows the result.",
        )
}

struct Grant;

/// What a user is to be granted.
struct Grantee {
    policy: Option<String>,
    pass_thru: bool,
}

/// The policy's name; `None` takes the grant back.
fn policy_name(args: &Args) -> Option<&str> {
    args.string("PolicyName")
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

impl UserTask for Grant {
    type Order = Grantee;
    type Done = User;
    const RIGHT: Right = Right::GrantPolicy;

    fn in_flight(&self, _cores: usize) -> usize {
        WRITES_IN_FLIGHT
    }

    fn action(&self, args: &Args) -> String {
        match policy_name(args) {
            Some(name) => format!("Grant the PIN policy {name}"),
            None => "Take back the per-user PIN policy".to_owned(),
        }
    }

    fn meaning(
        &self,
        product: &Product,
        args: &Args,
        user: &User,
        date: &dyn Fn(Timestamp) -> String,
    ) -> String {
        foresight::of_grant(product, user, policy_name(args), date)
    }

    fn begin(&self, product: &Product, cx: &mut Cx, args: &Args) -> Flow {
        if !args.given("PolicyName") {
            let error = invalid(
                "PolicyNameMissing",
                "it is not said which PIN policy to grant",
            );
            return Err(cx.fail(
                error.advice("Give -PolicyName <name>, or -PolicyName $null to take a grant back."),
            ));
        }
        let name = policy_name(args);
        // Wrong for one user, it is wrong for all.
        product
            .wait(product.service.check_grant(&product.caller, name))
            .map_err(|refusal| fail(cx, &refusal, name.unwrap_or_default()))
    }

    fn check(
        &self,
        _product: &Product,
        args: &Args,
        _user: &User,
    ) -> Result<Grantee, Box<ErrorRecord>> {
        Ok(Grantee {
            policy: policy_name(args).map(str::to_owned),
            pass_thru: args.switch("PassThru"),
        })
    }

    fn start(
        &self,
        product: &Arc<Product>,
        Grantee { policy, pass_thru }: Grantee,
        user: User,
    ) -> JoinHandle<Result<User, ErrorRecord>> {
        let shared = Arc::clone(product);
        product.runtime.spawn(async move {
            let (service, caller) = (&shared.service, &shared.caller);
            let granted = service.grant_policy(caller, &user, policy.as_deref()).await;
            granted.map_err(|refusal| record(&refusal, name_of(&user)))?;
            if !pass_thru {
                return Ok(user);
            }
            let again = service
                .find_people(caller, Right::GrantPolicy, &user.person.dn)
                .await;
            let found = again.map_err(|refusal| record(&refusal, name_of(&user)))?;
            found
                .into_iter()
                .find(|found| found.id == user.id)
                .ok_or_else(|| {
                    let identity = name_of(&user).to_owned();
                    record(&GrantError::Gone { identity }, name_of(&user))
                })
        })
    }

    fn show(&self, cx: &mut Cx, args: &Args, user: &User) -> Flow {
        if args.switch("PassThru") {
            let object = user::object(cx, &USER, user);
            return cx.emit(object);
        }
        match policy_name(args) {
            Some(name) => cx.verbose(&format!(
                "{} is granted the PIN policy {name}.",
                name_of(user)
            )),
            None => cx.verbose(&format!("{} has no per-user PIN policy.", name_of(user))),
        }
    }

    fn summary(&self, users: u64) -> String {
        format!("The PIN policies of {users} users were set")
    }
}
