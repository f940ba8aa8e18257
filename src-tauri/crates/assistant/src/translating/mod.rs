//! Translations of texts and of documents: their segments (crate `translation`) in requests of
//! several lines each, several requests at once, each line checked when it comes back.

mod ask;
mod batches;
mod prompts;
mod reply;
mod report;
mod run;

pub use report::{TextTranslation, TranslatedText, TranslationProgress, TranslationReport};
pub use run::{Translating, Translation, TranslationChoices};
