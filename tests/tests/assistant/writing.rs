//! Texts that are worked on and files that answers change: what leaves, what is written, and what is
//! recorded of it.

use std::path::Path;
use std::sync::Arc;

use assistant::{
    Assistant, FileChange, FileState, FolderChange, Glossary, KeyChange, Question, TextLength,
    Tone, Translating, TranslationChoices, WritingAction, WritingRequest, line_changes, revise,
};
use conversation::{FailureCode, MessageId};
use whole_program::{Endpoint, Profile, search_for};

use crate::audit::{open, told};
use crate::policy::refused;
use crate::prevention::{CARD, IBAN, RULES, asking, sent};
use crate::{ask, audit, draft, policy, question};

fn correct(text: &str) -> WritingRequest {
    WritingRequest {
        action: WritingAction::Correct,
        tone: Tone::AsIs,
        length: TextLength::AsIs,
        text: text.to_owned(),
        wish: String::new(),
        model: None,
        confirmed: false,
    }
}

#[tokio::test]
async fn a_text_leaves_as_a_question_does_and_comes_back_with_its_words() {
    let profile = Profile::new();
    let pieces = &["Dear [PER", "SON_1], it works."];
    let (assistant, endpoint) = asking(&profile, RULES, pieces);
    let text = "Dear Jeanne Moreau, it work.";
    let written = assistant.write_text(1, correct(text), |_| {}).await.unwrap();
    assert_eq!(written.text, "Dear Jeanne Moreau, it works.");
    assert_eq!(written.pieces, revise(text, &written.text));
    assert!(sent(&endpoint).contains("Dear [PERSON_1], it work."));
    assert!(!sent(&endpoint).contains("Moreau"));

    let asked = endpoint.bodies().len();
    let blocked = WritingRequest { confirmed: true, ..correct(&format!("Pay with {CARD}")) };
    let failure = assistant.write_text(2, blocked, |_| {}).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Prevented);
    // What is wished besides is looked at as well.
    let wish = format!("mention {IBAN}");
    let held = WritingRequest { action: WritingAction::Rewrite, wish, ..correct("Pay to him.") };
    let failure = assistant.write_text(3, held.clone(), |_| {}).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::ConfirmationNeeded);
    assert_eq!(endpoint.bodies().len(), asked);
    let confirmed = WritingRequest { confirmed: true, ..held };
    assistant.write_text(4, confirmed, |_| {}).await.unwrap();
    assert!(sent(&endpoint).contains(IBAN));
}

#[tokio::test]
async fn the_glossary_of_a_folder_holds_for_what_is_not_begun_yet_too() {
    let profile = Profile::new();
    let (assistant, _) = asking(&profile, "", &["[1] Le conseil s’est réuni."]);
    let folder = assistant.create_folder("Council").unwrap();
    let change = FolderChange {
        name: folder.name,
        instructions: String::new(),
        glossary: "council,assemblée".to_owned(),
        retention: None,
    };
    let folder = assistant.change_folder(folder.id, &change).unwrap().id;
    let (_, begun) = ask(&assistant, Question { folder: Some(folder), ..question("?") }).await;
    for (conversation, begun_in) in [(None, Some(folder)), (Some(begun.id), None)] {
        let glossary = assistant.glossary_of(conversation, begun_in).unwrap();
        assert_ne!(glossary, Glossary::default());
        let choices = TranslationChoices { to: "fr".to_owned(), ..TranslationChoices::default() };
        let under_way = Translating::default();
        let text = "The council met on Monday.";
        let done = assistant.translate_text(text, &choices, glossary, &under_way).await.unwrap();
        // The answer missed the term, and that is told.
        assert_eq!(done.report.issues.len(), 1, "{:?}", done.report);
    }
    assert_eq!(assistant.glossary_of(None, None).unwrap(), Glossary::default());
}

#[test]
fn the_text_of_a_waiting_file_is_what_a_model_would_be_sent() {
    let profile = Profile::new();
    let (assistant, _) = asking(&profile, "", &[]);
    let stage = |name: &str, data: &[u8]| assistant.stage("w", name, data.to_vec()).unwrap().id;
    let note = stage("note.txt", b"The council met.");
    assert_eq!(assistant.staged_text(note).unwrap(), "The council met.");
    let read = |file: &str| std::fs::read(whole_program::workspace().join(file)).unwrap();
    let lease = read("src-tauri/crates/translation/tests/corpus/lease.docx");
    let text = assistant.staged_text(stage("lease.docx", &lease)).unwrap();
    assert!(text.contains("Within the box"), "{text}");
    let image = read("icons/32x32.png");
    let failure = assistant.staged_text(stage("a.png", &image)).unwrap_err();
    assert_eq!(failure.code, FailureCode::UnsupportedFile);
    assistant.unstage(note);
    assert_eq!(assistant.staged_text(note).unwrap_err().code, FailureCode::NotFound);
}

/// Gives a file to a question, and what the answer proposes for it: one change that can be applied.
async fn changes(assistant: &Arc<Assistant>, file: &Path) -> (MessageId, Vec<FileChange>) {
    let staged = assistant.stage_file("main", file).unwrap().id;
    let files = assistant.staged(&[staged]).unwrap();
    let given = assistant.staged_places(&[staged]);
    let (answer, _) = ask(assistant, Question { files, given, ..question("Change it") }).await;
    let changes = assistant.code_changes(answer.id).unwrap();
    assert_eq!(changes[0].state, FileState::Ready);
    (answer.id, changes)
}

#[tokio::test]
async fn what_an_answer_proposes_is_written_into_a_given_file_and_taken_out_again() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Here:\n\n```text notes.txt\nMirabelle\nZwetschge\n```\n");
    let assistant = audit::under(&profile, "version = 1\n[audit]");
    open(&assistant);
    let work = draft("work", endpoint.address());
    assistant.save_endpoint(None, &work, &KeyChange::Keep).unwrap();
    let file = profile.root().join("notes.txt");
    std::fs::write(&file, "Mirabelle\nPflaume\n").unwrap();

    let (answer, changes) = changes(&assistant, &file).await;
    assert_eq!(changes[0].places, line_changes("Mirabelle\nPflaume\n", "Mirabelle\nZwetschge\n"));
    assistant.apply_change(answer, "notes.txt", &changes[0].version).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "Mirabelle\nZwetschge\n");
    assistant.undo_change(answer, "notes.txt").unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "Mirabelle\nPflaume\n");

    assistant.write_text(1, correct("Mirabelle und Zwetschge"), |_| {}).await.unwrap();
    let told = told(&assistant);
    for outcome in ["begun", "done"] {
        assert!(
            told.contains(&("file.change", outcome)) && told.contains(&("text.write", outcome))
        );
    }
    assert!(search_for(&["Mirabelle", "Zwetschge"], &assistant.audit_folder(), &file) > 0);
    drop(assistant);

    // Where the organisation wants it so, it is shown and not written.
    let assistant = policy::under(&profile, "[features]\nfile_changes = false");
    let (answer, changes) = self::changes(&assistant, &file).await;
    refused(assistant.apply_change(answer, "notes.txt", &changes[0].version));
    refused(assistant.undo_change(answer, "notes.txt"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "Mirabelle\nPflaume\n");
}
