//! `Get-CsSite`: lists sites.

use std::sync::Arc;

use pinward_core::{fold, strip_site};
use pinward_shell::value::Wildcard;
use pinward_shell::{Args, Category, CmdletDef, Cx, ErrorRecord, Flow, Param};

use crate::calls::LOCAL_STORE;
use crate::objects::site::{self, SITE};
use crate::product::Product;
use crate::refusals::fail;

const PARAMS: &[Param] = &[
    Param::string("Identity")
        .at(1)
        .by_value()
        .sets(&["Identity"])
        .completes("site")
        .help(
            "The site: its id, with or without site: before it. Without it all sites are listed.",
        ),
    Param::string("Filter")
        .sets(&["Filter"])
        .help("A wildcard on the identity, which is Site:<SiteId>, or on the id alone."),
    LOCAL_STORE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsSite", move |cx, args| process(&product, cx, args))
        .synopsis("Lists sites.")
        .description(
            "A site is a place with users. It may have a PIN policy of its own. Its users are the \
             enabled people of whom the directory says that they belong to it and, where the \
             directory says nothing, those whom its rule means: organisational units or an LDAP \
             filter.",
        )
        .sets(&["Identity", "Filter"])
        .params(PARAMS)
        .inputs("Ids of sites as text.")
        .outputs(const { &[&SITE] })
        .example("Get-CsSite", "All sites.")
        .example("Get-CsSite Redmond", "One site.")
        .example(
            "Get-CsSite | ForEach-Object {New-CsPinPolicy $_.Identity -MinPasswordLength 8 -InMemory} | Set-CsPinPolicy",
            "The same PIN policy for every site.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let sites = match product.wait(product.service.site_details(&product.caller)) {
        Ok(sites) => sites,
        Err(refusal) => return Err(fail(cx, &refusal, "")),
    };
    if let Some(named) = args.string("Identity") {
        let id = fold(strip_site(named));
        return match sites.iter().find(|details| fold(&details.site.id) == id) {
            Some(site) => cx.emit(site::object(site)),
            None => cx.error(
                ErrorRecord::new(
                    "SiteNotFound",
                    Category::ObjectNotFound,
                    format!("there is no site \"{named}\". `Get-CsSite` lists the sites"),
                )
                .target(named),
            ),
        };
    }
    let filter = args
        .string("Filter")
        .map(|text| Wildcard::new(text.trim(), false));
    for details in &sites {
        let id = &details.site.id;
        let wanted = filter
            .as_ref()
            .is_none_or(|filter| filter.is_match(id) || filter.is_match(&format!("Site:{id}")));
        if wanted {
            cx.emit(site::object(details))?;
        }
    }
    Ok(())
}
