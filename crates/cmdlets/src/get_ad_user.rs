//! `Get-CsAdUser`: lists the people of the directory, enabled or not.

use std::sync::Arc;

use pinward_service::{FindUserError, Right};
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::calls::{CREDENTIAL, DOMAIN_CONTROLLER};
use crate::objects::user::PERSON;
use crate::product::Product;
use crate::refusals::{fail, raise};
use crate::user_search::{FILTER, LDAP_FILTER, OU, RESULT_SIZE, Search};
use crate::users::{self, OPTIONAL_IDENTITY};

const PARAMS: &[Param] = &[
    OPTIONAL_IDENTITY,
    FILTER,
    LDAP_FILTER,
    OU,
    RESULT_SIZE,
    CREDENTIAL,
    DOMAIN_CONTROLLER,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsAdUser", move |cx, args| process(&product, cx, args))
        .synopsis("Lists the people of the directory, enabled or not.")
        .description(
            "Like Get-CsUser, but with the people who are not enabled. Those have no PIN and \
             cannot sign in.",
        )
        .params(PARAMS)
        .inputs("Names of people as text, or objects with an Identity.")
        .outputs(const { &[&PERSON] })
        .example("Get-CsAdUser", "Everybody in the directory.")
        .example(r#"Get-CsAdUser -Identity "Pilar Ackerman""#, "One of them.")
        .example(
            r#"Get-CsAdUser -OU "ou=Finance,dc=litwareinc,dc=com""#,
            "An organisational unit and all beneath it.",
        )
        .example(
            r"Get-CsAdUser -Filter {Enabled -ne $True} | Select-Object DisplayName",
            "The names of those who are not enabled.",
        )
        .example(
            r#"Get-CsAdUser -LdapFilter "Department=Finance""#,
            "A department.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let mut search = Search::new(cx, args, &PERSON)?;
    let pages = match product.service.people(&product.caller) {
        Ok(pages) => pages,
        Err(denied) => return Err(fail(cx, &FindUserError::from(denied), "")),
    };
    let Some(named) = args.get("Identity") else {
        search.list_pages(product, cx, pages, None)?;
        return search.finish(cx);
    };
    for found in users::find_all(product, Right::ViewPeople, named) {
        match found {
            Ok(person) => search.list(cx, &[person])?,
            Err(refused) => raise(cx, refused)?,
        }
    }
    search.finish(cx)
}
