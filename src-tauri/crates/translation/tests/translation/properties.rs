//! Whatever a paragraph holds and whatever a model answers, nothing is lost.

use proptest::prelude::*;

use crate::files;

/// Something in a paragraph: its markup.
fn item() -> impl Strategy<Value = String> {
    let words = "[a-c &<]{1,6}";
    let text = |text: String| text.replace('&', "&amp;").replace('<', "&lt;");
    let properties = prop_oneof![
        Just(""),
        Just("<w:rPr><w:b/></w:rPr>"),
        Just("<w:rPr><w:i/></w:rPr>"),
        Just("<w:rPr><w:lang w:val=\"fr\"/></w:rPr>"),
    ];
    let run = (properties, words).prop_map(move |(properties, words)| {
        let words = text(words);
        format!("<w:r>{properties}<w:t xml:space=\"preserve\">{words}</w:t></w:r>")
    });
    let other = prop_oneof![
        Just("<w:r><w:tab/></w:r>"),
        Just("<w:r><w:footnoteReference w:id=\"2\"/></w:r>"),
        Just("<w:bookmarkStart w:id=\"1\"/>"),
        Just("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"),
    ]
    .prop_map(str::to_owned);
    let leaf = prop_oneof![4 => run, 1 => other];
    let link = prop::collection::vec(leaf.clone(), 0..3)
        .prop_map(|inner| format!("<w:hyperlink w:anchor=\"x\">{}</w:hyperlink>", inner.concat()));
    prop_oneof![5 => leaf, 1 => link]
}

fn document(items: &[String]) -> Vec<u8> {
    let body = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:pPr/>{}</w:p></w:body></w:document>",
        items.concat()
    );
    files::with_part(&files::read("lease.docx"), "word/document.xml", body.as_bytes())
}

/// What a document says, without its formats.
fn letters(data: &[u8]) -> String {
    let parts = files::parts(data);
    let (_, content) = parts.iter().find(|(name, _)| name == "word/document.xml").unwrap();
    let text = String::from_utf8(content.clone()).unwrap();
    let mut letters: Vec<char> = Vec::new();
    for piece in text.split("<w:t ").skip(1) {
        let words = piece.split_once('>').unwrap().1.split_once('<').unwrap().0;
        letters.extend(words.chars().filter(|c| !c.is_whitespace()));
    }
    letters.into_iter().collect()
}

/// A text as a model is told it, without what no reader sees: spaces before the end of a paragraph, however
/// many and within whatever marks. They may lie in another run than they did.
fn without_spaces_at_its_end(text: &str) -> String {
    let (mut text, mut marks) = (text.trim_end(), String::new());
    while let Some((before, mark)) = text.rsplit_once("</")
        && mark.find('>').is_some_and(|end| end + 1 == mark.len())
    {
        marks.insert_str(0, &format!("</{mark}"));
        text = before.trim_end();
    }
    format!("{text}{marks}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_text_that_is_changed_and_changed_back_says_the_same(
        items in prop::collection::vec(item(), 1..8),
    ) {
        let data = document(&items);
        let changed = files::translated("a.docx", &data, |text| format!("{text}z"));
        let back = files::translated("a.docx", &changed, |text| {
            text.strip_suffix('z').unwrap_or(text).to_owned()
        });
        let told = |data: &[u8]| {
            let texts = files::told("a.docx", data);
            texts.iter().map(|text| without_spaces_at_its_end(text)).collect::<Vec<_>>()
        };
        prop_assert_eq!(told(&back), told(&data));
        prop_assert_eq!(letters(&back), letters(&data));
    }

    #[test]
    fn whatever_a_model_makes_of_the_marks_all_stays(
        items in prop::collection::vec(item(), 1..8),
        answer in "(</?x?[1-5]/?>|[d-f ]{1,3}){0,12}",
    ) {
        let data = document(&items);
        let before = files::told("a.docx", &data).len();
        let said = format!("{answer}d");
        let written = files::translated("a.docx", &data, |_| said.clone());
        let parts = |data: &[u8]| {
            let parts = files::parts(data);
            parts.into_iter().find(|(name, _)| name == "word/document.xml").unwrap().1
        };
        prop_assert_eq!(files::elements(&parts(&written)), files::elements(&parts(&data)));
        // All that the model said is there, and nothing of what was there before.
        if before > files::told("a.docx", &document(&[])).len() {
            let expected: String = said.chars().filter(|c| ('d'..='f').contains(c)).collect();
            prop_assert_eq!(letters(&written), expected);
        }
    }
}
