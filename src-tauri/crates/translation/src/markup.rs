//! XML and HTML as a list of tokens, each with its place in the text.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

use crate::TranslationError;

/// How deep elements may lie in each other.
const DEPTH: usize = 500;
/// How many tokens a part may have.
const TOKENS: usize = 20_000_000;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An element begins.
    Open,
    /// An element ends.
    Close,
    /// An element without content.
    Empty,
    /// Text, or a part of it.
    Text,
    /// A comment, a declaration, an instruction.
    Other,
}

/// A piece of markup.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub kind: Kind,
    /// Where it stands.
    pub range: Range<usize>,
    /// Where its local name stands; empty for what has none.
    pub name: Range<usize>,
    /// For what begins, the place of the token that ends it; else its own.
    pub end: usize,
}

/// A text of markup, and its tokens.
pub(crate) struct Markup<'a> {
    pub source: &'a str,
    pub tokens: Vec<Token>,
}

impl<'a> Markup<'a> {
    /// Reads XML.
    ///
    /// # Errors
    /// [`TranslationError::Damaged`] where it is none, or deeper than any document is.
    pub fn xml(source: &'a str) -> Result<Self, TranslationError> {
        let damaged = |what: String| TranslationError::Damaged(format!("XML: {what}"));
        let mut reader = Reader::from_str(source);
        let mut tokens: Vec<Token> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        loop {
            let start = place(reader.buffer_position());
            let event = reader.read_event().map_err(|error| damaged(error.to_string()))?;
            let range = start..place(reader.buffer_position());
            let kind = match event {
                Event::Eof => break,
                Event::Start(_) => Kind::Open,
                Event::Empty(_) => Kind::Empty,
                Event::End(_) => Kind::Close,
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => Kind::Text,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                    Kind::Other
                }
            };
            let here = tokens.len();
            match kind {
                Kind::Open => open.push(here),
                Kind::Close => {
                    let begun = open.pop().and_then(|begun| tokens.get_mut(begun));
                    begun.ok_or_else(|| damaged("an end without a beginning".into()))?.end = here;
                }
                _ => {}
            }
            if open.len() > DEPTH || here > TOKENS {
                return Err(damaged("it is too deep or too long".into()));
            }
            let name = local_name(source, &range, kind);
            tokens.push(Token { kind, range, name, end: here });
        }
        if open.is_empty() {
            Ok(Self { source, tokens })
        } else {
            Err(damaged("it is cut off".into()))
        }
    }

    /// The local name of a token's element; empty for what has none.
    pub fn name(&self, place: usize) -> &'a str {
        self.tokens.get(place).and_then(|t| self.source.get(t.name.clone())).unwrap_or_default()
    }

    /// The token as it stands.
    pub fn raw(&self, place: usize) -> &'a str {
        self.tokens.get(place).and_then(|t| self.source.get(t.range.clone())).unwrap_or_default()
    }

    /// What lies between the beginning and the end of an element, as places of tokens.
    pub fn inside(&self, place: usize) -> Range<usize> {
        let end = self.tokens.get(place).map_or(place, |token| token.end);
        if end > place { place + 1..end } else { place..place }
    }

    /// An element with its content, as a range of the text.
    pub fn whole(&self, place: usize) -> Range<usize> {
        match self.tokens.get(place) {
            Some(token) => {
                let end = self.tokens.get(token.end).map_or(token.range.end, |end| end.range.end);
                token.range.start..end
            }
            None => 0..0,
        }
    }

    /// The content of an element, as a range of the text.
    pub fn content(&self, place: usize) -> Range<usize> {
        match self.tokens.get(place) {
            Some(token) if token.end > place => {
                let end = self.tokens.get(token.end).map_or(token.range.end, |e| e.range.start);
                token.range.end..end
            }
            Some(token) => token.range.end..token.range.end,
            None => 0..0,
        }
    }

    /// The places of an element's children: elements and texts, in order.
    pub fn children(&self, inside: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        let mut next = inside.start;
        std::iter::from_fn(move || {
            if next >= inside.end {
                return None;
            }
            let here = next;
            next = self.tokens.get(here).map_or(inside.end, |token| token.end.max(here) + 1);
            Some(here)
        })
    }

    /// The text that a token of text stands for; none where it names an entity that is not XML's.
    pub fn text(&self, place: usize) -> Option<Cow<'a, str>> {
        let raw = self.raw(place);
        match raw.strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>")) {
            Some(text) => Some(Cow::Borrowed(text)),
            None => unescape(raw).ok(),
        }
    }

    /// All text of an element that holds nothing but text.
    pub fn plain_text(&self, place: usize) -> Option<String> {
        let inside = self.inside(place);
        inside
            .map(|token| match self.tokens.get(token).map(|token| token.kind) {
                Some(Kind::Text) => self.text(token),
                Some(Kind::Other) => Some(Cow::Borrowed("")),
                _ => None,
            })
            .collect()
    }
}

fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// Where the local name of a tag stands.
pub(crate) fn local_name(source: &str, range: &Range<usize>, kind: Kind) -> Range<usize> {
    let skipped = match kind {
        Kind::Open | Kind::Empty => 1,
        Kind::Close => 2,
        Kind::Text | Kind::Other => return range.start..range.start,
    };
    let start = range.start + skipped;
    let tag = source.get(start..range.end).unwrap_or_default();
    let length =
        tag.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(tag.len());
    let prefix = tag.get(..length).and_then(|name| name.find(':')).map_or(0, |colon| colon + 1);
    start + prefix..start + length
}

/// Text as it stands in XML, also between quotation marks. What XML cannot hold is left out.
pub(crate) fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t' | '\r' | '\u{80}'..) => {}
            c => escaped.push(c),
        }
    }
    escaped
}
