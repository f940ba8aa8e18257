//! Takes LibreChat's messages out of each other. Its recursive export puts the answers to a
//! message into the message, so a long conversation lies thousands of levels deep: no parser that
//! calls itself can read that.

/// One message's JSON, with an empty list in the place of its children.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Detached {
    /// The message that it was in, as a place in the list.
    pub(crate) parent: Option<usize>,
    pub(crate) json: Vec<u8>,
}

/// Why the messages cannot be taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tangled {
    /// Brackets do not match.
    NotJson,
    /// More messages than any conversation has, or values that lie too deep in one of them.
    TooMuch,
}

/// A bracket that is open.
enum Open {
    /// An object: the root, a message, or something within one.
    Object { of: Owner, is_message: bool },
    /// A list of messages that follow this one (none: the first ones).
    Messages { of: Owner },
    /// Any other list.
    List { of: Owner },
}

/// Whose JSON something belongs to: the root's, or that of a message.
type Owner = Option<usize>;

/// The root without its messages, and the messages: each after the one that it was in.
pub(crate) fn detach(
    json: &[u8],
    most: usize,
    deepest: usize,
) -> Result<(Vec<u8>, Vec<Detached>), Tangled> {
    let mut root = Vec::new();
    let mut messages: Vec<Detached> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    // How many brackets are open within the innermost message.
    let mut depth = 0;
    let mut key: &[u8] = b"";
    let mut at = 0;
    while at < json.len() {
        let end =
            if json[at] == b'"' { string_end(json, at).ok_or(Tangled::NotJson)? } else { at + 1 };
        let token = &json[at..end];
        match json[at] {
            b'"' if json[end..].trim_ascii_start().first() == Some(&b':') => key = token,
            b'{' => {
                let of = owner(open.last());
                if let Some(Open::Messages { of }) = open.last() {
                    if messages.len() == most {
                        return Err(Tangled::TooMuch);
                    }
                    messages.push(Detached { parent: *of, json: Vec::new() });
                    depth = 0;
                    open.push(Open::Object { of: Some(messages.len() - 1), is_message: true });
                } else {
                    depth += 1;
                    open.push(Open::Object { of, is_message: false });
                }
            }
            b'[' => {
                let of = owner(open.last());
                let holds = match open.last() {
                    Some(Open::Object { is_message: true, .. }) => key == b"\"children\"",
                    Some(Open::Object { of: None, .. }) if open.len() == 1 => {
                        matches!(key, b"\"messages\"" | b"\"messagesTree\"")
                    }
                    _ => false,
                };
                depth += 1;
                open.push(if holds { Open::Messages { of } } else { Open::List { of } });
            }
            _ => {}
        }
        if depth > deepest {
            return Err(Tangled::TooMuch);
        }
        let closes = matches!(json[at], b'}' | b']');
        let of = owner(open.last());
        // Between messages there are only commas.
        let opens_list = json[at] == b'[' || json[at] == b']';
        if opens_list || !matches!(open.last(), Some(Open::Messages { .. })) {
            of.map_or(&mut root, |place| &mut messages[place].json).extend_from_slice(token);
        }
        if closes {
            match (json[at], open.pop()) {
                (b'}', Some(Open::Object { is_message, .. })) => {
                    depth = if is_message { 1 } else { depth.saturating_sub(1) };
                }
                (b']', Some(Open::Messages { .. } | Open::List { .. })) => {
                    depth = depth.saturating_sub(1)
                }
                _ => return Err(Tangled::NotJson),
            }
        }
        at = end;
    }
    if open.is_empty() { Ok((root, messages)) } else { Err(Tangled::NotJson) }
}

fn owner(open: Option<&Open>) -> Owner {
    match open {
        Some(Open::Object { of, .. } | Open::Messages { of } | Open::List { of }) => *of,
        None => None,
    }
}

/// Where the string that begins at `start` ends.
fn string_end(json: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', json.get(at..)?)?;
        if json[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_of_each_other() {
        let json = br#"{"id":"7","x":[{"children":[1]}],"messages":[{"a":"}]\"","children":[{"b":[{"children":[2]}],"children":[]} , {"c":1}]},{"d":{"children":[{}]}}],"y":2}"#;
        let (root, messages) = detach(json, 10, 10).unwrap();
        assert_eq!(root, br#"{"id":"7","x":[{"children":[1]}],"messages":[],"y":2}"#);
        let texts: Vec<_> = messages
            .iter()
            .map(|m| (m.parent, String::from_utf8_lossy(&m.json).into_owned()))
            .collect();
        assert_eq!(
            texts,
            [
                (None, r#"{"a":"}]\"","children":[]}"#.to_owned()),
                (Some(0), r#"{"b":[{"children":[2]}],"children":[]}"#.to_owned()),
                (Some(0), r#"{"c":1}"#.to_owned()),
                (None, r#"{"d":{"children":[{}]}}"#.to_owned()),
            ]
        );
    }

    #[test]
    fn what_is_too_much_or_broken_is_refused() {
        assert_eq!(detach(b"{\"messages\":[{},{},{}]}", 2, 9), Err(Tangled::TooMuch));
        assert_eq!(detach(b"{\"a\":[[[[]]]]}", 2, 3), Err(Tangled::TooMuch));
        for broken in ["{", "{]", "}", "[", "{\"a", "{\"a\\"] {
            assert_eq!(detach(broken.as_bytes(), 9, 9), Err(Tangled::NotJson), "{broken}");
        }
    }
}
