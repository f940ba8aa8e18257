//! Reading aloud by the operating system's own voices: sentence by sentence, in the language of what is
//! read, until it is stopped. One thing is read at a time; nothing of it is kept or leaves the
//! machine.

use std::sync::{Arc, PoisonError};

use conversation::{Failure, FailureCode};
use policy::Action;
use serde::{Deserialize, Serialize};
use speech::{MAX_SENTENCE, Speaker, Voices};

use crate::{Assistant, language, region};

/// The most sentences that are read at once: some two days.
const MAX_SENTENCES: usize = 20_000;

/// A sentence, or a few words, to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SpokenText {
    /// What is said.
    pub text: String,
    /// The language of it, where that is not for its words to tell.
    pub language: Option<String>,
}

/// How reading aloud ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum AloudEnd {
    /// All of it was read.
    Whole,
    /// It was stopped, or something else is read now.
    Stopped,
    /// There is no voice, or it no longer answers.
    NoVoice,
}

/// What is being read aloud.
pub(crate) struct Reading {
    /// Who asked for it.
    reader: String,
    speaker: Speaker,
}

impl Assistant {
    /// The same, with other voices than the system's.
    #[must_use]
    pub fn with_voices(self, voices: Voices) -> Self {
        Self { voices, ..self }
    }

    /// Whether something can be read aloud here.
    pub(crate) fn has_voices(&self) -> bool {
        self.voices.are_there()
    }

    /// Reads this aloud for a reader, by name, in place of whatever is being read. It comes back
    /// when it has ended; `on` is told of each sentence, by its place among them, before it is said.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] where the organisation does not permit it, also in between;
    /// [`FailureCode::Locked`] while the history is locked; [`FailureCode::Invalid`] for too many
    /// sentences, or one that is too long.
    pub fn read_aloud(
        &self,
        reader: &str,
        sentences: &[SpokenText],
        mut on: impl FnMut(u32),
    ) -> Result<AloudEnd, Failure> {
        self.permit(Action::ReadAloud)?;
        let too_long = |one: &SpokenText| one.text.chars().count() > MAX_SENTENCE;
        if sentences.len() > MAX_SENTENCES || sentences.iter().any(too_long) {
            let message = format!(
                "at most {MAX_SENTENCES} sentences of {MAX_SENTENCE} characters are read at once"
            );
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        for named in sentences.iter().filter_map(|one| one.language.as_deref()) {
            language::checked(named)?;
        }
        let speaker = self.voices.speaker(self.settings().speech_rate);
        let reading = Arc::new(Reading { reader: reader.to_owned(), speaker });
        self.replace_reading(Some(reading.clone()));
        // A lock stops what is being read, and what began in the same moment.
        if self.is_locked() {
            reading.speaker.stop();
        }
        let ended = self.read_all(&reading.speaker, sentences, &mut on);
        self.forget_reading(&reading);
        ended
    }

    fn read_all(
        &self,
        speaker: &Speaker,
        sentences: &[SpokenText],
        on: &mut impl FnMut(u32),
    ) -> Result<AloudEnd, Failure> {
        let told = self.language_of(sentences);
        for (place, sentence) in (0..).zip(sentences) {
            // A policy that has come in between holds from the next sentence on.
            self.permit(Action::ReadAloud)?;
            if speaker.is_stopped() {
                return Ok(AloudEnd::Stopped);
            }
            on(place);
            let language = sentence.language.as_deref().or(told.as_deref()).map(first_part);
            match speaker.say(&sentence.text, language.as_deref()) {
                Ok(true) => {}
                Ok(false) => return Ok(AloudEnd::Stopped),
                Err(error) => {
                    tracing::warn!(%error, "reading aloud ended early");
                    return Ok(AloudEnd::NoVoice);
                }
            }
        }
        Ok(AloudEnd::Whole)
    }

    /// The language that most of it is in; where that cannot be told, the person's own.
    fn language_of(&self, sentences: &[SpokenText]) -> Option<String> {
        let own: Vec<_> =
            sentences.iter().filter(|one| one.language.is_none()).map(|one| &*one.text).collect();
        let detected = language::detected(&own.join(" ")).map(str::to_owned);
        detected.or_else(|| self.settings().language).or_else(region::of_system)
    }

    /// Stops what is being read aloud, whoever asked for it.
    pub fn stop_reading_aloud(&self) {
        self.replace_reading(None);
    }

    /// The same for one reader, who is gone.
    pub fn stop_reading_aloud_to(&self, reader: &str) {
        let mut reading = self.reading_aloud.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ended) = reading.take_if(|reading| reading.reader == reader) {
            ended.speaker.stop();
        }
    }

    fn replace_reading(&self, next: Option<Arc<Reading>>) {
        let mut reading = self.reading_aloud.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *reading, next) {
            before.speaker.stop();
        }
    }

    fn forget_reading(&self, ended: &Arc<Reading>) {
        let mut reading = self.reading_aloud.lock().unwrap_or_else(PoisonError::into_inner);
        reading.take_if(|reading| Arc::ptr_eq(reading, ended));
    }
}

/// The language of a tag, without its region.
fn first_part(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}
