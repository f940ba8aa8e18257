//! Markdown in, safe HTML blocks out, incrementally.
//!
//! The text is cut into segments that mean on their own what they mean in the whole
//! (`segment`); each is parsed, rendered and sanitised by itself (`block`, `sanitise`); a
//! [`Stream`] does this while the text arrives, for each segment once.

mod autolink;
mod block;
mod code;
mod definitions;
mod footnotes;
mod highlight;
mod html;
mod image;
mod line;
pub mod link;
mod math;
mod sanitise;
mod segment;
#[cfg(test)]
mod spec;
mod stream;
mod theme;
mod users;

use serde::{Deserialize, Serialize};

pub use stream::Stream;
pub use theme::{light_colour, theme_css};

/// A top-level block of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Block {
    /// HTML that is balanced, and holds nothing that runs, is fetched or leaves the page unasked.
    pub html: String,
}

/// A change to a message's blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Patch {
    /// The first block that is replaced; all behind it are replaced too.
    pub first_block: u32,
    /// What stands there instead.
    pub blocks: Vec<Block>,
}

/// The blocks of a whole text.
#[must_use]
pub fn render(text: &str) -> Vec<Block> {
    let mut stream = Stream::new();
    stream.push(text);
    stream.patch().map(|patch| patch.blocks).unwrap_or_default()
}
