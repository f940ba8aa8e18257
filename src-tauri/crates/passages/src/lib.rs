//! Passages of a text: where it may be cut, which ones a question is about, and where a quote
//! stands. Places are bytes of the text, and lie between characters.

mod central;
mod cut;
mod quote;
mod search;

pub use central::central;
pub use cut::cut;
pub use quote::{Found, Likeness, Quotes, sentence_ends};
pub use search::relevant;
