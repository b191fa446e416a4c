//! `Set-CsDialInConferencingAccessNumber`: changes access numbers and their order.

use std::sync::Arc;

use pinward_core::{AccessNumber, AccessNumberPatch};
use pinward_service::{AccessNumberError, NewScope};
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, Value};

use crate::access_number_values::{
    DISPLAY_NAME, DISPLAY_NUMBER, LINE_URI, OPTIONAL_IDENTITY, PASS_THRU, PRIMARY_LANGUAGE,
    REGIONS, SCOPE_TO_SITE, SECONDARY_LANGUAGES, optional, texts, uri,
};
use crate::calls::proceed;
use crate::objects::access_number::{self, ACCESS_NUMBER};
use crate::product::Product;
use crate::refusals::{invalid, report};

/// The parameters that stand for properties.
const PROPERTIES: [&str; 6] = [
    "DisplayName",
    "DisplayNumber",
    "LineUri",
    "PrimaryLanguage",
    "Regions",
    "SecondaryLanguages",
];

const PARAMS: &[Param] = &[
    OPTIONAL_IDENTITY.required().sets(&["Identity", "Reorder"]),
    Param::object("Instance", &["AccessNumber"])
        .required()
        .at(1)
        .by_value()
        .sets(&["Instance"])
        .help(
            "An access number object whose properties were changed: the number takes over its \
             values.",
        ),
    DISPLAY_NAME.sets(&["Identity"]),
    DISPLAY_NUMBER.sets(&["Identity"]),
    LINE_URI.sets(&["Identity"]),
    PRIMARY_LANGUAGE.sets(&["Identity"]),
    SECONDARY_LANGUAGES.sets(&["Identity"]),
    REGIONS.sets(&["Identity"]),
    Param::int32("Priority")
        .required()
        .range(0, i32::MAX as i64)
        .sets(&["Reorder"])
        .help("The new place of the number in -ReorderedRegion: 0 is the first."),
    Param::string("ReorderedRegion")
        .required()
        .sets(&["Reorder"])
        .help("The region in which the number gets another place."),
    Param::switch("ScopeToGlobal")
        .sets(&["Identity", "Instance"])
        .help("The number is for everybody."),
    SCOPE_TO_SITE.sets(&["Identity", "Instance"]),
    PASS_THRU,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Set-CsDialInConferencingAccessNumber", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Changes access numbers, and their order in a region.")
    .description(
        "Changes the properties that are given and leaves the others. The number is judged as it \
         would become: everything wrong with it is reported together, and then nothing is changed. \
         In regions that it stays in it keeps its place; in new ones it is the last.",
    )
    .sets(&["Identity", "Reorder", "Instance"])
    .params(PARAMS)
    .inputs("Access number objects, or SIP addresses of access numbers as text.")
    .outputs(const { &[&ACCESS_NUMBER] })
    .notes("Puts out nothing without -PassThru.")
    .changes()
    .example(
        r#"Set-CsDialInConferencingAccessNumber -Identity "sip:RedmondDialIn@litwareinc.com" -DisplayName "Redmond Dial-In Access Number""#,
        "What people call a number.",
    )
    .example(
        r#"Set-CsDialInConferencingAccessNumber -Identity "sip:RedmondDialIn@litwareinc.com" -Regions "Redmond", "Seattle""#,
        "The regions of a number.",
    )
    .example(
        r#"Get-CsDialInConferencingAccessNumber | Where-Object {$_.PrimaryLanguage -eq "fr-FR"}| Set-CsDialInConferencingAccessNumber -SecondaryLanguages "fr-CA""#,
        "Another language to choose where French is spoken.",
    )
    .example(
        r#"Get-CsDialInConferencingAccessNumber -Filter {DisplayName -eq "Default DialIn Access Number"} | Set-CsDialInConferencingAccessNumber -DisplayName "Litwareinc Conferencing""#,
        "Another name for the numbers that are called so.",
    )
    .example(
        r#"Get-CsDialInConferencingAccessNumber -Filter {LineUri -eq "TEL:+14255558715"} | Set-CsDialInConferencingAccessNumber -DisplayNumber "1-425-555-1298" -LineUri "tel:+14255551298""#,
        "Another line.",
    )
    .example(
        r#"Get-CsDialInConferencingAccessNumber | Where-Object {$_.PrimaryLanguage -ne "en-US"} | Set-CsDialInConferencingAccessNumber -SecondaryLanguages "fr-FR","it-IT""#,
        "Two languages to choose wherever English is not spoken.",
    )
    .example(
        r#"Set-CsDialInConferencingAccessNumber -Identity "sip:RedmondDialIn@litwareinc.com" -Priority 0 -ReorderedRegion Redmond"#,
        "Makes a number the first of its region.",
    )
    .example(
        "$x = Get-CsDialInConferencingAccessNumber -Identity sip:SeattleDialIn@litwareinc.com\n\
         $x.DisplayName = \"Seattle and Tacoma\"\n\
         Set-CsDialInConferencingAccessNumber -Instance $x",
        "Stores a changed object.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let given = args.get("Instance").or_else(|| args.get("Identity"));
    match given {
        Some(Value::Array(several)) => several
            .iter()
            .try_for_each(|one| change(product, cx, args, one)),
        one => change(product, cx, args, one.unwrap_or(&Value::Null)),
    }
}

