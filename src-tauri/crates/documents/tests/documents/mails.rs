use std::io::Write;

use documents::{Kind, Note};

use crate::files::{docx, read};

const MAIL: &str = "From: Ada <ada@example.org>\r\nTo: bob@example.org\r\nSubject: =?utf-8?q?D=C3=A9j=C3=A0?=\r\nDate: Tue, 3 Feb 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n";

fn mixed(boundary: &str, parts: &[(&str, &str)]) -> String {
    let mut mail = format!("{MAIL}Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n");
    for (head, body) in parts {
        mail += &format!("--{boundary}\r\n{head}\r\n\r\n{body}\r\n");
    }
    mail + &format!("--{boundary}--\r\n")
}

#[test]
fn a_letter_and_what_is_attached_to_it_are_pages() {
    let inner = format!("{MAIL}\r\nforwarded");
    let mail = mixed(
        "B",
        &[
            ("Content-Type: text/plain", "* Hello *\r\n\r\n> quoted"),
            (
                "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv",
                "x,y\r\n1,2",
            ),
            (
                "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=b.eml",
                &inner,
            ),
            (
                "Content-Type: application/zip\r\nContent-Disposition: attachment; filename=c.zip",
                "PK\x03\x04 broken",
            ),
        ],
    );
    let document = read("a.eml", mail.as_bytes());
    let head = "# Déjà\n\nFrom: Ada (ada@example.org)\nTo: bob@example.org\nDate: 2026-02-03T10:00:00+01:00";
    let pages: Vec<_> =
        document.pages.iter().map(|p| (p.name.as_deref(), p.text.clone())).collect();
    assert_eq!(document.kind, Kind::Mail);
    assert_eq!(
        pages,
        [
            (None, format!("{head}\n\n* Hello *\n\n> quoted")),
            (Some("a.csv"), "| x | y |\n| --- | --- |\n| 1 | 2 |".into()),
            (Some("b.eml"), format!("{head}\n\nforwarded")),
        ]
    );
    assert_eq!(document.notes, [Note::LeftOut { what: "c.zip".into() }]);
}

#[test]
fn the_form_that_is_shown_is_read() {
    let mail = format!(
        "{MAIL}Content-Type: multipart/alternative; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nsays something else\r\n--B\r\nContent-Type: text/html\r\n\r\n<p>Shown.</p>\r\n--B--\r\n"
    );
    let document = read("a.eml", mail.as_bytes());
    assert!(document.pages[0].text.ends_with("\n\nShown."));
    assert!(!document.text().contains("something else"));
}

#[test]
fn letters_within_letters_are_read_to_a_depth() {
    let mut mail = format!("{MAIL}\r\nthe innermost");
    for depth in 0..6 {
        mail = mixed(
            &format!("B{depth}x"),
            &[
                ("Content-Type: text/plain", "around"),
                (
                    "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=m.eml",
                    &mail,
                ),
            ],
        );
    }
    let document = read("a.eml", mail.as_bytes());
    assert_eq!(document.pages.len(), 4);
    assert_eq!(document.notes, [Note::LeftOut { what: "m.eml: m.eml: m.eml: m.eml".into() }]);
}

#[test]
fn a_letter_of_outlook() {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut put = |path: &str, content: &[u8]| {
        file.create_stream(path).unwrap().write_all(content).unwrap();
    };
    // 2026-02-03 09:00 UTC, in tenths of a microsecond since 1601.
    let time = (1_770_109_200_u64 + 11_644_473_600) * 10_000_000;
    let properties = [&[0; 32][..], &[0x40, 0, 0x39, 0, 0, 0, 0, 0], &time.to_le_bytes()].concat();
    put("/__properties_version1.0", &properties);
    put("/__substg1.0_0037001F", &wide("Budget"));
    put("/__substg1.0_0C1A001E", b"Ad\xe9la\xefde");
    put("/__substg1.0_1000001F", &wide("Hello"));
    file.create_storage("/__attach_version1.0_#00000000").unwrap();
    let mut put = |path: &str, content: &[u8]| {
        let path = format!("/__attach_version1.0_#00000000/{path}");
        file.create_stream(path).unwrap().write_all(content).unwrap();
    };
    put("__substg1.0_3707001F", &wide("plan.docx"));
    put("__substg1.0_37010102", &docx("<w:p><w:r><w:t>The plan.</w:t></w:r></w:p>", &[]));
    let data = file.into_inner().into_inner();
    let document = read("a.msg", &data);
    let pages: Vec<_> =
        document.pages.iter().map(|p| (p.name.as_deref(), p.text.as_str())).collect();
    let letter = "# Budget\n\nFrom: Adélaïde\nDate: 2026-02-03T09:00:00Z\n\nHello";
    assert_eq!(pages, [(None, letter), (Some("plan.docx"), "The plan.")]);
}
