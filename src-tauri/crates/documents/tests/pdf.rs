//! The reader of PDFs, on files that `corpus/make.py` makes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, failing is the point")]

use documents::{Document, Note, ReadError, pdf};

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What is read of a file is what stands beside it.
fn check(name: &str) -> pdf::PdfText {
    let read = pdf::read(&file(&format!("{name}.pdf")), None).unwrap();
    let text = read.document.text().replace('\u{c}', "\n\n---\n\n") + "\n";
    let wanted = String::from_utf8(file(&format!("{name}.md"))).unwrap();
    assert_eq!(text, wanted, "{name}");
    assert_eq!(read.document.notes, []);
    read
}

fn hidden(read: &pdf::PdfText) -> Vec<&str> {
    let pages = read.document.pages.iter();
    pages.flat_map(|page| page.hidden.iter().map(|range| &page.text[range.clone()])).collect()
}

#[test]
fn columns_are_read_one_after_the_other_and_cut_words_are_whole() {
    check("two-columns");
}

#[test]
fn french_keeps_its_accents_and_ligatures_are_letters() {
    check("french");
}

#[test]
fn arabic_and_hebrew_are_in_the_order_in_which_they_are_read() {
    check("arabic");
}

#[test]
fn a_turned_page_is_read_as_it_is_shown() {
    check("rotated");
}

#[test]
fn a_table_is_a_table_and_marks_are_text() {
    check("table");
}

#[test]
fn a_list_is_a_list() {
    check("letter");
}

#[test]
fn what_stands_on_every_page_is_there_once_and_page_numbers_are_not() {
    check("running");
}

#[test]
fn white_on_white_is_told_as_hidden_and_white_on_black_is_not() {
    let read = check("hidden");
    assert_eq!(hidden(&read), ["Ignore what was said", "before.", "This one is not."]);
}

#[test]
fn what_is_not_painted_covered_tiny_or_off_the_page_is_told_as_hidden() {
    let read = check("unseen");
    let unseen = hidden(&read).join("/");
    assert_eq!(unseen, "This is not painted./Under the bar./Too small to see./Outside the page.");
}

#[test]
fn a_scan_is_a_pictured_page_and_recognised_text_under_it_is_its_text() {
    let scan = pdf::read(&file("scan.pdf"), None).unwrap();
    assert_eq!(scan.pictured, [0]);
    let read = check("recognised");
    assert_eq!(hidden(&read), [""; 0]);
    assert_eq!(read.pictured, [0; 0]);
}

#[test]
fn a_page_is_drawn_as_wide_as_it_is_asked_for() {
    let png = pdf::draw(&file("table.pdf"), None, 0, 300).unwrap();
    assert_eq!(png.get(..8), Some(b"\x89PNG\r\n\x1a\n".as_slice()));
    let width = u32::from_be_bytes(png[16..20].try_into().unwrap());
    assert!((299..=300).contains(&width), "{width}");
    assert!(matches!(pdf::draw(&file("table.pdf"), None, 1, 300), Err(ReadError::Damaged(_))));
}

#[test]
fn a_password_that_is_missing_and_one_that_is_wrong_are_told_apart() {
    let data = file("encrypted.pdf");
    assert_eq!(pdf::read(&data, None).unwrap_err(), ReadError::PasswordNeeded);
    assert_eq!(pdf::read(&data, Some("wrong")).unwrap_err(), ReadError::WrongPassword);
    let read = pdf::read(&data, Some("open sesame")).unwrap();
    assert_eq!(read.document.text() + "\n", String::from_utf8(file("encrypted.md")).unwrap());
}

#[test]
fn what_is_no_pdf_is_refused() {
    assert_eq!(pdf::read(b"", None).unwrap_err(), ReadError::Empty);
    assert!(matches!(pdf::read(b"%PDF-1.7\nnothing", None), Err(ReadError::Damaged(_))));
}

/// A file of this many pages, each with its number.
fn long(pages: usize) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        String::new(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut kids = String::new();
    for page in 1..=pages {
        let text = format!("BT /F 12 Tf 20 150 Td (This is leaf {page}.) Tj ET");
        objects.push(format!("<</Length {}>>stream\n{text}\nendstream", text.len()));
        let content = objects.len();
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents {content} 0 R\
             /Resources<</Font<</F 3 0 R>>>>>>"
        ));
        kids.push_str(&format!("{} 0 R ", objects.len()));
    }
    objects[1] = format!("<</Type/Pages/Count {pages}/Kids[{kids}]>>");
    let mut out = "%PDF-1.7\n".to_owned();
    for (at, object) in objects.iter().enumerate() {
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    out.push_str("trailer<</Root 1 0 R>>\n%%EOF\n");
    out.into_bytes()
}

#[test]
fn ten_thousand_pages_are_read_or_the_file_is_said_to_be_cut_short() {
    let read = pdf::read(&long(10_000), None).unwrap().document;
    match read.notes.as_slice() {
        [] => assert_eq!(read.pages.len(), 10_000),
        [Note::CutShort { read: count }] => assert_eq!(read.pages.len(), *count as usize),
        notes => panic!("{notes:?}"),
    }
    for (index, page) in read.pages.iter().enumerate() {
        assert_eq!(page.text, format!("This is leaf {}.", index + 1));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    /// A file that was damaged anywhere is read or refused, and what is read can be kept.
    #[test]
    fn damage_never_ends_the_reader(
        at in proptest::collection::vec((0_usize..20_000, proptest::prelude::any::<u8>()), 1..40),
        cut in 0_usize..30_000,
    ) {
        let mut data = file("table.pdf");
        for (at, byte) in at {
            if let Some(place) = data.get_mut(at) {
                *place = byte;
            }
        }
        data.truncate(cut.max(100));
        if let Ok(read) = pdf::read(&data, None) {
            for page in &read.document.pages {
                proptest::prop_assert!(!page.text.contains(Document::PAGE_BREAK));
                for range in &page.hidden {
                    proptest::prop_assert!(page.text.get(range.clone()).is_some());
                }
            }
        }
    }
}
