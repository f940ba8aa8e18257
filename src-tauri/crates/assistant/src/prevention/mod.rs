//! What must not leave for an endpoint: looked for in everything that goes, and asked about,
//! replaced or stopped as the rules say.
//!
//! Whatever is said to an endpoint (questions, edits, what is asked again or continued, summaries,
//! titles, with their instructions and files) goes through [`Guarded`], a model around the
//! endpoint's: a [`Chosen`](crate::models::Chosen) gives out no other. [`Guard`] decides, and keeps
//! the placeholders of a conversation in the encrypted history. Before a question is stored the
//! request that it would be is built and decided on (`draft`). The model on this machine sends
//! nothing, so nothing of this applies to it.

mod applied;
mod choices;
mod draft;
mod edit;
mod found;
mod guard;
mod guarded;
mod outgoing;
mod rules;

pub use applied::AppliedFinding;
pub use choices::PreventionChoice;
pub use found::{Found, FoundIn};
pub use outgoing::Outgoing;

pub(crate) use applied::applied_findings;
pub(crate) use draft::Draft;
pub(crate) use edit::{Edit, edited};
pub(crate) use guard::{Guard, said};
pub(crate) use guarded::Guarded;
pub(crate) use rules::Ready;
