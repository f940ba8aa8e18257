//! Every screen of the real window by its keys alone: each is come to, gone round, and left.

use std::time::Duration;

use whole_program::{Endpoint, PASSPHRASE, Profile, Window, stream_of, workspace};

use crate::display::{ALT, CONTROL, Display, ESCAPE, K, choose_file};
use crate::hands::Hands;

const POLICY: &str = "[banner]\ntext = { en = \"For official use alone.\" }\n\
                      [prevention.kinds]\ncard = \"ask\"\n";
const SECTIONS: [&str; 11] = [
    "general",
    "appearance",
    "shortcuts",
    "privacy",
    "endpoints",
    "instructions",
    "prompts",
    "storage",
    "activity",
    "organisation",
    "about",
];
pub const COMPOSER: &str = "[data-testid=composer]";
pub const ANSWER: &str = "[data-role=assistant][data-state=complete]";
pub const DIALOG: &str = "dialog[open], [role=dialog], [role=alertdialog]";
const MENU: &str = "[role=menu], [role=listbox]";

/// What is named so.
pub fn id(name: &str) -> String {
    format!("[data-testid={name}]")
}

/// Opens what lies under this with the Enter key, goes round it, and leaves it by Escape.
pub async fn dialog(hands: &mut Hands<'_>, screen: &str, opener: &str) {
    hands.press(opener).await;
    hands.see(DIALOG).await;
    hands.round(screen).await;
    hands.leave(screen, DIALOG, opener).await;
}

/// The same for what is gone through by arrows.
async fn menu(hands: &mut Hands<'_>, screen: &str, opener: &str) {
    hands.press(opener).await;
    hands.list(screen).await;
    hands.leave(screen, MENU, opener).await;
}

/// The same for what the palette leads to, from the question.
async fn command(hands: &mut Hands<'_>, title: &str) {
    hands.go_to(COMPOSER).await;
    hands.choose(title).await;
    hands.see(DIALOG).await;
    hands.round(title).await;
    hands.leave(title, DIALOG, COMPOSER).await;
}

/// From the notice over the first start to the first answer.
async fn start(hands: &mut Hands<'_>) {
    hands.see(&id("notice")).await;
    hands.round("the notice").await;
    hands.press(&id("accept-notice")).await;
    passphrase(hands).await;
    hands.see(COMPOSER).await;
    hands.round("nothing yet").await;
    hands.go_to(COMPOSER).await;
    hands.write("When is the meeting?").await;
    hands.enter();
    hands.see(ANSWER).await;
}

/// A history is made.
pub async fn passphrase(hands: &mut Hands<'_>) {
    hands.see(&id("choose-passphrase")).await;
    hands.round("the first start").await;
    hands.press(&id("choose-passphrase")).await;
    hands.see(&id("new-passphrase")).await;
    hands.round("a new passphrase").await;
    for field in ["new-passphrase", "repeat-passphrase"] {
        hands.go_to(&id(field)).await;
        hands.write(PASSPHRASE).await;
    }
    hands.enter();
}

/// The lock, and back: what was written in another program is listed then.
async fn lock(hands: &mut Hands<'_>) {
    hands.command('l').await;
    hands.see(&id("unlock")).await;
    hands.round("the lock").await;
    hands.go_to(&id("passphrase")).await;
    hands.write(PASSPHRASE).await;
    hands.enter();
    hands.see(COMPOSER).await;
    hands.see(ANSWER).await;
}

