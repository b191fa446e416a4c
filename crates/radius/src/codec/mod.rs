//! The octets of RADIUS, without any I/O: packets and attributes (RFC 2865), hidden passwords, the
//! authenticators of requests and answers (RFC 2865, RFC 3579), Proxy-State, vendor attributes.
//!
//! Nothing here allocates for what a stranger sends but [`reveal`], and only after the lengths were
//! checked.

mod answer;
mod attribute;
mod digest;
mod packet;
mod password;
mod secret;
mod vendor;

pub use answer::{Answer, TooLong};
pub use attribute::{Attribute, Attributes, kind};
pub use packet::{Code, HEADER, LONGEST, Malformed, Packet, Signature};
pub use password::{LONGEST_PASSWORD, NotHidden, hide, reveal};
pub use secret::Secret;
pub use vendor::{CISCO, VendorAttribute, VendorAttributes, cisco};
