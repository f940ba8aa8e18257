//! What is erased is nowhere in the file any more: every page is decrypted and looked through,
//! those of free space and of the search index included, and the log beside it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use aes::cipher::{Array, BlockModeDecrypt, KeyIvInit};
use conversation::{
    ConversationId, Draft, Failure, FailureCode, MessageState, PortableConversation, Role,
    Timestamp,
};
use history::{AnswerEnd, History, NewAttachment, NewMessage};

const KEY: [u8; 32] = [7; 32];

/// SQLCipher's page: its bytes, then the vector and the authentication code
/// (<https://www.zetetic.net/sqlcipher/design/>).
const PAGE: usize = 4096;
const RESERVED: usize = 80;
const SALT: usize = 16;
const FRAME_HEADER: usize = 24;
const LOG_HEADER: usize = 32;

/// The pages of the database and those in its log, in clear.
fn pages(file: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(file).unwrap();
    let pages = bytes.chunks(PAGE).enumerate();
    let mut clear: Vec<_> =
        pages.map(|(place, page)| decrypted(page, if place == 0 { SALT } else { 0 })).collect();
    let log = std::fs::read(log_of(file)).unwrap_or_default();
    for frame in log.get(LOG_HEADER..).unwrap_or_default().chunks_exact(FRAME_HEADER + PAGE) {
        let is_first = frame[..4] == 1_u32.to_be_bytes();
        clear.push(decrypted(&frame[FRAME_HEADER..], if is_first { SALT } else { 0 }));
    }
    clear
}

fn log_of(file: &Path) -> PathBuf {
    file.with_file_name("history.db-wal")
}

fn decrypted(page: &[u8], start: usize) -> Vec<u8> {
    let mut content = page[start..PAGE - RESERVED].to_vec();
    let vector: [u8; 16] = page[PAGE - RESERVED..PAGE - RESERVED + 16].try_into().unwrap();
    let (blocks, rest) = Array::slice_as_chunks_mut(&mut content);
    assert!(rest.is_empty());
    cbc::Decryptor::<aes::Aes256>::new(&KEY.into(), &vector.into()).decrypt_blocks(blocks);
    content
}

/// Words that stand nowhere else, and that share no part with each other.
struct Canaries {
    state: u64,
    all: Vec<String>,
}

const PART: usize = 8;

impl Canaries {
    fn new() -> Self {
        Self { state: 1, all: Vec::new() }
    }

    fn next(&mut self) -> String {
        let letters = (0..24).map(|_| {
            self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b'a' + u8::try_from((self.state >> 33) % 26).unwrap())
        });
        let canary: String = letters.collect();
        self.all.push(canary.clone());
        canary
    }

    /// Those of which any part stands in a page: the index keeps no beginning that a word has in
    /// common with the one before.
    fn found(&self, pages: &[Vec<u8>]) -> HashSet<&str> {
        let mut parts = std::collections::HashMap::new();
        for canary in &self.all {
            for part in canary.as_bytes().windows(PART) {
                parts.insert(part, canary.as_str());
            }
        }
        let windows = pages.iter().flat_map(|page| page.windows(PART));
        windows.filter_map(|window| parts.get(window).copied()).collect()
    }
}

fn filler(history: &History, count: usize) {
    let conversation = history.create_conversation("remplissage", None).unwrap().id;
    for number in 0..count {
        let text = format!("reste {number} {}", "mot usuel ".repeat(number % 40));
        let new = message(conversation, &text, &[]);
        history.add_message(new).unwrap();
    }
}

fn message<'a>(
    conversation: ConversationId,
    text: &'a str,
    attachments: &'a [NewAttachment<'a>],
) -> NewMessage<'a> {
    NewMessage {
        conversation,
        parent: None,
        role: Role::User,
        text,
        model: None,
        state: MessageState::Complete,
        attachments,
    }
}

