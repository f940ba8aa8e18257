//! An HTML page shows everything and does nothing.

use conversation::{MessageState, Role};
use export::Format;
use proptest::prelude::*;

use super::samples::{PNG, answered, conversation, exported, file, hostile, message};

fn page(conversation: &conversation::PortableConversation) -> scraper::Html {
    let html = String::from_utf8(exported(conversation, Format::Html)).unwrap();
    scraper::Html::parse_document(&html)
}

fn all<'a>(page: &'a scraper::Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    page.select(&scraper::Selector::parse(selector).unwrap()).collect()
}

#[test]
fn a_page_shows_what_the_window_does() {
    let mut question = message(None, Role::User, "# Why?\n\nA note[^1].\n\n[^1]: Here.");
    question.files =
        vec![file("a&b.png", "text/plain", PNG), file("plan.pdf", "image/png", b"no image")];
    let mut answer = message(
        Some(0),
        Role::Assistant,
        "Because[^1].\n\n[^1]: There.\n\n$x$\n\n```rust\nfn a() {}\n```",
    );
    answer.state = MessageState::Stopped;
    let page = page(&conversation(
        "A <b> title",
        vec![question, message(Some(0), Role::Assistant, ""), answer],
    ));
    let text = |selector: &str| {
        all(&page, selector).iter().map(|e| e.text().collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(text("h1"), ["A <b> title"]);
    assert_eq!(text("h2"), ["You", "atlas"]);
    assert_eq!(text("h3"), ["Why?"]);
    assert_eq!(text("article header span"), ["Other versions: 1"]);
    assert_eq!(text(".ending"), ["Stopped by you."]);
    assert_eq!(text("ul.files li"), ["plan.pdf"]);
    assert_eq!(all(&page, "math").len(), 1);
    assert!(!all(&page, "pre .hl-keyword").is_empty());
    let picture = all(&page, "img")[0].value();
    assert_eq!((picture.attr("alt"), picture.attr("width")), (Some("a&b.png"), Some("2")));
    assert!(picture.attr("src").unwrap().starts_with("data:image/png;base64,iVBOR"));
    // Each footnote leads to its own message's.
    for link in all(&page, "a[href^='#']") {
        let target = format!("[id='{}']", &link.value().attr("href").unwrap()[1..]);
        assert_eq!(all(&page, &target).len(), 1, "{target}");
    }
    assert_eq!(all(&page, "html")[0].value().attr("lang"), Some("en"));
}

/// Whether nothing in the page runs or is fetched.
fn is_inert(page: &scraper::Html) -> bool {
    const RUN: &[&str] =
        &["script", "iframe", "object", "embed", "link", "base", "form", "svg", "video", "audio"];
    const FETCHED: &[&str] =
        &["srcset", "action", "background", "data", "poster", "style", "xlink:href", "formaction"];
    all(page, "*").iter().map(scraper::ElementRef::value).all(|element| {
        !RUN.contains(&element.name())
            && element.attrs().all(|(name, value)| match name {
                "href" => ["http:", "https:", "mailto:", "#"]
                    .iter()
                    .any(|scheme| value.to_ascii_lowercase().starts_with(scheme)),
                "src" => element.name() == "img" && value.starts_with("data:image/"),
                "http-equiv" => value == "Content-Security-Policy",
                _ => !FETCHED.contains(&name) && !name.starts_with("on"),
            })
    })
}

#[test]
fn a_check_that_finds_what_runs() {
    for html in [
        "<script>x</script>",
        "<p onclick=x>",
        "<img src=https://a.example>",
        "<a href=javascript:x>",
        "<link href=x>",
    ] {
        assert!(!is_inert(&scraper::Html::parse_document(html)), "{html}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_runs_or_is_fetched(title in hostile(), text in hostile(), name in hostile()) {
        let mut conversation = answered(&text);
        conversation.title = title;
        conversation.messages[1].model = Some(name.clone());
        conversation.messages[1].files = vec![file(&name, "image/png", PNG), file(&name, &name, b"")];
        let page = page(&conversation);
        prop_assert!(is_inert(&page));
        prop_assert_eq!(all(&page, "style").len(), 1);
        // Nothing ends what it stands in.
        prop_assert_eq!(all(&page, "main > article").len(), 2);
        prop_assert_eq!(all(&page, "article > figure").len(), 1);
    }
}
