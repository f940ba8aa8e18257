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
    assembled(&objects)
}

/// A file of one page of 400 by 300 points with these texts at these places, and these entries.
fn single(texts: &[(i32, i32, &str)], entries: &str) -> Vec<u8> {
    let texts = texts.iter().map(|(x, y, text)| format!("BT /F 12 Tf {x} {y} Td ({text}) Tj ET "));
    let texts: String = texts.collect();
    assembled(&[
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[5 0 R]>>".to_owned(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        format!("<</Length {}>>stream\n{texts}\nendstream", texts.len()),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R\
             /Resources<</Font<</F 3 0 R>>>>{entries}>>"
        ),
    ])
}

/// A file of these objects, of which the first is its catalogue.
fn assembled(objects: &[String]) -> Vec<u8> {
    let mut out = "%PDF-1.7\n".to_owned();
    for (at, object) in objects.iter().enumerate() {
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", at + 1));
    }
    out.push_str("trailer<</Root 1 0 R>>\n%%EOF\n");
    out.into_bytes()
}

#[test]
fn a_form_is_read_with_what_was_filled_in_and_not_what_is_secret() {
    let field = |flags: u32, own: &str, y: i32| {
        format!("<</Subtype/Widget/F {flags}{own}/Rect[120 {y} 300 {}]>>", y + 18)
    };
    let fields = [
        field(4, "/Parent<</FT/Tx/V(Ada Lovelace)>>", 246),
        field(4, "/FT/Ch/V[(Latin)(Greek)]", 196),
        field(4, "/FT/Tx/Ff 8192/V(secret)", 146),
        field(2, "/FT/Tx/V(hidden)", 96),
    ];
    let names = [(20, 250, "Name"), (20, 200, "Languages"), (20, 150, "Password"), (20, 20, "End")];
    let read = pdf::read(&single(&names, &format!("/Annots[{}]", fields.join(" "))), None).unwrap();
    let text = read.document.text();
    let words: Vec<&str> = text.split_whitespace().collect();
    assert_eq!(
        words,
        ["Name", "Ada", "Lovelace", "Languages", "Latin", "Greek", "Password", "End"]
    );
}

#[test]
fn a_stamp_across_a_page_is_one_text_and_parts_none() {
    let stamp = "ET BT /F 60 Tf 0.707 0.707 -0.707 0.707 120 40 Tm (DRAFT COPY) Tj ET BT";
    let line = |line| (20, 250 - 14 * line, "one line of the text below the stamp");
    let mut texts: Vec<(i32, i32, &str)> = (0..10).map(line).collect();
    let read = pdf::read(&single(&texts, ""), None).unwrap();
    let unstamped = read.document.text();
    let stamp = format!("First) Tj {stamp} /F 12 Tf 20 20 Td (Last");
    texts.insert(0, (20, 284, &stamp));
    let read = pdf::read(&single(&texts, ""), None).unwrap();
    let text = read.document.text();
    assert!(text.contains("DRAFT COPY"), "{text}");
    assert!(text.contains(&unstamped), "{text}");
}

#[test]
fn what_stands_apart_is_read_row_by_row_and_a_foot_last() {
    let texts = [
        (100, 250, "Eleven"),
        (250, 250, "Two"),
        (100, 180, "One"),
        (250, 180, "Four"),
        (150, 100, "Below"),
        (20, 20, "Foot"),
    ];
    let read = pdf::read(&single(&texts, ""), None).unwrap();
    let text = read.document.text();
    let words: Vec<&str> = text.split_whitespace().collect();
    assert_eq!(words, ["Eleven", "Two", "One", "Four", "Below", "Foot"]);
}

/// A file of one page with this content, its font `F` being the third of its objects, and these the
/// third and those that follow it.
fn drawn_with(font: &[String], content: &str) -> Vec<u8> {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 5 0 R\
                /Resources<</Font<</F 3 0 R>>>>>>";
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[4 0 R]>>".to_owned(),
        font[0].clone(),
        page.to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
    ];
    objects.extend_from_slice(&font[1..]);
    assembled(&objects)
}

