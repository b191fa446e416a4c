//! Attributes: type, length, value.

/// The attributes that this door knows, by their numbers in the registry.
pub mod kind {
    #![expect(missing_docs, reason = "they are named as in the RFCs")]
    pub const USER_NAME: u8 = 1;
    pub const USER_PASSWORD: u8 = 2;
    pub const CHAP_PASSWORD: u8 = 3;
    pub const NAS_IP_ADDRESS: u8 = 4;
    pub const NAS_PORT: u8 = 5;
    pub const SERVICE_TYPE: u8 = 6;
    pub const FILTER_ID: u8 = 11;
    pub const REPLY_MESSAGE: u8 = 18;
    pub const STATE: u8 = 24;
    pub const CLASS: u8 = 25;
    pub const VENDOR_SPECIFIC: u8 = 26;
    pub const SESSION_TIMEOUT: u8 = 27;
    pub const IDLE_TIMEOUT: u8 = 28;
    pub const CALLED_STATION_ID: u8 = 30;
    pub const CALLING_STATION_ID: u8 = 31;
    pub const NAS_IDENTIFIER: u8 = 32;
    pub const PROXY_STATE: u8 = 33;
    pub const EAP_MESSAGE: u8 = 79;
    pub const MESSAGE_AUTHENTICATOR: u8 = 80;
    pub const NAS_PORT_ID: u8 = 87;
}

/// Type and length of an attribute, in octets.
const HEAD: usize = 2;

/// One attribute of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its type, see [`kind`].
    pub kind: u8,
    /// Up to 253 octets.
    pub value: &'a [u8],
    /// Where the value begins, in octets from the first attribute.
    pub at: usize,
}

impl Attribute<'_> {
    /// The value as text. What is no UTF-8 is replaced: it names nobody.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.value).into_owned()
    }

    /// The value as a number, where it has four octets.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        Some(u32::from_be_bytes(self.value.try_into().ok()?))
    }
}

/// Attributes one after the other. A length that does not fit is `None`, and the last item.
#[derive(Clone, Debug)]
pub struct Attributes<'a> {
    octets: &'a [u8],
    at: usize,
}

impl<'a> Attributes<'a> {
    /// Reads these octets, which are nothing but attributes.
    #[must_use]
    pub fn of(octets: &'a [u8]) -> Self {
        Self { octets, at: 0 }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Option<Attribute<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.octets.get(self.at..).filter(|rest| !rest.is_empty())?;
        let read = || {
            let (&kind, &length) = (rest.first()?, rest.get(1)?);
            let value = rest.get(HEAD..usize::from(length))?;
            let at = self.at + HEAD;
            Some(Attribute { kind, value, at })
        };
        let read = read();
        self.at = match read {
            Some(Attribute { at, value, .. }) => at + value.len(),
            None => self.octets.len(),
        };
        Some(read)
    }
}
