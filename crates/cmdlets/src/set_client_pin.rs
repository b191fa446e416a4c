//! `Set-CsClientPin`: assigns a PIN and shows it, once.

use std::sync::Arc;

use pinward_core::User;
use pinward_service::{Assigned, NewPin};
use pinward_shell::{Args, CmdletDef, Cx, ErrorRecord, Flow, Param};
use tokio::task::JoinHandle;

use crate::calls::FORCE;
use crate::each_user::{EachUser, UserTask};
use crate::objects::assigned_pin::{self, ASSIGNED_PIN};
use crate::product::Product;
use crate::refusals::record;
use crate::users::{IDENTITY, name_of};

const PARAMS: &[Param] = &[
    IDENTITY,
    Param::string("Pin").at(2).secret().help(
        "The PIN to assign: digits, as text or as a number; leading zeros count. It has to satisfy \
         the PIN policy of the user, but may be one that the user had before. Without it a PIN is \
         generated.",
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
             lockout. A locked PIN has to be unlocked first.\n\n\
             A user who cannot be given the PIN is reported, and the others get theirs. With many \
             users several are worked on at a time; the order is that of the input.",
        )
        .params(PARAMS)
        .inputs("Names of users as text, or objects with an Identity: users, PIN states, rows.")
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
            r#"Set-CsClientPin -Identity "* Smith" -WhatIf"#,
            "Who would get a new PIN; nothing changes.",
        )
}

struct AssignPin;

impl UserTask for AssignPin {
    type Done = Assigned;

    fn in_flight(&self, cores: usize) -> usize {
        // One is hashed on each core while the one before is written.
        2 * cores
    }

    fn action(&self, args: &Args) -> String {
        match args.string("Pin") {
            Some(_) => "Assign the given PIN".to_owned(),
            None => "Assign a generated PIN".to_owned(),
        }
    }

    fn check(&self, product: &Product, args: &Args, user: &User) -> Result<(), Box<ErrorRecord>> {
        let new = args.string("Pin").map_or(NewPin::Generated, NewPin::Named);
        product
            .wait(
                product
                    .service
                    .check_assignment(&product.caller, user, &new),
            )
            .map_err(|refusal| Box::new(record(&refusal, name_of(user))))
    }

    fn start(
        &self,
        product: &Arc<Product>,
        args: &Args,
        user: User,
    ) -> JoinHandle<Result<Assigned, ErrorRecord>> {
        let shared = Arc::clone(product);
        let given = args.string("Pin").map(str::to_owned);
        product.runtime.spawn(async move {
            let new = given.as_deref().map_or(NewPin::Generated, NewPin::Named);
            let assigned = shared.service.assign_pin(&shared.caller, &user, &new).await;
            assigned.map_err(|refusal| record(&refusal, name_of(&user)))
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
