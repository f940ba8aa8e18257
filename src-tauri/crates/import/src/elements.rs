//! Takes a JSON file apart into its conversations, without holding more than one of them: their
//! borders are found by counting brackets, and what is within is parsed later.

use std::io::{ErrorKind, Read};
use std::ops::ControlFlow;

use memchr::{memchr_iter, memchr2};

use crate::report::Place;
use crate::{ImportError, limits};

/// Bytes that are read at once.
const BLOCK: usize = 256 << 10;
/// The most bytes that come before the list of conversations in Bureau's form.
const HEADER: usize = 4096;
/// The version of Bureau's form that is read.
pub(crate) const OWN_VERSION: u64 = 1;
/// What is kept of an element that is too large: enough to find its title.
const PREFIX: usize = 64 << 10;

/// What a file is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    /// An array of conversations.
    Array,
    /// One JSON object.
    Object,
    /// Bureau's own form, of this version: an object with an array of conversations.
    Bureau { version: u64 },
    /// Not JSON.
    Text,
}

/// Hears how many bytes were read, each time some were; if it breaks, no more are.
pub(crate) type OnRead<'a> = dyn FnMut(u64) -> ControlFlow<()> + 'a;

/// Why there is no further element.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The caller has heard enough.
    Stopped,
    /// The disk fails.
    Unreadable(std::io::Error),
    /// The file ends too early or is damaged; what begins here cannot be had.
    CutOff(Place),
}

impl Halt {
    fn of(error: std::io::Error, place: Place) -> Self {
        match error.kind() {
            // What the decompression reports of a damaged archive.
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof => {
                Self::CutOff(place)
            }
            _ => Self::Unreadable(error),
        }
    }
}

/// An element that was found: its bytes are in the buffer that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element {
    /// Where it begins.
    pub(crate) place: Place,
    /// Whether it is too large; then only its beginning is in the buffer.
    pub(crate) too_large: bool,
}

/// The elements of a file, read one after the other.
pub(crate) struct Elements<R> {
    input: R,
    block: Vec<u8>,
    /// The part of `block` that is not yet used.
    next: usize,
    place: Place,
    root: Root,
    /// The last element was given out.
    ended: bool,
    /// What follows the last element was looked at.
    closed: bool,
}

impl<R: Read> Elements<R> {
    /// Looks what the file is.
    pub(crate) fn open(input: R, on_read: &mut OnRead<'_>) -> Result<Self, Halt> {
        let block = Vec::with_capacity(BLOCK);
        let mut elements = Self {
            input,
            block,
            next: 0,
            place: Place::START,
            root: Root::Text,
            ended: false,
            closed: false,
        };
        while elements.block.len() < HEADER && elements.fill(on_read)? {}
        if elements.block.starts_with(b"\xef\xbb\xbf") {
            elements.advance(3);
        }
        elements.root = elements.look();
        match elements.root {
            Root::Array => {
                elements.skip_space(on_read)?;
                elements.advance(1);
            }
            Root::Bureau { .. } => {
                let array = elements.rest().iter().position(|&byte| byte == b'[');
                elements.advance(array.map_or(0, |at| at + 1));
            }
            Root::Object | Root::Text => {}
        }
        Ok(elements)
    }

    pub(crate) fn root(&self) -> Root {
        self.root
    }

    /// The next element, put into `into`; none after the last one. The end of the array must come
    /// before that of the file.
    pub(crate) fn next(
        &mut self,
        into: &mut Vec<u8>,
        on_read: &mut OnRead<'_>,
    ) -> Result<Option<Element>, Halt> {
        into.clear();
        if self.ended {
            return self.close(on_read);
        }
        self.skip_space(on_read)?;
        let place = self.place;
        let whole = matches!(self.root, Root::Object | Root::Text);
        let limit = match self.root {
            Root::Bureau { .. } => limits::OWN_CONVERSATION,
            _ => limits::CONVERSATION,
        };
        let mut element = Element { place, too_large: false };
        let mut border = Border::default();
        loop {
            if self.rest().is_empty() && !self.fill(on_read).map_err(|halt| halt.at(place))? {
                self.ended = true;
                if whole {
                    break;
                }
                return Err(Halt::CutOff(place));
            }
            let rest = &self.block[self.next..];
            let end = if whole { None } else { border.find(rest) };
            let taken = end.unwrap_or(rest.len());
            if into.len().saturating_add(taken) > limit {
                element.too_large = true;
                into.truncate(PREFIX);
                into.shrink_to(PREFIX);
            }
            if !element.too_large {
                into.extend_from_slice(&rest[..taken]);
            }
            let ends_array = end.and_then(|end| rest.get(end)) == Some(&b']');
            self.advance(taken);
            if end.is_some() {
                self.advance(1);
                self.ended = ends_array;
                break;
            }
        }
        let empty = into.iter().all(u8::is_ascii_whitespace);
        // `[]`, and the comma that some leave after the last element.
        if empty && !element.too_large && self.ended {
            self.close(on_read)
        } else {
            Ok(Some(element))
        }
    }

