//! What all requests of one summary share: asking for notes, bringing them down, telling of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use conversation::{Failure, FailureCode, FinishReason, Role, Usage};
use endpoint::{ChatModel, ChatRequest, Event, Prompt};
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use passages::Likeness;
use tokio::sync::watch;

use super::notes::{self, Note};
use super::plan::{self, PlannedPart};
use super::progress::seconds_left;
use super::run::{Keep, Kept};
use super::{SummaryChoices, SummaryLength, SummaryProgress, prompts};
use crate::grounding::{self, Citer, Room, Source, Spot, Wording, numbered};
use crate::whole_answer::{sum_of, whole_answer};

/// What all requests of one summary share.
pub(super) struct Work {
    pub model: Arc<dyn ChatModel>,
    pub sources: Arc<Vec<Source>>,
    pub choices: SummaryChoices,
    pub room: Room,
    pub keep: Keep,
    pub progress: watch::Sender<SummaryProgress>,
    pub partial: Arc<Mutex<String>>,
    pub template: ChatRequest,
    pub wording: &'static Wording,
    pub usage: Mutex<Usage>,
}

impl Work {
    /// A request with this question in place of the first one.
    pub fn request(&self, question: String) -> ChatRequest {
        let mut request = self.template.clone();
        request.messages.pop();
        request.messages.push(Prompt::text(Role::User, question));
        request
    }

