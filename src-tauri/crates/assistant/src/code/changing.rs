//! What an answer proposes for given files, shown as differences, and written where it is accepted.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use audit::{Action as Recorded, Event};
use conversation::{Failure, FailureCode, MessageId, Role};
use policy::Action;
use serde::{Deserialize, Serialize};

use super::disk::{read, write};
use super::given::{OfConversation, Undo};
use super::proposed::{Edit, leaves_out, proposed};
use crate::Assistant;
use crate::revising::{DiffLine, line_changes};

/// What editors of Windows put before a text that is UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// How a proposed change of a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It can be applied.
    Ready,
    /// It has been applied, and can be undone.
    Applied,
    /// The file is already as proposed.
    Same,
    /// Some of it has no place in the file any more: it is shown, and not applied.
    Conflict,
    /// The file is gone, has become a link, or is none of text whose lines end alike.
    Unreadable,
}

/// The change of a file that an answer proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct FileChange {
    /// The file as it is called in the conversation.
    pub name: String,
    /// How it stands.
    pub state: FileState,
    /// Where the file would change, each place with the lines around it.
    pub places: Vec<Vec<DiffLine>>,
    /// The places whose context does not stand in the file, as the answer writes them.
    pub unmatched: Vec<String>,
    /// What this was made of: it is applied only while that is still so.
    pub version: String,
}

/// A change with both texts.
struct Change {
    path: PathBuf,
    before: Vec<u8>,
    after: String,
    shown: FileChange,
}

impl Assistant {
    /// The changes of given files that an answer proposes; none where no file was given to its
    /// conversation in this run of the program.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if there is no such message; else as the history fails.
    pub fn code_changes(&self, answer: MessageId) -> Result<Vec<FileChange>, Failure> {
        Ok(self.changes_of(answer)?.into_iter().map(|change| change.shown).collect())
    }

    /// Writes an accepted change into its file: all of it or nothing. `version` is that of the
    /// change which the person saw.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] where the organisation lets nothing be written into files;
    /// [`FailureCode::Invalid`] where the file is not as it was then, or the change cannot be
    /// applied; [`FailureCode::Storage`] as the disk refuses.
    pub fn apply_change(
        &self,
        answer: MessageId,
        name: &str,
        version: &str,
    ) -> Result<Vec<FileChange>, Failure> {
        let event = self.event_of_change(answer, name)?;
        self.audited(event, || self.apply(answer, name, version))?;
        self.code_changes(answer)
    }

    fn apply(&self, answer: MessageId, name: &str, version: &str) -> Result<(), Failure> {
        let changes = self.changes_of(answer)?;
        let change = changes.into_iter().find(|change| change.shown.name == name);
        let change =
            change.filter(|c| c.shown.version == version && c.shown.state == FileState::Ready);
        let change = change.ok_or_else(|| {
            let message = format!("{name} is not as it was shown; look at the change again");
            Failure::new(FailureCode::Invalid, message)
        })?;
        write(&change.path, &change.before, change.after.as_bytes())?;
        let undo = Undo { before: change.before, after: change.after.into_bytes() };
        let conversation = self.history_with(answer)?.message(answer)?.conversation;
        let changed = (answer, change.path);
        self.given.all().entry(conversation).or_default().undo.insert(changed, undo);
        Ok(())
    }

    /// Gives a file back what a change took from it.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where the file was changed since; else as
    /// [`apply_change`](Self::apply_change).
    pub fn undo_change(&self, answer: MessageId, name: &str) -> Result<Vec<FileChange>, Failure> {
        let event = self.event_of_change(answer, name)?.with("undone", true);
        self.audited(event, || self.undo(answer, name))?;
        self.code_changes(answer)
    }

    /// That a file is about to be written, where the organisation permits it. What it is called is
    /// recorded only where what was said is.
    fn event_of_change(&self, answer: MessageId, name: &str) -> Result<Event, Failure> {
        self.note_refusal(Recorded::FileChange, self.permit(Action::ChangeFiles))?;
        let conversation = self.history_with(answer)?.message(answer)?.conversation;
        Ok(Event {
            content: Some(name.to_owned()),
            ..Event::new(Recorded::FileChange).with_conversations(&[conversation])
        })
    }

