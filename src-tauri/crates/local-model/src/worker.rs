//! The thread that computes, and the model that it keeps loaded.

use std::num::NonZeroU32;
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, Sender};

use conversation::{Failure, FailureCode};
use endpoint::{ChatRequest, Event};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use tokio::sync::mpsc::UnboundedSender;

use crate::answer::Session;
use crate::{Options, file};

/// A question, and where its answer goes. The answer is no longer wanted when that is closed.
pub(crate) struct Job {
    pub request: ChatRequest,
    pub events: UnboundedSender<Event>,
}

impl Job {
    fn fail(&self, failure: Failure) {
        // A stream that nobody reads needs no failure.
        let _ = self.events.send(Event::Failed(failure));
    }
}

/// Starts the thread. It ends when its inbox is dropped.
pub(crate) fn start(options: Options) -> Sender<Job> {
    let (inbox, jobs) = mpsc::channel();
    // Without a thread the inbox is closed, which the caller notices.
    let _ = std::thread::Builder::new()
        .name("local-model".to_owned())
        .spawn(move || run(&options, &jobs));
    inbox
}

fn run(options: &Options, jobs: &Receiver<Job>) {
    // Waits for a question with no model in memory.
    while let Ok(job) = jobs.recv() {
        if job.events.is_closed() {
            continue;
        }
        match load(options) {
            Ok(model) => serve(options, &model, job, jobs),
            Err(failure) => job.fail(failure),
        }
    }
}

fn load(options: &Options) -> Result<LlamaModel, Failure> {
    file::check(&options.file)?;
    LlamaModel::load_from_file(backend()?, &options.file, &LlamaModelParams::default())
        .map_err(|error| unusable(options, &error))
}

/// Answers `first` and what comes after it, until the model has been idle.
fn serve(options: &Options, model: &LlamaModel, first: Job, jobs: &Receiver<Job>) {
    let context = match context(options, model) {
        Ok(context) => context,
        Err(failure) => return first.fail(failure),
    };
    let mut session = Session::new(model, context);
    let mut next = Some(first);
    while let Some(job) = next {
        session.answer(&job);
        // The stream ends when its sender is gone, which must not wait for the next question.
        drop(job);
        next = jobs.recv_timeout(options.idle).ok();
    }
}

fn context<'a>(options: &Options, model: &'a LlamaModel) -> Result<LlamaContext<'a>, Failure> {
    let size = options.context_tokens.clamp(64, model.n_ctx_train().max(64));
    let threads = i32::try_from(options.thread_count()).unwrap_or(1);
    let parameters = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(size))
        .with_n_threads(threads)
        .with_n_threads_batch(threads);
    model.new_context(backend()?, parameters).map_err(|error| unusable(options, &error))
}

fn unusable(options: &Options, problem: &dyn std::fmt::Display) -> Failure {
    let message = format!("the model {} cannot be loaded: {problem}", options.file.display());
    Failure::new(FailureCode::ModelUnavailable, message)
}

/// llama.cpp is started once for the process, and says nothing on standard error.
fn backend() -> Result<&'static LlamaBackend, Failure> {
    static BACKEND: OnceLock<Result<LlamaBackend, String>> = OnceLock::new();
    let started = BACKEND.get_or_init(|| {
        let mut backend = LlamaBackend::init().map_err(|error| error.to_string())?;
        backend.void_logs();
        Ok(backend)
    });
    started.as_ref().map_err(|problem| {
        let message = format!("the built-in model cannot run here: {problem}");
        Failure::new(FailureCode::ModelUnavailable, message)
    })
}
