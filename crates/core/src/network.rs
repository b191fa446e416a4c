//! Networks of addresses: `10.1.0.0/16`, `2001:db8::/32`, or one address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Addresses with a common beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// Without the bits that vary. An IPv4 address that is written as IPv6 is the IPv4 address.
    first: IpAddr,
    /// How many bits are common: 0–32, or 0–128 for IPv6.
    bits: u8,
}

/// Why a text is no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// It does not begin with an address.
    #[error(
        "{0:?} is no network: write an address, or an address with the common bits, such as 10.1.0.0/16"
    )]
    Address(String),
    /// The number of bits is none, or too large.
    #[error("{text:?} is no network: after the slash stands a number from 0 to {most}")]
    Bits {
        /// What was given.
        text: String,
        /// The bits of such an address.
        most: u8,
    },
    /// There are bits set behind the common ones.
    #[error(
        "{text:?} is no network: its first address is {first}. Write {first}, or the single address without a slash"
    )]
    Beyond {
        /// What was given.
        text: String,
        /// The network that was perhaps meant.
        first: Network,
    },
}

impl Network {
    /// How many bits are common: the more, the narrower it is.
    #[must_use]
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// Whether an address belongs to it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(address)) => begin_alike(
                first.to_bits().into(),
                address.to_bits().into(),
                32,
                self.bits,
            ),
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                begin_alike(first.to_bits(), address.to_bits(), 128, self.bits)
            }
            _ => false,
        }
    }
}

fn begin_alike(a: u128, b: u128, width: u8, bits: u8) -> bool {
    (a ^ b).checked_shr(u32::from(width - bits)).unwrap_or(0) == 0
}

fn first_of(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(u32::from(32 - bits)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(u32::from(128 - bits)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let text = text.trim();
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address
            .parse()
            .map_err(|_none| NetworkError::Address(text.to_owned()))?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => most,
            Some(bits) => bits
                .parse()
                .ok()
                .filter(|given| *given <= most && bits.bytes().all(|b| b.is_ascii_digit()))
                .ok_or_else(|| NetworkError::Bits {
                    text: text.to_owned(),
                    most,
                })?,
        };
        let first = first_of(address, bits);
        if first != address {
            return Err(NetworkError::Beyond {
                text: text.to_owned(),
                first: Self { first, bits },
            });
        }
        Ok(match (address.to_canonical(), bits) {
            // ::ffff:10.1.0.0/112 is 10.1.0.0/16.
            (canonical @ IpAddr::V4(_), 96..) if address.is_ipv6() => Self {
                first: canonical,
                bits: bits - 96,
            },
            _ => Self { first, bits },
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = if self.first.is_ipv4() { 32 } else { 128 };
        match self.bits == whole {
            true => write!(f, "{}", self.first),
            false => write!(f, "{}/{}", self.first, self.bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_the_addresses_that_begin_like_it() {
        for (network, address, inside) in [
            ("10.1.0.0/16", "10.1.255.255", true),
            ("10.1.0.0/16", "10.2.0.0", false),
            ("10.1.0.0/16", "::ffff:10.1.2.3", true),
            ("::ffff:10.1.0.0/112", "10.1.2.3", true),
            ("::ffff:10.1.0.0/112", "10.2.2.3", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "2001:db8::1", true),
            ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false),
        ] {
            let parsed: Network = network.parse().expect(network);
            let address = address.parse().expect("an address");
            assert_eq!(parsed.contains(address), inside, "{network} {address}");
        }
    }

    #[test]
    fn a_network_is_written_as_it_is_read() {
        for (text, written) in [
            (" 10.1.0.0/16 ", "10.1.0.0/16"),
            ("10.1.2.3/32", "10.1.2.3"),
            ("2001:DB8::/32", "2001:db8::/32"),
            ("::1", "::1"),
        ] {
            let network: Network = text.parse().expect(text);
            assert_eq!(network.to_string(), written);
            assert_eq!(written.parse(), Ok(network));
        }
    }

    #[test]
    fn what_is_no_network_is_refused_with_what_to_write() {
        for (text, says) in [
            ("", "such as 10.1.0.0/16"),
            ("localhost", "such as 10.1.0.0/16"),
            ("10.1.0.0/33", "from 0 to 32"),
            ("10.1.0.0/+8", "from 0 to 32"),
            ("::/129", "from 0 to 128"),
            ("10.1.2.3/16", "Write 10.1.0.0/16"),
        ] {
            let error = text.parse::<Network>().expect_err(text).to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
