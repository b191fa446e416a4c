//! SIP addresses as they are given by administrators.

/// The longest address, in characters.
const LONGEST: usize = 254;

/// Reads `sip:name@domain`, where the scheme may be missing. The result has it.
pub fn parse_sip_address(text: &str) -> Option<String> {
    let text = text.trim();
    let bare = match text.get(..4) {
        Some(scheme) if scheme.eq_ignore_ascii_case("sip:") => text.get(4..)?,
        _ => text,
    };
    let (name, domain) = bare.split_once('@')?;
    let good = |c: char| c.is_ascii_alphanumeric() || "-_.!~*'&=+$,/%".contains(c);
    let fits =
        !name.is_empty() && name.chars().all(good) && bare.len() <= LONGEST && is_host_name(domain);
    fits.then(|| format!("sip:{bare}"))
}

/// Whether a text is the full name of a host or a domain, such as `atl-cs-001.litwareinc.com`.
pub fn is_host_name(text: &str) -> bool {
    let label = |label: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&label.len())
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}
