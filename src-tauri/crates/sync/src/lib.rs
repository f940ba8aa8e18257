//! One history on several machines, through a store that sees nothing but encrypted bytes.
//!
//! Each machine writes under a random number of its own: segments of changes, and a list of them,
//! which it writes after them. It reads those of all others. What the changes are, and what becomes
//! of them, is [`history::sync`]'s; `docs/sync-format.md` describes what lies in the store.

mod error;
mod exchange;
mod format;
mod seal;
mod secret;
mod store;

pub use error::SyncError;
pub use exchange::{Exchanged, exchange, join, start};
pub use secret::Secret;
pub use store::{Store, StoreConfig, StoreKey};
