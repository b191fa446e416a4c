//! What `Get-CsUser` and `Get-CsAdUser` have in common: which people to list.

use pinward_core::{Dn, Lookup, Pattern, User, parse_identity};
use pinward_directory::filter::LdapFilter;
use pinward_service::{Unavailable, UserPages};
use pinward_shell::error::nearest;
use pinward_shell::filter::Filter;
use pinward_shell::{Args, Cx, Flow, Param, ParamKind, Share, Stop, TypeDesc};
use tokio::task::JoinHandle;

use crate::objects::user;
use crate::product::Product;
use crate::refusals::{fail, internal, invalid};

/// `-Filter`.
pub(crate) const FILTER: Param = Param::filter("Filter").help(
    "A condition on the properties of users, named without $_: {Title -eq \"Manager\" -and City \
     -like \"Red*\"}, or on attributes that the directory gives, by their LDAP names. One that a user does \
     not have is $null. Not together with -LdapFilter.",
);
/// `-LdapFilter`.
pub(crate) const LDAP_FILTER: Param = Param::string("LdapFilter").help(
    "An LDAP search filter on the attributes of the directory: \"Title=Manager\", \
     \"&(Department=Finance)(Title=Manager)\". Not together with -Filter.",
);
/// `-OU`.
pub(crate) const OU: Param = Param::string("OU").help(
    "The distinguished name of an organisational unit: those in it and in the units beneath.",
);
/// `-ResultSize`.
pub(crate) const RESULT_SIZE: Param = Param::new("ResultSize", ParamKind::UnlimitedUInt32)
    .help("The most users to list: a number, or Unlimited as it is without this. 0 lists nobody.");

/// The conditions of one call, made once.
pub(crate) struct Search {
    desc: &'static TypeDesc,
    unit: Option<Dn>,
    /// The unit as it was given.
    unit_name: String,
    /// Whether anybody who was gone through is in the unit.
    unit_is_known: bool,
    ldap: Option<LdapFilter>,
    filter: Option<Filter>,
    /// Properties of the filter that nobody had so far, neither as a property nor as an attribute.
    unknown: Vec<String>,
    unassigned: bool,
    most: Option<u32>,
    left: Option<u32>,
    /// How many people were gone through, and how many there are; 0 where that was not counted.
    gone_through: u64,
    people: u64,
}

impl Search {
    /// Reads the parameters; what is wrong with them ends the statement.
    pub(crate) fn new(cx: &mut Cx, args: &Args, desc: &'static TypeDesc) -> Result<Self, Stop> {
        if args.given("Filter") && args.given("LdapFilter") {
            return Err(cx.fail(
                invalid(
                    "FiltersExclusive",
                    "-Filter and -LdapFilter cannot be used together",
                )
                .advice("Write the whole condition as one of the two."),
            ));
        }
        let unit = match args.string("OU").map(Dn::parse).transpose() {
            Ok(unit) => unit,
            Err(error) => {
                let advice = "Write it like OU=Finance,DC=litwareinc,DC=com.";
                return Err(cx.fail(invalid("OuInvalid", error.to_string()).advice(advice)));
            }
        };
        let ldap = match args.string("LdapFilter").map(LdapFilter::parse).transpose() {
            Ok(ldap) => ldap,
            Err(error) => return Err(cx.fail(invalid("LdapFilterInvalid", error.to_string()))),
        };
        let read = args
            .string("Filter")
            .map(|text| Filter::parse(text, &|name| cx.variable(name)));
        let filter = match read.transpose() {
            Ok(filter) => filter,
            Err(error) => return Err(cx.fail(invalid("FilterInvalid", error.to_string()))),
        };
        let unknown = filter.as_ref().map(|filter| unknown(filter, desc));
        let unassigned = args.switch("UnAssignedUser");
        Ok(Self {
            desc,
            unit,
            unit_name: args.text("OU").trim().to_owned(),
            unit_is_known: false,
            ldap,
            filter,
            unknown: unknown.unwrap_or_default(),
            unassigned,
            most: args.u32("ResultSize"),
            left: args.u32("ResultSize"),
            gone_through: 0,
            people: 0,
        })
    }

