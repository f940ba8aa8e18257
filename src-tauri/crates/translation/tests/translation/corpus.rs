//! What the files of the corpus hold, and what becomes of them.

use translation::{Problem, TranslationError};

use crate::files::{self, NAMES};

/// A text with its marks left alone.
fn outside_marks(text: &str, with: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(&with(before));
        match after.split_once('>') {
            Some((mark, after)) if mark.contains(|c: char| c.is_ascii_digit()) => {
                out.push_str(&format!("<{mark}>"));
                rest = after;
            }
            _ => {
                out.push('<');
                rest = after;
            }
        }
    }
    out + &with(rest)
}

fn upper(text: &str) -> String {
    outside_marks(text, str::to_uppercase)
}

#[test]
fn a_model_is_told_lines_with_marks() {
    let lease = [
        "The lease of the <1>old</1> house",
        "It ends <1>on 31 March</1>, see page <x2/> and <3>the law</3>.",
        "The tenant pays <1><x2/></1> a month, first<x3/>in May<x4/>2025",
        "What is let",
        "Before the box <x1/> and after it",
        "A box with a note",
        "Within the box",
        "Within the box",
        "Rent & charges",
        "Between the owner and the tenant",
        "Later if the house is not ready.",
        "How much is it?",
    ];
    assert_eq!(files::told("lease.docx", &files::read("lease.docx")), lease);
    let page = [
        "The bridge, and who repairs it.",
        "The bridge & its railing",
        "The <1>old</1> bridge",
        "Plans of the bridge",
        "It was built in <1>1893</1> by two engineers — see <2>the <3>plans</3></2>.",
        "A bridge over a river",
        "Call <x1/> or press <x2/>, <x3/>: <x4/> is nice.<x5/>New line.",
        "One",
        "Two < three",
        "Work",
        "Price",
        "First and last name",
        "Your name",
        "Send it",
    ];
    assert_eq!(files::told("page.html", &files::read("page.html")), page);
    for (name, lines) in [
        (
            "slides.pptx",
            &["See <1>the plans</1>.", "The bridge in <1>2025</1>", "Say who they are."][..],
        ),
        (
            "costs.xlsx",
            &["<1>Railing </1>and paint", "Northern pier<x1/>(both sides)", "Without tax."],
        ),
        (
            "report.odt",
            &["Page <x1/> of the report", "As the <1>surveyors</1> proposed.", "Is this right?"],
        ),
    ] {
        let told = files::told(name, &files::read(name));
        for line in lines {
            assert!(told.iter().any(|told| told == line), "{name}: {line}: {told:?}");
        }
    }
}

#[test]
fn texts_that_stay_leave_every_byte_where_it_was() {
    for name in NAMES {
        let data = files::read(name);
        let same = files::translated(name, &data, str::to_owned);
        assert_eq!(files::parts(&same), files::parts(&data), "{name}");
    }
}

#[test]
fn every_text_is_replaced_and_all_else_stays() {
    for name in NAMES {
        let data = files::read(name);
        let shouted = files::translated(name, &data, upper);
        let told = files::told(name, &data);
        let upper: Vec<_> = told.iter().map(|line| upper(line)).collect();
        assert_eq!(files::told(name, &shouted), upper, "{name}");
        let (before, after) = (files::parts(&data), files::parts(&shouted));
        assert_eq!(before.len(), after.len(), "{name}");
        for ((part, before), (other, after)) in before.iter().zip(&after) {
            assert_eq!(part, other, "{name}");
            assert_eq!(files::elements(before), files::elements(after), "{name}: {part}");
        }
    }
}

