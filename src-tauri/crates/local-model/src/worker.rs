//! The thread that computes, and the model that it keeps loaded.

use std::num::NonZeroU32;
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};

use conversation::{Failure, FailureCode};
use endpoint::{ChatRequest, Event};
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
        if let Err(failure) = serve(options, jobs, &job) {
            // A stream that nobody reads needs no failure.
            let _ = job.events.send(Event::Failed(failure));
        }
    }
}

/// Loads the model, answers `first` and what comes after it, until the model has been idle.
///
/// # Errors
/// Where the model cannot be loaded, and `first` was not answered.
fn serve(options: &Options, jobs: &Receiver<Job>, first: &Job) -> Result<(), Failure> {
    file::check(&options.file)?;
    let unusable = |problem: &dyn std::fmt::Display| {
        let message = format!("the model {} cannot be loaded: {problem}", options.file.display());
        Failure::new(FailureCode::ModelUnavailable, message)
    };
    let backend = backend()?;
    let model = LlamaModel::load_from_file(backend, &options.file, &LlamaModelParams::default())
        .map_err(|error| unusable(&error))?;
    let trained = model.n_ctx_train();
    let size = options.context_tokens.clamp(64, trained.max(64));
    let threads = i32::try_from(options.thread_count()).unwrap_or(1);
    let parameters = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(size))
        .with_n_threads(threads)
        .with_n_threads_batch(threads);
    let context = model.new_context(backend, parameters).map_err(|error| unusable(&error))?;
    let mut session = Session::new(&model, context);
    session.answer(first);
    loop {
        match jobs.recv_timeout(options.idle) {
            Ok(job) => session.answer(&job),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
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
