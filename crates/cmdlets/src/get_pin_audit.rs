//! `Get-CsPinAudit`: who did what, and what came of it.

use std::sync::Arc;

use pinward_service::{AuditQuery, Right};
use pinward_shell::{Args, CmdletDef, Cx, Flow, Param, ParamKind, Value};

use crate::objects::audit_record::{self, AUDIT_RECORD};
use crate::product::Product;
use crate::refusals::{fail, raise};
use crate::users;

const PARAMS: &[Param] = &[
    Param::any("Identity")
        .label("UserIdParameter")
        .at(1)
        .by_value()
        .by_property()
        .completes("user")
        .help("The user whom the records are about. Without it: records about everybody and everything."),
    Param::string("Actor").help("Who did it, as the records name them."),
    Param::string("Action")
        .help("What was done: the name of a cmdlet, LogOn, ChoosePin, or an act of the program."),
    Param::string("Outcome").help(
        "What came of it: Success, IncorrectPin, UserPinAccountLocked, …, or AccessDenied for a change \
         that a role or its scope refused.",
    ),
    Param::new("After", ParamKind::Date).help("The earliest time."),
    Param::new("Before", ParamKind::Date).help("Only what is earlier than this time."),
    Param::uint32("Newest")
        .range(1, i32::MAX as i64)
        .help("So many of the newest records, the newest first. Without it: all, the oldest first."),
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::function("Get-CsPinAudit", move |cx, args| process(&product, cx, args))
        .synopsis("Shows the audit log: who did what, by which door, on whom, and what came of it.")
        .description(
            "There is one record for each administrative change and for each outcome of a logon. \
             Changes is JSON and tells the properties that changed, each with its value before and \
             after. No record holds a PIN. Besides what is shown by default, the objects have \
             Sequence, Door, Changes, Client, CallerNumber, CalledNumber and Conference: see them \
             with Format-List *. Whether the log is as it was written is told by pinward audit \
             verify.",
        )
        .params(PARAMS)
        .inputs("Names of users as text, or objects with an Identity: users, rows.")
        .outputs(const { &[&AUDIT_RECORD] })
        .notes(
            "Texts compare without regard to case and must match as a whole. Roles that do not reach \
             everybody see the records about the users they reach.",
        )
        .example("Get-CsPinAudit -Newest 20", "What happened last.")
        .example(
            r#"Get-CsPinAudit "litwareinc\kenmyer""#,
            "Everything that was done to Ken Myer, and his logons.",
        )
        .example(
            "Get-CsPinAudit -Action LogOn -Outcome UserPinAccountLocked -After (Get-Date).AddDays(-1)",
            "Who was refused for a lock since yesterday.",
        )
        .example(
            "Get-CsPinAudit -Action Set-CsPinPolicy | Format-List Time, Actor, Identity, Changes",
            "How the policies came to be what they are.",
        )
        .example(
            "Get-CsPinAudit -Outcome IncorrectPin | Group-Object Identity | Sort-Object Count -Descending",
            "Whose PIN is tried most.",
        )
}

fn process(product: &Product, cx: &mut Cx, args: &Args) -> Flow {
    let text = |name| args.string(name).map(|text| text.trim().to_owned());
    let query = AuditQuery {
        user: None,
        actor: text("Actor"),
        action: text("Action"),
        outcome: text("Outcome"),
        after: args.date("After").map(|date| date.timestamp()),
        before: args.date("Before").map(|date| date.timestamp()),
        newest_first: args.given("Newest"),
    };
    let Some(named) = args
        .get("Identity")
        .filter(|named| !matches!(named, Value::Null))
    else {
        return put_out(product, cx, args, query);
    };
    for found in users::find(product, Right::ViewAudit, named) {
        match found {
            Ok(user) => {
                let query = AuditQuery {
                    user: Some(user.id),
                    ..query.clone()
                };
                put_out(product, cx, args, query)?;
            }
            Err(refused) => raise(cx, refused)?,
        }
    }
    Ok(())
}

fn put_out(product: &Product, cx: &mut Cx, args: &Args, query: AuditQuery) -> Flow {
    let mut left = args.u32("Newest").map_or(usize::MAX, |newest| {
        usize::try_from(newest).unwrap_or(usize::MAX)
    });
    let mut pages = match product.service.audit(&product.caller, query) {
        Ok(pages) => pages,
        Err(refusal) => return Err(fail(cx, &refusal, "")),
    };
    loop {
        let records = match product.wait(pages.next()) {
            Ok(records) => records,
            Err(refusal) => return Err(fail(cx, &refusal, "")),
        };
        if records.is_empty() || left == 0 {
            return Ok(());
        }
        for record in records.iter().take(left) {
            let object = audit_record::object(cx, record);
            cx.emit(object)?;
        }
        left = left.saturating_sub(records.len());
    }
}