    fn undo(&self, answer: MessageId, name: &str) -> Result<(), Failure> {
        let conversation = self.history_with(answer)?.message(answer)?.conversation;
        let known = {
            let all = self.given.all();
            let of = all.get(&conversation);
            of.and_then(|of| {
                let path = of.file(name)?.path.clone();
                let changed = (answer, path);
                let undo = of.undo.get(&changed)?.clone();
                Some((changed, undo))
            })
        };
        let (changed, undo) = known.ok_or_else(|| {
            Failure::new(FailureCode::NotFound, format!("nothing of {name} was changed here"))
        })?;
        write(&changed.1, &undo.after, &undo.before)?;
        if let Some(of) = self.given.all().get_mut(&conversation) {
            of.undo.remove(&changed);
        }
        Ok(())
    }

    fn changes_of(&self, answer: MessageId) -> Result<Vec<Change>, Failure> {
        let message = self.history_with(answer)?.message(answer)?;
        // A copy: while files are read and compared, nobody waits who asks a question with others.
        let given = self.given.all().get(&message.conversation).cloned();
        let Some(given) = given.filter(|_| message.role == Role::Assistant) else {
            return Ok(Vec::new());
        };
        let known = |name: &str| given.file(name).map(|file| file.name.clone());
        let mut files: Vec<(String, Vec<Edit>)> = Vec::new();
        for (name, edit) in proposed(&message.text, &known) {
            match files.iter_mut().find(|(known, _)| *known == name) {
                Some((_, edits)) => edits.push(edit),
                None => files.push((name, vec![edit])),
            }
        }
        let of_file = |(name, edits): (String, Vec<Edit>)| change(&given, answer, name, &edits);
        Ok(files.into_iter().filter_map(of_file).collect())
    }
}

fn change(
    given: &OfConversation,
    answer: MessageId,
    name: String,
    edits: &[Edit],
) -> Option<Change> {
    let path = given.file(&name)?.path.clone();
    let data = read(&path);
    let before = data.clone().and_then(|data| String::from_utf8(data).ok());
    let before = before.filter(|text| ends_alike(text));
    let Some(before) = before else {
        let shown = FileChange {
            name,
            state: FileState::Unreadable,
            places: Vec::new(),
            unmatched: Vec::new(),
            version: String::new(),
        };
        return Some(Change { path, before: Vec::new(), after: String::new(), shown });
    };
    let data = data.unwrap_or_default();
    let undo = given.undo.get(&(answer, path.clone())).filter(|undo| undo.after == data);
    if let Some(undo) = undo {
        let old = String::from_utf8_lossy(&undo.before);
        let shown = FileChange {
            name,
            state: FileState::Applied,
            places: line_changes(&old, &before),
            unmatched: Vec::new(),
            version: String::new(),
        };
        return Some(Change { path, before: data, after: before, shown });
    }
    // Compared and changed by lines that end alike, and written with the file's own ends.
    let windows = before.contains("\r\n");
    // The mark of its encoding is no part of its text.
    let text = before.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&before);
    let mark = &before[..before.len() - text.len()];
    let mut after = text.replace("\r\n", "\n");
    let plain = after.clone();
    let mut unmatched = Vec::new();
    let certain = is_certain(edits, text);
    for edit in edits {
        match edit {
            Edit::Whole(text) if !certain => unmatched.push(text.clone()),
            Edit::Whole(text) => {
                after = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).to_owned();
            }
            Edit::Places(patch) => {
                let (text, failed) = patch.apply(&after);
                after = text;
                unmatched.extend(failed);
            }
        }
    }
    if !plain.is_empty() && !plain.ends_with('\n') {
        after.truncate(after.trim_end_matches('\n').len());
    }
    let state = match (unmatched.is_empty(), after == plain) {
        (false, _) => FileState::Conflict,
        (true, true) => FileState::Same,
        (true, false) => FileState::Ready,
    };
    let places = line_changes(&plain, &after);
    let after = if windows { after.replace('\n', "\r\n") } else { after };
    let after = format!("{mark}{after}");
    let mut hash = DefaultHasher::new();
    (&data, &after).hash(&mut hash);
    let version = format!("{:016x}", hash.finish());
    let shown = FileChange { name, state, places, unmatched, version };
    Some(Change { path, before: data, after, shown })
}

/// Whether what is to be all of a file is: an answer that gives it in several pieces, or leaves out
/// what it does not change, would make a file of one piece.
fn is_certain(edits: &[Edit], file: &str) -> bool {
    let mut wholes = edits.iter().filter_map(|edit| match edit {
        Edit::Whole(text) => Some(text.as_str()),
        Edit::Places(_) => None,
    });
    let Some(first) = wholes.next() else { return true };
    wholes.all(|text| text == first) && !leaves_out(first, file)
}

/// Whether all lines end alike: those of another end could not be given theirs back.
fn ends_alike(text: &str) -> bool {
    let windows = text.matches("\r\n").count();
    windows == 0 || windows == text.matches('\n').count()
}

