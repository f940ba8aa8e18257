//! Summaries of documents of any length: in one request where they fit, else part by part
//! (map) and from the notes of the parts (reduce), in as many rounds as needed.

mod choices;
mod notes;
mod plan;
mod progress;
mod prompts;
mod run;
mod work;

pub use choices::{SummaryChoices, SummaryForm, SummaryLength};
pub use progress::SummaryProgress;
pub(crate) use progress::Underway;
pub(crate) use run::{Keep, Kept, Summary};
