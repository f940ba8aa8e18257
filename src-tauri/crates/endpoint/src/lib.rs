//! The model, as the rest of Bureau sees it, and the endpoints that speak HTTP.
//!
//! [`ChatModel`] is what every model implements. [`HttpEndpoint`] implements it for OpenAI's chat
//! completions, OpenAI's responses and Azure OpenAI, and for the many servers that speak as they
//! do. An answer goes through it in this order: `client` sends the request, `retry` sends it
//! again if that helps and `budget` has room for it, `sse` cuts the body into events, `chat` or
//! `responses` reads them, and `answer` sees to the one end that every answer has. What goes wrong
//! is told by `failure` (what a server says) and `transport` (what a connection does). Where a
//! person signs in to an endpoint, `sign_in` asks for `identity`.

mod answer;
mod budget;
mod certificate;
mod chat;
mod client;
mod config;
mod download;
mod failure;
mod fetch;
mod http;
mod model;
mod responses;
mod retry;
mod sign_in;
mod sse;
mod transport;

pub use config::{Auth, EndpointConfig, EndpointError, EndpointKind, without_user};
pub use download::{Begun, Download, download};
pub use fetch::fetch;
pub use http::{Credentials, HttpEndpoint};
pub use model::{ChatModel, ChatRequest, Event, ModelInfo, Parameters, Part, Prompt, data_url};
pub use sign_in::provider;
