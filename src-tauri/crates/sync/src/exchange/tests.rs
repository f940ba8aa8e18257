//! What lies in a store, opened: what was erased does not, and what is damaged is told.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use conversation::{ConversationId, MessageState, Role};
use history::{NewAttachment, NewMessage};
use tempfile::TempDir;

use super::*;
use crate::StoreConfig;

struct Shared {
    folder: TempDir,
    store: Store,
    secret: Secret,
    machines: [History; 2],
}

/// Two machines that share a folder.
async fn shared() -> Shared {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(&StoreConfig::new(folder.path().to_str().unwrap()), None).unwrap();
    let secret = Secret::random().unwrap();
    let machines = [History::in_memory().unwrap(), History::in_memory().unwrap()];
    start(&machines[0], &store, &secret).await.unwrap();
    join(&machines[1], &store, &secret).await.unwrap();
    Shared { folder, store, secret, machines }
}

impl Shared {
    async fn exchange(&self, machine: usize) -> Result<Exchanged, SyncError> {
        let mut done = Exchanged::default();
        exchange(&self.machines[machine], &self.store, &self.secret, &mut done).await?;
        Ok(done)
    }

    async fn settle(&self) {
        for machine in [0, 1, 0, 1] {
            self.exchange(machine).await.unwrap();
        }
    }

    fn say(&self, machine: usize, title: &str, text: &str) -> ConversationId {
        let history = &self.machines[machine];
        let conversation = history.create_conversation(title, None).unwrap().id;
        let file = NewAttachment { name: "f", media_type: "text/plain", data: text.as_bytes() };
        let message = NewMessage {
            conversation,
            parent: None,
            role: Role::User,
            text,
            model: None,
            state: MessageState::Complete,
            attachments: &[file],
        };
        history.add_message(message).unwrap();
        conversation
    }

    fn device(&self, machine: usize) -> i64 {
        self.machines[machine].sync_state().unwrap().unwrap().device
    }

    /// Every object of a machine, by its name.
    fn objects(&self, machine: usize) -> BTreeMap<String, PathBuf> {
        let folder = shown(self.device(machine));
        let within = fs::read_dir(self.folder.path().join(&folder)).unwrap();
        let named = |entry: fs::DirEntry| {
            (format!("{folder}/{}", entry.file_name().to_str().unwrap()), entry.path())
        };
        within.map(|entry| named(entry.unwrap())).collect()
    }

    /// All that lies in the store, decrypted.
    fn opened(&self) -> Vec<u8> {
        let key = Key::of(&self.secret);
        let objects = self.objects(0).into_iter().chain(self.objects(1));
        objects.flat_map(|(name, file)| key.open(&name, fs::read(file).unwrap()).unwrap()).collect()
    }

