//! Which files on the disk belong to a conversation: those that the person gave to it since the program
//! began and the history was last locked. Nothing else is ever written.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use conversation::{ConversationId, MessageId};

/// A file that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenFile {
    /// What it is called in what is sent.
    pub name: String,
    /// Where it lies, without any link in it.
    pub path: PathBuf,
}

impl GivenFile {
    /// A file by itself; `None` where it is gone.
    pub(crate) fn single(path: &Path) -> Option<Self> {
        let path = std::fs::canonicalize(path).ok()?;
        Some(Self { name: crate::attachment::name_of(&path), path })
    }
}

/// What was written over, to be had back.
#[derive(Debug, Clone)]
pub(super) struct Undo {
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
}

#[derive(Default, Clone)]
pub(super) struct OfConversation {
    files: Vec<GivenFile>,
    /// By the answer whose change it was, and the file.
    pub(super) undo: HashMap<(MessageId, PathBuf), Undo>,
}

impl OfConversation {
    /// The file that an answer means by a name.
    pub(super) fn file(&self, name: &str) -> Option<&GivenFile> {
        let plain = name.trim().replace('\\', "/");
        let plain = plain.strip_prefix("./").unwrap_or(&plain);
        let called =
            |name: &str| -> Vec<_> { self.files.iter().filter(|file| file.name == name).collect() };
        // `git diff` puts a letter before each path.
        let bare = plain.strip_prefix("a/").or_else(|| plain.strip_prefix("b/"));
        for name in std::iter::once(plain).chain(bare) {
            let exact = called(name);
            if !exact.is_empty() {
                return only(exact);
            }
        }
        let meant = bare.unwrap_or(plain);
        let within = |file: &&GivenFile| {
            !meant.is_empty()
                && (file.name.ends_with(&format!("/{meant}"))
                    // A file that was given by itself, by its whole path.
                    || file.path.ends_with(meant) && !meant.starts_with('/'))
        };
        only(self.files.iter().filter(within).collect())
    }
}

/// The file that all of these are: a name that two files have is no name of either.
fn only(files: Vec<&GivenFile>) -> Option<&GivenFile> {
    let first = *files.first()?;
    files.iter().all(|file| file.path == first.path).then_some(first)
}

/// The files of all conversations.
#[derive(Default)]
pub(crate) struct Given(Mutex<HashMap<ConversationId, OfConversation>>);

impl Given {
    /// These belong to the conversation from now on.
    pub(crate) fn add(&self, conversation: ConversationId, files: Vec<GivenFile>) {
        if files.is_empty() {
            return;
        }
        let mut all = self.all();
        let known = &mut all.entry(conversation).or_default().files;
        for file in files {
            if !known.contains(&file) {
                known.push(file);
            }
        }
    }

    /// Nothing is given any more, and what was written over is let go.
    pub(crate) fn forget(&self) {
        self.all().clear();
    }

    /// As [`forget`](Self::forget), for a conversation that was erased.
    pub(crate) fn forget_of(&self, conversation: ConversationId) {
        self.all().remove(&conversation);
    }

    pub(super) fn all(&self) -> MutexGuard<'_, HashMap<ConversationId, OfConversation>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_meant_by_its_name_or_an_end_of_it_that_is_its_own() {
        let file =
            |name: &str| GivenFile { name: name.into(), path: PathBuf::from("/home/x").join(name) };
        let given = OfConversation {
            files: vec![
                file("src/a.rs"),
                file("src/deep/mod.rs"),
                file("src/mod.rs"),
                file("b.py"),
            ],
            undo: HashMap::new(),
        };
        let meant = |name: &str| given.file(name).map(|file| file.name.as_str());
        assert_eq!(meant("src/a.rs"), Some("src/a.rs"));
        assert_eq!(meant("b/src/a.rs"), Some("src/a.rs"));
        assert_eq!(meant("a.rs"), Some("src/a.rs"));
        assert_eq!(meant("./deep/mod.rs"), Some("src/deep/mod.rs"));
        for none in ["mod.rs", "", "/etc/passwd", "../b.py", "c.rs", "src"] {
            assert_eq!(meant(none), None, "{none}");
        }
    }

    #[test]
    fn a_file_of_another_folder_never_takes_the_place_of_one_of_its_name() {
        let file = |path: &str| GivenFile { name: "src/main.rs".into(), path: path.into() };
        let (given, conversation) = (Given::default(), ConversationId::new());
        let meant = |name: &str| Some(given.all().get(&conversation)?.file(name)?.path.clone());
        given.add(conversation, vec![file("/one/src/main.rs"), file("/one/src/main.rs")]);
        assert_eq!(meant("src/main.rs"), Some("/one/src/main.rs".into()));
        given.add(conversation, vec![file("/two/src/main.rs")]);
        assert_eq!(meant("src/main.rs"), None);
        assert_eq!(meant("one/src/main.rs"), Some("/one/src/main.rs".into()));
    }
}
