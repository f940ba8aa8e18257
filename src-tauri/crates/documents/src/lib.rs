//! A file in, pages of text out.
//!
//! What a file is, is told by its content. Its reader makes a [`Document`]: pages (or slides,
//! sheets, chapters) of Markdown, in the order in which a person reads them.

mod document;
mod error;
mod stored;

pub use document::{Document, Kind, Note, Page};
pub use error::ReadError;
pub use stored::{MEDIA_TYPE, NotStored};
