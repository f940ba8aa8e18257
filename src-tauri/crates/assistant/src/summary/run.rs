//! The model that summarises: another model, asked as often as the documents need.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use conversation::{Failure, FailureCode, FinishReason, Role, Usage};
use endpoint::{ChatModel, ChatRequest, Event, ModelInfo, Prompt};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt};
use passages::Likeness;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::notes::{self, Note};
use super::plan::{self, PlannedPart};
use super::progress::seconds_left;
use super::{SummaryChoices, SummaryLength, SummaryProgress, prompts};
use crate::grounding::{self, Citer, Room, Source, Spot, Wording};

/// A part that fails is asked for so often, beside what the endpoint itself sends again.
const ATTEMPTS: u32 = 3;
/// Before the second attempt; twice as long before the third.
const WAIT: Duration = Duration::from_secs(2);
/// Rounds of bringing notes down; a model that does not get shorter is not asked for ever.
const ROUNDS: usize = 6;

/// What is done of a summary, kept with its answer so that it goes on from there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The notes of each part that was answered, by its place in the plan.
    pub notes: BTreeMap<usize, Vec<Note>>,
}

/// Takes what was done so far.
pub(crate) type Keep = Arc<dyn Fn(&Kept) + Send + Sync>;

/// One summary.
pub(crate) struct Summary {
    pub model: Arc<dyn ChatModel>,
    pub sources: Arc<Vec<Source>>,
    pub choices: SummaryChoices,
    pub room: Room,
    pub kept: Kept,
    pub keep: Keep,
    pub progress: watch::Sender<SummaryProgress>,
    /// What there is to show of it if it ends now, before its first word.
    pub partial: Arc<Mutex<String>>,
}

impl Summary {
    /// The request, whose answer ends before a small model goes in circles.
    fn bounded(&self, mut request: ChatRequest) -> ChatRequest {
        let most = match self.choices.length {
            SummaryLength::Short => 80,
            SummaryLength::Medium => 160,
            SummaryLength::Long => 320,
        };
        if self.room.small {
            request.parameters.max_tokens = Some(most);
        }
        request
    }

    /// The question of the first request, which is the only one where the documents fit.
    pub fn first_question(sources: &[Source], choices: &SummaryChoices, room: Room) -> String {
        let parts = plan::parts(sources, room.bytes);
        match parts.as_slice() {
            [first, _, ..] if !fits(sources, room) => {
                prompts::part(sources, first, choices, room.small)
            }
            _ => prompts::whole(sources, choices, room.small),
        }
    }
}

/// Whether all documents go into one request.
fn fits(sources: &[Source], room: Room) -> bool {
    sources.iter().map(|source| source.text().len()).sum::<usize>() <= room.bytes
}

impl ChatModel for Summary {
    fn stream(&self, request: ChatRequest) -> BoxStream<'static, Event> {
        let work = Arc::new(Work {
            model: self.model.clone(),
            sources: self.sources.clone(),
            choices: self.choices.clone(),
            room: self.room,
            keep: self.keep.clone(),
            progress: self.progress.clone(),
            partial: self.partial.clone(),
            template: self.bounded(request),
            wording: wording(&self.choices, &self.sources),
            usage: Mutex::default(),
        });
        let kept = self.kept.clone();
        async_stream::stream! {
            if work.room.small {
                yield Event::Delta(work.key_passages());
            }
            if fits(&work.sources, work.room) {
                let citer = Citer::new(work.sources.clone(), work.wording, Vec::new());
                let mut events = grounding::cited(work.model.stream(work.template.clone()), citer);
                let mut too_long = false;
                while let Some(event) = events.next().await {
                    too_long = is_too_long(&event);
                    if too_long {
                        break;
                    }
                    yield work.whole(event);
                }
                if !too_long {
                    return;
                }
            }
            let mut events = std::pin::pin!(in_parts(work, kept));
            while let Some(event) = events.next().await {
                yield event;
            }
        }
        .boxed()
    }

    fn request_text(&self, request: &ChatRequest) -> String {
        self.model.request_text(request)
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, Failure>> {
        self.model.models()
    }
}

fn is_too_long(event: &Event) -> bool {
    matches!(event, Event::Failed(failure) if failure.code == FailureCode::TooLong)
}

/// The language of Bureau's own words in a summary: that of the summary.
fn wording(choices: &SummaryChoices, sources: &[Source]) -> Wording {
    match (&choices.language, sources.first()) {
        (None, Some(source)) => Wording::of_text(source.text()),
        (language, _) => Wording::of(language.as_deref()),
    }
}

