//! Translations of texts and of documents: their segments (crate `translation`) in requests of
//! several lines each, several requests at once, each line checked when it comes back.

mod ask;
mod batches;
mod done;
mod outgoing;
mod prompts;
mod reply;
mod report;
mod run;

pub use done::Translation;
pub use report::{TextTranslation, TranslatedText, TranslationProgress, TranslationReport};
pub use run::{Translating, TranslationChoices};

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
