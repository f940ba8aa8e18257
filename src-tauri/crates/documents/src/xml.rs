//! XML as it is read: a stream of elements and text, told by their local names.
//!
//! Nothing is looked up that a document type declares: an entity of its own is left out, so that
//! none can name a file or grow.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesStart, Event as Raw};

use crate::ReadError;

/// How deep elements may lie in each other.
const DEPTH: usize = 1_000;

/// What is read next.
#[derive(Debug)]
pub enum Event<'a> {
    /// An element begins.
    Open(Element<'a>),
    /// An element of this name ends.
    Close(String),
    /// Text, or a part of it.
    Text(Cow<'a, str>),
}

/// The start of an element.
#[derive(Debug)]
pub struct Element<'a> {
    start: BytesStart<'a>,
}

impl Element<'_> {
    /// Its name without its prefix.
    pub fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// The value of an attribute: of this local name, or of this whole name where it has a prefix.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let whole = name.contains(':');
        let mut attributes = self.start.attributes();
        let mut found = attributes.with_checks(false).flatten().filter(|attribute| match whole {
            true => attribute.key.as_ref() == name,
            false => attribute.key.local_name().as_ref() == name,
        });
        let value = found.next()?.value;
        Some(unescape(&value).map_or_else(|_| value.to_string(), Cow::into_owned))
    }

    /// Whether a switch that needs no value is on, as Office writes them: `<w:b/>`, `w:val="0"`.
    pub fn is_on(&self) -> bool {
        !matches!(self.attribute("val").as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// Reads XML.
pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    /// The name of an element without content, whose end comes next.
    empty: Option<String>,
}

impl<'a> Xml<'a> {
    /// Reads this text.
    pub fn new(text: &'a str) -> Self {
        Self { reader: Reader::from_str(text), depth: 0, empty: None }
    }

    /// What comes next, or `None` at the end.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] where it is no XML, or deeper than any document is.
    pub fn next(&mut self) -> Result<Option<Event<'a>>, ReadError> {
        if let Some(name) = self.empty.take() {
            return Ok(Some(Event::Close(name)));
        }
        loop {
            let event = self.reader.read_event();
            let event = event.map_err(|error| ReadError::Damaged(format!("XML: {error}")))?;
            return Ok(Some(match event {
                Raw::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEPTH {
                        return Err(ReadError::Damaged("its XML is too deep".into()));
                    }
                    Event::Open(Element { start })
                }
                Raw::Empty(start) => {
                    self.empty = Some(start.local_name().into_inner().to_owned());
                    Event::Open(Element { start })
                }
                Raw::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    Event::Close(end.local_name().into_inner().to_owned())
                }
                Raw::Text(text) => Event::Text(text.into_inner()),
                Raw::CData(text) => Event::Text(text.into_inner()),
                Raw::GeneralRef(reference) => match reference.resolve_char_ref() {
                    Ok(Some(character)) => Event::Text(Cow::Owned(character.to_string())),
                    _ => match resolve_predefined_entity(&reference.into_inner()) {
                        Some(text) => Event::Text(Cow::Borrowed(text)),
                        None => continue,
                    },
                },
                Raw::Eof => return Ok(None),
                Raw::Comment(_) | Raw::Decl(_) | Raw::PI(_) | Raw::DocType(_) => continue,
            }));
        }
    }

    /// Passes over the rest of the element that began last.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub fn skip(&mut self) -> Result<(), ReadError> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Some(Event::Open(_)) => depth += 1,
                Some(Event::Close(_)) => depth -= 1,
                Some(Event::Text(_)) => {}
                None => break,
            }
        }
        Ok(())
    }

    /// All text of the element that began last.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub fn text(&mut self) -> Result<String, ReadError> {
        let mut text = String::new();
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Some(Event::Open(_)) => depth += 1,
                Some(Event::Close(_)) => depth -= 1,
                Some(Event::Text(more)) => text.push_str(&more),
                None => break,
            }
        }
        Ok(text)
    }
}
