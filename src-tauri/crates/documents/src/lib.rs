//! A file in, pages of text out.
//!
//! What a file is, is told by its content. Its reader makes a [`Document`]: pages (or slides,
//! sheets, chapters) of Markdown, in the order in which a person reads them. What a person who
//! looks at the file does not see is left out, or marked as hidden.
//!
//! Files come from anywhere, so reading one is the work of a process of its own ([`Reader`]), which
//! can do little else and is ended when it takes too long or too much.

mod document;
mod epub;
mod error;
mod extract;
mod format;
mod html;
mod invisible;
mod line;
mod mail;
mod marked;
mod ocr;
mod office;
mod parts;
pub mod pdf;
mod picture;
mod plain;
mod read;
mod reader;
mod rtf;
mod stored;
mod text;
mod writer;
mod xml;

pub use document::{Document, Kind, Note, Page};
pub use error::ReadError;
pub use format::{Family, family, is_plain, is_text};
pub use read::{Reading, read};
pub use reader::{Limits, READER_ARGUMENT, Reader, serve};
pub use stored::{MEDIA_TYPE, NotStored};
