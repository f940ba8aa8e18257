//! The examples of the CommonMark specification, and our own for GFM's extensions.

use serde::Deserialize;

use crate::{image, render, sanitise};

#[derive(Deserialize)]
struct Example {
    example: u32,
    section: String,
    markdown: String,
    html: String,
}

/// What is meant to differ, and why. Nothing else may.
#[rustfmt::skip]
const DIFFERENT: &[(&str, &[u32])] = &[
    ("each block is balanced by itself, so HTML without an end ends with its block",
        &[148, 167, 187, 190, 191, 344, 476, 477, 494, 613, 614, 615, 616, 630, 631, 642, 643]),
    ("a tag that is never finished is shown, where a browser would swallow it", &[156, 157, 158]),
    ("scripts, processing instructions and character data are no text, so all of them goes",
        &[178, 180, 629]),
    ("bare addresses are links, as GFM has it", &[606, 608, 611, 612]),
];

fn check(json: &str, different: &[(&str, &[u32])]) {
    let examples: Vec<Example> = serde_json::from_str(json).unwrap();
    let mut wrong = Vec::new();
    for Example { example, section, markdown, html } in &examples {
        let blocks: Vec<_> = render(markdown).into_iter().map(|block| block.html).collect();
        let (ours, theirs) = (normal(&blocks.join("\n")), normal(&expected(html)));
        let meant = different.iter().any(|(_, list)| list.contains(example));
        if (ours == theirs) == meant {
            wrong.push(format!(
                "{section} {example}: {markdown:?}\n  ours   {ours}\n  theirs {theirs}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), examples.len(), wrong.join("\n"));
}

#[test]
fn commonmark() {
    check(include_str!("../tests/spec/commonmark-0.31.2.json"), DIFFERENT);
}

#[test]
fn gfm() {
    check(include_str!("../tests/spec/gfm.json"), &[]);
}

/// The specification's HTML as it comes out of the allow-list, images being links here.
fn expected(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, image)) = rest.split_once("<img ") {
        let (tag, after) = image.split_once('>').unwrap();
        let attribute = |name: &str| {
            let (_, value) = tag.split_once(&format!("{name}=\""))?;
            Some(value.split_once('"')?.0.replace("&quot;", "\"").replace("&amp;", "&"))
        };
        out.push_str(before);
        let in_link = before.rfind("<a ").is_some_and(|open| !before[open..].contains("</a>"));
        let address = attribute("src").unwrap_or_default();
        image::push(&mut out, &address, &attribute("alt").unwrap_or_default(), in_link);
        rest = after;
    }
    out.push_str(rest);
    sanitise::sanitise(out, true)
}

/// HTML without the differences that mean nothing: white space between blocks, what marks code
/// for highlighting, and what every link here is told to tell nobody.
fn normal(html: &str) -> String {
    const BLOCKS: [&str; 18] = [
        "p",
        "blockquote",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "pre",
        "table",
        "thead",
        "tbody",
        "tr",
        "section",
    ];
    let mut out = String::new();
    let mut rest = html;
    let mut preformatted = false;
    loop {
        let (text, after) = rest.split_once('<').unwrap_or((rest, ""));
        if preformatted {
            out.push_str(text);
        } else {
            let joined = text
                .split([' ', '\n', '\t'])
                .filter(|w| !w.is_empty())
                .collect::<Vec<_>>()
                .join(" ");
            let blank = |c: Option<char>| c.is_some_and(|c| matches!(c, ' ' | '\n' | '\t'));
            if blank(text.chars().next()) && !out.ends_with(['\n', ' ']) {
                out.push(' ');
            }
            out.push_str(&joined);
            if blank(text.chars().next_back()) && !out.ends_with(['\n', ' ']) {
                out.push(' ');
            }
        }
        let Some((tag, next)) = after.split_once('>') else { break };
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        if name == "pre" {
            preformatted = !tag.starts_with('/');
        }
        if !(name == "span" && preformatted) {
            if BLOCKS.contains(&name) && !preformatted && out.ends_with(' ') {
                out.pop();
            }
            out.push('<');
            let tag = plain(tag);
            let bare = matches!(name, "pre" | "code") && !tag.starts_with('/');
            out.push_str(if bare { name } else { &tag });
            out.push('>');
            if BLOCKS.contains(&name) && name != "pre" {
                out.push('\n');
            }
        }
        rest = next;
    }
    out.trim().to_owned()
}

fn plain(tag: &str) -> String {
    let tag = tag.replace(" rel=\"noopener noreferrer nofollow\"", "");
    tag.strip_suffix(" /").unwrap_or(&tag).to_owned()
}
