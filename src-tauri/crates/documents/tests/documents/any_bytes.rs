use documents::{Document, Reading, read};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::files::{docx, odf};

/// How each kind of file begins, and a name for it.
const STARTS: [(&str, &[u8]); 12] = [
    ("a.rtf", b"{\\rtf1 "),
    ("a.html", b"<!DOCTYPE html>"),
    ("a.eml", b"From: a\r\nTo: b\r\nSubject: c\r\n"),
    ("a.csv", b"a;b\n"),
    ("a.md", b"# "),
    ("a.txt", b""),
    ("a.txt", b"\xff\xfe"),
    ("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("a.docx", b"PK\x03\x04"),
    ("a.tiff", b"II*\0"),
    ("a.png", b"\x89PNG\r\n\x1a\n"),
    ("a.py", b"print"),
];

fn check(document: &Document) {
    for page in &document.pages {
        assert!(!page.text.contains(['\u{c}', '\r', '\0']), "{:?}", page.text);
        let mut end = 0;
        for range in &page.hidden {
            assert!(range.start >= end && range.start < range.end, "{:?}", page.hidden);
            assert!(page.text.get(range.clone()).is_some(), "{:?} of {:?}", range, page.text);
            end = range.end;
        }
    }
    assert_eq!(Document::from_stored(&document.to_stored()).as_ref(), Ok(document));
}

fn check_read(name: &str, data: &[u8]) {
    if let Ok(document) = read(&Reading { name, data, password: None }) {
        check(&document);
    }
}

/// Pieces of a format's own words, in any order.
fn pieces(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    vec(
        prop_oneof![3 => proptest::sample::select(words).prop_map(str::to_owned), 1 => ".{0,6}"],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(start in 0..STARTS.len(), rest in vec(any::<u8>(), 0..600)) {
        let (name, head) = STARTS[start];
        check_read(name, &[head, &rest].concat());
    }

    #[test]
    fn any_web_page(page in pieces(&["<p>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<li>", "<ul>", "<ol>", "</ol>",
        "<h1>", "<pre>", "</pre>", "<br>", "<div hidden>", "</div>", "<p style='color:#fff'>", "a", " ", "\n", "|", "<title>"])) {
        check_read("a.html", page.as_bytes());
    }

    #[test]
    fn any_rich_text(body in pieces(&["{", "}", "\\par ", "\\cell ", "\\row ", "\\intbl ", "\\pard ", "\\v ", "\\v0 ", "{\\footnote ",
        "\\u8364?", "\\u-10179?", "\\'e9", "{\\listtext ", "\\bin3 ", "{\\*\\x ", "\\uc0 ", "\\cf1 ", "a", "\\line "])) {
        check_read("a.rtf", format!("{{\\rtf1 {body}").as_bytes());
    }

    #[test]
    fn any_word_document(body in vec(proptest::sample::select(&[
        "<w:p><w:r><w:t>a|b\n</w:t></w:r></w:p>", "<w:tbl><w:tr><w:tc/></w:tr></w:tbl>", "<w:tbl/>", "<w:tr/>", "<w:tc/>",
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> * </w:t></w:r>", "<w:footnoteReference w:id='1'/>", "<w:br/>", "<w:tab/>",
        "<w:txbxContent><w:p><w:r><w:t>x</w:t></w:r></w:p></w:txbxContent>", "<m:oMath><m:f><m:num/></m:f></m:oMath>",
        "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    ][..]), 0..20)) {
        check_read("a.docx", &docx(&body.concat(), &[]));
    }

    #[test]
    fn any_open_document(body in vec(proptest::sample::select(&[
        "<text:p>a  b</text:p>", "<text:list><text:list-item><text:p>x</text:p></text:list-item></text:list>", "<text:list-item/>",
        "<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note>", "<table:table><table:table-row/></table:table>",
        "<draw:page/>", "<text:p text:display='none'>h<text:s text:c='4'/></text:p>", "<table:table-cell table:number-columns-repeated='9999999'/>",
        "<draw:text-box><text:p>t</text:p></draw:text-box>", "<text:h>h\n|</text:h>", "<office:annotation><text:p>c</text:p></office:annotation>",
    ][..]), 0..20)) {
        check_read("a.odt", &odf("text", "", &body.concat()));
    }

    #[test]
    fn a_damaged_file_is_read_or_refused(at in any::<proptest::sample::Index>(), byte in any::<u8>()) {
        let mut file = docx("<w:p><w:r><w:t>text</w:t></w:r></w:p>", &[]);
        let at = at.index(file.len());
        file[at] = byte;
        check_read("a.docx", &file);
    }

    #[test]
    fn what_was_escaped_is_shown_as_it_was(text in "[a-z0-9#*_\\[\\]()<>|`$~&;:!.+=\\\\ -]{1,30}") {
        let page = format!("<!DOCTYPE html><p>{}</p>", text.replace('&', "&amp;").replace('<', "&lt;"));
        let read = crate::files::text("a.html", page.as_bytes());
        let options = pulldown_cmark::Options::all() - pulldown_cmark::Options::ENABLE_SMART_PUNCTUATION;
        let mut shown = String::new();
        for event in pulldown_cmark::Parser::new_ext(&read, options) {
            use pulldown_cmark::{Event, Tag, TagEnd};
            match event {
                Event::Text(text) => shown.push_str(&text),
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                other => prop_assert!(false, "{:?} in {:?}", other, read),
            }
        }
        let collapsed = text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(shown, collapsed);
    }
}