    /// Whether as many were listed as asked for.
    pub(crate) fn is_full(&self) -> bool {
        self.left == Some(0)
    }

    /// Puts out those of these people who are wanted.
    pub(crate) fn list(&mut self, cx: &mut Cx, people: &[User]) -> Flow {
        for user in people {
            if self.is_full() {
                break;
            }
            self.gone_through += 1;
            self.unit_is_known = self.unit_is_known || self.is_in_unit(user);
            if !self.accepts(user) {
                continue;
            }
            self.unknown
                .retain(|name| user::attribute(user, name).is_none());
            let object = user::object(cx, self.desc, user);
            let value = |name: &str| {
                object
                    .property(name)
                    .or_else(|| user::attribute(user, name))
            };
            let passes = |filter: &Filter| filter.matches(&value);
            if self.filter.as_ref().is_none_or(passes) {
                self.left = self.left.map(|left| left - 1);
                if self.people > 0 {
                    cx.going_through(self.share());
                }
                cx.emit(object)?;
            }
        }
        Ok(())
    }

    /// Warns of properties that nobody had: what is mistyped would be $null for everybody.
    pub(crate) fn finish(&self, cx: &mut Cx) -> Flow {
        for property in &self.unknown {
            let advice = match nearest(property, self.desc.properties.iter().copied()) {
                Some(meant) => format!("Is {meant} meant?"),
                None => format!("They have {}.", self.desc.properties.join(", ")),
            };
            cx.warning(&format!(
                "Users have no property {property}, so it counts as $null for all of them. {advice}"
            ))?;
        }
        Ok(())
    }

    /// How much of the search is done: of all people, or of as many as are asked for.
    fn share(&self) -> Share {
        let of_people = Share {
            part: self.gone_through,
            whole: self.people.max(self.gone_through),
        };
        let (Some(most), Some(left)) = (self.most, self.left) else {
            return of_people;
        };
        let of_wanted = Share {
            part: u64::from(most - left),
            whole: u64::from(most),
        };
        let further = of_wanted.part * of_people.whole > of_people.part * of_wanted.whole;
        if further { of_wanted } else { of_people }
    }

    /// Goes through whole pages; the next one is read while one is put out. With a pattern, only
    /// people with such a display name. How many people the pattern matched.
    pub(crate) fn list_pages(
        &mut self,
        product: &Product,
        cx: &mut Cx,
        pages: UserPages,
        pattern: Option<&Pattern>,
    ) -> Result<usize, Stop> {
        let mut matched = 0;
        // Without it progress is shown without what remains.
        self.people = product.wait(pages.size()).unwrap_or_default();
        let mut coming = next_page(product, pages);
        while !self.is_full() {
            let (page, pages) = match product.wait(coming) {
                Ok((Ok(page), pages)) => (page, pages),
                Ok((Err(refusal), _)) => return Err(fail(cx, &refusal, "")),
                Err(broken) => return Err(cx.fail(internal(&broken))),
            };
            if page.is_empty() {
                self.warn_of_unit(cx)?;
                break;
            }
            let gone_through = pages.gone_through();
            coming = next_page(product, pages);
            let mut page = page;
            if let Some(pattern) = pattern {
                page.retain(|user| pattern.is_match(&user.person.display_name));
            }
            matched += page.len();
            self.list(cx, &page)?;
            self.gone_through = gone_through;
        }
        Ok(matched)
    }

    /// The conditions that need no object; the cheapest first.
    fn accepts(&self, user: &User) -> bool {
        let person = &user.person;
        (!self.unassigned || person.registrar_pool.is_none())
            && self.ldap.as_ref().is_none_or(|ldap| ldap.matches(user))
            && self.is_in_unit(user)
    }

