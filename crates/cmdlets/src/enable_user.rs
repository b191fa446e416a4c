//! `Enable-CsUser`: makes people users.

use std::sync::Arc;

use pinward_core::{AddressType, Enablement, SipSource, UserChange};
use pinward_service::Right;
use pinward_shell::{Args, CmdletDef, ErrorRecord, Param, TypeDesc};

use crate::calls::DOMAIN_CONTROLLER;
use crate::each_user::EachUser;
use crate::objects::user::USER;
use crate::product::Product;
use crate::refusals::invalid;
use crate::user_changes::{ChangeKind, ChangeUser, PASS_THRU};
use crate::users::IDENTITY;

/// What `-SipAddressType` knows, in the order of its words.
const TYPES: [(&str, AddressType); 4] = [
    ("UserPrincipalName", AddressType::UserPrincipalName),
    ("EmailAddress", AddressType::EmailAddress),
    ("FirstLastName", AddressType::FirstLastName),
    ("SamAccountName", AddressType::SamAccountName),
];

const PARAMS: &[Param] = &[
    IDENTITY,
    Param::string("RegistrarPool").help(
        "The full name of the pool that the users belong to. Without it they keep the one that the \
         directory says.",
    ),
    Param::string("SipAddress").help(
        "The SIP address, for one user. Without it and -SipAddressType the user keeps the one that \
         the directory says.",
    ),
    Param::one_of(
        "SipAddressType",
        &[TYPES[0].0, TYPES[1].0, TYPES[2].0, TYPES[3].0],
    )
    .help(
        "Makes the SIP address of each user: of the user principal name, the e-mail address, the \
         given and family name, or the logon name. The last two need -SipDomain.",
    ),
    Param::string("SipDomain").help("The domain of SIP addresses that are made of names."),
    PASS_THRU,
    DOMAIN_CONTROLLER,
];

pub(crate) fn define(product: &Arc<Product>) -> CmdletDef {
    let product = Arc::clone(product);
    CmdletDef::new("Enable-CsUser", move || {
        EachUser::new(&product, ChangeUser::<Enable>::new())
    })
    .synopsis("Makes people of the directory users, who may have a PIN.")
    .description(
        "Gives each person a SIP address and a registrar pool and enables them. They have no PIN \
         yet; assign one with Set-CsClientPin. A person who is enabled already is left as they are.",
    )
    .params(PARAMS)
    .inputs("Names of people as text, or objects with an Identity, as Get-CsAdUser makes them.")
    .outputs(const { &[&USER] })
    .notes(
        "A SIP address belongs to one user: where one that is made belongs to somebody already, that \
         person is reported and the others are enabled. Puts out nothing without -PassThru.",
    )
    .changes()
    .example(
        r#"Get-CsAdUser -Filter {Enabled -ne $True} | Enable-CsUser -RegistrarPool "atl-cs-001.litwareinc.com" -SipAddressType SamAccountName -SipDomain litwareinc.com"#,
        "Enables everybody who is not, with SIP addresses made of their logon names.",
    )
    .example(
        r#"Get-CsAdUser -Filter {Enabled -ne $True} -ResultSize 1 | Enable-CsUser -RegistrarPool "atl-cs-001.litwareinc.com" -SipAddress "sip:newcomer@litwareinc.com""#,
        "Enables one person with this SIP address.",
    )
    .example(
        r#"Get-CsAdUser -LdapFilter "Department=Finance" | Enable-CsUser -RegistrarPool "atl-cs-001.litwareinc.com" -SipAddressType UserPrincipalName -PassThru"#,
        "Enables a department and shows its users.",
    )
}

struct Enable;

impl ChangeKind for Enable {
    const RIGHT: Right = Right::EnableUser;
    const EVERYBODY: bool = true;
    const PASSED: &'static TypeDesc = &USER;
    const ACTION: &'static str = "Enable the user";
    const SUMMARY: &'static str = "users were enabled";

    fn change(args: &Args) -> Result<UserChange, Box<ErrorRecord>> {
        let refuse = |id, text: &str| Err(Box::new(invalid(id, text)));
        let wanted = args.string("SipAddressType");
        let of = wanted.and_then(|wanted| {
            let known = TYPES
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            known.map(|(_, of)| *of)
        });
        let domain = args.string("SipDomain").map(str::to_owned);
        let sip_address = match (args.string("SipAddress"), of) {
            (Some(_), Some(_)) => {
                return refuse(
                    "SipAddressAmbiguous",
                    "-SipAddress and -SipAddressType cannot be used together",
                );
            }
            (_, None) if domain.is_some() => {
                return refuse(
                    "SipAddressTypeMissing",
                    "-SipDomain is for SIP addresses that are made with -SipAddressType",
                );
            }
            (Some(given), None) => SipSource::Given(given.to_owned()),
            (None, Some(of)) => SipSource::Made { of, domain },
            (None, None) => SipSource::Kept,
        };
        Ok(UserChange::Enable(Enablement {
            registrar_pool: args.string("RegistrarPool").map(str::to_owned),
            sip_address,
        }))
    }
}
