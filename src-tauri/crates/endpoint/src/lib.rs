//! The model, as the rest of Bureau sees it, and the endpoints that speak HTTP.

mod model;

pub use model::{ChatModel, ChatRequest, Event, ModelInfo, Parameters, Part, Prompt};
