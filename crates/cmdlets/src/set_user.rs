//! `Set-CsUser`: changes users of the built-in directory.

use std::sync::Arc;

use pinward_core::{UserChange, UserPatch};
use pinward_service::Right;
use pinward_shell::{Args, CmdletDef, ErrorRecord, Param, TypeDesc};

use crate::calls::DOMAIN_CONTROLLER;
use crate::each_user::EachUser;
use crate::objects::user::USER;
use crate::product::Product;
use crate::refusals::invalid;
use crate::user_changes::{ChangeKind, ChangeUser, PASS_THRU};
use crate::users::IDENTITY;

const PARAMS: &[Param] = &[
    IDENTITY,
    Param::string("LineURI").allow_null().help(
        "The telephone line: tel:+14255551219 or tel:+14255551219;ext=51219. $null takes it away. \
         A line that somebody else has is refused: neither could sign in by it.",
    ),
    Param::string("SipAddress").allow_null().help(
        "The SIP address, with or without sip: before it; nobody else may have it. $null takes it \
         away from somebody who is not enabled.",
    ),
    Param::boolean("Enabled").help(
        "Whether the user may sign in with a PIN. With $False everything else stays as it is, the \
         PIN included, until it is $True again.",
    ),
    PASS_THRU,
    DOMAIN_CONTROLLER,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::new("Set-CsUser", move || {
        EachUser::new(&product, ChangeUser::<Set>::new())
    })
    .synopsis("Changes the line, the SIP address or the state of users.")
    .description(
        "Changes the properties that are given and leaves the others, also those that somebody else \
         is changing at the same time. PIN, history, failed logons, locks and the granted policy \
         stay with the user, whatever the user is called.",
    )
    .params(PARAMS)
    .inputs("Names of users as text, or objects with an Identity: users, PIN states, rows.")
    .outputs(const { &[&USER] })
    .notes(
        "Puts out nothing without -PassThru. What a later import says of the same person holds from \
         then on.",
    )
    .changes()
    .example(
        r#"Set-CsUser -Identity "Pilar Ackerman" -LineURI "tel:+14255559876;ext=59876""#,
        "Another line.",
    )
    .example(
        r#"Set-CsUser -Identity "litwareinc\kenmyer" -SipAddress "sip:ken.myer@litwareinc.com" -PassThru"#,
        "Another SIP address; shows the user.",
    )
    .example(
        r#"Get-CsUser -LdapFilter "Department=Legal" | Set-CsUser -Enabled $False"#,
        "Nobody in a department may sign in for the time being.",
    )
    .example(
        r#"Set-CsUser "Ken Myer" -LineURI $Null"#,
        "Takes the line away.",
    )
}

struct Set;

impl ChangeKind for Set {
    const RIGHT: Right = Right::ChangeUser;
    const PASSED: &'static TypeDesc = &USER;
    const ACTION: &'static str = "Change the user";
    const SUMMARY: &'static str = "users were changed";

    fn change(args: &Args) -> Result<UserChange, Box<ErrorRecord>> {
        let text = |name: &str| {
            args.given(name).then(|| {
                let text = args.string(name).map(str::trim);
                text.filter(|text| !text.is_empty()).map(str::to_owned)
            })
        };
        let patch = UserPatch {
            sip_address: text("SipAddress"),
            line_uri: text("LineURI"),
            enabled: args.boolean("Enabled"),
        };
        if patch == UserPatch::default() {
            let error = invalid(
                "NothingToChange",
                "it is not said what to change of the user",
            );
            return Err(Box::new(
                error.advice("Give -LineURI, -SipAddress or -Enabled."),
            ));
        }
        Ok(UserChange::Set(patch))
    }
}
