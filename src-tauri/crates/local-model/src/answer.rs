//! One answer after another on a loaded model.

use conversation::{Failure, FailureCode, FinishReason, Usage};
use endpoint::{Event, Parameters};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;

use crate::prompt;
use crate::utf8::Utf8;
use crate::worker::Job;

/// Tokens of a prompt that are read at a time; between two of these a stop is noticed.
const BATCH: usize = 64;
/// How many tokens of a context this long a prompt may take: a quarter is left to its answer.
pub fn prompt_room(context: u32) -> u32 {
    context - context / 4
}

/// Sampling as the model's authors advise (SmolLM2-135M-Instruct's model card: temperature 0.2,
/// top-p 0.9); the slight penalty keeps so small a model from going in circles.
const TEMPERATURE: f32 = 0.2;
const TOP_P: f32 = 0.9;
const REPEAT_PENALTY: f32 = 1.1;
const PENALTY_WINDOW: i32 = 64;

/// A loaded model with its context, which keeps what it has read: the next question of the same
/// conversation goes on from there.
pub(crate) struct Session<'a> {
    model: &'a LlamaModel,
    context: LlamaContext<'a>,
    /// The tokens that the context holds.
    read: Vec<LlamaToken>,
}

/// Why an answer ended before its end.
enum Ended {
    /// Nobody wants it any more.
    Stopped,
    Failed(Failure),
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl<'a> Session<'a> {
    pub fn new(model: &'a LlamaModel, context: LlamaContext<'a>) -> Self {
        Self { model, context, read: Vec::new() }
    }

    /// Answers; the events end with `Finished` or `Failed`, unless nobody listens.
    pub fn answer(&mut self, job: &Job) {
        let last = match self.try_answer(job) {
            Ok(reason) => Event::Finished(reason),
            Err(Ended::Failed(failure)) => Event::Failed(failure),
            Err(Ended::Stopped) => return,
        };
        let _ = job.events.send(last);
    }

    fn try_answer(&mut self, job: &Job) -> Result<FinishReason, Ended> {
        if job.events.is_closed() {
            return Err(Ended::Stopped);
        }
        let context = self.context.n_ctx();
        let prompt = prompt::fit(self.model, &job.request.messages, prompt_room(context) as usize)?;
        if prompt.dropped > 0 {
            send(job, Event::Dropped(prompt.dropped))?;
        }
        self.read_prompt(job, &prompt.tokens)?;

        let room = context as usize - prompt.tokens.len();
        let asked = job.request.parameters.max_tokens.map_or(room, |max| max as usize);
        let limit = room.min(asked);
        let mut sampler = sampler(self.model, &job.request.parameters);
        let mut utf8 = Utf8::default();
        let mut written = 0;
        let reason = loop {
            // Told as it grows: who stops the answer knows what it has cost as well.
            let usage =
                Usage { input_tokens: count(prompt.tokens.len()), output_tokens: count(written) };
            send(job, Event::Usage(usage))?;
            if written == limit {
                break FinishReason::Length;
            }
            let token = sampler.sample(&self.context, -1);
            if self.model.vocab().is_eog(token) {
                break FinishReason::Stop;
            }
            written += 1;
            let text = utf8.push(&self.model.vocab().token_to_piece(token, false, None));
            if !text.is_empty() {
                send(job, Event::Delta(text))?;
            }
            if written < limit {
                self.read_tokens(&[token])?;
            }
        };
        Ok(reason)
    }

    /// Brings the context to hold exactly this prompt, reading only what differs.
    fn read_prompt(&mut self, job: &Job, tokens: &[LlamaToken]) -> Result<(), Ended> {
        let same = self.read.iter().zip(tokens).take_while(|(a, b)| a == b).count();
        // The last token is always read again: sampling needs what it leads to.
        let keep = same.min(tokens.len().saturating_sub(1));
        self.forget_from(keep);
        for part in tokens[keep.min(self.read.len())..].chunks(BATCH) {
            if job.events.is_closed() {
                return Err(Ended::Stopped);
            }
            self.read_tokens(part)?;
        }
        Ok(())
    }

    fn forget_from(&mut self, place: usize) {
        let from = u32::try_from(place).ok();
        if self.context.kv_cache_seq_rm(0, from, None).is_ok() {
            self.read.truncate(place);
        } else {
            // A model whose memory cannot be cut starts over.
            self.context.clear_kv_cache();
            self.read.clear();
        }
    }

    fn read_tokens(&mut self, tokens: &[LlamaToken]) -> Result<(), Failure> {
        let failed = |problem: String| {
            Failure::new(
                FailureCode::ModelUnavailable,
                format!("the built-in model failed: {problem}"),
            )
        };
        let mut batch = LlamaBatch::new(tokens.len(), 1);
        for (n, &token) in tokens.iter().enumerate() {
            let place = i32::try_from(self.read.len() + n).unwrap_or(i32::MAX);
            batch
                .add(token, place, &[0], n + 1 == tokens.len())
                .map_err(|error| failed(error.to_string()))?;
        }
        if let Err(error) = self.context.decode(&mut batch) {
            self.context.clear_kv_cache();
            self.read.clear();
            return Err(failed(error.to_string()));
        }
        self.read.extend_from_slice(tokens);
        Ok(())
    }
}

fn send(job: &Job, event: Event) -> Result<(), Ended> {
    job.events.send(event).map_err(|_| Ended::Stopped)
}

fn sampler(model: &LlamaModel, parameters: &Parameters) -> LlamaSampler {
    let temperature = parameters.temperature.map_or(TEMPERATURE, |given| given as f32);
    let penalties =
        LlamaSampler::penalties(model.n_vocab(), PENALTY_WINDOW, REPEAT_PENALTY, 0.0, 0.0);
    if temperature <= 0.0 {
        return LlamaSampler::chain_simple([penalties, LlamaSampler::greedy()]);
    }
    // Without randomness from the system the answers merely repeat themselves.
    let seed = getrandom::u32().unwrap_or(1);
    LlamaSampler::chain_simple([
        penalties,
        LlamaSampler::top_p(TOP_P, 1),
        LlamaSampler::temp(temperature),
        LlamaSampler::dist(seed),
    ])
}

fn count(tokens: usize) -> u32 {
    u32::try_from(tokens).unwrap_or(u32::MAX)
}