/// What is asked, how, and what was answered.
async fn conversation(hands: &mut Hands<'_>) {
    hands.round("a conversation").await;
    menu(hands, "the ways to copy", &format!("{ANSWER} [data-testid=copy-as]")).await;
    menu(hands, "the models", &id("model-picker")).await;
    menu(hands, "what a text is worked on for", &id("writing-menu")).await;
    dialog(hands, "request and response", &id("exchange")).await;
    dialog(hands, "a text to rewrite", &format!("{ANSWER} [data-testid=work-on-message]")).await;
    dialog(hands, "a translation", &format!("{ANSWER} [data-testid=translate-message]")).await;
    hands.press(&format!("{ANSWER} [data-testid=try-again]")).await;
    dialog(hands, "two versions", &id("compare")).await;
    hands.press(&id("edit")).await;
    hands.see("[data-testid=edit-text]:focus").await;
    hands.round("a question to be changed").await;
    hands.go_to(COMPOSER).await;

    hands.write("/").await;
    hands.see(&id("prompt")).await;
    hands.list("prompts to choose from").await;
    hands.leave("prompts to choose from", &id("prompt"), COMPOSER).await;
    hands.command('a').await;
    hands.write("Pay 4111 1111 1111 1111").await;
    dialog(hands, "what would be sent", &id("outgoing")).await;
    hands.go_to(COMPOSER).await;
    hands.enter();
    hands.see(&id("held-dialog")).await;
    hands.round("what is asked about").await;
    hands.leave("what is asked about", DIALOG, COMPOSER).await;
    hands.command('a').await;
    hands.write("x").await;

    hands.command('f').await;
    hands.see(&id("find")).await;
    hands.write("Monday").await;
    hands.round("find in the conversation").await;
    hands.go_to(&id("find-query")).await;
    hands.leave("find in the conversation", &id("find"), COMPOSER).await;
}

/// The list of conversations, its search, and all that files them.
async fn list(hands: &mut Hands<'_>) {
    menu(hands, "the lists", &id("view")).await;
    menu(hands, "the filters of the search", &id("open-search-filters")).await;
    let actions = "[data-testid=conversation-actions][aria-label*='Good day']";
    menu(hands, "the actions of a conversation", actions).await;

    hands.shifted_command('f').await;
    hands.see("[data-testid=search]:focus").await;
    hands.write("Monday").await;
    hands.see(&id("search-result")).await;
    hands.round("a search").await;
    hands.press(&id("search-result")).await;
    hands.see(&id("matches")).await;
    hands.round("the matches of a search").await;
    hands.shifted_command('f').await;
    hands.leave("a search", &id("search-result"), &id("search")).await;

    command(hands, "Tags…").await;
    command(hands, "New folder…").await;
    hands.choose("New folder…").await;
    hands.see(&id("name")).await;
    hands.write("Orchard").await;
    hands.enter();
    hands.see(&id("view-actions")).await;
    menu(hands, "the actions of a folder", &id("view-actions")).await;
    hands.press(&id("view-actions")).await;
    hands.see("[role=menuitem]:focus").await;
    hands.down_to(&id("folder-open")).await;
    hands.enter();
    hands.see(&id("folder-dialog")).await;
    hands.round("a folder").await;
    hands.leave("a folder", DIALOG, &id("view-actions")).await;
    for list in ["Archive", "Trash", "All conversations"] {
        hands.choose(&format!("List: {list}")).await;
        hands.round(&format!("the list “{list}”")).await;
    }
    hands.choose("Select several").await;
    hands.see(&id("leave-selection")).await;
    hands.round("a selection of several").await;
    hands.leave("a selection of several", &id("leave-selection"), "button, textarea").await;
    command(hands, "Import…").await;
    command(hands, "Instructions…").await;
    command(hands, "Translate…").await;
}

/// The settings, and what lies over everything.
async fn settings(hands: &mut Hands<'_>) {
    hands.go_to(COMPOSER).await;
    hands.command(',').await;
    hands.see(&id("settings")).await;
    for section in SECTIONS {
        hands.press(&id(&format!("section-{section}"))).await;
        hands.see(&format!("[data-testid=section-{section}][aria-current]")).await;
        hands.round(&format!("settings, {section}")).await;
    }
    for (section, opener, form) in [
        ("endpoints", "add-endpoint", "endpoint-form"),
        ("prompts", "new-prompt", "prompt-name"),
        ("storage", "sync-start", "sync-form"),
        ("storage", "delete-all", "delete-all-word"),
    ] {
        hands.press(&id(&format!("section-{section}"))).await;
        hands.press(&id(opener)).await;
        hands.see(&id(form)).await;
        hands.round(&format!("settings, {form}")).await;
    }
    hands.leave("the settings", DIALOG, COMPOSER).await;

    hands.command('k').await;
    hands.see(&id("palette-row")).await;
    hands.round("the palette").await;
    hands.leave("the palette", DIALOG, COMPOSER).await;
    hands.command('/').await;
    hands.see(&id("shortcuts")).await;
    hands.round("the sheet of keys").await;
    hands.leave("the sheet of keys", DIALOG, COMPOSER).await;
}

