//! A PDF file holds the text as text, in the order in which it is read.

use conversation::{MessageState, PortableConversation, Role};
use export::Format;
use lopdf::{Document, Object};
use proptest::prelude::*;

use super::samples::{PNG, answered, conversation, exported, file, message};

fn document(conversation: &PortableConversation) -> Document {
    Document::load_mem(&exported(conversation, Format::Pdf)).unwrap()
}

/// All words, in their order.
fn words_of(document: &Document) -> Vec<String> {
    let pages: Vec<_> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).unwrap();
    text.split_whitespace().map(str::to_owned).collect()
}

fn text(document: &Document) -> String {
    words_of(document).join(" ")
}

/// The values of a name in every dictionary of the file.
fn values<'a>(document: &'a Document, name: &str) -> Vec<&'a Object> {
    fn gather<'a>(object: &'a Object, name: &[u8], found: &mut Vec<&'a Object>) {
        let dictionary = match object {
            Object::Array(items) => return items.iter().for_each(|item| gather(item, name, found)),
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => return,
        };
        found.extend(dictionary.get(name).ok());
        dictionary.iter().for_each(|(_, value)| gather(value, name, found));
    }
    let mut found = Vec::new();
    document.objects.values().for_each(|object| gather(object, name.as_bytes(), &mut found));
    found
}

fn names(document: &Document, name: &str) -> Vec<String> {
    let names = values(document, name).into_iter().filter_map(|value| value.as_name().ok());
    names.map(|name| String::from_utf8_lossy(name).into_owned()).collect()
}

#[test]
fn everything_that_is_said_can_be_found() {
    let answer = "## Pourquoi\n\nL’œuvre « complète » coûte 12 € ; n’est-ce pas ?\n\n1. premier\n   - second\n\n\
        > cité\n\n| colonne | nombre |\n|---|--:|\n| fer | 23 |\n\n```rust\nfn main() {}\n```\n\n\
        [un lien](https://a.example/?q=1)\n\nΕλληνικά Русский $x + 1$\n";
    let mut question = message(None, Role::User, "Qu’est-ce ?");
    question.files = vec![file("dots.png", "image/png", PNG), file("plan.pdf", "a/b", b"")];
    let mut answer = message(Some(0), Role::Assistant, answer);
    answer.state = MessageState::Stopped;
    let document = document(&conversation("Le plan", vec![question, answer]));
    let text = text(&document);
    for part in [
        "Le plan",
        "You",
        "Qu’est-ce",
        "dots.png",
        "plan.pdf",
        "atlas",
        "Pourquoi",
        "« complète »",
        "12 €",
        "premier",
        "second",
        "cité",
        "colonne",
        "fer",
        "23",
        "fn main",
        "un lien",
        "Ελληνικά",
        "Русский",
        "Stopped by you.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let links = values(&document, "URI").into_iter();
    let links: Vec<_> = links.filter_map(|uri| uri.as_str().ok()).collect();
    assert_eq!(links, [b"https://a.example/?q=1"]);
    let tags = names(&document, "S");
    for tag in [
        "H1",
        "H2",
        "P",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TH",
        "TD",
        "Code",
        "BlockQuote",
        "Link",
        "Formula",
        "Figure",
    ] {
        assert!(tags.iter().any(|known| known == tag), "{tag}: {tags:?}");
    }
    // Every font is in the file.
    assert!(values(&document, "FontFile2").len() + values(&document, "FontFile3").len() >= 3);
}

#[test]
fn a_table_goes_on_below_its_head() {
    let rows: String = (0..200).map(|row| format!("| r{row} | x |\n")).collect();
    let document = document(&answered(&format!("| naming | other |\n|---|---|\n{rows}")));
    assert!(document.get_pages().len() >= 4);
    let words = words_of(&document);
    assert_eq!(words.iter().filter(|word| *word == "naming").count(), document.get_pages().len());
    let rows: Vec<_> = words.iter().filter(|word| word.starts_with('r')).collect();
    let expected: Vec<_> = (0..200).map(|row| format!("r{row}")).collect();
    assert_eq!(rows, expected.iter().collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn all_words_are_there_in_their_order(
        paragraphs in proptest::collection::vec(proptest::collection::vec("[a-zéèàçœA-Z]{1,12}", 1..60), 1..12)
    ) {
        let lines: Vec<_> = paragraphs.iter().map(|words| words.join(" ")).collect();
        let words = words_of(&document(&answered(&lines.join("\n\n"))));
        let start = words.iter().position(|word| word == "atlas").unwrap();
        let mut rest = words[start + 1..].iter();
        for word in paragraphs.iter().flatten() {
            prop_assert!(rest.any(|found| found == word), "{} in {:?}", word, words);
        }
    }
}
