//! What must not leave the machine, found in a text before it is sent.
//!
//! Text in, findings out: [`Checker`] knows the kinds of [`Kind`] and what an organisation adds to
//! them in its [`Rules`], each with an [`Action`]. What is replaced goes out as a placeholder of
//! [`Replacements`], and [`Restorer`] puts the real words back into what comes in, however it is
//! cut. Nothing here reads the history, asks a network or waits.
//!
//! A check takes time in proportion to the text: every detector looks a bounded way around the
//! places where something of its kind can begin.

mod action;
mod candidate;
mod checker;
mod detect;
mod finding;
mod fold;
mod kind;
#[cfg(feature = "labelled")]
pub mod labelled;
mod lists;
mod overlap;
mod replacements;
mod restorer;
mod rules;

pub use action::Action;
pub use checker::Checker;
pub use finding::Finding;
pub use kind::Kind;
pub use replacements::{Entry, Replacements};
pub use restorer::Restorer;
pub use rules::{Pattern, Rules, RulesError, WordList};
