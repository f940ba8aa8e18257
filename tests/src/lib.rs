//! What the whole-program tests stand on: a profile of its own for each test, the built
//! programs, and an endpoint that answers as a test tells it to.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this crate is only ever used by tests, where failing is the point"
)]

mod endpoint;
mod profile;

pub use endpoint::{Endpoint, Reply, chunk, stream_of};
pub use profile::{Output, PASSPHRASE, Profile, program, workspace};
