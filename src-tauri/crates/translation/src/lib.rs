//! A file in, the texts of it that are translated out, and back into the same file with only these
//! texts changed.
//!
//! A [`Document`] knows where in its file each text stands. A text (a paragraph, a cell, a heading)
//! is a [`Segment`]: it is given to a model as one line, in which light marks stand for what is not
//! to be lost. `<1>…</1>` is a text of another format or a link, `<x2/>` something that stays as it
//! is: a picture, a note's number, a placeholder of a program, an address. What comes back is
//! checked ([`Segment::check`]) and laid back run by run. Every byte of the file that belongs to no
//! translated text stays as it is.
//!
//! Nothing here knows a model: whoever translates is given lines, and gives lines.

mod attribute;
mod document;
mod encoding;
mod error;
mod format;
mod glossary;
mod inline;
mod lay;
mod marks;
mod markup;
mod numbers;
mod package;
mod pairs;
mod protect;
mod segment;
mod splice;

pub use document::{Document, Kind, is_translatable};
pub use error::TranslationError;
pub use glossary::{Glossary, GlossaryError, Term};
pub use segment::{Problem, Segment};
