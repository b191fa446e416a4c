//! `Get-CsDirectoryStatus`: how it stands with the sources that people are synchronised with.

use std::sync::Arc;

use pinward_shell::value::Wildcard;
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param};

use crate::objects::source::{self, DIRECTORY_STATUS};
use crate::product::Product;
use crate::refusals::fail;

const PARAMS: &[Param] = &[Param::string("Filter")
    .at(1)
    .help("A wildcard on the name of the source. Without it all sources are listed.")];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsDirectoryStatus", move |cx, args| {
        process(&product, cx, args)
    })
    .synopsis("Tells how it stands with the sources that people are synchronised with.")
    .description(
        "A source is what pinward sync reads: a file under its name or path. Users is the number of its \
         people; Gone those of them whom it has no more, who are disabled and kept for a while; \
         Conflicts the numbers and addresses that several enabled users had at the last sync, one of \
         them of this source. LastResult is Success, SomeUnusable (entries were left out), Interrupted, \
         TooManyDisabled (nothing was changed, because somebody has to allow it), or what kept the \
         source from being read. LastFull and LastIncrement are when everybody, or what had changed, \
         was last read and applied to the end; HasCookie says whether the next reading can be an \
         increment. It is about the whole company: whoever reaches a part of the users or of the \
         configuration is told of no source.",
    )
    .params(PARAMS)
    .outputs(const { &[&DIRECTORY_STATUS] })
    .example("Get-CsDirectoryStatus", "All sources.")
    .example(
        r#"Get-CsDirectoryStatus | Where-Object {$_.LastResult -ne "Success"}"#,
        "The sources whose last sync did not do everything.",
    )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let sources = match product.wait(product.service.sources(&product.caller)) {
        Ok(sources) => sources,
        Err(refusal) => return Err(fail(cx, &refusal, "")),
    };
    let filter = args
        .string("Filter")
        .map(|text| Wildcard::new(text.trim(), false));
    for status in &sources {
        let wanted = filter
            .as_ref()
            .is_none_or(|filter| filter.is_match(&status.name));
        if wanted {
            let object = source::object(cx, status);
            cx.emit(object)?;
        }
    }
    Ok(())
}
