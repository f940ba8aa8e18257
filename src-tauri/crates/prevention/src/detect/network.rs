//! Addresses of the Internet Protocol.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::context;
use super::{ahead, behind, ends};
use crate::candidate::Certainty;

/// Four numbers up to 255, that are neither a version, nor a mask, nor this machine itself.
pub(super) fn version_4(text: &str, at: usize) -> Option<(usize, Certainty)> {
    let window = ahead(text, at, 16);
    let length = window.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let number = window[..length].trim_end_matches('.');
    let address: Ipv4Addr = number.parse().ok()?;
    let end = at + number.len();
    let own = address.is_loopback() || address.is_unspecified() || address.octets()[0] == 255;
    let follows = text.as_bytes().get(end);
    // A network's length and a port belong to an address; `.5` and `-beta` to something else.
    if own || !ends_address(text, end) || matches!(follows, Some(b'-')) {
        return None;
    }
    // Small numbers alone are those of a section or a version.
    let doubtful = address.octets().iter().all(|octet| *octet < 20);
    let named = context::is_address(text, at);
    (named || !doubtful && !context::is_version(text, at)).then_some((end, Certainty::Listed))
}

fn ends_address(text: &str, end: usize) -> bool {
    match text.as_bytes().get(end) {
        Some(b'/') => true,
        _ => ends(text, end),
    }
}

/// The address around a colon, as the standard library reads it (RFC 4291, section 2.2).
pub(super) fn version_6(text: &str, at: usize) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_ascii_hexdigit() || c == ':' || c == '.';
    let before = behind(text, at, 45);
    let start = at - (before.len() - before.trim_end_matches(is_part).len());
    let run = ahead(text, start, 46);
    let run = &run[..run.find(|c: char| !is_part(c)).unwrap_or(run.len())];
    let run = run.trim_end_matches('.');
    let run = run.strip_suffix(':').filter(|rest| !rest.ends_with(':')).unwrap_or(run);
    let bounded = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
    let free = bounded(text[..start].chars().next_back())
        && bounded(text[start + run.len()..].chars().next());
    let address: Ipv6Addr = free.then(|| run.parse().ok()).flatten()?;
    // `a::b` is a name in a program; an address has more to it.
    let groups: Vec<_> = run.split(':').filter(|group| !group.is_empty()).collect();
    let likely = groups.len() > 2
        || groups.len() == 2
            && groups[0].len() > 2
            && groups[0].bytes().any(|b| b.is_ascii_digit());
    let own = address.is_loopback() || address.is_unspecified();
    (likely && !own).then(|| start..start + run.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_versions_masks_and_names() {
        let four = |text: &str| {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            version_4(text, at).map(|(end, _)| text[at..end].to_owned())
        };
        assert_eq!(four("192.168.10.24:8080").as_deref(), Some("192.168.10.24"));
        assert_eq!(four("ping 10.0.0.5").as_deref(), Some("10.0.0.5"));
        for other in [
            "255.255.255.0",
            "127.0.0.1",
            "version 10.20.30.40",
            "1.2.3.4",
            "300.1.1.1",
            "10.20.30.40.50",
            "10.20.30.400",
        ] {
            assert_eq!(four(other), None, "{other}");
        }
        let six = |text: &str| version_6(text, text.find(':').unwrap()).map(|r| text[r].to_owned());
        assert_eq!(
            six("[2001:db8::8a2e:370:7334]:443").as_deref(),
            Some("2001:db8::8a2e:370:7334")
        );
        assert_eq!(six("fe80::1").as_deref(), Some("fe80::1"));
        for other in ["12:30:45", "std::vec", "a::b", "::1", "de:ad:be:ef:00:01", "note: ok"] {
            assert_eq!(six(other), None, "{other}");
        }
    }
}
