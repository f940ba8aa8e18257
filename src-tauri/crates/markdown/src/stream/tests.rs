//! That the work stays proportional to the text, whatever the text.

use super::*;

/// The bytes that are parsed, written and highlighted for a text in deltas of so many characters.
fn work(text: &str, delta: usize) -> usize {
    let mut stream = Stream::new();
    let characters: Vec<char> = text.chars().collect();
    for delta in characters.chunks(delta) {
        stream.push(&delta.iter().collect::<String>());
        stream.patch();
    }
    stream.work
}

#[test]
fn the_work_grows_with_the_length_and_not_with_its_square() {
    for unit in [
        "Some prose with *emphasis*, a [link] and `code`.\n\n",
        "- an item of a long list\n",
        "1. an item of a long list\n\n",
        "| a | b | c |\n",
        "    indented code\n",
        "let total = rows.len(); // in a long block\n",
        "> a long quotation\n",
    ] {
        let head = match unit.chars().next() {
            Some('|') => "| h | i | j |\n|---|---|---|\n",
            Some('l') => "```rust\n",
            _ => "",
        };
        grows_with_its_length(unit, 64, |count| head.to_owned() + &unit.repeat(count * 15));
    }
}

/// `text` gives a text of about so many parts.
fn grows_with_its_length(what: &str, delta: usize, text: impl Fn(usize) -> String) {
    let (once, twice) = (work(&text(100), delta), work(&text(200), delta));
    assert!(twice < once * 5 / 2, "{what:?}: {once} bytes, then {twice}");
}

#[test]
fn a_line_without_end_is_cut() {
    for (head, unit) in [("", "mot "), ("", "x"), ("> ", "mot "), ("```\n", "x"), ("- ", "é")] {
        grows_with_its_length(head, 2048, |count| {
            head.to_owned() + &unit.repeat(count * 640 / unit.len())
        });
    }
}

#[test]
fn each_footnote_costs_what_it_changes() {
    let paragraphs = |count: usize| (0..count).map(|n| format!("Text[^{n}] here.\n\n"));
    let definitions = |count: usize| (0..count).map(|n| format!("[^{n}]: A note.\n\n"));
    grows_with_its_length("definitions at the end", 64, |count| {
        paragraphs(count * 3).chain(definitions(count * 3)).collect()
    });
    grows_with_its_length("definitions before", 64, |count| {
        definitions(count * 3).chain(paragraphs(count * 3)).collect()
    });
    grows_with_its_length("a chain", 64, |count| {
        (0..count * 3).map(|n| format!("[^{n}]: See [^{}].\n\n", n + 1)).collect()
    });
}

#[test]
fn a_table_is_not_many_times_its_text() {
    for columns in [100, 190, 1000] {
        let head = "a|".repeat(columns) + "\n" + &"-|".repeat(columns) + "\n";
        let blocks = crate::render(&(head.clone() + &"|x\n".repeat(2000)));
        let html: usize = blocks.iter().map(|block| block.html.len()).sum();
        assert!(html < 300_000, "{columns} columns: {html} bytes");
        assert_eq!(blocks[0].html.contains("<table"), columns <= 200);
        let whole = columns.to_string();
        let row = "b|".repeat(columns) + "\n";
        grows_with_its_length(&whole, 2048, |count| {
            head.clone() + &row.repeat(count * 1000 / row.len())
        });
    }
    let quoted = format!("> {}\n> {}\n> x\n", "a|".repeat(300), "-|".repeat(300));
    assert!(!crate::render(&quoted)[0].html.contains("<table"));
}

#[test]
fn a_late_definition_patches_only_what_it_changes() {
    let mut stream = Stream::new();
    stream.push("First [a].\n\nSecond.\n\nThird.\n\n");
    assert_eq!(stream.patch().map(|p| (p.first_block, p.blocks.len())), Some((0, 3)));
    stream.push("[b]: /x\n\nFourth.\n\n");
    assert_eq!(stream.patch().map(|p| (p.first_block, p.blocks.len())), Some((3, 1)));
    stream.push("[a]: https://a.example/\n\n");
    let patch = stream.patch().unwrap();
    assert_eq!(patch.first_block, 0);
    assert!(patch.blocks[0].html.contains("href=\"https://a.example/\""), "{patch:?}");
}
