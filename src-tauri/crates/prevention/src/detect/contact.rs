//! E-mail addresses (RFC 5322 and 6531, as far as people write them).

use std::ops::Range;

/// The longest local part and domain (RFC 5321, section 4.5.3.1).
const LOCAL: usize = 64;
const DOMAIN: usize = 255;

/// What stands where a top-level domain would in the name of a file: `logo@2x.png`.
const FILES: [&str; 12] =
    ["png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "json", "html", "pdf"];

/// The address around an at sign.
pub(super) fn email(text: &str, at: usize) -> Option<Range<usize>> {
    let before = super::behind(text, at, LOCAL + 4);
    let local = before.trim_end_matches(is_local).len();
    let local = before.get(local..)?.trim_start_matches(['.', '\'', '-', '+']);
    if local.is_empty() || local.len() > LOCAL || local.ends_with('.') || local.contains("..") {
        return None;
    }
    let after = super::ahead(text, at + 1, DOMAIN + 1);
    let domain: &str = &after[..after.find(|c: char| !is_domain(c)).unwrap_or(after.len())];
    let domain = domain.trim_end_matches(['.', '-']);
    let labels: Vec<_> = domain.split('.').collect();
    let (top, rest) = labels.split_last()?;
    let is_top = (2..=24).contains(&top.chars().count())
        && (top.chars().all(char::is_alphabetic) || top.starts_with("xn--"))
        && !FILES.contains(&top.to_ascii_lowercase().as_str());
    let is_label =
        |label: &&str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    // `library@2.1.0-rc.beta` is a version.
    let is_version = rest.len() > 1 && rest[0].bytes().all(|b| b.is_ascii_digit());
    if rest.is_empty() || !is_top || !rest.iter().all(is_label) || is_version {
        return None;
    }
    let end = at + 1 + domain.len();
    // `git@host:path` is a place of a repository, whoever uses it.
    if local == "git" && text.as_bytes().get(end) == Some(&b':') {
        return None;
    }
    Some(at - local.len()..end)
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'' | '&' | '!' | '#' | '*')
}

fn is_domain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        email(text, text.find('@').unwrap()).map(|range| &text[range])
    }

    #[test]
    fn addresses_are_told_from_what_has_an_at_sign() {
        assert_eq!(
            found("à <jean.d'ormesson+x@mail.gouv.fr>."),
            Some("jean.d'ormesson+x@mail.gouv.fr")
        );
        assert_eq!(found("« zoé@exemple.fr »"), Some("zoé@exemple.fr"));
        for other in [
            "logo@2x.png",
            "lodash@4.17.21",
            "@moreau",
            "git@github.com:org/x",
            "a@b",
            "x@-a.fr",
            "react@18.2.0-rc.beta",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
