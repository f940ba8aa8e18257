//! What the whole-program tests stand on: a profile of its own for each test, the built
//! programs, and an endpoint that answers as a test tells it to.

mod clear;
#[cfg(unix)]
mod dispatcher;
mod endpoint;
mod llama_server;
mod oidc;
pub mod process;
mod profile;
mod s3;
mod updates;
mod window;

pub use clear::search_for;
#[cfg(unix)]
pub use dispatcher::Dispatcher;
pub use endpoint::{Endpoint, Reply, chunk, stream_of};
pub use llama_server::LlamaServer;
pub use oidc::{Oidc, browse, browser_script};
pub use profile::{Output, PASSPHRASE, Profile, interrupt, program, workspace};
pub use s3::{S3, contents};
pub use updates::{UpdateServer, signed_by_another};
pub use window::Window;
