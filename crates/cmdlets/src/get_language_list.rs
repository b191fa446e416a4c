//! `Get-CsDialInConferencingLanguageList`: lists the languages of announcements.

use std::sync::Arc;

use pinward_service::{AccessNumberError, Denied};
use pinward_shell::value::Wildcard;
use pinward_shell::{Args, Category, CmdletDef, Cx, ErrorRecord, Flow, Param};

use crate::calls::LOCAL_STORE;
use crate::objects::language_list::{self, LANGUAGE_LIST};
use crate::product::Product;
use crate::refusals::fail;

/// The only list there is.
const GLOBAL: &str = "Global";

const PARAMS: &[Param] = &[
    Param::string("Identity")
        .at(2)
        .sets(&["Identity"])
        .help("The list: there is only the one called global."),
    Param::string("Filter")
        .sets(&["Filter"])
        .help("A wildcard on the identity of the list."),
    LOCAL_STORE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsDialInConferencingLanguageList", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Lists the languages that announcements can be made in.")
    .description(
        "One object whose property Languages has the tags that access numbers can name as their \
         languages.",
    )
    .sets(&["Identity", "Filter"])
    .params(PARAMS)
    .outputs(const { &[&LANGUAGE_LIST] })
    .example(
        r#"(Get-CsDialInConferencingLanguageList).Languages -contains "en-US""#,
        "Whether a language is among them.",
    )
    .example(
        "(Get-CsDialInConferencingLanguageList).Languages",
        "Their tags.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let languages: Result<_, Denied> = product.service.conferencing_languages(&product.caller);
    let languages = languages.map_err(|denied| fail(cx, &AccessNumberError::from(denied), ""))?;
    if let Some(named) = args.string("Identity")
        && !named.trim().eq_ignore_ascii_case(GLOBAL)
    {
        let message = format!("there is no language list \"{named}\"; the only one is global");
        let error = ErrorRecord::new("LanguageListNotFound", Category::ObjectNotFound, message);
        return cx.error(error.target(named));
    }
    let wanted = args
        .string("Filter")
        .is_none_or(|filter| Wildcard::new(filter.trim(), false).is_match(GLOBAL));
    match wanted {
        true => cx.emit(language_list::object(languages)),
        false => Ok(()),
    }
}
