//! `New-CsDialInConferencingAccessNumber`: creates an access number.

use std::sync::Arc;

use pinward_core::AccessNumber;
use pinward_service::NewScope;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::access_number_values::{
    DISPLAY_NAME, DISPLAY_NUMBER, LINE_URI, PASS_THRU, PRIMARY_LANGUAGE, REGIONS, SCOPE_TO_SITE,
    SECONDARY_LANGUAGES, optional, texts,
};
use crate::calls::{TENANT, proceed};
use crate::objects::access_number::{self, ACCESS_NUMBER};
use crate::product::Product;
use crate::refusals::report;

const PARAMS: &[Param] = &[
    Param::string("PrimaryUri").required().help(
        "The SIP address that stands for the number from then on, sip:name@domain; no other number \
         may have it.",
    ),
    DISPLAY_NUMBER.required(),
    LINE_URI.required(),
    PRIMARY_LANGUAGE.required(),
    SECONDARY_LANGUAGES,
    Param::string("Pool")
        .required()
        .sets(&["Onprem"])
        .help("The full name of the pool that answers the number."),
    REGIONS.required().sets(&["Onprem"]),
    Param::string("HostingProviderProxyFqdn")
        .alias(&["HostingProvider"])
        .required()
        .sets(&["Hosting"])
        .help("The full name of the proxy of the provider that answers the number."),
    SCOPE_TO_SITE,
    DISPLAY_NAME,
    PASS_THRU,
    TENANT,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("New-CsDialInConferencingAccessNumber", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Creates a number by which people dial in to conferences.")
    .description(
        "The number is shown to people after those that their regions have already; \
         Set-CsDialInConferencingAccessNumber -Priority moves it. Everything that is wrong with it \
         is reported together, and then it is not created.",
    )
    .sets(&["Onprem", "Hosting"])
    .params(PARAMS)
    .outputs(const { &[&ACCESS_NUMBER] })
    .notes("Puts out nothing without -PassThru.")
    .changes()
    .example(
        r#"New-CsDialInConferencingAccessNumber -PrimaryUri "sip:TacomaDialIn@litwareinc.com" -DisplayNumber "1-800-555-1235" -LineUri "tel:+18005551235" -Pool atl-cs-001.litwareinc.com -PrimaryLanguage "en-US" -Regions "Tacoma""#,
        "A number for a region.",
    )
    .example(
        r#"New-CsDialInConferencingAccessNumber -PrimaryUri "sip:QuebecDialIn@litwareinc.com" -DisplayNumber "1-800-555-1236" -LineUri "tel:+18005551236" -Pool atl-cs-001.litwareinc.com -PrimaryLanguage "en-US" -Regions "Redmond" -SecondaryLanguages "fr-CA", "fr-FR""#,
        "A number where two more languages can be chosen.",
    )
    .example(
        r#"New-CsDialInConferencingAccessNumber -PrimaryUri "sip:SiteDialIn@litwareinc.com" -DisplayNumber "1-800-555-1237" -LineUri "tel:+18005551237" -Pool atl-cs-001.litwareinc.com -PrimaryLanguage "en-US" -Regions "Redmond" -ScopeToSite"#,
        "A number for the people of one site.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let number = AccessNumber {
        primary_uri: args.text("PrimaryUri").to_owned(),
        display_name: optional(args, "DisplayName"),
        display_number: args.text("DisplayNumber").to_owned(),
        line_uri: args.text("LineUri").to_owned(),
        primary_language: args.text("PrimaryLanguage").to_owned(),
        secondary_languages: texts(args, "SecondaryLanguages"),
        pool: args.string("Pool").map(str::to_owned),
        hosting_provider: args.string("HostingProviderProxyFqdn").map(str::to_owned),
        regions: texts(args, "Regions"),
        site: None,
    };
    let scope = match args.switch("ScopeToSite") {
        true => NewScope::SiteOfPool,
        false => NewScope::Global,
    };
    let named = number.primary_uri.clone();
    let number = match product.wait(service.check_access_number(caller, number, scope)) {
        Ok(number) => number,
        Err(refusal) => return report(cx, &refusal, &named),
    };
    if !proceed(cx, args, &number.primary_uri, "Create the access number")? {
        return Ok(());
    }
    match product.wait(service.create_access_number(caller, number, scope)) {
        Ok(number) if args.switch("PassThru") => cx.emit(access_number::object(&number)),
        Ok(number) => cx.verbose(&format!(
            "The access number {} is created.",
            number.primary_uri
        )),
        Err(refusal) => report(cx, &refusal, &named),
    }
}