/// What all requests of one summary share.
struct Work {
    model: Arc<dyn ChatModel>,
    sources: Arc<Vec<Source>>,
    choices: SummaryChoices,
    room: Room,
    keep: Keep,
    progress: watch::Sender<SummaryProgress>,
    partial: Arc<Mutex<String>>,
    template: ChatRequest,
    wording: Wording,
    usage: Mutex<Usage>,
}

/// Notes part by part, then the summary of the notes.
fn in_parts(work: Arc<Work>, mut kept: Kept) -> impl futures::Stream<Item = Event> {
    async_stream::stream! {
        // Of a request, a part is never all: what is asked stands there too.
        let mut parts = plan::parts(&work.sources, work.room.bytes);
        if parts.len() < 2 {
            parts = plan::parts(&work.sources, work.room.bytes / 2);
        }
        let begun = Instant::now();
        let before = kept.notes.len() as u32;
        let mut failed: Vec<(usize, Failure)> = Vec::new();
        work.tell(&parts, &kept, begun, before);
        let open: Vec<_> = (0..parts.len()).filter(|place| !kept.notes.contains_key(place)).collect();
        let asked: Vec<_> =
            open.into_iter().map(|place| noted(work.clone(), place, parts[place].clone())).collect();
        let mut answered = stream::iter(asked).buffer_unordered(work.room.at_once.max(1));
        while let Some((place, result)) = answered.next().await {
            match result {
                Ok(notes) => {
                    yield Event::Reasoning(work.told(&parts[place], &notes));
                    kept.notes.insert(place, notes);
                    (work.keep)(&kept);
                }
                Err(failure) if ends_all(failure.code) => {
                    yield Event::Failed(failure);
                    return;
                }
                Err(failure) => failed.push((place, failure)),
            }
            yield work.usage();
            work.show(&parts, &kept);
            work.tell(&parts, &kept, begun, before);
        }
        drop(answered);
        if let (true, Some((_, failure))) = (kept.notes.is_empty(), failed.first()) {
            yield Event::Failed(failure.clone());
            return;
        }
        let mut notes: Vec<Note> = kept.notes.values().flatten().cloned().collect();
        for _ in 0..ROUNDS {
            if notes::written(&notes).0.len() <= work.room.bytes {
                break;
            }
            match work.fewer(&notes).await {
                Ok(less) => notes = less,
                Err(failure) => {
                    yield Event::Failed(failure);
                    return;
                }
            }
            yield work.usage();
        }
        let (written, known) = notes::written(&notes);
        let question = prompts::from_notes(&written, &work.choices, work.room.small);
        let citer = Citer::new(work.sources.clone(), work.wording, known);
        let mut events = grounding::cited(work.model.stream(work.request(question)), citer);
        while let Some(event) = events.next().await {
            match event {
                Event::Usage(usage) => {
                    let sum = *work.usage.lock().unwrap_or_else(PoisonError::into_inner);
                    yield Event::Usage(sum_of(sum, usage));
                }
                Event::Finished(reason) => {
                    failed.sort_by_key(|(place, _)| *place);
                    for (place, failure) in &failed {
                        yield Event::Delta(work.missing(&parts[*place], failure));
                    }
                    work.progress.send_modify(|progress| progress.done = progress.total);
                    yield work.whole(Event::Finished(reason));
                }
                event => yield event,
            }
        }
    }
}

/// The notes of a part, with its place.
fn noted(
    work: Arc<Work>,
    place: usize,
    part: PlannedPart,
) -> BoxFuture<'static, (usize, Result<Vec<Note>, Failure>)> {
    Box::pin(async move { (place, work.notes_of(&part).await) })
}

/// Whether a failure of one request is one of all.
fn ends_all(code: FailureCode) -> bool {
    use FailureCode::{
        Configuration, ModelUnavailable, UnknownHost, UnknownModel, Unreachable, WrongKey,
    };
    matches!(
        code,
        WrongKey | UnknownModel | Unreachable | UnknownHost | Configuration | ModelUnavailable
    )
}

fn sum_of(one: Usage, other: Usage) -> Usage {
    Usage {
        input_tokens: one.input_tokens.saturating_add(other.input_tokens),
        output_tokens: one.output_tokens.saturating_add(other.output_tokens),
    }
}

impl Work {
    fn request(&self, question: String) -> ChatRequest {
        let mut request = self.template.clone();
        request.messages.pop();
        request.messages.push(Prompt::text(Role::User, question));
        request
    }