    /// Looks whether the file ends where its elements do; a file that goes on was damaged.
    fn close(&mut self, on_read: &mut OnRead<'_>) -> Result<Option<Element>, Halt> {
        if !self.closed && matches!(self.root, Root::Array | Root::Bureau { .. }) {
            self.closed = true;
            self.skip_space(on_read)?;
            if matches!(self.root, Root::Bureau { .. }) {
                if self.rest().first() != Some(&b'}') {
                    return Err(Halt::CutOff(self.place));
                }
                self.advance(1);
                self.skip_space(on_read)?;
            }
            if !self.rest().is_empty() {
                return Err(Halt::CutOff(self.place));
            }
        }
        Ok(None)
    }

    /// The first bytes decide what a file is.
    fn look(&self) -> Root {
        let rest = self.rest().trim_ascii_start();
        let Some((&first, inner)) = rest.split_first() else { return Root::Text };
        let inner = inner.trim_ascii_start();
        match (first, inner.first()) {
            (b'[', Some(b'{' | b']')) => Root::Array,
            (b'{', Some(b'"' | b'}')) => {
                header_version(rest).map_or(Root::Object, |version| Root::Bureau { version })
            }
            _ => Root::Text,
        }
    }

    fn rest(&self) -> &[u8] {
        &self.block[self.next..]
    }

    fn advance(&mut self, bytes: usize) {
        let end = (self.next + bytes).min(self.block.len());
        let used = &self.block[self.next..end];
        self.place.line += memchr_iter(b'\n', used).count() as u64;
        self.place.byte += used.len() as u64;
        self.next = end;
    }

    fn skip_space(&mut self, on_read: &mut OnRead<'_>) -> Result<(), Halt> {
        loop {
            let space = self.rest().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            self.advance(space);
            if !self.rest().is_empty() || !self.fill(on_read)? {
                return Ok(());
            }
        }
    }

    /// Reads some more; false at the end of the file.
    fn fill(&mut self, on_read: &mut OnRead<'_>) -> Result<bool, Halt> {
        self.block.drain(..self.next);
        self.next = 0;
        let held = self.block.len();
        let read = (&mut self.input)
            .take(BLOCK as u64)
            .read_to_end(&mut self.block)
            .map_err(|error| Halt::of(error, self.place))?;
        debug_assert_eq!(held + read, self.block.len());
        if read > 0 && on_read(read as u64).is_break() {
            return Err(Halt::Stopped);
        }
        Ok(read > 0)
    }
}

impl Halt {
    /// The same, with the place where the element begins that cannot be had.
    fn at(self, place: Place) -> Self {
        match self {
            Self::CutOff(_) => Self::CutOff(place),
            other => other,
        }
    }

    /// As an error of the whole import; a file that is cut off is none.
    pub(crate) fn into_error(self) -> Result<Place, ImportError> {
        match self {
            Self::Stopped => Err(ImportError::Stopped),
            Self::Unreadable(error) => Err(ImportError::Unreadable(error)),
            Self::CutOff(place) => Ok(place),
        }
    }
}

/// Looks for the comma or bracket that ends an element of an array.
#[derive(Debug, Default)]
struct Border {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Border {
    /// Where the element ends in these further bytes of it; none if it goes on.
    fn find(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            if self.escaped {
                self.escaped = false;
                at += 1;
            } else if self.in_string {
                let found = memchr2(b'"', b'\\', &bytes[at..])?;
                at += found + 1;
                if bytes[at - 1] == b'"' {
                    self.in_string = false;
                } else {
                    self.escaped = true;
                }
            } else {
                match bytes[at] {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b',' | b']' if self.depth == 0 => return Some(at),
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                at += 1;
            }
        }
        None
    }
}

/// The version of Bureau's form that a file begins with: `{"format":"bureau","version":1,
/// "conversations":[`, the first two members first.
fn header_version(rest: &[u8]) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Header {
        format: String,
        version: u64,
        conversations: Option<serde::de::IgnoredAny>,
    }
    let array = rest.iter().take(HEADER).position(|&byte| byte == b'[')?;
    let mut header = rest[..array].to_vec();
    header.extend_from_slice(b"[]}");
    let header: Header = serde_json::from_slice(&header).ok()?;
    let readable = header.version > OWN_VERSION || header.conversations.is_some();
    (header.format == "bureau" && readable).then_some(header.version)
}
