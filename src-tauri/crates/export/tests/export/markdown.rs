//! Markdown is the text as it was written, under its title and its speakers.

use conversation::Role;
use export::Format;

use super::samples::{PNG, conversation, exported, file, message};

#[test]
fn a_document_has_its_title_its_speakers_and_its_files() {
    let mut question = message(None, Role::User, "What is it?");
    question.files =
        vec![file("plan.pdf", "application/pdf", b"x"), file("dots.png", "image/png", PNG)];
    let mut second = message(Some(1), Role::Assistant, "No.");
    second.model = Some("small".into());
    let messages = vec![
        question,
        message(Some(0), Role::Assistant, "A **plan**.\n"),
        message(None, Role::User, "Another branch"),
        second,
    ];
    let mut conversation = conversation("The plan", messages);
    let text = String::from_utf8(exported(&conversation, Format::Markdown)).unwrap();
    assert_eq!(
        text,
        "# The plan\n\n## You\n\nWhat is it?\n\nAttached files\n\n- plan.pdf\n- dots.png\n\n\
         ## atlas\n\nA **plan**.\n\n## Built-in model\n\nNo.\n"
    );
    conversation.leaf = Some(2);
    conversation.title = " ".into();
    let text = String::from_utf8(exported(&conversation, Format::Markdown)).unwrap();
    assert_eq!(text, "# Untitled\n\n## You\n\nAnother branch\n");
}