fn change(product: &Product, cx: &mut Cx, args: &Args, named: &Value) -> Flow {
    let uri = match uri(named) {
        Ok(uri) => uri,
        Err(error) => return cx.error(*error),
    };
    if args.given("ReorderedRegion") {
        return reorder(product, cx, args, &uri);
    }
    let (service, caller) = (&product.service, &product.caller);
    let scope = match (args.switch("ScopeToSite"), args.switch("ScopeToGlobal")) {
        (true, true) => {
            let error = invalid(
                "ScopesExclusive",
                "-ScopeToSite and -ScopeToGlobal cannot be used together",
            );
            return Err(cx.fail(error));
        }
        (true, false) => Some(NewScope::SiteOfPool),
        (false, true) => Some(NewScope::Global),
        (false, false) => None,
    };
    let patch = match PROPERTIES.iter().any(|name| args.given(name)) {
        true => of_parameters(args),
        // A changed object that comes from the pipeline.
        false if matches!(named, Value::Object(_)) => of_object(named),
        false => AccessNumberPatch::default(),
    };
    if patch == AccessNumberPatch::default() && scope.is_none() {
        let error = invalid(
            "NothingToChange",
            "it is not said what to change of the access number",
        );
        return cx.error(error.target(uri));
    }
    let checked = service.check_access_number_change(caller, &uri, &patch, scope);
    let next = match product.wait(checked) {
        Ok(next) => next,
        Err(refusal) => return report(cx, &refusal, &uri),
    };
    if !proceed(cx, args, &next.primary_uri, "Change the access number")? {
        return Ok(());
    }
    let changed = service.change_access_number(caller, &uri, &patch, scope, None);
    told(cx, args, &uri, product.wait(changed))
}

fn reorder(product: &Product, cx: &mut Cx, args: &Args, uri: &str) -> Flow {
    let (service, caller) = (&product.service, &product.caller);
    let region = args.text("ReorderedRegion");
    let priority = args
        .i64("Priority")
        .and_then(|priority| usize::try_from(priority).ok())
        .unwrap_or_default();
    let number = match product.wait(service.check_reordering(caller, uri, region)) {
        Ok(number) => number,
        Err(refusal) => return report(cx, &refusal, uri),
    };
    let action = format!("Give the access number priority {priority} in the region {region}");
    if !proceed(cx, args, &number.primary_uri, &action)? {
        return Ok(());
    }
    let moved = service.reorder_access_number(caller, uri, region, priority, None);
    told(cx, args, uri, product.wait(moved))
}

fn told(
    cx: &mut Cx,
    args: &Args,
    uri: &str,
    changed: Result<AccessNumber, AccessNumberError>,
) -> Flow {
    match changed {
        Ok(number) if args.switch("PassThru") => cx.emit(access_number::object(&number)),
        Ok(number) => cx.verbose(&format!(
            "The access number {} is changed.",
            number.primary_uri
        )),
        Err(refusal) => report(cx, &refusal, uri),
    }
}

fn of_parameters(args: &Args) -> AccessNumberPatch {
    let text = |name: &str| args.string(name).map(str::to_owned);
    let list = |name: &str| args.given(name).then(|| texts(args, name));
    AccessNumberPatch {
        display_name: args
            .given("DisplayName")
            .then(|| optional(args, "DisplayName")),
        display_number: text("DisplayNumber"),
        line_uri: text("LineUri"),
        primary_language: text("PrimaryLanguage"),
        secondary_languages: list("SecondaryLanguages"),
        regions: list("Regions"),
        site: None,
    }
}

/// The values of an object; what it does not have stays.
fn of_object(object: &Value) -> AccessNumberPatch {
    let text = |name: &str| {
        object
            .property(name)
            .map(|value| value.to_text().to_string())
    };
    let list = |name: &str| {
        let items = object.property(name)?.into_items();
        let texts = items.iter().map(|item| item.to_text().to_string());
        Some(texts.filter(|text| !text.is_empty()).collect())
    };
    AccessNumberPatch {
        display_name: text("DisplayName").map(|name| (!name.trim().is_empty()).then_some(name)),
        display_number: text("DisplayNumber"),
        line_uri: text("LineUri"),
        primary_language: text("PrimaryLanguage"),
        secondary_languages: list("SecondaryLanguages"),
        regions: list("Regions"),
        site: None,
    }
}