/// A conversation with a canary in everything that it holds.
fn add(history: &History, canaries: &mut Canaries) -> ConversationId {
    let key = format!("x:{}", canaries.next());
    let portable = PortableConversation {
        key,
        title: canaries.next(),
        model: Some(canaries.next()),
        instructions: canaries.next(),
        folder: None,
        tags: vec![canaries.next()],
        pinned: false,
        archived: false,
        marking: None,
        created: Timestamp::now(),
        updated: Timestamp::now(),
        leaf: None,
        messages: Vec::new(),
    };
    history.transaction(|t| t.add_portable(&portable)).unwrap();
    let id = history.conversations().unwrap()[0].id;
    let (name, data) = (canaries.next(), canaries.next().repeat(400));
    let files = [NewAttachment { name: &name, media_type: "text/plain", data: data.as_bytes() }];
    let asked = history.add_message(message(id, &canaries.next(), &files)).unwrap().id;
    let model = canaries.next();
    let answer = NewMessage {
        parent: Some(asked),
        role: Role::Assistant,
        state: MessageState::Streaming,
        model: Some(&model),
        ..message(id, "", &[])
    };
    let answer = history.add_message(answer).unwrap().id;
    history.checkpoint(answer, &canaries.next().repeat(300), &canaries.next()).unwrap();
    let failure = Failure::new(FailureCode::ServerFault, canaries.next());
    let end = AnswerEnd {
        text: &format!("{} {}", canaries.next(), canaries.next()),
        reasoning: &canaries.next(),
        state: MessageState::Failed,
        failure: Some(&failure),
        finish: None,
        usage: None,
        milliseconds: None,
    };
    history.end_answer(answer, end).unwrap();
    history.transaction(|t| t.set_request(answer, &canaries.next())).unwrap();
    history.set_draft(&Draft { conversation: Some(id), text: canaries.next() }).unwrap();
    history.rename(id, &canaries.next()).unwrap();
    id
}

#[test]
fn what_is_erased_is_in_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    let history = History::open(&file, &KEY).unwrap();
    let mut canaries = Canaries::new();
    let mut ids = Vec::new();
    for _ in 0..40 {
        filler(&history, 12);
        ids.push(add(&history, &mut canaries));
    }
    filler(&history, 50);
    let name = canaries.next();
    let file_name = canaries.next();
    let data = canaries.next().repeat(300);
    let (kept, held) = history
        .transaction(|t| {
            let kept = t.create_folder(&canaries.next())?;
            let new =
                NewAttachment { name: &file_name, media_type: "text/plain", data: data.as_bytes() };
            let attached = t.add_folder_file(kept.id, &new)?;
            let gone = t.create_folder(&name)?;
            t.set_folder_instructions(gone.id, &canaries.next())?;
            t.set_folder_glossary(gone.id, &canaries.next())?;
            t.add_folder_file(gone.id, &new)?;
            t.set_folder(&ids, Some(gone.id))?;
            Ok(((kept.id, attached.id), gone.id))
        })
        .unwrap();
    let stays = history.create_conversation("reste", None).unwrap().id;
    history.transaction(|t| t.add_tag(&[stays], &canaries.next())).unwrap();

    // All of it is there, or what is found below proves nothing; what was written over is not.
    let found = canaries.found(&pages(&file)).len();
    assert!(found >= canaries.all.len() * 3 / 4, "{found} of {}", canaries.all.len());

    // A few messages leave the index word by word, many by writing it anew.
    for id in &ids[..3] {
        history.erase(*id).unwrap();
    }
    history
        .transaction(|t| {
            t.erase(&ids[3..20])?;
            t.delete(&ids[20..])
        })
        .unwrap();
    history.empty_trash().unwrap();
    let tag = history.conversation(stays).unwrap().tags.remove(0);
    history
        .transaction(|t| {
            t.remove_tag(&[stays], &tag)?;
            t.delete_folder_file(kept.1)?;
            t.rename_folder(kept.0, "autre")?;
            t.delete_folder(held)
        })
        .unwrap();
    assert_eq!(std::fs::metadata(log_of(&file)).unwrap().len(), 0);
    let left = canaries.found(&pages(&file));
    let places: Vec<_> =
        canaries.all.iter().enumerate().filter(|(_, c)| left.contains(c.as_str())).collect();
    assert!(left.is_empty(), "{} of {}: {places:?}", left.len(), canaries.all.len());
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
    assert_eq!(history.statistics().unwrap().messages, 40 * 12 + 50);
}
