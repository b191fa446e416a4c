//! What an Access-Request asks: who, with which PIN, from where.

use std::net::Ipv4Addr;

use pinward_service::{Door, Source};
use zeroize::Zeroizing;

use crate::client::Client;
use crate::codec::{CISCO, Packet, Secret, VendorAttribute, VendorAttributes, cisco, kind, reveal};

/// Microsoft's number, and its types for MS-CHAP.
const MICROSOFT: u32 = 311;
const MS_CHAP: [u8; 4] = [1, 2, 11, 25];
/// Before a conference's number in h323-ivr-in.
const CONFERENCE: &str = "conference:";

/// What is asked.
pub(crate) struct Asked {
    pub(crate) who: String,
    pub(crate) pin: Zeroizing<String>,
    pub(crate) source: Source,
}

/// Why nothing can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unasked {
    /// It is not made as it must be.
    Malformed(&'static str),
    /// It is not PAP, but this.
    NotPap(&'static str),
}

/// Reads an Access-Request of a client.
pub(crate) fn read(
    packet: &Packet<'_>,
    client: &Client,
    secret: &Secret,
) -> Result<Asked, Unasked> {
    if let Some(method) = other_method(packet) {
        return Err(Unasked::NotPap(method));
    }
    let one = |kind, lacking| {
        let mut all = packet.all(kind);
        all.next()
            .filter(|_| all.next().is_none())
            .ok_or(Unasked::Malformed(lacking))
    };
    let who = one(kind::USER_NAME, "it must have one User-Name")?.text();
    let hidden = one(kind::USER_PASSWORD, "it must have one User-Password")?;
    let clear = reveal(secret, packet.authenticator(), hidden.value).map_err(|_| {
        Unasked::Malformed("User-Password must have 16 to 128 octets in steps of 16")
    })?;
    // What is no text is no PIN: wrong like any other, and counted.
    let pin = str::from_utf8(&clear).unwrap_or_default().to_owned();
    Ok(Asked {
        who,
        pin: Zeroizing::new(pin),
        source: source(packet, client),
    })
}

/// The method, where it is not PAP.
fn other_method(packet: &Packet<'_>) -> Option<&'static str> {
    if packet.first(kind::CHAP_PASSWORD).is_some() {
        return Some("CHAP");
    }
    if packet.first(kind::EAP_MESSAGE).is_some() {
        return Some("EAP");
    }
    let ms_chap = vendor_attributes(packet)
        .any(|found| found.vendor == MICROSOFT && MS_CHAP.contains(&found.kind));
    ms_chap.then_some("MS-CHAP")
}

fn vendor_attributes<'a>(packet: &Packet<'a>) -> impl Iterator<Item = VendorAttribute<'a>> {
    packet
        .attributes()
        .flat_map(|attribute| VendorAttributes::of(&attribute))
}

/// Where the attempt comes from (R-AUTH-1).
fn source(packet: &Packet<'_>, client: &Client) -> Source {
    let text = |kind| packet.first(kind).map(|found| found.text());
    Source {
        client: Some(client.name.as_str().into()),
        device: device(packet),
        caller: text(kind::CALLING_STATION_ID),
        called: text(kind::CALLED_STATION_ID),
        conference: conference(packet),
        ..Source::of(Door::Radius)
    }
}

/// The network access server and its port.
fn device(packet: &Packet<'_>) -> Option<String> {
    let name = packet.first(kind::NAS_IDENTIFIER).map(|name| name.text());
    let address = || {
        let octets: [u8; 4] = packet.first(kind::NAS_IP_ADDRESS)?.value.try_into().ok()?;
        Some(Ipv4Addr::from(octets).to_string())
    };
    let port = packet.first(kind::NAS_PORT).and_then(|port| port.number());
    let port = port.map(|port| port.to_string());
    let port = port.or_else(|| Some(packet.first(kind::NAS_PORT_ID)?.text()));
    match (name.or_else(address), port) {
        (Some(name), Some(port)) => Some(format!("{name} port {port}")),
        (Some(name), None) => Some(name),
        (None, Some(port)) => Some(format!("port {port}")),
        (None, None) => None,
    }
}

/// The conference that Cisco's `h323-ivr-in=conference:NUMBER` names, else the call's h323-conf-id.
fn conference(packet: &Packet<'_>) -> Option<String> {
    let cisco = || vendor_attributes(packet).filter(|found| found.vendor == CISCO);
    let asked = cisco()
        .filter_map(|found| found.pair("h323-ivr-in"))
        .find_map(|value| Some(value.strip_prefix(CONFERENCE)?.trim().to_owned()));
    asked.or_else(|| {
        cisco()
            .filter(|found| [cisco::AV_PAIR, cisco::H323_CONF_ID].contains(&found.kind))
            .find_map(|found| found.pair("h323-conf-id"))
    })
}
