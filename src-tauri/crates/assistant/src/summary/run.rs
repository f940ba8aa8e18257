//! The model that summarises: another model, asked as often as the documents need.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use conversation::{Failure, FailureCode, Passage};
use endpoint::{ChatModel, ChatRequest, Event, ModelInfo};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::notes::{self, Note};
use super::plan::{self, PlannedPart};
use super::work::Work;
use super::{SummaryChoices, SummaryLength, SummaryProgress, prompts};
use crate::grounding::{self, Citer, Room, Source, Wording};
use crate::whole_answer::ends_all;

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
        match parts(sources, room).first() {
            Some(first) if !fits(sources, room) => {
                prompts::part(sources, first, choices, room.small)
            }
            _ => prompts::whole(sources, choices, room.small),
        }
    }

    /// The questions of the further requests, as far as they are known: where the documents did not
    /// go in one request, those of the parts, and where the summary is `whole` and the notes of all
    /// parts go in one request, that one.
    pub fn further_questions(
        sources: &[Source],
        choices: &SummaryChoices,
        room: Room,
        kept: &Kept,
        whole: bool,
    ) -> Vec<String> {
        // Of documents that fit, parts are asked for only where they did not fit after all.
        let fit = fits(sources, room);
        if fit && kept.notes.is_empty() {
            return Vec::new();
        }
        let parts = parts(sources, room);
        let further = parts.iter().skip(usize::from(!fit));
        let mut questions: Vec<_> =
            further.map(|part| prompts::part(sources, part, choices, room.small)).collect();
        let notes: Vec<_> = kept.notes.values().flatten().cloned().collect();
        let (written, _) = notes::written(&notes);
        if whole && written.len() <= room.bytes {
            questions.push(prompts::from_notes(&written, choices, room.small));
        }
        questions
    }
}

/// The parts that are asked for one by one. Of a request, a part is never all: what is asked stands
/// there too.
fn parts(sources: &[Source], room: Room) -> Vec<PlannedPart> {
    let parts = plan::parts(sources, room.bytes);
    if parts.len() < 2 { plan::parts(sources, room.bytes / 2) } else { parts }
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
        let own = work.clone();
        let events = async_stream::stream! {
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
        };
        checkable(own, events).boxed()
    }

    fn request_text(&self, request: &ChatRequest) -> String {
        self.model.request_text(request)
    }

    fn request_body(&self, request: &ChatRequest) -> Vec<u8> {
        self.model.request_body(request)
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, Failure>> {
        self.model.models()
    }
}

/// The same events; where none of what was written leads to a passage, the documents' own words
/// come last.
fn checkable(
    work: Arc<Work>,
    events: impl futures::Stream<Item = Event>,
) -> impl futures::Stream<Item = Event> {
    async_stream::stream! {
        let mut events = std::pin::pin!(events);
        let mut leads = false;
        while let Some(event) = events.next().await {
            match &event {
                Event::Delta(text) => leads = leads || leads_to_a_passage(text),
                Event::Finished(_) if !leads => {
                    if let Some(passages) = work.passages_instead() {
                        yield Event::Delta(passages);
                    }
                }
                _ => {}
            }
            yield event;
        }
    }
}

/// Whether there is a link to a passage in what the citer gave, which it gives whole.
fn leads_to_a_passage(text: &str) -> bool {
    let mut leads = false;
    conversation::replace_passages(text, |_, _, passage| {
        leads = leads || matches!(passage, Passage::Of { .. });
        String::new()
    });
    leads
}

fn is_too_long(event: &Event) -> bool {
    matches!(event, Event::Failed(failure) if failure.code == FailureCode::TooLong)
}

/// The language of Bureau's own words in a summary: that of the summary.
fn wording(choices: &SummaryChoices, sources: &[Source]) -> &'static Wording {
    match (&choices.language, sources.first()) {
        (None, Some(source)) => Wording::of_text(source.text()),
        (language, _) => Wording::of(language.as_deref()),
    }
}

/// Notes part by part, then the summary of the notes.
fn in_parts(work: Arc<Work>, mut kept: Kept) -> impl futures::Stream<Item = Event> {
    async_stream::stream! {
        let parts = parts(&work.sources, work.room);
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
                    yield Event::Usage(work.with_usage(usage));
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
