//! Backups: made while in use, checked, and put in the place of a history.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use conversation::{ConversationId, MessageState, Role};
use history::{History, HistoryError, NewMessage};
use tempfile::TempDir;

const KEY: [u8; 32] = [7; 32];
const OTHER: [u8; 32] = [8; 32];
const SALT: [u8; 16] = [9; 16];

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("data/history.db")
    }

    fn backup(&self) -> PathBuf {
        self.0.path().join("out/backup.db")
    }

    fn open(&self) -> History {
        History::open(&self.file(), &KEY).unwrap()
    }

    /// The names of what lies beside a file.
    fn beside(file: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(file.parent().unwrap()).unwrap();
        let mut names: Vec<_> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn say(history: &History, conversation: ConversationId, text: &str) {
    history.transaction(|t| t.add_message(message(conversation, text)).map(drop)).unwrap();
}

fn message(conversation: ConversationId, text: &str) -> NewMessage<'_> {
    NewMessage {
        conversation,
        parent: None,
        role: Role::User,
        text,
        model: None,
        state: MessageState::Complete,
        attachments: &[],
    }
}

fn titles(history: &History) -> Vec<String> {
    history.conversations().unwrap().into_iter().map(|c| c.title).collect()
}

#[test]
fn a_backup_takes_the_place_of_what_came_after_it() {
    let folder = Folder::new();
    let history = folder.open();
    let id = history.create_conversation("avant", None).unwrap().id;
    say(&history, id, "prune");
    history.backup(&folder.backup(), &OTHER, &SALT).unwrap();
    let bytes = std::fs::read(folder.backup()).unwrap();
    assert_eq!(bytes[..16], SALT);
    assert_eq!(History::backup_salt(&folder.backup()).unwrap(), SALT);
    assert_eq!(History::check_backup(&folder.backup(), &OTHER).unwrap().problems, [""; 0]);
    assert_eq!(std::fs::read(folder.backup()).unwrap(), bytes, "checking changed it");
    assert_eq!(Folder::beside(&folder.backup()), ["backup.db"]);
    assert!(matches!(
        History::check_backup(&folder.backup(), &KEY),
        Err(HistoryError::NotThisBackup)
    ));
    let later = history.create_conversation("après", None).unwrap().id;
    // In the place of the first one.
    history.backup(&folder.backup(), &OTHER, &SALT).unwrap();
    assert_ne!(std::fs::read(folder.backup()).unwrap().len(), 0);
    history.erase(later).unwrap();

    let restore = || History::restore_backup(&folder.backup(), &OTHER, &folder.file(), &KEY, || {});
    assert!(matches!(restore(), Err(HistoryError::Busy)), "it is open");
    assert_eq!(titles(&history), ["avant"]);
    drop(history);
    let before = Folder::beside(&folder.file());
    let restored = restore().unwrap();
    assert_eq!(titles(&restored), ["après", "avant"]);
    assert_eq!(restored.search("prune", history::Order::Newest, 9).unwrap().len(), 1);
    assert_eq!(restored.verify().unwrap().problems, Vec::<String>::new());
    say(&restored, id, "encore");
    drop(restored);
    assert_eq!(Folder::beside(&folder.file()), before, "nothing is left over");
    assert_eq!(titles(&folder.open()), ["avant", "après"]);
}

