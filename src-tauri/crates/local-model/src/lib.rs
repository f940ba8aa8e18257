//! The built-in model: the [`ChatModel`] trait on llama.cpp, on this machine, with no network.
//!
//! The model is loaded when it is first asked, kept while it is in use, and leaves the memory
//! when it has been idle. One thread computes; questions that come meanwhile wait their turn.

mod answer;
mod file;
mod prompt;
mod utf8;
mod worker;

use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use conversation::Failure;
use endpoint::{ChatModel, ChatRequest, Event, ModelInfo};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc;

pub use answer::prompt_room;
pub use file::model_file;

use worker::Job;

/// What the model that comes with Bureau is called.
pub const MODEL_NAME: &str = "SmolLM2-135M-Instruct";

/// How the model runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The model's file, in GGUF format.
    pub file: PathBuf,
    /// Threads to compute with; by default half of the cores, at most four, and at least one.
    pub threads: Option<usize>,
    /// Tokens of context, shared by question and answer; the model's own limit if that is less.
    pub context_tokens: u32,
    /// How long the model stays in memory without a question.
    pub idle: Duration,
}

impl Options {
    /// The defaults, for this file.
    pub fn new(file: PathBuf) -> Self {
        Self { file, threads: None, context_tokens: 2048, idle: Duration::from_secs(300) }
    }

    /// A core stays free for everything else: llama.cpp's threads wait for each other by
    /// spinning, so one that shares its core with a busy program holds up all of them.
    fn thread_count(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(|| (cores / 2).min(4)).max(1)
    }
}

/// The model on this machine. Making one costs nothing; its file is read with the first question.
pub struct LocalModel {
    options: Options,
    name: String,
    /// The worker's inbox; its thread starts with the first question and ends with this.
    worker: Mutex<Option<Sender<Job>>>,
}

impl LocalModel {
    /// A model that runs in this way.
    pub fn new(options: Options) -> Self {
        let name = file::name(&options.file);
        Self { options, name, worker: Mutex::new(None) }
    }

    /// What it is called: [`MODEL_NAME`] for the one that comes with Bureau, else as its file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Tokens of context that it runs with, unless its file was made for fewer.
    pub fn context_tokens(&self) -> u32 {
        self.options.context_tokens
    }

    /// Lets go of the file and of all that was read and said, which its context holds; the next
    /// question loads it anew. An answer that is being computed ends first.
    pub fn rest(&self) {
        *self.worker.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn ask(&self, mut job: Job) {
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(inbox) = &*worker {
            match inbox.send(job) {
                Ok(()) => return,
                // The worker died of a defect in the model; another one may do better.
                Err(unsent) => job = unsent.0,
            }
        }
        let inbox = worker::start(self.options.clone());
        // A new worker that is gone already drops the job, and its stream ends as cut off.
        let _ = inbox.send(job);
        *worker = Some(inbox);
    }
}

impl ChatModel for LocalModel {
    /// Answers. Dropping the stream stops the computation at the next token. With
    /// `parameters.temperature`, and `max_tokens`; the others mean nothing to this model.
    fn stream(&self, request: ChatRequest) -> BoxStream<'static, Event> {
        let (events, receiver) = mpsc::unbounded_channel();
        self.ask(Job { request, events });
        stream::unfold(receiver, |mut receiver| async {
            let event = receiver.recv().await?;
            Some((event, receiver))
        })
        .boxed()
    }

    /// The messages: the model's own template goes around them, within its context.
    fn request_text(&self, request: &ChatRequest) -> String {
        request.to_string()
    }

    fn request_body(&self, _: &ChatRequest) -> Vec<u8> {
        Vec::new()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, Failure>> {
        let built_in = self.name == MODEL_NAME;
        let model = ModelInfo { built_in, ..ModelInfo::of(&self.name) };
        Box::pin(async { Ok(vec![model]) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_stays_free_and_one_computes() {
        let options = Options::new(PathBuf::new());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        assert!(options.thread_count() < cores.max(2));
        assert_eq!(Options { threads: Some(0), ..options.clone() }.thread_count(), 1);
        assert_eq!(Options { threads: Some(3), ..options }.thread_count(), 3);
    }
}
