//! The audit log: who did what, when, with which model and endpoint, under which policy, and never
//! what was said unless the policy asks for it.
//!
//! The log is a folder of files with one record a line. Each record holds the hash of the one before
//! it, checkpoints among them are signed, and where the log ends is kept apart: so whoever has the
//! public key finds every edit, removal, reordering and truncation ([`verify`]). Destinations are
//! served from the same files, each from where it was last served.
//!
//! This crate knows nothing of what is recorded.

mod action;
mod cursor;
mod delivery;
mod error;
mod event;
mod hash;
mod head;
mod key;
mod log;
mod otlp;
mod read;
mod record;
mod rules;
mod segment;
mod syslog;
mod table;
mod tls;
mod verify;
mod who;

pub use action::{Action, Outcome};
pub use delivery::{Deliveries, Delivery};
pub use error::AuditError;
pub use event::Event;
pub use hash::{Hash, NotAHash};
pub use head::{Head, last};
pub use key::{CheckpointKey, PublicKey};
pub use log::Log;
pub use read::{Records, Written, holds};
pub use record::Record;
pub use rules::{Destination, DestinationKind, Rules, SyncRule};
pub use table::Table;
pub use verify::{Problem, Verification, verify};
pub use who::Who;
