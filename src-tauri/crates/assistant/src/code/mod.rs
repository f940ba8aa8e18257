//! Code on the disk: given to a conversation as files or as a folder, and changed only as an answer
//! proposes, where the person accepts it.

mod changing;
mod disk;
mod folder;
mod given;
mod patch;
mod proposed;

pub use changing::{FileChange, FileState};
pub use folder::FolderText;
pub(crate) use given::Given;
pub use given::GivenFile;
