//! Vendor-Specific (RFC 2865 section 5.26) and what Cisco's gateways say with it.

use super::attribute::{Attribute, Attributes, kind};

/// Cisco's number.
pub const CISCO: u32 = 9;

/// Cisco's attributes, by their numbers.
pub mod cisco {
    #![expect(missing_docs, reason = "they are named as Cisco names them")]
    pub const AV_PAIR: u8 = 1;
    pub const H323_CONF_ID: u8 = 24;
    pub const H323_RETURN_CODE: u8 = 103;
}

/// One attribute of a vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VendorAttribute<'a> {
    /// The vendor's number.
    pub vendor: u32,
    /// The type within the vendor's.
    pub kind: u8,
    /// Up to 247 octets.
    pub value: &'a [u8],
}

impl VendorAttribute<'_> {
    /// What a pair `name=value` says of `name`: Cisco writes its pairs so, and its own attributes often
    /// too, with their name before the value.
    #[must_use]
    pub fn pair(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(self.value);
        let value = text.strip_prefix(name)?.strip_prefix('=')?;
        Some(value.to_owned())
    }
}

/// The attributes within a Vendor-Specific one. The RFC only recommends that they are laid out like
/// attributes: what is not so is nothing to this door, and no reason to drop the packet.
#[derive(Clone, Debug)]
pub struct VendorAttributes<'a> {
    vendor: u32,
    inner: Attributes<'a>,
}

impl<'a> VendorAttributes<'a> {
    /// Those within this attribute; none where it is not Vendor-Specific.
    #[must_use]
    pub fn of(attribute: &Attribute<'a>) -> Self {
        let split = match attribute.kind {
            kind::VENDOR_SPECIFIC => attribute.value.split_first_chunk::<4>(),
            _ => None,
        };
        let (vendor, inner) = split.map_or((0, &[][..]), |(vendor, inner)| {
            (u32::from_be_bytes(*vendor), inner)
        });
        Self {
            vendor,
            inner: Attributes::of(inner),
        }
    }
}

impl<'a> Iterator for VendorAttributes<'a> {
    type Item = VendorAttribute<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let Attribute { kind, value, .. } = self.inner.next()??;
        let vendor = self.vendor;
        Some(VendorAttribute {
            vendor,
            kind,
            value,
        })
    }
}