    fn titles(&self, machine: usize) -> Vec<String> {
        let all = self.machines[machine].conversations().unwrap();
        let mut titles: Vec<_> = all.into_iter().map(|conversation| conversation.title).collect();
        titles.sort();
        titles
    }
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

#[tokio::test]
async fn what_is_erased_leaves_every_segment() {
    let shared = shared().await;
    let erased = shared.say(0, "doomed title", "doomed words");
    shared.say(0, "kept title", "kept words");
    let other = shared.say(1, "doomed elsewhere", "doomed there");
    shared.settle().await;
    let opened = shared.opened();
    for words in ["doomed title", "doomed words", "kept words", "doomed elsewhere"] {
        assert!(holds(&opened, words), "{words} was shared");
    }
    // Each is erased by the machine that has not written it.
    shared.machines[1].erase(erased).unwrap();
    shared.machines[0].erase(other).unwrap();
    shared.settle().await;
    let opened = shared.opened();
    assert!(!holds(&opened, "doomed"), "what was erased lies in the store");
    assert!(holds(&opened, "kept title") && holds(&opened, "kept words"));
    // Who joins now learns no more.
    let late = History::in_memory().unwrap();
    join(&late, &shared.store, &shared.secret).await.unwrap();
    exchange(&late, &shared.store, &shared.secret, &mut Exchanged::default()).await.unwrap();
    let titles: Vec<_> = late.conversations().unwrap().into_iter().map(|c| c.title).collect();
    assert_eq!(titles, ["kept title"]);
}

#[tokio::test]
async fn the_store_sees_neither_words_nor_names() {
    let shared = shared().await;
    shared.say(0, "a plain title", "some plain words");
    shared.say(1, "another title", "more of it");
    shared.settle().await;
    assert!(holds(&shared.opened(), "plain words"));
    for file in files(shared.folder.path()) {
        let bytes = fs::read(&file).unwrap();
        for words in ["plain", "title", "text", "conversation", "bureau"] {
            assert!(!holds(&bytes, words), "{words} in {}", file.display());
        }
        let name = file.strip_prefix(shared.folder.path()).unwrap().to_str().unwrap();
        assert!(name.chars().all(|c| c.is_ascii_hexdigit() || "./".contains(c)), "{name}");
    }
}

#[tokio::test]
async fn what_is_damaged_is_told_and_not_taken_over_and_the_rest_goes_on() {
    let shared = shared().await;
    shared.say(0, "one", "one");
    shared.exchange(0).await.unwrap();
    shared.say(1, "mine", "mine");
    type Spoil = fn(Vec<u8>) -> Vec<u8>;
    let spoils: [Spoil; 4] = [
        |bytes| bytes[..bytes.len() / 2].to_vec(),
        |mut bytes| {
            bytes[50] ^= 1;
            bytes
        },
        |bytes| [bytes, vec![0]].concat(),
        |_| Vec::new(),
    ];
    let objects = shared.objects(0);
    assert_eq!(objects.len(), 2, "a list and a segment");
    for (name, file) in objects {
        let good = fs::read(&file).unwrap();
        for spoil in spoils {
            fs::write(&file, spoil(good.clone())).unwrap();
            let told = shared.exchange(1).await;
            assert!(matches!(&told, Err(SyncError::Damaged(told)) if *told == name), "{told:?}");
            assert_eq!(shared.titles(1), ["mine"]);
        }
        if !name.ends_with("/0") {
            // As its machine once wrote it, but not what its list names.
            let key = Key::of(&shared.secret);
            let other = key.seal(&name, &key.open(&name, good.clone()).unwrap()).unwrap();
            fs::write(&file, other).unwrap();
            assert!(matches!(shared.exchange(1).await, Err(SyncError::Damaged(_))));
        }
        fs::remove_file(&file).unwrap();
        if !name.ends_with("/0") {
            assert!(matches!(shared.exchange(1).await, Err(SyncError::Damaged(_))));
        }
        fs::write(&file, good).unwrap();
    }
    assert_eq!(shared.machines[1].sync_state().unwrap().unwrap().pending, 0, "it was heard");
    shared.exchange(1).await.unwrap();
    assert_eq!(shared.titles(1), ["mine", "one"]);
}

#[tokio::test]
async fn a_machine_that_went_back_is_told() {
    let shared = shared().await;
    shared.say(0, "one", "one");
    shared.settle().await;
    let list = shared.objects(0).remove(&head_of(shared.device(0))).unwrap();
    let old = fs::read(&list).unwrap();
    shared.say(0, "two", "two");
    shared.settle().await;
    let new = fs::read(&list).unwrap();
    fs::write(&list, &old).unwrap();
    assert!(matches!(shared.exchange(1).await, Err(SyncError::WentBack(_))));
    fs::remove_file(&list).unwrap();
    assert!(matches!(shared.exchange(1).await, Err(SyncError::WentBack(_))));
    fs::remove_dir_all(list.parent().unwrap()).unwrap();
    assert!(matches!(shared.exchange(1).await, Err(SyncError::WentBack(_))));
    assert!(matches!(shared.exchange(0).await, Err(SyncError::WentBack(_))));
    assert_eq!(shared.titles(1), ["one", "two"]);
    fs::create_dir_all(list.parent().unwrap()).unwrap();
    fs::write(&list, new).unwrap();
    shared.exchange(1).await.unwrap();
}

#[tokio::test]
async fn a_newer_format_is_left_alone() {
    let shared = shared().await;
    shared.say(0, "one", "one");
    shared.exchange(0).await.unwrap();
    let list = shared.objects(0).remove(&head_of(shared.device(0))).unwrap();
    let mut bytes = fs::read(&list).unwrap();
    bytes[3] += 1;
    fs::write(&list, &bytes).unwrap();
    assert!(matches!(shared.exchange(1).await, Err(SyncError::NewerVersion(2))));
    assert_eq!(fs::read(&list).unwrap(), bytes);
    let mark = shared.folder.path().join(MARKER);
    let mut bytes = fs::read(&mark).unwrap();
    bytes[3] += 1;
    fs::write(&mark, &bytes).unwrap();
    assert!(matches!(shared.exchange(1).await, Err(SyncError::NewerVersion(2))));
}

#[tokio::test]
async fn a_wrong_code_and_a_store_that_was_not_started_are_told_apart() {
    let shared = shared().await;
    let late = History::in_memory().unwrap();
    let other = Secret::random().unwrap();
    let told = join(&late, &shared.store, &other).await;
    assert!(matches!(told, Err(SyncError::WrongCode)));
    assert!(matches!(start(&late, &shared.store, &other).await, Err(SyncError::Started)));
    assert_eq!(late.sync_state().unwrap(), None);
    let done = &mut Exchanged::default();
    let told = exchange(&shared.machines[0], &shared.store, &other, done).await;
    assert!(matches!(told, Err(SyncError::WrongCode)));
    fs::remove_file(shared.folder.path().join(MARKER)).unwrap();
    let told = join(&late, &shared.store, &shared.secret).await;
    assert!(matches!(told, Err(SyncError::NotStarted)));
    assert!(matches!(shared.exchange(0).await, Err(SyncError::NotStarted)));
}
