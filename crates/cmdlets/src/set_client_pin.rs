//! `Set-CsClientPin`: assigns a PIN and shows it, once.

use std::sync::Arc;

use pinward_core::{SignedDuration, User};
use pinward_service::{Assigned, NewPin, Right, Terms};
use pinward_shell::value::parse_span;
use pinward_shell::{Args, CmdletDef, Cx, ErrorRecord, Flow, Param, Value};
use tokio::task::JoinHandle;

use crate::calls::FORCE;
use crate::each_user::{EachUser, UserTask};
use crate::objects::assigned_pin::{self, ASSIGNED_PIN};
use crate::product::Product;
use crate::refusals::{invalid, record};
use crate::users::{IDENTITY, name_of};

const PARAMS: &[Param] = &[
    IDENTITY,
    Param::string("Pin").at(2).by_property().secret().allow_null().help(
        "The PIN to assign: digits, as text or as a number; leading zeros count. It has to satisfy \
         the PIN policy of the user, but may be one that the user had before. Without it a PIN is \
         generated. Objects that have a property Pin each bring their own; where it is empty, the \
         user gets none and is reported.",
    ),
    Param::switch("MustChange").help(
        "The PIN is only good for choosing another one: until then logons are answered with \
         PinMustBeChanged.",
    ),
    Param::any("ExpiresIn").label("TimeSpan").help(
        "How long the PIN is good for, where that is shorter than the policy's lifetime: a number \
         of days (3, 0.5), or days.hours:minutes such as 1.12:00 or 08:00. More than 0, at most 999 \
         days.",
    ),
    FORCE,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::new("Set-CsClientPin", move || EachUser::new(&product, AssignPin))
        .synopsis("Assigns a PIN to a user, generated or given, and shows it once.")
        .description(
            "The PIN is shown together with the user's identity when it holds, and cannot be shown \
             again: only a verifier of it is kept. A generated PIN has as many digits as the policy \
             of the user asks for and is never a common pattern. A new PIN ends a temporary \
             lockout. A locked PIN has to be unlocked first. With -MustChange or -ExpiresIn it is a \
             temporary one, which its user cannot choose again.\n\n\
             A user who cannot be given the PIN is reported, and the others get theirs. With many \
             users several are worked on at a time; the order is that of the input.",
        )
        .params(PARAMS)
        .inputs(
            "Names of users as text, or objects with an Identity and perhaps a Pin: users, PIN \
             states, rows of a file.",
        )
        .outputs(const { &[&ASSIGNED_PIN] })
        .notes(
            "With -WhatIf nothing changes: it says for each user what would be done, or reports \
             why it would be refused. When it is stopped with Ctrl-C, the PINs that were \
             assigned have been shown, and it says how many users were not reached.",
        )
        .changes()
        .example(
            r#"Set-CsClientPin -Identity "litwareinc\kenmyer""#,
            "A new generated PIN for Ken Myer.",
        )
        .example(
            r#"Set-CsClientPin -Identity "litwareinc\kenmyer" -Pin 18723834"#,
            "This PIN for Ken Myer.",
        )
        .example(
            r#"Get-CsUser -OU "OU=Finance,DC=litwareinc,DC=com" | Set-CsClientPin"#,
            "New PINs for everybody in an organisational unit.",
        )
        .example(
            r"Get-CsUser | Get-CsClientPinInfo | Where-Object {$_.IsPinSet -eq $False} | Set-CsClientPin",
            "PINs for all users who have none.",
        )
        .example(
            r#"Get-CsUser -Filter {Department -eq "Legal"} | Set-CsClientPin | Export-Csv pins.csv -NoTypeInformation"#,
            "New PINs for a department, kept in a file for the letters to the users.",
        )
        .example(
            "Import-Csv pins.csv | Set-CsClientPin | Export-Csv assigned.csv -NoTypeInformation",
            "The PINs of a file with the columns Identity and Pin, and a file of those assigned.",
        )
        .example(
            r#"Set-CsClientPin "Ken Myer" -MustChange -ExpiresIn 3"#,
            "A PIN for the telephone: good for three days, and only for choosing another one.",
        )
        .example(
            r#"Set-CsClientPin -Identity "* Smith" -WhatIf"#,
            "Who would get a new PIN; nothing changes.",
        )
}

