//! The numbers by which people dial in to the conferences of the sample company.

use pinward_core::AccessNumber;

/// One of them.
struct Given {
    name: &'static str,
    display_name: &'static str,
    display_number: &'static str,
    line: &'static str,
    languages: &'static [&'static str],
    pool: Option<&'static str>,
    regions: &'static [&'static str],
    site: Option<&'static str>,
}

const GIVEN: [Given; 6] = [
    Given {
        name: "RedmondDialIn",
        display_name: "Redmond Toll-Free",
        display_number: "1-800-555-1234",
        line: "tel:+18005551234",
        languages: &["en-US"],
        pool: Some("atl-cs-001.litwareinc.com"),
        regions: &["Redmond"],
        site: Some("USA"),
    },
    Given {
        name: "DefaultDialIn",
        display_name: "Default DialIn Access Number",
        display_number: "1-425-555-8715",
        line: "tel:+14255558715",
        languages: &["en-US", "es-MX"],
        pool: Some("atl-cs-001.litwareinc.com"),
        regions: &["Redmond"],
        site: Some("USA"),
    },
    Given {
        name: "SeattleDialIn",
        display_name: "Seattle Access Number",
        display_number: "1-206-555-8716",
        line: "tel:+12065558716",
        languages: &["en-US", "zh-CN"],
        pool: Some("atl-cs-001.litwareinc.com"),
        regions: &["Seattle"],
        site: None,
    },
    Given {
        name: "ParisDialIn",
        display_name: "Conférences Paris",
        display_number: "+33 1 99 00 87 17",
        line: "tel:+33199008717",
        languages: &["fr-FR", "en-GB"],
        pool: Some("par-cs-001.litwareinc.com"),
        regions: &["Paris"],
        site: Some("Paris"),
    },
    Given {
        name: "MilanDialIn",
        display_name: "Conferenze Milano",
        display_number: "+39 02 5555 8718",
        line: "tel:+390255558718",
        languages: &["it-IT", "fr-FR"],
        pool: Some("par-cs-001.litwareinc.com"),
        regions: &["Milan"],
        site: None,
    },
    Given {
        name: "PartnerDialIn",
        display_name: "Conferences with Partners",
        display_number: "+44 800 555 8719",
        line: "tel:+448005558719",
        languages: &["en-GB", "fr-FR"],
        pool: None,
        regions: &[],
        site: None,
    },
];

/// All of them, in the order in which they are made.
pub(super) fn access_numbers() -> Vec<AccessNumber> {
    GIVEN.iter().map(complete).collect()
}

fn complete(given: &Given) -> AccessNumber {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let hosting = given.pool.is_none().then_some("proxy.fabrikam.com");
    AccessNumber {
        primary_uri: format!("sip:{}@{}", given.name, super::DNS_DOMAIN),
        display_name: Some(given.display_name.to_owned()),
        display_number: given.display_number.to_owned(),
        line_uri: given.line.to_owned(),
        primary_language: given.languages[0].to_owned(),
        secondary_languages: texts(&given.languages[1..]),
        pool: given.pool.map(str::to_owned),
        hosting_provider: hosting.map(str::to_owned),
        regions: texts(given.regions),
        site: given.site.map(str::to_owned),
    }
}