#[test]
fn it_takes_the_place_of_nothing_or_of_a_damaged_one() {
    let folder = Folder::new();
    let history = folder.open();
    history.create_conversation("titre", None).unwrap();
    history.backup(&folder.backup(), &OTHER, &SALT).unwrap();
    drop(history);
    std::fs::remove_file(folder.file()).unwrap();
    let restore = || History::restore_backup(&folder.backup(), &OTHER, &folder.file(), &KEY, || {});
    assert_eq!(titles(&restore().unwrap()), ["titre"]);
    for damage in [b"".as_slice(), &[1; 9000]] {
        std::fs::write(folder.file(), damage).unwrap();
        // A log that belonged to it must not be read into the new one.
        std::fs::write(folder.file().with_file_name("history.db-wal"), [3; 5000]).unwrap();
        let restored = restore().unwrap();
        assert_eq!(titles(&restored), ["titre"]);
        assert_eq!(restored.verify().unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn a_bad_backup_is_told_and_takes_no_place() {
    let folder = Folder::new();
    let history = folder.open();
    let id = history.create_conversation("titre", None).unwrap().id;
    for number in 0..200 {
        say(&history, id, &format!("{number} {}", "mot ".repeat(200)));
    }
    history.backup(&folder.backup(), &OTHER, &SALT).unwrap();
    drop(history);
    let good = std::fs::read(folder.backup()).unwrap();
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let half = good[..good.len() / 2 / 4096 * 4096].to_vec();
    let bad = [flipped(100), flipped(good.len() / 2), flipped(good.len() - 1), half, vec![]];
    for bytes in bad {
        std::fs::write(folder.backup(), &bytes).unwrap();
        let length = bytes.len();
        let checked = History::check_backup(&folder.backup(), &OTHER);
        assert!(checked.is_err() || !checked.unwrap().problems.is_empty(), "{length} bytes");
        let restored =
            History::restore_backup(&folder.backup(), &OTHER, &folder.file(), &KEY, || {})
                .map(drop);
        assert!(
            matches!(restored, Err(HistoryError::Damaged(_) | HistoryError::NotThisBackup)),
            "{length} bytes: {restored:?}"
        );
        let history = folder.open();
        assert_eq!(history.messages(id).unwrap().len(), 200);
    }
    std::fs::remove_file(folder.backup()).unwrap();
    assert!(History::check_backup(&folder.backup(), &OTHER).is_err());
    assert!(!folder.backup().exists());
    assert!(matches!(History::backup_salt(&folder.backup()), Err(HistoryError::Disk(_))));
    std::fs::write(folder.backup(), [9; 15]).unwrap();
    assert!(matches!(History::backup_salt(&folder.backup()), Err(HistoryError::NotThisBackup)));
}

#[test]
fn what_cannot_be_made_leaves_nothing() {
    let folder = Folder::new();
    let history = folder.open();
    std::fs::create_dir_all(folder.backup().join("inside")).unwrap();
    assert!(history.backup(&folder.backup(), &OTHER, &SALT).is_err());
    assert_eq!(Folder::beside(&folder.backup()), ["backup.db"]);
    let own = history.backup(&folder.file().with_file_name("./history.db"), &OTHER, &SALT);
    assert!(matches!(own, Err(HistoryError::Itself)));
    assert_eq!(titles(&folder.open()), [""; 0]);
    assert!(matches!(
        History::in_memory().unwrap().backup(&folder.file(), &OTHER, &SALT),
        Err(HistoryError::NeverWritten)
    ));
}

#[test]
fn each_backup_is_one_moment_of_what_is_being_written() {
    let folder = Folder::new();
    let history = folder.open();
    let id = history.create_conversation("t", None).unwrap().id;
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                // Two at once, so that an odd number would be half of a moment.
                let both = history.transaction(|t| {
                    t.add_message(message(id, "un"))?;
                    t.add_message(message(id, &"deux ".repeat(300)))
                });
                both.unwrap();
            }
        });
        let mut counts = Vec::new();
        while counts.len() < 6 {
            history.backup(&folder.backup(), &OTHER, &SALT).unwrap();
            let checked = History::check_backup(&folder.backup(), &OTHER).unwrap();
            assert_eq!(checked.problems, Vec::<String>::new());
            let copy = History::open(&folder.backup(), &OTHER).unwrap();
            counts.push(copy.messages(id).unwrap().len());
            drop(copy);
        }
        is_done.store(true, Ordering::Relaxed);
        assert!(counts.iter().all(|count| count % 2 == 0), "{counts:?}");
        assert!(counts.windows(2).all(|pair| pair[0] <= pair[1]), "{counts:?}");
        assert!(counts[0] < counts[5], "{counts:?}");
    });
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
}
