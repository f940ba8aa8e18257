//! Several windows at once, the one for a quick question, and links from outside.

use std::time::Duration;

use whole_program::{Endpoint, Profile, Window, program, stream_of};

use crate::display::{ALT, CONTROL, Display, ESCAPE, K};
use crate::panel::Panel;

#[tokio::test]
async fn an_answer_arrives_in_every_window_of_its_conversation() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Partout à la fois.");
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("Un").await;
    window.shows("Partout à la fois.").await;
    window.click("[data-testid=conversation-actions]").await;
    window.click("[data-testid=open-window]").await;
    // The new one has nothing but the conversation; the first still has its menu button focused.
    window.turn_to(2, "[data-role=assistant]").await;
    let one = window.client.window().await.unwrap();
    let both = window.client.windows().await.unwrap();
    let other = both.into_iter().find(|handle| *handle != one).unwrap();
    window.ask("Deux, depuis cette fenêtre").await;
    window.client.switch_to_window(other).await.unwrap();
    window.shows("Deux, depuis cette fenêtre").await;
    // One closes by its key, and the other stays.
    let display = Display::connect();
    display.turn_to(*display.windows(window.process()).last().unwrap());
    display.press(&[CONTROL, u32::from('w')]);
    window.turn_to(1, "[data-role=assistant]").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_and_an_answer_are_dragged_out_as_files() {
    let profile = Profile::new();
    profile.configure("[settings]\nmodel_titles = false\n");
    let endpoint = Endpoint::saying("Été à Paris.");
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("À emporter").await;
    window.shows("Été à Paris.").await;
    // The window itself takes files, too: what is dropped there is what any program would get.
    let from = middle(&window, "[data-testid=conversation-item]").await;
    let to = middle(&window, "[data-testid=transcript]").await;
    tokio::task::spawn_blocking(move || Display::connect().drag(from, to)).await.unwrap();
    let file = "[data-testid=staged]:has([title='À emporter.md'])";
    window.find(file).await;
    let from = middle(&window, "[data-role=assistant] [data-testid=drag-out]").await;
    tokio::task::spawn_blocking(move || Display::connect().drag(from, to)).await.unwrap();
    window.find(&format!("{file} + {file}")).await;

    window.write("[data-testid=composer]", "Que disent-ils ?").await;
    window.click("[data-testid=send]").await;
    while endpoint.requests().len() < 2 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let asked = endpoint.requests().pop().unwrap()["messages"].as_array().unwrap().last().cloned();
    let asked = asked.unwrap()["content"].to_string();
    // The conversation says who speaks; the answer is nothing but itself.
    let count = |words| asked.matches(words).count();
    assert_eq!((count("Été à Paris."), count("## scripted")), (2, 1), "{asked}");
    window.close().await;
}

/// Where the middle of an element is on the screen.
async fn middle(window: &Window, selector: &str) -> (i16, i16) {
    let script = "const { left, top, width, height } =
            document.querySelector(arguments[0]).getBoundingClientRect()
        return [screenX + left + width / 2, screenY + top + height / 2].map(Math.round)";
    let place = window.client.execute(script, vec![selector.into()]).await.unwrap();
    serde_json::from_value(place).unwrap()
}

#[tokio::test]
async fn a_link_from_outside_opens_its_conversation() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Retrouvée.");
    let link = conversation_link(&profile, &endpoint).await;
    let window = Window::open_with(&profile, Some(&endpoint), &[&link], None).await;
    window.unlock().await;
    window.shows("Retrouvée.").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_waits_for_a_locked_window() {
    let panel = tokio::task::spawn_blocking(Panel::start).await.unwrap();
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Après le verrou.");
    let link = conversation_link(&profile, &endpoint).await;
    let bus = Some(panel.address());
    let window = Window::open_with(&profile, Some(&endpoint), &[], bus).await;
    window.find("[data-testid=passphrase]").await;
    // Another start hands the link over and ends.
    let mut other = profile.command(program("bureau-desktop"));
    other.arg(&link).env("DBUS_SESSION_BUS_ADDRESS", panel.address()).env("GDK_BACKEND", "x11");
    assert!(other.status().unwrap().success());
    window.unlock().await;
    window.shows("Après le verrou.").await;
    window.close().await;
}

/// Has a conversation in a window, closes that, and gives the link to the conversation.
async fn conversation_link(profile: &Profile, endpoint: &Endpoint) -> String {
    let window = Window::open(profile, Some(endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("Où est-elle ?").await;
    window.find("[data-role=assistant][data-state=complete]").await;
    window.close().await;
    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    format!("bureau://conversation/{}", listed[0]["conversation"].as_str().unwrap())
}

/// Waits until so many windows of the program are on the display.
async fn are_shown(display: &Display, window: &Window, count: usize) {
    let process = window.process();
    for _ in 0..300 {
        if display.windows(process).len() == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{} windows are shown, never {count}", display.windows(process).len());
}

#[tokio::test]
async fn keys_bring_up_a_quick_question_whose_answer_opens_in_a_whole_window() {
    let profile = Profile::new();
    profile.configure("[settings]\nquick_keys = \"Control+Alt+K\"\n");
    let endpoint = Endpoint::start(|_| stream_of(["Vite fait."], Duration::ZERO));
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.find("[data-testid=composer]").await;
    let display = Display::connect();
    display.press(&[CONTROL, ALT, K]);
    // A window of conversations has examples; the one for a quick question has none.
    window.turn_to(2, "main:not(:has([data-testid=example])) [data-testid=composer]").await;
    let height = async || window.client.execute("return innerHeight", vec![]).await.unwrap();
    assert!(height().await.as_u64() < Some(300), "{:?}", height().await);

    // Escape puts it away; the keys bring it back while another program has the keyboard, and what is
    // typed then is the question.
    are_shown(&display, &window, 2).await;
    window.find("[data-testid=composer]:focus").await;
    display.press(&[ESCAPE]);
    are_shown(&display, &window, 1).await;
    display.turn_away();
    display.press(&[CONTROL, ALT, K]);
    are_shown(&display, &window, 2).await;
    window.find("[data-testid=composer]:focus").await;
    display.write("Vite");
    window.holds("[data-testid=composer]", "Vite").await;
    window.click("[data-testid=send]").await;
    window.shows("Vite fait.").await;
    while height().await.as_u64() < Some(500) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    window.click("[data-testid=quick-open]").await;
    window.turn_to(3, ".workspace [data-role=assistant]").await;
    window.shows("Vite fait.").await;
    window.close().await;
}
