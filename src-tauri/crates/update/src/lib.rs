//! Newer versions of Bureau. [`Release`] is what a server announces: JSON as Tauri's updater reads
//! it. [`Store`] fetches its package into a file that outlives a cut, and calls it ready only once
//! its signature is that of the organisation's key over this package and this version.
//!
//! What is announced is signed by nobody, so nothing of it is believed: a package says in its
//! signature which version it is.

mod error;
mod release;
mod signature;
mod store;

pub use error::UpdateError;
pub use release::{Release, System};
pub use signature::Key;
pub use store::Store;
