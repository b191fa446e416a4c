//! `Get-CsUser`: lists users.

use std::sync::Arc;

use pinward_service::FindUserError;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::calls::{CREDENTIAL, DOMAIN_CONTROLLER};
use crate::objects::user::USER;
use crate::product::Product;
use crate::refusals::{fail, report};
use crate::user_search::{self, FILTER, LDAP_FILTER, OU, RESULT_SIZE, Search};
use crate::users::{self, OPTIONAL_IDENTITY};

const HERE_ALL: &str =
    "Accepted so that scripts run; all users belong to this one server, so it changes nothing.";

const PARAMS: &[Param] = &[
    OPTIONAL_IDENTITY,
    FILTER,
    LDAP_FILTER,
    OU,
    RESULT_SIZE,
    Param::switch("UnAssignedUser").help("Only users who have no registrar pool."),
    CREDENTIAL,
    DOMAIN_CONTROLLER,
    Param::switch("OnLyncServer").help(HERE_ALL),
    Param::switch("OnModernServer").help(HERE_ALL),
    Param::switch("OnOfficeCommunicationServer").help(HERE_ALL),
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsUser", move |cx, args| process(&product, cx, args))
        .synopsis("Lists users: the people who are enabled.")
        .description(
            "Lists all users, or those that an identity names, and of them those who satisfy every \
             condition that is given. Properties that users do not have here, such as \
             EnterpriseVoiceEnabled, are $null wherever they are asked for.",
        )
        .params(PARAMS)
        .inputs("Names of users as text, or objects with an Identity.")
        .outputs(const { &[&USER] })
        .notes("People who are not enabled are listed by Get-CsAdUser only.")
        .example("Get-CsUser", "All users.")
        .example(
            "Get-CsUser | Format-Table -Property DisplayName, SipAddress, EnterpriseVoiceEnabled -AutoSize",
            "Three properties of all users, as a table.",
        )
        .example(r#"Get-CsUser -Identity "Pilar Ackerman""#, "One user.")
        .example(r#"Get-CsUser -Identity "Pilar*""#, "The users whose display names begin so.")
        .example(
            r"Get-CsUser -Filter {VoicePolicy -ne $Null}",
            "Nobody here: users have no voice policies.",
        )
        .example(r#"Get-CsUser -LdapFilter "Department=Finance""#, "A department.")
        .example(
            r#"Get-CsUser -LdapFilter "&(Department=Finance)(Title=Manager)""#,
            "The managers of a department.",
        )
        .example(
            r#"Get-CsUser -LdapFilter "|(Title=Supervisor)(Title=Manager)""#,
            "Supervisors and managers.",
        )
        .example(
            r#"Get-CsUser -OU "ou=Finance,ou=North America,dc=litwareinc,dc=com""#,
            "An organisational unit and all beneath it.",
        )
        .example("Get-CsUser -UnassignedUser", "Users who have no registrar pool.")
        .example("Get-CsUser | Group-Object City", "How many users there are in each city.")
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let mut search = Search::new(cx, args, &USER)?;
    let (service, caller) = (&product.service, &product.caller);
    if let Some(named) = args.get("Identity") {
        let identities = match users::identities(named) {
            Ok(identities) => identities,
            Err(error) => return cx.error(*error),
        };
        for identity in identities {
            find(product, cx, &mut search, &identity)?;
        }
        return search.finish(cx);
    }
    match service.users(caller) {
        Ok(pages) => search.list_pages(product, cx, pages, None)?,
        Err(denied) => return Err(fail(cx, &FindUserError::from(denied), "")),
    };
    search.finish(cx)
}

/// Lists the users whom one identity names. A wildcard may name all of them, so it goes by pages.
fn find(product: &Product, cx: &mut Cx, search: &mut Search, identity: &str) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let Some(pattern) = user_search::pattern(identity) else {
        return match product.wait(service.find_users(caller, identity)) {
            Ok(found) => search.list(cx, &found),
            Err(refusal) => report(cx, &refusal, identity),
        };
    };
    let pages = match service.users(caller) {
        Ok(pages) => pages,
        Err(denied) => return Err(fail(cx, &FindUserError::from(denied), identity)),
    };
    let matched = search.list_pages(product, cx, pages, Some(&pattern))?;
    if matched == 0 && !search.is_full() {
        let identity = identity.trim().to_owned();
        let refusal = FindUserError::NotFound {
            identity: identity.clone(),
        };
        return report(cx, &refusal, &identity);
    }
    Ok(())
}
