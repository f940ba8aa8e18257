//! What holds for any text, however it arrives.

use markdown::{Block, Stream, render};
use proptest::prelude::*;

/// Pieces that together make every construct, and many broken ones.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n\n",
    " ",
    "  ",
    "    ",
    "\t",
    "\r",
    "\r\n",
    "\0",
    "a",
    "mot ",
    "é",
    "日本",
    "🙂",
    "\u{202e}",
    "# ",
    "## T\n",
    "---\n",
    "===\n",
    "***\n",
    "> ",
    ">",
    "- ",
    "-",
    "* ",
    "+ ",
    "1. ",
    "2) ",
    "10. ",
    "- [ ] ",
    "- [x] ",
    "```",
    "```rust\n",
    "````",
    "~~~\n",
    "`",
    "``",
    "fn main() {}\n",
    "/* ",
    "*/",
    "\"",
    "let s = \"a\n",
    "| a | b |\n",
    "|---|---|\n",
    "| :- | -: |\n",
    "|",
    "a|b\n",
    "-|-\n",
    "[a]",
    "[a]: /x\n",
    "[a]: <http://a.example/> \"t\"\n",
    "[b]: /y\n",
    "[b]",
    "![i](u)",
    "![i][a]",
    "[l](http://x.example 't')",
    "](",
    "[",
    "]",
    "(",
    ")",
    "[^1]",
    "[^1]: note\n",
    "[^2]",
    "[^2]: deux\n\n    suite\n",
    "[^n]:",
    "*",
    "**",
    "_",
    "__",
    "~",
    "~~",
    "\\",
    "&amp;",
    "&#0;",
    "&",
    "<",
    ">",
    "<b>",
    "</b>",
    "<div>\n",
    "</div>\n",
    "<!-- ",
    "-->",
    "<script>",
    "</script>",
    "<details>",
    "<pre>",
    "</pre>\n",
    "<img src=x onerror=alert(1)>",
    "<a href=\"javascript:x\">",
    "$",
    "$$",
    "x^2",
    "\\(",
    "\\)",
    "\\[",
    "\\]",
    "\\frac{a}{b}",
    "$$\n",
    "http://a.example/x",
    "www.b.example",
    "m@c.example",
    "<http://d.example>",
    "<e@f.example>",
    "  \n",
    "\\\n",
    ":",
    "!",
    "\"'",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Long enough that blocks are cut into parts.
fn long_text() -> impl Strategy<Value = String> {
    let line = proptest::sample::select(vec![
        "- item of a list\n",
        "  goes on\n",
        "\n",
        "1. first\n",
        "| a | b |\n",
        "let x = \"a\"; // c\n",
        "/* a\n",
        "*/\n",
        "> q\n",
        "mot mot\n",
    ]);
    let opening = proptest::sample::select(vec![
        "```rust\n",
        "| h | i |\n|---|---|\n",
        "- a\n",
        "1. a\n",
        "$$\n",
        "<div>\n",
        "",
    ]);
    (opening, proptest::collection::vec((line, 1_usize..60), 1..6)).prop_map(|(opening, runs)| {
        runs.into_iter().fold(opening.to_owned(), |text, (line, count)| text + &line.repeat(count))
    })
}

fn apply(shown: &mut Vec<Block>, stream: &mut Stream) {
    if let Some(patch) = stream.patch() {
        let first = patch.first_block as usize;
        assert!(first <= shown.len(), "a patch beyond the end");
        shown.truncate(first);
        shown.extend(patch.blocks);
    }
}

/// Streams the text in pieces of these lengths, over and over, and compares at every patch.
fn check(text: &str, lengths: &[usize], patch_every: usize) -> Result<(), TestCaseError> {
    let mut stream = Stream::new();
    let mut shown = Vec::new();
    let mut rest = text;
    let mut sizes = lengths.iter().cycle();
    let mut count = 0;
    while !rest.is_empty() {
        let size = sizes.next().copied().unwrap_or(1);
        let end = rest.char_indices().nth(size).map_or(rest.len(), |(end, _)| end);
        stream.push(&rest[..end]);
        rest = &rest[end..];
        count += 1;
        if count % patch_every == 0 || rest.is_empty() {
            apply(&mut shown, &mut stream);
        }
    }
    prop_assert_eq!(&shown, &render(text), "{:?}", text);
    prop_assert_eq!(stream.patch(), None);
    Ok(())
}

/// Elements are closed in the order they were opened, and nothing can run.
fn is_safe(html: &str) -> Result<(), String> {
    let mut open = Vec::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        let (tag, after) = tag.split_once('>').ok_or("a tag without an end")?;
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('/') {
            if open.pop() != Some(name.clone()) {
                return Err(format!("</{name}> closes nothing"));
            }
        } else if !["br", "hr", "input", "wbr"].contains(&name.as_str()) {
            open.push(name.clone());
        }
        if ["script", "style", "form", "iframe", "object", "img", "svg", "link", "meta", "base"]
            .contains(&name.as_str())
        {
            return Err(format!("<{name}>"));
        }
        for part in tag.split_whitespace().skip(1) {
            let attribute = part.split('=').next().unwrap_or_default().to_lowercase();
            if part.contains("=\"") && (attribute.starts_with("on") || attribute == "style") {
                return Err(format!("<{tag}>"));
            }
        }
        if let Some((_, href)) = tag.split_once("href=\"")
            && !["http://", "https://", "mailto:", "#fn"]
                .iter()
                .any(|start| href.to_lowercase().starts_with(start))
        {
            return Err(format!("<{tag}>"));
        }
        rest = after;
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} stay open")) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn patches_give_what_one_render_gives(
        text in text(),
        lengths in proptest::collection::vec(1_usize..12, 1..6),
        patch_every in 1_usize..4,
    ) {
        check(&text, &lengths, patch_every)?;
    }

    #[test]
    fn every_block_is_balanced_and_inert(text in text()) {
        for block in render(&text) {
            prop_assert!(!block.html.is_empty());
            if let Err(problem) = is_safe(&block.html) {
                prop_assert!(false, "{} in {} of {:?}", problem, block.html, text);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_parts_of_long_blocks_do_too(
        text in long_text(),
        lengths in proptest::collection::vec(1_usize..80, 1..4),
    ) {
        check(&text, &lengths, 1)?;
    }
}