struct AssignPin;

/// The PIN for one user.
struct Order {
    pin: Option<String>,
    terms: Terms,
}

impl Order {
    fn new_pin(&self) -> NewPin<'_> {
        self.pin.as_deref().map_or(NewPin::Generated, NewPin::Named)
    }
}

/// What the arguments say of this user.
fn order(args: &Args, user: &User) -> Result<Order, Box<ErrorRecord>> {
    // A PIN that was to be taken from somewhere and is not there must not become a generated one.
    let missing = match args.get("Pin") {
        Some(pin) => pin.is_null() || pin.as_str().is_some_and(|pin| pin.trim().is_empty()),
        None => args.input().property("Pin").is_some(),
    };
    if missing {
        let error = invalid(
            "PinMissing",
            format!(
                "the PIN for {} is empty, so none is assigned",
                name_of(user)
            ),
        )
        .target(name_of(user))
        .advice("Give the digits, or leave out Pin altogether to have a PIN generated.");
        return Err(Box::new(error));
    }
    Ok(Order {
        pin: args.string("Pin").map(str::to_owned),
        terms: Terms {
            must_change: args.switch("MustChange"),
            expires_in: args.get("ExpiresIn").map(expires_in).transpose()?,
        },
    })
}

/// A number of days, or a length of time.
fn expires_in(value: &Value) -> Result<SignedDuration, Box<ErrorRecord>> {
    let days = |days: f64| SignedDuration::try_from_secs_f64(days * 86_400.0).ok();
    let span = match value {
        Value::Span(span) => Some(*span),
        Value::Number(number) => days(number.as_f64()),
        Value::Str(text) => parse_span(text),
        _ => None,
    };
    span.ok_or_else(|| {
        let error = invalid(
            "PinExpiryInvalid",
            "ExpiresIn is neither a number of days nor a length of time",
        );
        Box::new(
            error.advice("Write days such as 3 or 0.5, or days.hours:minutes such as 1.12:00."),
        )
    })
}

impl UserTask for AssignPin {
    type Order = Order;
    type Done = Assigned;
    const RIGHT: Right = Right::AssignPin;

    fn in_flight(&self, cores: usize) -> usize {
        // One is hashed on each core while the one before is written.
        2 * cores
    }

    fn action(&self, args: &Args) -> String {
        let mut action = match args.string("Pin") {
            Some(_) => "Assign the given PIN".to_owned(),
            None => "Assign a generated PIN".to_owned(),
        };
        if args.given("ExpiresIn") {
            action.push_str(" for a limited time");
        }
        if args.switch("MustChange") {
            action.push_str(", to be changed before it opens anything");
        }
        action
    }

    fn check(
        &self,
        product: &Product,
        args: &Args,
        user: &User,
    ) -> Result<Order, Box<ErrorRecord>> {
        let order = order(args, user)?;
        let new = order.new_pin();
        let checked = product
            .service
            .check_assignment(&order.terms, &product.caller, user, &new);
        match product.wait(checked) {
            Ok(()) => Ok(order),
            Err(refusal) => Err(Box::new(record(&refusal, name_of(user)))),
        }
    }

    fn start(
        &self,
        product: &Arc<Product>,
        order: Order,
        user: User,
    ) -> JoinHandle<Result<Assigned, ErrorRecord>> {
        let shared = Arc::clone(product);
        product.runtime.spawn(async move {
            let (service, caller) = (&shared.service, &shared.caller);
            let new = order.new_pin();
            let assigned = service.assign_pin_on(&order.terms, caller, &user, &new);
            assigned
                .await
                .map_err(|refusal| record(&refusal, name_of(&user)))
        })
    }

    fn show(&self, cx: &mut Cx, _args: &Args, assigned: &Assigned) -> Flow {
        cx.emit(assigned_pin::object(assigned))
    }

    fn unseen(&self, assigned: &Assigned) -> Option<String> {
        Some(assigned.identity.clone())
    }

    fn summary(&self, users: u64) -> String {
        format!("{users} PINs were assigned and shown")
    }
}
