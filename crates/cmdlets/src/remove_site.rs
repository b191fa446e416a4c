//! `Remove-CsSite`: removes a site and its PIN policy.

use std::sync::Arc;

use pinward_core::strip_site;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::calls::{FORCE, proceed, warn};
use crate::product::Product;
use crate::refusals::report;
use crate::site_values::{end_progress, show_progress};

const PARAMS: &[Param] = &[
    Param::string("Identity")
        .alias(&["SiteId"])
        .required()
        .at(1)
        .by_value()
        .by_property()
        .completes("site")
        .help("The site: its id, with or without site: before it."),
    FORCE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Remove-CsSite", move |cx, args| process(&product, cx, args))
        .synopsis("Removes a site and its PIN policy.")
        .description(
            "The users of the site belong to the site of another rule that means them, or to none. \
             At once they are governed by the policy that was granted to them, else by that of \
             their new site, else by the global one. PINs stay as they are.\n\n\
             An import that names a site which was removed is refused for these people.",
        )
        .params(PARAMS)
        .inputs("Ids of sites as text, or objects with an Identity: sites.")
        .notes(
            "Asks before it removes a site, unless -Force or -Confirm:$false is given. Puts out \
             nothing.",
        )
        .asks()
        .example("Remove-CsSite Dublin", "Removes a site, after a question.")
        .example(
            "Get-CsSite | Where-Object {$_.Users -eq 0} | Remove-CsSite -Force",
            "Removes the sites that have no users, without asking.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let named = args.text("Identity");
    let details = match product.wait(service.check_site_removal(caller, named)) {
        Ok(details) => details,
        Err(refusal) => return report(cx, &refusal, strip_site(named)),
    };
    let id = details.site.id;
    let action = format!(
        "Remove the site, its PIN policy and the place of its {} users",
        details.users
    );
    if !proceed(cx, args, &format!("Site:{id}"), &action)? {
        return Ok(());
    }
    let progress = |so_far| show_progress(cx, so_far);
    let removed = product.wait(service.remove_site(caller, &id, None, progress));
    end_progress(cx);
    match removed {
        Ok(removed) if removed.policy => warn(
            cx,
            args,
            &format!(
                "The PIN policy of the site {id} went with it: its {} users are no longer governed \
                 by it.",
                removed.users
            ),
        ),
        Ok(removed) => cx.verbose(&format!(
            "The site {id} is removed; it had {} users.",
            removed.users
        )),
        Err(refusal) => report(cx, &refusal, &id),
    }
}
