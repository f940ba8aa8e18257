//! An endpoint's model, to which nothing goes unchecked, and whose words come back as they are meant.

use std::sync::Arc;

use ::prevention::Restorer;
use async_stream::stream;
use conversation::Failure;
use endpoint::{ChatModel, ChatRequest, Event, ModelInfo};
use futures::future::BoxFuture;
use futures::stream::{BoxStream, StreamExt};

use super::Guard;

/// Another model behind a guard.
pub(crate) struct Guarded {
    model: Arc<dyn ChatModel>,
    guard: Arc<Guard>,
}

impl Guarded {
    pub fn new(model: Arc<dyn ChatModel>, guard: Arc<Guard>) -> Self {
        Self { model, guard }
    }

    /// The request as it would go; as it is where it may not, for a person to read.
    fn looked_at(&self, request: &ChatRequest) -> ChatRequest {
        self.guard.look(request, &[]).map_or_else(|_| request.clone(), |prepared| prepared.request)
    }
}

impl ChatModel for Guarded {
    fn stream(&self, request: ChatRequest) -> BoxStream<'static, Event> {
        let (model, guard) = (self.model.clone(), self.guard.clone());
        stream! {
            // It computes, and writes to the history.
            let prepared = tokio::task::spawn_blocking(move || guard.prepare(&request, &[])).await;
            let prepared = match prepared.map_err(crate::defect::unexpected).flatten() {
                Ok(prepared) => prepared,
                Err(failure) => {
                    yield Event::Failed(failure);
                    return;
                }
            };
            let mut text = Restorer::new(prepared.replacements.clone());
            let mut reasoning = Restorer::new(prepared.replacements);
            let mut events = model.stream(prepared.request);
            while let Some(event) = events.next().await {
                let restored = match event {
                    Event::Delta(more) => vec![Event::Delta(text.push(&more))],
                    Event::Reasoning(more) => vec![Event::Reasoning(reasoning.push(&more))],
                    end @ (Event::Finished(_) | Event::Failed(_)) => {
                        vec![Event::Reasoning(reasoning.finish()), Event::Delta(text.finish()), end]
                    }
                    other @ (Event::Dropped(_) | Event::Usage(_)) => vec![other],
                };
                for event in restored.into_iter().filter(says_something) {
                    yield event;
                }
            }
        }
        .boxed()
    }

    fn request_text(&self, request: &ChatRequest) -> String {
        self.model.request_text(&self.looked_at(request))
    }

    fn request_body(&self, request: &ChatRequest) -> Vec<u8> {
        self.model.request_body(&self.looked_at(request))
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, Failure>> {
        self.model.models()
    }
}

fn says_something(event: &Event) -> bool {
    !matches!(event, Event::Delta(text) | Event::Reasoning(text) if text.is_empty())
}