    fn is_in_unit(&self, user: &User) -> bool {
        let within = |unit| Dn::parse(&user.person.dn).is_ok_and(|dn| dn.is_within(unit));
        self.unit.as_ref().is_none_or(within)
    }

    /// A unit in which nobody is at all is mostly a slip; units are known by their people only.
    fn warn_of_unit(&self, cx: &mut Cx) -> Flow {
        if self.unit_is_known || self.unit.is_none() {
            return Ok(());
        }
        cx.warning(&format!(
            "nobody is in the organisational unit {} or beneath it. Is its name spelt as in the \
             directory?",
            self.unit_name
        ))
    }
}

type Coming = JoinHandle<(Result<Vec<User>, Unavailable>, UserPages)>;

fn next_page(product: &Product, mut pages: UserPages) -> Coming {
    product.runtime.spawn(async move {
        let page = pages.next().await;
        (page, pages)
    })
}

/// The pattern of an identity that has a wildcard (R-ID-2).
pub(crate) fn pattern(identity: &str) -> Option<Pattern> {
    match parse_identity(identity).into_iter().flatten().next() {
        Some(Lookup::DisplayPattern(pattern)) => Some(pattern),
        _ => None,
    }
}

/// Properties that users of the original have and ours do not: scripts name them, and they count as $null.
const OF_THE_ORIGINAL: &[&str] = &[
    "ArchivingPolicy",
    "AudioVideoDisabled",
    "CallViaWorkPolicy",
    "ClientPolicy",
    "ClientUpdateOverridePolicy",
    "ClientUpdatePolicy",
    "ClientVersionPolicy",
    "ConferencingPolicy",
    "CountryAbbreviation",
    "CountryOrRegionDisplayName",
    "DialPlan",
    "EnabledForFederation",
    "EnabledForInternetAccess",
    "EnabledForRichPresence",
    "EnterpriseVoiceEnabled",
    "ExUmEnabled",
    "ExternalAccessPolicy",
    "Fax",
    "Guid",
    "HomePhone",
    "HomeServer",
    "HostedVoiceMail",
    "HostedVoicemailPolicy",
    "HostingProvider",
    "Id",
    "IPPBXSoftPhoneRoutingEnabled",
    "IPPhone",
    "LegalInterceptPolicy",
    "LineServerURI",
    "LocationPolicy",
    "MobilePhone",
    "MobilityPolicy",
    "Name",
    "NonPrimaryResource",
    "ObjectCategory",
    "ObjectClass",
    "ObjectState",
    "OptionFlags",
    "OriginatingServer",
    "OtherTelephone",
    "PersistentChatPolicy",
    "Phone",
    "PostalCode",
    "PreferredLanguage",
    "PresencePolicy",
    "PrivateLine",
    "ProxyAddresses",
    "PublicNetworkEnabled",
    "RemoteCallControlTelephonyEnabled",
    "Sid",
    "StateOrProvince",
    "Street",
    "StreetAddress",
    "TargetRegistrarPool",
    "TargetServerIfMoving",
    "TenantId",
    "ThirdPartyVideoSystemPolicy",
    "UserRoutingGroupId",
    "UserServicesPolicy",
    "VoicePolicy",
    "VoiceRoutingPolicy",
    "WebPage",
    "WindowsEmailAddress",
    "XForestMovePolicy",
];

/// The properties of a filter that neither our users nor those of the original have.
fn unknown(filter: &Filter, desc: &TypeDesc) -> Vec<String> {
    let is_known = |property: &str| {
        let mut known = desc.properties.iter().chain(OF_THE_ORIGINAL);
        known.any(|known| known.eq_ignore_ascii_case(property))
    };
    let mut unknown: Vec<String> = Vec::new();
    for property in filter.properties() {
        if !is_known(property) && !unknown.iter().any(|name| name == property) {
            unknown.push(property.to_owned());
        }
    }
    unknown
}