#[cfg(test)]
mod tests {
    use conversation::{ConversationId, MessageState};
    use history::NewMessage;

    use super::*;
    use crate::code::given::GivenFile;
    use crate::{Config, Folders};

    struct Desk {
        assistant: Assistant,
        place: tempfile::TempDir,
        conversation: ConversationId,
    }

    impl Desk {
        fn new(files: &[(&str, &str)]) -> Self {
            let place = tempfile::tempdir().unwrap();
            let folders = Folders { config: PathBuf::new(), data: PathBuf::new() };
            let assistant = Assistant::new(folders, Config::default());
            assistant.start_temporary().unwrap();
            let history = assistant.history().unwrap();
            let conversation = history.create_conversation("", None).unwrap().id;
            let root = std::fs::canonicalize(place.path()).unwrap();
            let given = files.iter().map(|(name, text)| {
                std::fs::write(root.join(name), text).unwrap();
                GivenFile { name: format!("src/{name}"), path: root.join(name) }
            });
            assistant.given.add(conversation, given.collect());
            Self { assistant, place, conversation }
        }

        fn answer(&self, text: &str) -> MessageId {
            let message = NewMessage {
                conversation: self.conversation,
                parent: None,
                role: Role::Assistant,
                text,
                model: None,
                state: MessageState::Complete,
                attachments: &[],
            };
            self.assistant.history().unwrap().add_message(message).unwrap().id
        }

        fn text(&self, name: &str) -> String {
            std::fs::read_to_string(self.place.path().join(name)).unwrap()
        }
    }

    #[test]
    fn an_accepted_change_is_written_and_can_be_undone() {
        let desk = Desk::new(&[("a.rs", "one\r\ntwo\r\n"), ("b.rs", "x\n")]);
        let answer = desk.answer("```rust src/a.rs\none\n2\n```\n```rust src/b.rs\nx\n```");
        let changes = desk.assistant.code_changes(answer).unwrap();
        assert_eq!(changes[0].state, FileState::Ready);
        assert_eq!(changes[1].state, FileState::Same);
        assert_eq!(desk.text("a.rs"), "one\r\ntwo\r\n");
        let after = desk.assistant.apply_change(answer, "src/a.rs", &changes[0].version).unwrap();
        assert_eq!(desk.text("a.rs"), "one\r\n2\r\n");
        assert_eq!(after[0].state, FileState::Applied);
        let back = desk.assistant.undo_change(answer, "src/a.rs").unwrap();
        assert_eq!(
            (desk.text("a.rs").as_str(), back[0].state),
            ("one\r\ntwo\r\n", FileState::Ready)
        );
    }

    #[test]
    fn a_second_answer_changes_a_file_again_and_each_is_undone_in_turn() {
        let desk = Desk::new(&[("a.rs", "one\n")]);
        let apply = |text: &str| {
            let answer = desk.answer(text);
            let seen = desk.assistant.code_changes(answer).unwrap();
            assert_eq!(seen[0].state, FileState::Ready);
            desk.assistant.apply_change(answer, "src/a.rs", &seen[0].version).unwrap();
            answer
        };
        let first = apply("```rust src/a.rs\ntwo\n```");
        let second = apply("```rust src/a.rs\nthree\n```");
        assert_eq!(desk.text("a.rs"), "three\n");
        assert!(desk.assistant.undo_change(first, "src/a.rs").is_err());
        desk.assistant.undo_change(second, "src/a.rs").unwrap();
        assert_eq!(desk.text("a.rs"), "two\n");
        desk.assistant.undo_change(first, "src/a.rs").unwrap();
        assert_eq!(desk.text("a.rs"), "one\n");
    }

    #[test]
    fn what_was_changed_meanwhile_is_neither_written_over_nor_undone() {
        let desk = Desk::new(&[("a.rs", "one\n")]);
        let answer = desk.answer("```rust src/a.rs\n1\n```");
        let seen = desk.assistant.code_changes(answer).unwrap();
        std::fs::write(desk.place.path().join("a.rs"), "other\n").unwrap();
        let failure =
            desk.assistant.apply_change(answer, "src/a.rs", &seen[0].version).unwrap_err();
        assert_eq!(failure.code, FailureCode::Invalid);
        let seen = desk.assistant.code_changes(answer).unwrap();
        desk.assistant.apply_change(answer, "src/a.rs", &seen[0].version).unwrap();
        std::fs::write(desk.place.path().join("a.rs"), "mine\n").unwrap();
        assert!(desk.assistant.undo_change(answer, "src/a.rs").is_err());
        assert_eq!(desk.text("a.rs"), "mine\n");
    }

