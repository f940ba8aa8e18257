//! Answers that rest on documents: what the model is given of them, and how each statement of its
//! answer is led back to the passage it rests on.

mod citer;
mod citing;
mod kept;
mod place;
mod prompts;
mod room;
mod source;
mod wording;

pub(crate) use citer::{Citer, Spot, escaped, find, first_quote, spots};
pub(crate) use citing::{Citing, cited};
pub(crate) use kept::Grounding;
pub(crate) use place::label;
pub(crate) use prompts::{DATA, QUOTE, instructions};
pub(crate) use room::Room;
pub(crate) use source::{Source, fence_around, fenced, sources, whole};
pub(crate) use wording::{Wording, numbered};
