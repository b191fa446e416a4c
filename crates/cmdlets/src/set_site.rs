//! `Set-CsSite`: changes a site and who belongs to it.

use std::sync::Arc;

use pinward_core::strip_site;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::calls::{FORCE, proceed};
use crate::objects::site::{self, SITE};
use crate::product::Product;
use crate::refusals::{invalid, report};
use crate::site_values::{
    self, DISPLAY_NAME, LDAP_FILTER, OU, WHO_BELONGS, end_progress, show_progress,
};

const PARAMS: &[Param] = &[
    Param::string("Identity")
        .alias(&["SiteId"])
        .required()
        .at(1)
        .by_value()
        .by_property()
        .completes("site")
        .help("The site: its id, with or without site: before it."),
    DISPLAY_NAME,
    OU,
    LDAP_FILTER,
    Param::switch("PassThru").help("Puts out the site as it is afterwards."),
    FORCE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Set-CsSite", move |cx, args| process(&product, cx, args))
        .synopsis("Changes a site, and who belongs to it.")
        .description(
            "Changes what is given and leaves the rest. A new rule takes the place of the old one, \
             be it of organisational units or a filter, and people move at once; $null takes the \
             rule away, and who belonged to the site by it belongs to none or to that of another \
             rule.",
        )
        .params(PARAMS)
        .inputs("Ids of sites as text, or objects with an Identity: sites.")
        .outputs(const { &[&SITE] })
        .notes(WHO_BELONGS)
        .changes()
        .example(
            r#"Set-CsSite Redmond -DisplayName "Litware Headquarters""#,
            "What people call a site.",
        )
        .example(
            r#"Set-CsSite Dublin -OU "OU=Dublin,DC=litwareinc,DC=com","OU=Cork,DC=litwareinc,DC=com""#,
            "The people of two organisational units.",
        )
        .example("Set-CsSite Dublin -OU $null", "Takes the rule away again.")
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let (named, request) = (args.text("Identity"), site_values::request(args));
    if !["DisplayName", "OU", "LdapFilter"]
        .iter()
        .any(|name| args.given(name))
    {
        let error = invalid(
            "NothingToChange",
            "it is not said what to change about the site",
        );
        return cx.error(
            error
                .advice("Give -DisplayName, -OU or -LdapFilter.")
                .target(named),
        );
    }
    let id = match product.wait(service.check_site_change(caller, named, &request)) {
        Ok(details) => details.site.id,
        Err(refusal) => return report(cx, &refusal, strip_site(named)),
    };
    if !proceed(cx, args, &format!("Site:{id}"), "Change the site")? {
        return Ok(());
    }
    let progress = |so_far| show_progress(cx, so_far);
    let changed = product.wait(service.change_site(caller, &id, &request, None, progress));
    end_progress(cx);
    match changed {
        Ok(changed) => {
            if args.switch("PassThru") {
                cx.emit(site::object(&changed.site))?;
            }
            site_values::tell(cx, args, &changed)
        }
        Err(refusal) => report(cx, &refusal, &id),
    }
}
