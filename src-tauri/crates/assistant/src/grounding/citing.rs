//! A model whose answers are led back to the documents they rest on.

use std::sync::{Arc, Mutex, PoisonError};

use conversation::Failure;
use endpoint::{ChatModel, ChatRequest, Event, ModelInfo};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt};

use super::Citer;

/// Another model, whose quotes become links; for one answer.
pub(crate) struct Citing {
    model: Arc<dyn ChatModel>,
    citer: Mutex<Option<Citer>>,
}

impl Citing {
    pub fn new(model: Arc<dyn ChatModel>, citer: Citer) -> Self {
        Self { model, citer: Mutex::new(Some(citer)) }
    }
}

impl ChatModel for Citing {
    fn stream(&self, request: ChatRequest) -> BoxStream<'static, Event> {
        let events = self.model.stream(request);
        let Some(citer) = self.citer.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return events;
        };
        cited(events, citer)
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

/// The same events, with links in place of quotes.
pub(crate) fn cited(events: BoxStream<'static, Event>, citer: Citer) -> BoxStream<'static, Event> {
    let one_by_one = events.scan(citer, |citer, event| {
        let events = match event {
            Event::Delta(text) => delta(citer.push(&text)).into_iter().collect(),
            Event::Finished(_) | Event::Failed(_) => {
                delta(citer.finish()).into_iter().chain([event]).collect()
            }
            other => vec![other],
        };
        futures::future::ready(Some(stream::iter(events)))
    });
    one_by_one.flatten().boxed()
}

fn delta(text: String) -> Option<Event> {
    (!text.is_empty()).then_some(Event::Delta(text))
}