    /// The notes of a part; of its halves, where it is too long for the model.
    pub fn notes_of<'a>(
        &'a self,
        part: &'a PlannedPart,
    ) -> BoxFuture<'a, Result<Vec<Note>, Failure>> {
        Box::pin(async move {
            let question = prompts::part(&self.sources, part, &self.choices, self.room.small);
            let near: Spot = (part.source, part.range.clone());
            match self.ask(question).await {
                Ok(answer) => Ok(notes::read(&answer, &self.sources, &near, &[])),
                Err(failure) if failure.code == FailureCode::TooLong && part.range.len() > 400 => {
                    let text = &self.sources[part.source].text()[part.range.clone()];
                    let mut notes = Vec::new();
                    for range in passages::cut(text, part.range.len() / 2 + 1) {
                        let range = part.range.start + range.start..part.range.start + range.end;
                        let half = PlannedPart { source: part.source, range };
                        notes.extend(self.notes_of(&half).await?);
                    }
                    Ok(notes)
                }
                Err(failure) => Err(failure),
            }
        })
    }

    /// The notes brought down to about half, group by group.
    pub async fn fewer(&self, notes: &[Note]) -> Result<Vec<Note>, Failure> {
        let groups = groups(notes, self.room.bytes / 2);
        let asked: Vec<_> = groups.into_iter().map(|group| self.half(group)).collect();
        let less: Vec<_> = stream::iter(asked).buffered(self.room.at_once.max(1)).collect().await;
        let less = less.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(less.into_iter().flatten().collect())
    }

    /// About half of these notes, which fit one request.
    fn half<'a>(&'a self, notes: &'a [Note]) -> BoxFuture<'a, Result<Vec<Note>, Failure>> {
        Box::pin(async move {
            let (written, known) = notes::written(notes);
            let question = prompts::fewer(&written, &self.choices, self.room.small);
            let answer = self.ask(question).await?;
            let near = (0, 0..0);
            let mut less = notes::read(&answer, &self.sources, &near, &known);
            // A model that does not get shorter does not keep the rest from being read.
            less.truncate(notes.len().div_ceil(2));
            for note in less.iter_mut().filter(|note| note.spots.is_empty()) {
                note.spots.extend(grounding::find(
                    &self.sources,
                    &note.text,
                    Likeness::Similar,
                    &near,
                ));
            }
            Ok(less)
        })
    }

    /// The whole answer to one request.
    async fn ask(&self, question: String) -> Result<String, Failure> {
        let (answer, usage) = whole_answer(&*self.model, &self.request(question)).await?;
        if let Some(usage) = usage {
            let mut sum = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
            *sum = sum_of(*sum, usage);
        }
        Ok(answer)
    }

    /// The event; a small model's answer that had to be ended is as whole as it gets.
    pub fn whole(&self, event: Event) -> Event {
        match event {
            Event::Finished(FinishReason::Length) if self.room.small => {
                Event::Finished(FinishReason::Stop)
            }
            event => event,
        }
    }

    /// These tokens and those of all requests before.
    pub fn with_usage(&self, usage: Usage) -> Usage {
        sum_of(*self.usage.lock().unwrap_or_else(PoisonError::into_inner), usage)
    }

    /// The tokens of all requests so far.
    pub fn usage(&self) -> Event {
        Event::Usage(*self.usage.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells how far it has come.
    pub fn tell(&self, parts: &[PlannedPart], kept: &Kept, begun: Instant, before: u32) {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let done = count(kept.notes.len());
        // The summary of the notes is one request more, at least.
        let total = count(parts.len()) + 1;
        let pages = |place: &usize| {
            let part = &parts[*place];
            let (first, last) = plan::pages(&self.sources[part.source], &part.range);
            (first..=last).map(move |page| (part.source, page))
        };
        let read: std::collections::BTreeSet<_> = kept.notes.keys().flat_map(pages).collect();
        let usage = *self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        self.progress.send_replace(SummaryProgress {
            done,
            total,
            pages_done: count(read.len()),
            pages: count(self.sources.iter().map(|source| source.pages.len()).sum()),
            seconds_left: seconds_left(
                begun,
                done.saturating_sub(before),
                total - before.min(total),
            ),
            tokens: usage.input_tokens.saturating_add(usage.output_tokens),
        });
    }

    /// Puts together what there would be to show.
    pub fn show(&self, parts: &[PlannedPart], kept: &Kept) {
        let citer = Citer::new(self.sources.clone(), self.wording, Vec::new());
        let (done, all) = (kept.notes.len(), parts.len());
        let [noted, of] = self.wording.unfinished;
        let mut text = format!("*{}{}*\n\n", numbered(noted, done), numbered(of, all));
        for note in kept.notes.values().flatten() {
            text.push_str(&format!("- {}{}\n", note.text, citer.links(&note.spots)));
        }
        *self.partial.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    /// What is told of a part as soon as it is there.
    pub fn told(&self, part: &PlannedPart, notes: &[Note]) -> String {
        let mut told = format!("{}\n", self.place(part));
        for note in notes {
            told.push_str(&format!("• {}\n", note.text));
        }
        told.push('\n');
        told
    }

    /// What the documents themselves say: so small a model leaves much out, and is often wrong.
    pub fn key_passages(&self) -> String {
        let title = self.wording.model_words;
        format!("{}\n**{title}**\n\n", self.word_for_word().unwrap_or_default())
    }

    /// What the documents themselves say, for the end of a summary in which nothing leads to them;
    /// none where they hold no sentence.
    pub fn passages_instead(&self) -> Option<String> {
        let warning = self.wording.untraced;
        Some(format!("\n\n> ⚠ {warning}\n\n{}", self.word_for_word()?))
    }

    /// The passages that say most, with their links; none where the documents hold no sentence.
    fn word_for_word(&self) -> Option<String> {
        let citer = Citer::new(self.sources.clone(), self.wording, Vec::new());
        let most = match self.choices.length {
            SummaryLength::Short => 3,
            SummaryLength::Medium => 5,
            SummaryLength::Long => 10,
        };
        let mut list = String::new();
        for (which, source) in self.sources.iter().enumerate() {
            for range in passages::central(source.text(), most) {
                let sentence = source.text()[range.clone()].split_whitespace();
                let sentence = sentence.collect::<Vec<_>>().join(" ");
                list.push_str(&format!("- {sentence}{}\n", citer.links(&[(which, range)])));
            }
        }
        let title = self.wording.passages;
        (!list.is_empty()).then(|| format!("**{title}**\n\n{list}"))
    }

    /// That a part is missing from the summary.
    pub fn missing(&self, part: &PlannedPart, failure: &Failure) -> String {
        let label = self.wording.missing;
        format!("\n\n> ⚠ {label} {} ({})", self.place(part), failure.message)
    }

    fn place(&self, part: &PlannedPart) -> String {
        let source = &self.sources[part.source];
        let first = grounding::label(source, &part.range, self.wording);
        let end = part.range.end.saturating_sub(1).max(part.range.start);
        let last = grounding::label(source, &(end..end), self.wording);
        let place = if first == last { first } else { format!("{first} – {last}") };
        if self.sources.len() > 1 { format!("{}, {place}", source.name) } else { place }
    }
}

/// Notes in groups of at most so many bytes, in order; one that is longer is a group by itself.
fn groups(notes: &[Note], most: usize) -> Vec<&[Note]> {
    let mut groups = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (place, note) in notes.iter().enumerate() {
        let of_it = notes::written(std::slice::from_ref(note)).0.len();
        if length + of_it > most && place > start {
            groups.push(&notes[start..place]);
            (start, length) = (place, 0);
        }
        length += of_it;
    }
    if start < notes.len() {
        groups.push(&notes[start..]);
    }
    groups
}
