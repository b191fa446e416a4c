//! `New-CsSite`: creates a site.

use std::sync::Arc;

use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::calls::{FORCE, proceed};
use crate::objects::site::{self, SITE};
use crate::product::Product;
use crate::refusals::report;
use crate::site_values::{
    self, DISPLAY_NAME, LDAP_FILTER, OU, WHO_BELONGS, end_progress, show_progress,
};

const PARAMS: &[Param] = &[
    Param::string("Identity")
        .alias(&["SiteId"])
        .required()
        .at(1)
        .help("The id of the new site, with or without site: before it."),
    DISPLAY_NAME,
    OU,
    LDAP_FILTER,
    FORCE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("New-CsSite", move |cx, args| process(&product, cx, args))
        .synopsis("Creates a site, and says who belongs to it.")
        .description(
            "A site is a place with users; it can be given a PIN policy of its own with \
             New-CsPinPolicy.",
        )
        .params(PARAMS)
        .outputs(const { &[&SITE] })
        .notes(WHO_BELONGS)
        .changes()
        .example(
            r#"New-CsSite Lyon -DisplayName "Litware Lyon""#,
            "A site whose people are named by the directory.",
        )
        .example(
            r#"New-CsSite Portland -OU "OU=Portland,DC=litwareinc,DC=com""#,
            "The people of an organisational unit and all beneath it, as far as the directory \
             names no site for them.",
        )
        .example(
            r#"New-CsSite Seattle -LdapFilter "(&(l=Seattle)(!(department=Sales)))""#,
            "Everybody in a city except its sales people.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let (named, request) = (args.text("Identity"), site_values::request(args));
    let id = match product.wait(service.check_site_creation(caller, named, &request)) {
        Ok(id) => id,
        Err(refusal) => return report(cx, &refusal, named),
    };
    if !proceed(cx, args, &format!("Site:{id}"), "Create the site")? {
        return Ok(());
    }
    let progress = |so_far| show_progress(cx, so_far);
    let created = product.wait(service.create_site(caller, &id, &request, progress));
    end_progress(cx);
    match created {
        Ok(created) => {
            cx.emit(site::object(&created.site))?;
            site_values::tell(cx, args, &created)
        }
        Err(refusal) => report(cx, &refusal, &id),
    }
}