    /// The notes of a part; of its halves, where it is too long for the model.
    fn notes_of<'a>(&'a self, part: &'a PlannedPart) -> BoxFuture<'a, Result<Vec<Note>, Failure>> {
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
    async fn fewer(&self, notes: &[Note]) -> Result<Vec<Note>, Failure> {
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
        let mut attempt = 1;
        loop {
            match self.ask_once(question.clone()).await {
                Err(failure) if attempt < ATTEMPTS && may_pass(failure.code) => {
                    let wait = failure.retry_after.map(|s| Duration::from_secs(u64::from(s)));
                    tokio::time::sleep(wait.unwrap_or(WAIT * attempt)).await;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    async fn ask_once(&self, question: String) -> Result<String, Failure> {
        let mut events = self.model.stream(self.request(question));
        let mut answer = String::new();
        let mut usage = None;
        while let Some(event) = events.next().await {
            match event {
                Event::Delta(text) => answer.push_str(&text),
                Event::Usage(tokens) => usage = Some(tokens),
                Event::Finished(_) => {
                    if let Some(usage) = usage {
                        let mut sum = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
                        *sum = sum_of(*sum, usage);
                    }
                    return Ok(answer);
                }
                Event::Failed(failure) => return Err(failure),
                Event::Reasoning(_) | Event::Dropped(_) => {}
            }
        }
        Err(Failure::new(
            FailureCode::CutOff,
            "the answer stopped without saying that it was complete",
        ))
    }

    /// The event; a small model's answer that had to be ended is as whole as it gets.
    fn whole(&self, event: Event) -> Event {
        match event {
            Event::Finished(FinishReason::Length) if self.room.small => {
                Event::Finished(FinishReason::Stop)
            }
            event => event,
        }
    }

    fn usage(&self) -> Event {
        Event::Usage(*self.usage.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells how far it has come.
    fn tell(&self, parts: &[PlannedPart], kept: &Kept, begun: Instant, before: u32) {
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
    fn show(&self, parts: &[PlannedPart], kept: &Kept) {
        let citer = Citer::new(self.sources.clone(), self.wording, Vec::new());
        let (done, all) = (kept.notes.len(), parts.len());
        let mut text = match self.wording {
            Wording::English => {
                format!("*Notes of {done} of {all} parts; the summary was not finished.*\n\n")
            }
            Wording::French => format!(
                "*Notes sur {done} parties sur {all}\u{a0}; la synthèse n’a pas été achevée.*\n\n"
            ),
        };
        for note in kept.notes.values().flatten() {
            text.push_str(&format!("- {}{}\n", note.text, citer.links(&note.spots)));
        }
        *self.partial.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }

    /// What is told of a part as soon as it is there.
    fn told(&self, part: &PlannedPart, notes: &[Note]) -> String {
        let mut told = format!("{}\n", self.place(part));
        for note in notes {
            told.push_str(&format!("• {}\n", note.text));
        }
        told.push('\n');
        told
    }

    /// What the documents themselves say: so small a model leaves much out, and is often wrong.
    fn key_passages(&self) -> String {
        let citer = Citer::new(self.sources.clone(), self.wording, Vec::new());
        let most = match self.choices.length {
            SummaryLength::Short => 3,
            SummaryLength::Medium => 5,
            SummaryLength::Long => 10,
        };
        let title = self.wording.pick("Key passages, word for word", "Passages clés, mot pour mot");
        let mut text = format!("**{title}**\n\n");
        for (which, source) in self.sources.iter().enumerate() {
            for range in passages::central(source.text(), most) {
                let sentence = source.text()[range.clone()].split_whitespace();
                let sentence = sentence.collect::<Vec<_>>().join(" ");
                text.push_str(&format!("- {sentence}{}\n", citer.links(&[(which, range)])));
            }
        }
        let title = self.wording.pick(
            "In the words of the built-in model, which is often wrong",
            "Avec les mots du modèle intégré, qui se trompe souvent",
        );
        text.push_str(&format!("\n**{title}**\n\n"));
        text
    }

    /// That a part is missing from the summary.
    fn missing(&self, part: &PlannedPart, failure: &Failure) -> String {
        let label = self.wording.pick("Not in this summary", "Absent de cette synthèse");
        let colon = self.wording.pick(":", "\u{a0}:");
        format!("\n\n> ⚠ {label}{colon} {} ({})", self.place(part), failure.message)
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

/// Whether the same request may be answered a moment later.
fn may_pass(code: FailureCode) -> bool {
    use FailureCode::{CutOff, RateLimited, ServerFault, TimedOut};
    matches!(code, RateLimited | ServerFault | TimedOut | CutOff)
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
