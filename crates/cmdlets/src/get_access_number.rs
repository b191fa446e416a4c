//! `Get-CsDialInConferencingAccessNumber`: lists access numbers.

use std::sync::Arc;

use pinward_core::RegionChoice;
use pinward_service::AccessNumberChoice;
use pinward_shell::filter::Filter;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::access_number_values::{OPTIONAL_IDENTITY, uri};
use crate::calls::{CREDENTIAL, DOMAIN_CONTROLLER};
use crate::objects::access_number::{self, ACCESS_NUMBER};
use crate::product::Product;
use crate::refusals::{fail, invalid, report};
use crate::user_search::RESULT_SIZE;

const PARAMS: &[Param] = &[
    OPTIONAL_IDENTITY.sets(&["Identity"]),
    Param::switch("EmptyRegion").sets(&["EmptyRegion"]).help(
        "Lists the regions without a number, as text: the sites that no number has among its \
         regions. Not together with anything else.",
    ),
    Param::string("Region")
        .allow_null()
        .sets(&["Region"])
        .completes("site")
        .help(
            "The numbers of a region, in the order in which they are shown to people. With \
         site:<SiteId>/ or global/ before the region only those of that scope; with $null the \
         numbers of no region.",
        ),
    Param::filter("Filter").help(
        "A condition on the properties of access numbers, named without $_: {DisplayName -like \
         \"*Seattle*\"}.",
    ),
    Param::string("OU").help(
        "Access numbers are kept in no organisational unit here, so none is in the one named.",
    ),
    RESULT_SIZE,
    CREDENTIAL,
    DOMAIN_CONTROLLER,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsDialInConferencingAccessNumber", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Lists the numbers by which people dial in to conferences.")
    .description(
        "Lists all access numbers by SIP address, or those that are asked for. Where a region is \
         named they come in the order of their priority in it.",
    )
    .sets(&["Identity", "EmptyRegion", "Region"])
    .params(PARAMS)
    .inputs("SIP addresses of access numbers as text, or objects with an Identity.")
    .outputs(const { &[&ACCESS_NUMBER] })
    .notes(
        "The property Scope, which is not in the list view, is Global or the site whose people the \
         number is for.",
    )
    .example("Get-CsDialInConferencingAccessNumber", "All access numbers.")
    .example(
        "Get-CsDialInConferencingAccessNumber -Identity sip:RedmondDialIn@litwareinc.com",
        "One of them.",
    )
    .example(
        r#"Get-CsDialInConferencingAccessNumber -Region "Redmond""#,
        "The numbers of a region, in their order.",
    )
    .example(
        "Get-CsDialInConferencingAccessNumber -Region $Null",
        "The numbers of no region.",
    )
    .example(
        "Get-CsDialInConferencingAccessNumber -Region site:USA/Redmond",
        "The numbers of a region that are for the people of a site only.",
    )
    .example(
        r#"Get-CsDialInConferencingAccessNumber -Filter {DisplayName -like "*Seattle*"}"#,
        "The numbers that are called so.",
    )
    .example(
        r#"Get-CsDialInConferencingAccessNumber -Filter {LineUri -like "tel:+1425*"}"#,
        "The numbers of an area code.",
    )
    .example(
        r#"Get-CsDialInConferencingAccessNumber | Where-Object {$_.PrimaryLanguage -eq "it-IT"}"#,
        "The numbers where Italian is spoken.",
    )
    .example(
        r#"Get-CsDialInConferencingAccessNumber | Where-Object {$_.SecondaryLanguages -contains "fr-FR"}"#,
        "The numbers where French can be chosen.",
    )
    .example(
        "Get-CsDialInConferencingAccessNumber -EmptyRegion",
        "The sites whose people find no number of their region.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    if args.switch("EmptyRegion") {
        return match product.wait(service.empty_regions(caller)) {
            Ok(regions) => cx.emit_all(regions),
            Err(refusal) => Err(fail(cx, &refusal, "")),
        };
    }
    let read = args
        .string("Filter")
        .map(|text| Filter::parse(text, &|name| cx.variable(name)));
    let filter = match read.transpose() {
        Ok(filter) => filter,
        Err(error) => return Err(cx.fail(invalid("FilterInvalid", error.to_string()))),
    };
    let numbers = match args.get("Identity") {
        Some(named) => {
            let uri = match uri(named) {
                Ok(uri) => uri,
                Err(error) => return cx.error(*error),
            };
            match product.wait(service.access_number(caller, &uri)) {
                Ok(number) => vec![number],
                Err(refusal) => return report(cx, &refusal, &uri),
            }
        }
        None => match product.wait(service.access_numbers(caller, &choice(args))) {
            Ok(numbers) => numbers,
            Err(refusal) => return Err(fail(cx, &refusal, "")),
        },
    };
    let most = args
        .u32("ResultSize")
        .map_or(usize::MAX, |most| most as usize);
    let objects = numbers.iter().map(access_number::object);
    let wanted = objects.filter(|object| {
        let passes = |filter: &Filter| filter.matches(&|name| object.property(name));
        !args.given("OU") && filter.as_ref().is_none_or(passes)
    });
    cx.emit_all(wanted.take(most).collect::<Vec<_>>())
}

fn choice(args: &Args) -> AccessNumberChoice {
    if !args.given("Region") {
        return AccessNumberChoice::All;
    }
    match args.string("Region").map(str::trim) {
        None | Some("") => AccessNumberChoice::NoRegion,
        Some(region) => AccessNumberChoice::Region(RegionChoice::parse(region)),
    }
}
