//! How much of a file is taken at most. Real exports stay far below; what is made to exhaust the
//! machine does not get further.

/// Bytes of one conversation in another program's JSON. The memory that an import takes follows
/// the largest conversation, not the file: this many bytes, and as many again for what they say.
pub(crate) const CONVERSATION: usize = 64 << 20;
/// Bytes of one conversation in Bureau's JSON, which carries the files themselves.
pub(crate) const OWN_CONVERSATION: usize = 256 << 20;
/// Messages of one conversation, and entries of any list within it.
pub(crate) const MESSAGES: usize = 200_000;
/// Bytes of one file of a message; the most that can be attached to a question.
pub(crate) const FILE: usize = conversation::MAX_ATTACHMENT;
/// Bytes of all files of one conversation.
pub(crate) const FILES: usize = 64 << 20;
/// Bytes of all conversations of an archive, unpacked.
pub(crate) const ARCHIVE: u64 = 64 << 30;
/// Bytes of an archive's list of its files.
pub(crate) const DIRECTORY: u64 = 16 << 20;
/// Files of an unpacked export.
pub(crate) const FOLDER: usize = 200_000;
/// How deep values lie in each other, where it is parsed; what `serde_json` takes.
pub(crate) const DEPTH: usize = 127;
