//! One history on several machines: what a machine tells the others, and what it makes of what they
//! tell. Where that goes meanwhile, and how it is encrypted, is no concern of this crate.
//!
//! Every field of a conversation or folder, every message and every file has a [`Version`]. A
//! machine sends what it changed last, as [`Record`]s; of two versions the greater one wins. So it
//! does not matter in which order, how often or in how many pieces records are brought in: who has
//! all of them has the same history (a state-based replicated data type; Shapiro et al.,
//! “Conflict-free Replicated Data Types”, 2011).
//!
//! What is erased leaves behind, for each thing that its eraser knew, the version up to which
//! nothing of it is kept. What the eraser did not know stays, and brings the rest back from any
//! machine that still has it; so does a hold.

mod applying;
mod device;
mod erased;
mod journal;
mod materialise;
mod outgoing;
mod record;
mod segments;

pub use applying::Applied;
pub use device::{Peer, SyncState, SyncTurn};
pub use outgoing::Outgoing;
pub use record::{
    Content, Erased, Field, FileRecord, FolderFile, Kind, MessageRecord, Record, Value, Version,
};
pub use segments::{Segment, SegmentName};
