//! `Get-CsSite`: lists sites.

use std::sync::Arc;

use pinward_core::fold;
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
        .description("A site is a place with users. It may have a PIN policy of its own.")
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
    let sites = match product.wait(product.service.sites(&product.caller)) {
        Ok(sites) => sites,
        Err(refusal) => return Err(fail(cx, &refusal, "")),
    };
    if let Some(named) = args.string("Identity") {
        let wanted = fold(named);
        let id = wanted
            .strip_prefix("site:")
            .map_or(wanted.as_str(), str::trim);
        return match sites.iter().find(|site| fold(&site.id) == id) {
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
    for site in &sites {
        let wanted = filter.as_ref().is_none_or(|filter| {
            filter.is_match(&site.id) || filter.is_match(&format!("Site:{}", site.id))
        });
        if wanted {
            cx.emit(site::object(site))?;
        }
    }
    Ok(())
}
