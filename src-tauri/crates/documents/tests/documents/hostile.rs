use documents::ReadError;

use crate::files::{archive, docx, text, try_read};

#[test]
fn an_empty_file_is_told_as_empty() {
    assert_eq!(try_read("a.docx", b""), Err(ReadError::Empty));
}

#[test]
fn files_that_are_not_read_are_told_by_their_content() {
    let unsupported = |name: &str, data: &[u8], what: &str| match try_read(name, data) {
        Err(ReadError::Unsupported(told)) => assert!(told.contains(what), "{told}"),
        other => panic!("{other:?}"),
    };
    unsupported("a.pdf", b"\x7fELF\x02\x01", "a program");
    unsupported("a.txt", &archive(&[("x", "y")]), "an archive");
    unsupported("a.txt", &[0, 1, 2, 3, 0, 255, 0, 9], "neither a document nor a text");
    let manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>";
    let kind = "application/vnd.oasis.opendocument.text";
    let protected = archive(&[("mimetype", kind), ("META-INF/manifest.xml", manifest)]);
    unsupported("a.odt", &protected, "password");
    let mut old = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    old.create_stream("/WordDocument").unwrap();
    old.flush().unwrap();
    unsupported("a.doc", &old.into_inner().into_inner(), "DOCX");
}

#[test]
fn a_file_that_breaks_off_is_damaged() {
    let file = docx("<w:p><w:r><w:t>whole</w:t></w:r></w:p>", &[]);
    for cut in [10, file.len() / 2, file.len() - 10] {
        assert!(matches!(try_read("a.docx", &file[..cut]), Err(ReadError::Damaged(_))));
    }
    let broken = docx("<w:p><w:r><w:t>not closed", &[]);
    assert!(matches!(try_read("a.docx", &broken), Err(ReadError::Damaged(_))));
}

#[test]
fn a_zip_bomb_is_too_large() {
    // 300 MB of spaces, packed to a thousandth.
    let bomb = docx(&" ".repeat(300 << 20), &[]);
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(try_read("a.docx", &bomb), Err(ReadError::TooLarge(_))));
}

#[test]
fn too_many_parts_are_too_large() {
    let names: Vec<String> = (0..50_001).map(|number| number.to_string()).collect();
    let parts: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert!(matches!(try_read("a.docx", &archive(&parts)), Err(ReadError::TooLarge(_))));
}

#[test]
fn entities_name_no_file_and_do_not_grow() {
    let with = |declared: &str| {
        let content = format!(
            "<!DOCTYPE d [{declared}]><w:document><w:p><w:r><w:t>a&e;b</w:t></w:r></w:p></w:document>"
        );
        text(
            "a.docx",
            &crate::files::office("wordprocessingml.document", "word/document.xml", &content, &[]),
        )
    };
    let file = std::env::current_exe().unwrap();
    assert_eq!(with(&format!("<!ENTITY e SYSTEM 'file://{}'>", file.display())), "ab");
    let mut laughs = String::from("<!ENTITY l0 'lol'>");
    for level in 1..10 {
        laughs += &format!("<!ENTITY l{level} '{}'>", format!("&l{};", level - 1).repeat(10));
    }
    assert_eq!(with(&format!("{laughs}<!ENTITY e '&l9;'>")), "ab");
}

#[test]
fn names_of_parts_lead_out_of_no_archive() {
    let body = "<w:p><w:r><w:t>a</w:t><w:footnoteReference w:id='1'/></w:r></w:p>";
    let notes = "<w:footnotes><w:footnote w:id='1'><w:p><w:r><w:t>read</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let file = docx(body, &[("f footnotes ../../../../../../etc/hostname", notes)]);
    assert_eq!(text("a.docx", &file), "a[^1]");
    let file = docx(body, &[("f footnotes ./notes.xml", ""), ("notes.xml", notes)]);
    assert_eq!(text("a.docx", &file), "a[^1]\n\n[^1]: read");
}

#[test]
fn what_is_nested_deeply_ends_with_a_result() {
    let deep = 100_000;
    let nested = "<w:tbl><w:tr><w:tc>".repeat(deep) + &"</w:tc></w:tr></w:tbl>".repeat(deep);
    assert!(matches!(try_read("a.docx", &docx(&nested, &[])), Err(ReadError::Damaged(_))));
    let tables = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc>".repeat(100)
        + &"</w:tc></w:tr></w:tbl>".repeat(100);
    assert_eq!(text("a.docx", &docx(&tables, &[])).matches('a').count(), 100);
    let page = "<!DOCTYPE html>".to_owned() + &"<b>".repeat(20_000) + "deep";
    assert_eq!(text("a.html", page.as_bytes()), "deep");
    let rich = r"{\rtf1 ".to_owned() + &"{".repeat(20_000);
    assert!(matches!(try_read("a.rtf", rich.as_bytes()), Err(ReadError::Damaged(_))));
}