/// A document beside what was said of it.
async fn document(hands: &mut Hands<'_>) {
    hands.choose("Read the report").await;
    let passage = "a[href^='passage:']";
    hands.press(passage).await;
    hands.see("[data-testid=document-panel] mark").await;
    hands.round("a document").await;
    hands.go_to(&id("close-document")).await;
    hands.leave("a document", &id("document-panel"), passage).await;
}

#[tokio::test]
async fn every_screen_is_come_to_gone_round_and_left_by_keys_alone() {
    let profile = Profile::new();
    profile.govern(POLICY);
    profile.configure("[settings]\nmodel_titles = false\nquick_keys = \"\"\n");
    let endpoint = Endpoint::start(|_| {
        let said = "The meeting is on Monday. [[The project team recommends Corvus Health]]";
        stream_of(said.split_inclusive(' '), Duration::ZERO)
    });
    let window = Window::open(&profile, Some(&endpoint)).await;
    let mut hands = Hands::on(&window).await;
    start(&mut hands).await;
    let report = workspace().join("docs/samples/procurement.pdf");
    for arguments in [
        &["ask", "Good day"][..],
        &["ask", "Read the report", "--attach", report.to_str().unwrap()],
    ] {
        profile.run_with(endpoint.address(), arguments).ok();
    }
    lock(&mut hands).await;
    conversation(&mut hands).await;
    list(&mut hands).await;
    settings(&mut hands).await;
    document(&mut hands).await;
    let faults = hands.faults();
    window.close().await;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn so_are_the_first_endpoint_a_backup_to_restore_and_a_quick_question() {
    let profile = Profile::new();
    profile.configure("[settings]\nquick_keys = \"Control+Alt+K\"\n");
    let (other, endpoint) = (Profile::new(), Endpoint::saying("Monday."));
    let (backup, secret) =
        (other.root().join("of-another.bureau-backup"), other.root().join("secret"));
    other.run_with(endpoint.address(), &["ask", "When?"]).ok();
    std::fs::write(&secret, PASSPHRASE).unwrap();
    other.run(&["backup", "protect", "--new-passphrase-file", secret.to_str().unwrap()]).ok();
    other.run(&["backup", "make", backup.to_str().unwrap()]).ok();

    let window = Window::open(&profile, None).await;
    let mut hands = Hands::on(&window).await;
    passphrase(&mut hands).await;
    hands.see(&id("choose-endpoint")).await;
    hands.round("what is asked at first").await;
    hands.press(&id("choose-endpoint")).await;
    hands.see(&id("endpoint-address")).await;
    hands.round("the first endpoint").await;
    hands.press(&id("cancel-endpoint")).await;
    hands.press(&id("restore-offer")).await;
    choose_file(&window, &backup).await;
    // No window manager gives the keyboard back.
    let mut faults = hands.faults();
    let mut hands = Hands::on(&window).await;
    hands.see(&id("restore-dialog")).await;
    hands.round("a backup to restore").await;
    hands.leave("a backup to restore", DIALOG, &id("restore-offer")).await;
    hands.press(&id("choose-built-in")).await;
    hands.see(COMPOSER).await;
    faults.extend(hands.faults());

    Display::connect().press(&[CONTROL, ALT, K]);
    window.turn_to(2, "main:not(:has([data-testid=example])) [data-testid=composer]").await;
    let mut hands = Hands::on(&window).await;
    hands.see("[data-testid=composer]:focus").await;
    hands.write("Quickly").await;
    hands.round("a quick question").await;
    faults.extend(hands.faults());
    Display::connect().press(&[ESCAPE]);
    window.close().await;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