/// A font of the collection of Japanese characters, whose codes are told by `encoding`.
fn japanese(encoding: &str, descriptor: &str) -> String {
    format!(
        "<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Some/Encoding/{encoding}/DescendantFonts[\
         <</Type/Font/Subtype/CIDFontType0/BaseFont/ABCDEF+Some/CIDSystemInfo\
         <</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>{descriptor}>>]>>"
    )
}

#[test]
fn columns_of_upright_letters_are_read_from_top_to_bottom_and_right_to_left() {
    // Two columns that begin at one height: a row of both says nothing.
    let content = "BT /F 20 Tf 300 250 Td <7E26 66F8 304D> Tj -30 0 Td <306E 6587 7AE0> Tj ET";
    let file = drawn_with(&[japanese("UniJIS-UTF16-V", "")], content);
    let read = pdf::read(&file, None).unwrap();
    assert_eq!(read.document.text(), "\u{7e26}\u{66f8}\u{304d}\u{306e}\u{6587}\u{7ae0}");
    assert_eq!(hidden(&read), [""; 0]);
}

/// A font's program, as an object of a file.
fn program() -> String {
    use hayro::hayro_interpret::font::StandardFont;
    let (font, _) = StandardFont::Helvetica.get_font_data();
    let bytes = (*font).as_ref().iter().map(|byte| format!("{byte:02x}"));
    let bytes: String = bytes.collect::<String>() + ">";
    let length = bytes.len();
    format!(
        "<</Subtype/CIDFontType0C/Filter/ASCIIHexDecode/Length {length}>>stream\n{bytes}\nendstream"
    )
}

const EMBEDDED: &str = "/DW 500/FontDescriptor \
    <</Type/FontDescriptor/FontName/ABCDEF+Some/Flags 4/FontFile3 6 0 R>>";

#[test]
fn a_font_without_words_of_its_own_says_what_its_collection_of_characters_does() {
    let font = [japanese("Identity-H", EMBEDDED), program()];
    // The numbers of ASCII's characters in all of Adobe's collections are 31 less.
    let file = drawn_with(&font, "BT /F 20 Tf 20 250 Td <0035 0049 004A 0054> Tj ET");
    assert_eq!(pdf::read(&file, None).unwrap().document.text(), "This");
}

#[test]
fn a_font_of_symbols_says_what_it_shows_and_an_unknown_one_nothing() {
    let read = |name: &str| {
        let map = "2 beginbfchar <0035> <F0B0> <0036> <0043> endbfchar";
        let map = format!("<</Length {}>>stream\n{map}\nendstream", map.len());
        let font = japanese("Identity-H/ToUnicode 7 0 R", EMBEDDED).replace("+Some", name);
        let content = "BT /F 20 Tf 20 250 Td <0035 0036> Tj ET";
        pdf::read(&drawn_with(&[font, program(), map], content), None).unwrap().document.text()
    };
    assert_eq!(read("+Symbol"), "°C");
    assert_eq!(read("+Letters"), "C");
}

/// A simple font of which one code says this character.
fn saying(name: &str, code: &str, says: &str) -> [String; 2] {
    let map = format!("1 beginbfchar <{code}> <{says}> endbfchar");
    [
        format!("<</Type/Font/Subtype/Type1/BaseFont/{name}/ToUnicode 6 0 R>>"),
        format!("<</Length {}>>stream\n{map}\nendstream", map.len()),
    ]
}

#[test]
fn a_soft_hyphen_cuts_a_word_at_a_lines_end_and_is_nothing_elsewhere() {
    let font = saying("Helvetica", "7E", "00AD");
    let content = "BT /F 12 Tf 20 250 Td (some long enough ex~am~) Tj 0 -14 Td (ples of it) Tj ET";
    let read = pdf::read(&drawn_with(&font, content), None).unwrap();
    assert_eq!(read.document.text(), "some long enough examples of it");
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
