//! Bare addresses as links: GFM's extended autolinks (section 6.9).

/// A stretch of text that is a link.
#[derive(Debug, PartialEq, Eq)]
pub struct Autolink {
    /// Where it begins in the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Where it leads.
    pub address: String,
}

/// The links in a text. `before` is the character in front of it, if there is one.
pub fn find(text: &str, before: Option<char>) -> Vec<Autolink> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find([':', 'w', 'W', '@']).map(|at| from + at) {
        let floor = found.last().map_or(0, |link: &Autolink| link.end);
        let link = match text.as_bytes()[at] {
            b':' => url(text, at, floor, before),
            b'@' => email(text, at, floor, before),
            _ => www(text, at, floor, before),
        };
        from = match &link {
            Some(link) => link.end,
            None => at + 1,
        };
        found.extend(link);
    }
    found
}

/// Whether a web address may begin here.
fn may_begin(text: &str, at: usize, before: Option<char>) -> bool {
    let previous = text[..at].chars().next_back().or(before.filter(|_| at == 0));
    previous.is_none_or(|c| c.is_whitespace() || "*_~(".contains(c))
}

fn url(text: &str, colon: usize, floor: usize, before: Option<char>) -> Option<Autolink> {
    let rest = text[colon..].strip_prefix("://")?;
    let schemes = ["https", "http"];
    let head = &text.as_bytes()[floor..colon];
    let scheme = schemes.iter().find(|scheme| {
        head.len() >= scheme.len()
            && head[head.len() - scheme.len()..].eq_ignore_ascii_case(scheme.as_bytes())
    })?;
    let start = colon - scheme.len();
    let end = colon + 3 + end_of(rest, true)?;
    may_begin(text, start, before).then(|| Autolink {
        start,
        end,
        address: text[start..end].to_owned(),
    })
}

fn www(text: &str, start: usize, floor: usize, before: Option<char>) -> Option<Autolink> {
    let rest = &text[start..];
    let named = rest.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www."));
    if !named || start < floor || !may_begin(text, start, before) {
        return None;
    }
    let end = start + end_of(rest, false)?;
    Some(Autolink { start, end, address: format!("http://{}", &text[start..end]) })
}

/// Where the address that begins with a valid domain ends.
fn end_of(text: &str, bare: bool) -> Option<usize> {
    let domain_end = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let domain = text[..domain_end].trim_end_matches(['.', '_', '-']);
    let mut labels = domain.rsplit('.');
    let last_two = [labels.next().unwrap_or_default(), labels.next().unwrap_or_default()];
    // A name such as `localhost` has no dot, and its address is a link all the same.
    let dotted = bare || domain.contains('.');
    if domain.is_empty() || !dotted || last_two.iter().any(|label| label.contains('_')) {
        return None;
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(text.len());
    let mut address = &text[..end];
    let (opened, closed) = (address.matches('(').count(), address.matches(')').count());
    let mut surplus = closed.saturating_sub(opened);
    loop {
        let last = address.chars().next_back()?;
        let shorter = &address[..address.len() - last.len_utf8()];
        match last {
            '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' => address = shorter,
            ')' if surplus > 0 => {
                surplus -= 1;
                address = shorter;
            }
            ';' => {
                let name = shorter.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
                let entity = name.len() < shorter.len() && name.ends_with('&');
                address = if entity { &name[..name.len() - 1] } else { shorter };
                if !entity {
                    continue;
                }
            }
            _ => return Some(address.len()).filter(|end| *end > 0),
        }
    }
}

fn email(text: &str, at: usize, floor: usize, before: Option<char>) -> Option<Autolink> {
    let local = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
    let head = &text[floor..at];
    let start = floor + head.trim_end_matches(local).len();
    let tail = &text[at + 1..];
    let domain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let length = tail.find(|c| !domain(c)).unwrap_or(tail.len());
    let host = tail[..length].trim_end_matches('.');
    let at_word = start == 0 && before.is_some_and(|c| c.is_alphanumeric() || "./".contains(c));
    if start == at
        || at_word
        || !host.contains('.')
        || host.ends_with(['-', '_'])
        || host.contains("..")
    {
        return None;
    }
    let end = at + 1 + host.len();
    Some(Autolink { start, end, address: format!("mailto:{}", &text[start..end]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<&str> {
        find(text, None).iter().map(|link| &text[link.start..link.end]).collect()
    }

    #[test]
    fn ends_are_trimmed_as_gfm_says() {
        assert_eq!(links("(www.a.b/c_(d)) (https://a.b) x"), ["www.a.b/c_(d)", "https://a.b"]);
        assert_eq!(
            links("http://a.b/x?y. https://a.b/q&copy; xhttp://no.no"),
            ["http://a.b/x?y", "https://a.b/q"]
        );
        assert_eq!(links("a.b+c@d.e. x@y x@y.z_ 1@2.3-"), ["a.b+c@d.e"]);
        assert_eq!(
            links("https://a_b.c_d.e httpS://A.B wwww.a www. www.a"),
            ["httpS://A.B", "www.a"]
        );
    }
}
