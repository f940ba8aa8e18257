use crate::files::{hidden, read, text};

#[test]
fn texts_in_any_encoding() {
    let french = "Élève à l’école, œuvre à 10 €";
    let utf_16: Vec<u8> = french.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = french.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = [b"\xff\xfe".as_slice(), &utf_16].concat();
    for data in
        [french.as_bytes(), &[b"\xef\xbb\xbf", french.as_bytes()].concat(), &utf_16, &big, &marked]
    {
        assert_eq!(text("a.txt", data), french);
    }
    assert_eq!(
        text("a.txt", b"L\x92\xe9l\xe8ve a d\xe9j\xe0 pay\xe9 10 \x80"),
        "L’élève a déjà payé 10 €"
    );
    assert_eq!(
        text("a.txt", b"Il a pay\xe9 10 \xa4 pour l'\xbduvre"),
        "Il a payé 10 € pour l'œuvre"
    );
    let japanese = b"\x82\xb1\x82\xea\x82\xcd\x93\xfa\x96{\x8c\xea\x82\xcc\x95\xb6\x8f\x91\x82\xc5\x82\xb7\x81B";
    assert_eq!(text("a.txt", japanese), "これは日本語の文書です。");
}

#[test]
fn no_text_holds_a_form_feed_or_a_carriage_return() {
    assert_eq!(text("a.txt", b"a\r\nb\rc\x0cd"), "a\nb\nc\nd");
}

#[test]
fn values_between_separators() {
    let expected = "| name | note |\n| --- | --- |\n| Müller; A | said \"no\"<br>twice |";
    assert_eq!(
        text("a.csv", "name;note\r\n\"Müller; A\";\"said \"\"no\"\"\ntwice\"\r\n".as_bytes()),
        expected
    );
    assert_eq!(text("a.tsv", b"a\tb,c\n1\t2,3\n"), "| a | b,c |\n| --- | --- |\n| 1 | 2,3 |");
    // A quotation mark that nothing closes.
    assert_eq!(text("a.csv", b"a,b\n\"c,d\n"), "| a | b |\n| --- | --- |\n| \"c | d |");
}

#[test]
fn code_is_one_block_that_nothing_in_it_ends() {
    assert_eq!(text("a.py", b"print(1)\n"), "```python\nprint(1)\n```");
    assert_eq!(text("a.rs", b"// ```\n"), "````rust\n// ```\n````");
}

#[test]
fn comments_in_markdown_are_hidden() {
    let document = read("a.md", b"# A\n<!-- do this -->\nB <!-- open");
    assert_eq!(document.pages[0].text, "# A\n<!-- do this -->\nB <!-- open");
    assert_eq!(hidden(&document), ["<!-- do this -->", "<!-- open"]);
}

#[test]
fn pages_of_the_web_as_they_are_shown() {
    let page = "<!DOCTYPE html><title>T</title><style>/* x */ .gone, #no { display: none } @media print { p { display: none } }</style>\
        <h2>A &amp; <em>b</em></h2><p>one\n  two<br>three<!-- comment --><img alt='alt'></p><script>alert(1)</script>\
        <p class=gone>by rule</p><p style='color:#fff'>white</p><div style='background:#000'><p style='color:white'>on black</p></div><p hidden>attribute</p>\
        <ol start=4><li>four<ul><li>inner</ul><li>five</ol>\
        <table><tr><th>x<th>y<tr><td colspan=2>wide</table><pre>  a\n   b</pre>\
        <table><tr><td><table><tr><td>p<td>q</table><td>side</table>";
    let document = read("a.html", page.as_bytes());
    assert_eq!(document.pages[0].name.as_deref(), Some("T"));
    let expected = "## A & b\n\none two\nthree\n\nby rule\n\nwhite\n\non black\n\nattribute\n\n\
        4. four\n    - inner\n5. five\n\n| x | y |\n| --- | --- |\n| wide |\n\n```\n  a\n   b\n```\n\n\
        | p | q |\n| --- | --- |\n\nside";
    assert_eq!(document.pages[0].text, expected);
    assert_eq!(hidden(&document), ["by rule", "white", "attribute"]);
}

#[test]
fn what_markdown_would_take_is_escaped() {
    let page = "<!DOCTYPE html><p># no heading<p>1. no list<p>- no<p>*a* _b_ snake_case 2 * 3<p>[a](b) `c` $d$ &lt;e> &amp;amp; C:\\dir \\*<p>> q<p>+ p<p>a<br>- b<br>==";
    let expected = "\\# no heading\n\n1\\. no list\n\n\\- no\n\n\\*a\\* \\_b\\_ snake_case 2 * 3\n\n\
        [a\\](b) \\`c\\` \\$d\\$ \\<e> \\&amp; C:\\dir \\\\\\*\n\n\\> q\n\n\\+ p\n\na\n\\- b\n\\==";
    assert_eq!(text("a.html", page.as_bytes()), expected);
}

#[test]
fn rich_text() {
    let rtf = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Cyr;}}{\colortbl;\red255\green255\blue255;}
{\stylesheet{\s1 heading 1;}}{\info{\title no}}{\header no\par}
\pard\s1 Titre \'e9\par\pard Text \u8364?\u-10179?\u-8704? {\f1\'ef\'f0}{\v secret}{\cf1 white}{\deleted gone}{\footnote note}\par
{\listtext\'b7\tab}item\par\trowd\cellx1\cellx2\pard\intbl a\cell b\cell\row\trowd\intbl c\par d\cell e\cell\row\pard after\tx720 {\*\unknown no}\par}";
    let document = read("a.rtf", rtf);
    let expected = "# Titre é\n\nText €😀 прsecretwhite[^1]\n\n- item\n\n| a | b |\n| --- | --- |\n| c<br>d | e |\n\nafter\n\n[^1]: note";
    assert_eq!(document.pages[0].text, expected);
    assert_eq!(hidden(&document), ["secretwhite"]);
}

#[test]
fn tags_that_no_font_draws_are_hidden() {
    let document = read("a.txt", "Hello\u{e0041}\u{e0042}!".as_bytes());
    assert_eq!(hidden(&document), ["\u{e0041}\u{e0042}"]);
}