    #[test]
    fn a_place_that_no_longer_stands_is_shown_and_the_file_left_alone() {
        let desk = Desk::new(&[("a.rs", "one\ntwo\n")]);
        let answer =
            desk.answer("```diff\n--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1 +1 @@\n-gone\n+x\n```");
        let changes = desk.assistant.code_changes(answer).unwrap();
        assert_eq!(changes[0].state, FileState::Conflict);
        assert!(changes[0].unmatched[0].contains("-gone"));
        assert!(desk.assistant.apply_change(answer, "src/a.rs", &changes[0].version).is_err());
        assert_eq!(desk.text("a.rs"), "one\ntwo\n");
    }

    #[test]
    fn the_mark_before_a_text_stays_and_hides_no_place_of_it() {
        for proposed in [
            "```rust src/a.rs\n1\ntwo\n```",
            "```diff\n--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1 +1 @@\n-one\n+1\n```",
        ] {
            let desk = Desk::new(&[("a.rs", "\u{feff}one\r\ntwo\r\n")]);
            let answer = desk.answer(proposed);
            let seen = desk.assistant.code_changes(answer).unwrap();
            desk.assistant.apply_change(answer, "src/a.rs", &seen[0].version).unwrap();
            assert_eq!(desk.text("a.rs"), "\u{feff}1\r\ntwo\r\n");
        }
    }

    #[test]
    fn pieces_of_a_file_are_shown_and_never_taken_for_all_of_it() {
        for pieces in [
            "```rust src/a.rs\none\n```\n\n```rust src/a.rs\n2\n```",
            "```rust src/a.rs\n1\n// ... the rest as before\n```",
        ] {
            let desk = Desk::new(&[("a.rs", "one\ntwo\n")]);
            let answer = desk.answer(pieces);
            let seen = desk.assistant.code_changes(answer).unwrap();
            assert_eq!(seen[0].state, FileState::Conflict, "{pieces}");
            assert!(desk.assistant.apply_change(answer, "src/a.rs", &seen[0].version).is_err());
            assert_eq!(desk.text("a.rs"), "one\ntwo\n");
        }
    }

    #[test]
    fn a_file_of_lines_that_end_differently_is_left_alone() {
        let desk = Desk::new(&[("a.rs", "one\r\ntwo\n")]);
        let answer = desk.answer("```rust src/a.rs\none\n2\n```");
        let changes = desk.assistant.code_changes(answer).unwrap();
        assert_eq!(changes[0].state, FileState::Unreadable);
        assert!(desk.assistant.apply_change(answer, "src/a.rs", &changes[0].version).is_err());
        assert_eq!(desk.text("a.rs"), "one\r\ntwo\n");
    }

    #[test]
    fn nothing_of_a_file_outlives_its_conversation() {
        let desk = Desk::new(&[("a.rs", "one\n")]);
        desk.assistant.erase(&[desk.conversation]).unwrap();
        assert!(desk.assistant.given.all().is_empty());
    }

    #[test]
    fn a_lock_lets_go_of_the_files_and_of_what_was_in_them() {
        let desk = Desk::new(&[("a.rs", "one\n")]);
        let answer = desk.answer("```rust src/a.rs\n1\n```");
        let seen = desk.assistant.code_changes(answer).unwrap();
        desk.assistant.apply_change(answer, "src/a.rs", &seen[0].version).unwrap();
        assert!(desk.assistant.lock());
        assert!(desk.assistant.given.all().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_or_that_was_not_given() {
        let desk = Desk::new(&[("a.rs", "one\n")]);
        let outside = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(outside.path(), "secret\n").unwrap();
        std::fs::remove_file(desk.place.path().join("a.rs")).unwrap();
        std::os::unix::fs::symlink(outside.path(), desk.place.path().join("a.rs")).unwrap();
        let named = outside.path().display();
        let answer = desk.answer(&format!("```rust src/a.rs\nx\n```\n```rust {named}\nx\n```"));
        let changes = desk.assistant.code_changes(answer).unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].state, FileState::Unreadable);
        assert!(changes[0].places.is_empty(), "nothing of it is shown either");
        assert!(desk.assistant.apply_change(answer, "src/a.rs", "").is_err());
        let link = desk.place.path().canonicalize().unwrap().join("a.rs");
        assert!(write(&link, b"secret\n", b"x").is_err());
        assert_eq!(std::fs::read_to_string(outside.path()).unwrap(), "secret\n");
    }
}
