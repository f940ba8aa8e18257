//! What nobody would write is written all the same: without a panic, and in bounded time.

use export::{Archive, Format};
use proptest::prelude::*;

use super::samples::{answered, everything, exported, file, hostile, words};

#[test]
fn large_and_deep_texts() {
    for text in [
        "x".repeat(1 << 20),
        "word ".repeat(1 << 18),
        format!("```\n{}\n```", "y".repeat(1 << 20)),
        "> ".repeat(5000) + "x",
        (0..400).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect(),
        format!("|{}\n|{}\n", "a|".repeat(2000), "-|".repeat(2000)),
        format!("| a |\n|---|\n| {} |\n", "cell ".repeat(20_000)),
        "*".repeat(10_000),
        "[".repeat(10_000),
        "\u{202e}\u{2066}".repeat(5000) + "x",
        "e".to_owned() + &"\u{301}".repeat(10_000),
        "\0\u{1}\u{b}\u{fffe}\u{ffff}".repeat(100),
    ] {
        for format in Format::ALL {
            let out = exported(&answered(&text), format);
            assert!(!out.is_empty(), "{format:?}");
        }
    }
}

#[test]
fn files_that_are_no_pictures() {
    let png = super::samples::PNG;
    let mut conversation = answered("x");
    conversation.messages[1].files = vec![
        file("empty.png", "image/png", b""),
        file("head.png", "image/png", &png[..30]),
        file("cut.png", "image/png", &png[..png.len() - 20]),
        file(
            "wide.png",
            "image/png",
            &[&png[..16], &[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1], &png[24..]].concat(),
        ),
        file("a.gif", "image/gif", b"GIF89a\x01\x00\x01\x00"),
        file("a.jpg", "image/jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
        file("a.webp", "image/webp", b"RIFF\x10\x00\x00\x00WEBPVP8 "),
    ];
    for format in Format::ALL {
        assert!(!exported(&conversation, format).is_empty());
    }
    let html = String::from_utf8(exported(&conversation, Format::Html)).unwrap();
    assert!(html.contains("<li dir=\"auto\">empty.png</li>"), "{html}");
}

#[test]
fn an_archive_holds_every_conversation_under_a_name_of_its_own() {
    let words = words();
    for format in Format::ALL {
        let mut out = Vec::new();
        let mut archive = Archive::begin(&mut out, format, &words);
        archive.add(&everything()).unwrap();
        archive.add(&everything()).unwrap();
        archive.end().unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(out)).unwrap();
        let names: Vec<_> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        let extension = format.extension();
        assert_eq!(
            names,
            [format!("Everything.{extension}"), format!("Everything (2).{extension}")]
        );
        let mut first = Vec::new();
        std::io::copy(&mut zip.by_index(0).unwrap(), &mut first).unwrap();
        if format != Format::Pdf && format != Format::Docx {
            assert_eq!(first, exported(&everything(), format));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_text_ends_the_program(text in hostile(), title in hostile()) {
        let mut conversation = answered(&text);
        conversation.title = title;
        for format in Format::ALL {
            prop_assert!(!exported(&conversation, format).is_empty());
        }
    }
}