#[test]
fn words_in_another_order_lose_nothing() {
    let reversed = |text: &str| {
        // Pairs of marks go with the words between them.
        let mut words = Vec::new();
        let mut depth = 0_i32;
        let mut word = String::new();
        for (place, character) in text.char_indices() {
            let rest = &text[place..];
            if character == '<' && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
                depth += 1;
            } else if rest.starts_with("</") {
                depth -= 1;
            }
            if character == ' ' && depth == 0 && !rest.starts_with(" <x") {
                words.push(std::mem::take(&mut word));
            } else {
                word.push(character);
            }
        }
        words.push(word);
        words.reverse();
        words.join(" ")
    };
    for name in NAMES {
        let data = files::read(name);
        let other = files::translated(name, &data, reversed);
        let count = |told: Vec<String>| {
            let text = told.join(" ");
            let mut letters: Vec<char> =
                text.chars().filter(|c| c.is_alphabetic() && *c != 'x').collect();
            letters.sort_unstable();
            (told.len(), letters)
        };
        assert_eq!(count(files::told(name, &data)), count(files::told(name, &other)), "{name}");
        for ((part, before), (_, after)) in files::parts(&data).iter().zip(&files::parts(&other)) {
            assert_eq!(files::elements(before), files::elements(after), "{name}: {part}");
        }
    }
}

#[test]
fn what_comes_back_wrong_is_told_and_nothing_is_lost() {
    let data = files::read("lease.docx");
    let document = files::open("lease.docx", &data);
    let segment = &document.segments()[1];
    assert!(
        segment.check("Il finit <1>le 31 mars</1>, voir page <x2/> et <3>la loi</3>.").is_empty()
    );
    assert!(segment.check("<3>La loi</3> : page <x2/>, <1>31 mars</1>").is_empty());
    for (answer, problem) in [
        ("Il finit le 31 mars, voir page et la loi.", Problem::Marks),
        ("Il finit <1>le 31 mars, voir page <x2/></1> et <3>la loi.", Problem::Marks),
        ("Il finit <1>le 30 mars</1>, voir page <x2/> et <3>la loi</3>.", Problem::Numbers),
        ("<x2/>", Problem::Missing),
    ] {
        assert_eq!(segment.check(answer), [problem], "{answer}");
    }
    let answers: Vec<_> = document
        .segments()
        .iter()
        .map(|s| Some(format!("{} de plus", s.plain(s.source()).replace('\u{a0}', " "))))
        .collect();
    let written = document.write(&answers).unwrap();
    let (before, after) = (files::parts(&data), files::parts(&written));
    for ((part, before), (_, after)) in before.iter().zip(&after) {
        assert_eq!(files::elements(before), files::elements(after), "{part}");
    }
    assert_eq!(files::told("lease.docx", &written).len(), answers.len());
}

#[test]
fn what_cannot_be_translated_is_refused_with_advice() {
    let refused = |name: &str, data: &[u8]| {
        translation::Document::read(name, data.to_vec()).map(|_| ()).unwrap_err()
    };
    assert_eq!(refused("a.txt", b""), TranslationError::Empty);
    assert!(matches!(refused("a.pdf", b"%PDF-1.7"), TranslationError::Unsupported(_)));
    assert!(matches!(refused("a.py", b"print()"), TranslationError::Unsupported(_)));
    assert!(matches!(refused("a.docx", b"PK\x03\x04..."), TranslationError::Damaged(_)));
    let encrypted = include_bytes!("../../../documents/tests/documents/encrypted.docx");
    assert_eq!(refused("a.docx", encrypted), TranslationError::Encrypted);
    // A part that is cut off, and one that is a thousand times larger than it is packed.
    let lease = files::read("lease.docx");
    let broken = files::with_part(&lease, "word/document.xml", b"<w:document><w:p>");
    assert!(matches!(refused("a.docx", &broken), TranslationError::Damaged(_)));
    let bomb = files::with_part(&lease, "word/document.xml", &vec![b' '; 64 << 20]);
    assert!(matches!(refused("a.docx", &bomb), TranslationError::TooLarge(_)));
    let deep = files::with_part(&lease, "word/document.xml", "<w:p>".repeat(100_000).as_bytes());
    assert!(matches!(refused("a.docx", &deep), TranslationError::Damaged(_)));
    let entities = "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><w:document><w:p><w:r><w:t>&b; &b;</w:t></w:r></w:p></w:document>";
    let entities = files::with_part(&lease, "word/document.xml", entities.as_bytes());
    assert!(!files::told("a.docx", &entities).join(" ").contains("aaa"));
}
