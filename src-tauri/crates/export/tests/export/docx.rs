//! A DOCX file is a container of well-formed parts that hold all of the text.

use std::io::{Cursor, Read};

use conversation::{PortableConversation, Role};
use export::Format;
use proptest::prelude::*;
use zip::ZipArchive;

use super::samples::{PNG, answered, conversation, exported, file, hostile, message};

/// The parts of the document that are XML, by their names.
fn parts(conversation: &PortableConversation) -> Vec<(String, String)> {
    let mut zip = ZipArchive::new(Cursor::new(exported(conversation, Format::Docx))).unwrap();
    let names: Vec<_> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let xml = names.into_iter().filter(|name| name.ends_with("xml") || name.ends_with("rels"));
    xml.map(|name| {
        let mut text = String::new();
        zip.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        (name, text)
    })
    .collect()
}

fn part(conversation: &PortableConversation, name: &str) -> String {
    parts(conversation).into_iter().find(|(n, _)| n == name).unwrap().1
}

fn document(conversation: &PortableConversation) -> String {
    part(conversation, "word/document.xml")
}

/// The text of each paragraph.
fn paragraphs(xml: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let all = document.descendants().filter(|node| node.has_tag_name((W, "p")));
    all.map(|p| {
        p.descendants().filter_map(|n| n.text().filter(|_| n.tag_name().name() == "t")).collect()
    })
    .collect()
}

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

#[test]
fn markdown_becomes_what_a_word_processor_has_for_it() {
    let answer = "## Why\n\n1. one\n   - two\n\n7. x\n\n> quoted\n\n| a | b |\n|---|--:|\n| c | d |\n\n`code` **bold** \
        [link](https://a.example/?a=1&b=2)\n\n```rust\nfn a() {}\n```\n\n$\\frac{1}{2}$\n\nمرحبا hello";
    let mut conversation = answered(answer);
    conversation.messages[0].files =
        vec![file("dots.png", "image/png", PNG), file("a.pdf", "a/b", b"")];
    let xml = document(&conversation);
    let text = paragraphs(&xml);
    for line in [
        "The plan",
        "You",
        "Why",
        "one",
        "two",
        "quoted",
        "fn a() {}",
        "dots.png",
        "a.pdf",
        "مرحبا hello",
    ] {
        assert!(text.iter().any(|paragraph| paragraph == line), "{line}: {text:?}");
    }
    for mark in [
        "<w:pStyle w:val=\"Heading3\"/>",
        "<w:numId w:val=\"2\"/>",
        "<w:tblHeader/>",
        "<w:b/>",
        "<m:f>",
        "<w:bidi/>",
        "<w:rtl/>",
        "r:embed=\"picture1\"",
        "<w:pStyle w:val=\"Code\"/>",
        "<w:color w:val=\"A0111F\"/>",
    ] {
        assert!(xml.to_lowercase().contains(&mark.to_lowercase()), "{mark}");
    }
    let relations = part(&conversation, "word/_rels/document.xml.rels");
    assert!(relations.contains("https://a.example/?a=1&amp;b=2"), "{relations}");
    let properties = part(&conversation, "docProps/core.xml");
    assert!(properties.contains("<dc:title>The plan</dc:title>"), "{properties}");
    assert!(properties.contains("2026-01-01T00:00:00Z"), "{properties}");
    assert!(part(&conversation, "word/styles.xml").contains("w:lang w:val=\"en\""));
}

#[test]
fn every_list_with_numbers_counts_by_itself() {
    let conversation = answered("1. a\n\ntext\n\n5. b\n");
    let numbering = part(&conversation, "word/numbering.xml");
    assert!(numbering.contains("<w:startOverride w:val=\"1\"/>"), "{numbering}");
    assert!(numbering.contains("<w:startOverride w:val=\"5\"/>"), "{numbering}");
}

#[test]
fn a_table_that_no_program_would_open_is_lines_of_text() {
    let cells = "| x ".repeat(70);
    let conversation = answered(&format!("{cells}|\n{}|\n{cells}|\n", "|--".repeat(70)));
    let xml = document(&conversation);
    assert!(!xml.contains("<w:tbl>") && xml.contains(" | "), "{xml}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_part_is_well_formed(title in hostile(), text in hostile(), name in hostile()) {
        let mut answer = message(None, Role::Assistant, &text);
        answer.model = Some(name.clone());
        answer.files = vec![file(&name, "image/png", PNG), file(&name, "a/b", b"")];
        for (name, xml) in parts(&conversation(&title, vec![answer])) {
            let parsed = roxmltree::Document::parse(&xml);
            prop_assert!(parsed.is_ok(), "{}: {:?}", name, parsed.err());
        }
    }

    #[test]
    fn all_words_are_there(words in proptest::collection::vec("[a-zéß中م]{1,8}", 1..40), marks in hostile()) {
        // Behind a blank line and a space, no mark takes words away.
        let text = format!("{}\n\n{}\n\n", words.join(" "), words.join("\n- "));
        let plain = marks.contains(['<', '`', '$', '[']);
        let text = if plain { text } else { format!("{text}{marks}") };
        let read = paragraphs(&document(&answered(&text))).join(" ");
        for word in &words {
            prop_assert!(read.contains(word.as_str()), "{}", word);
        }
    }
}
