//! The tray: what a desktop's panel shows of the program.

use std::process::Child;
use std::time::Duration;

use whole_program::{Endpoint, Profile, Window, program, stream_of};

use crate::display::Display;
use crate::panel::Panel;

#[tokio::test(flavor = "multi_thread")]
async fn the_tray_leads_to_conversations() {
    let panel = tokio::task::spawn_blocking(Panel::start).await.unwrap();
    let profile = Profile::new();
    profile.configure("[settings]\nquick_keys = \"\"\nlanguage = \"fr\"\n");
    let endpoint = Endpoint::saying("Ordre du jour & budget");
    let window = Window::open_with(&profile, Some(&endpoint), &[], Some(panel.address())).await;
    window.choose_a_passphrase().await;
    window.ask("Bonjour").await;
    window.shows("Ordre du jour & budget").await;

    let menu = tokio::task::block_in_place(|| panel.menu());
    // What is shown in the only window is left, to be had back from the tray.
    window.click("[data-testid=new-conversation]").await;
    window.find("[data-testid=example]").await;
    tokio::task::block_in_place(|| menu.click("Ordre du jour & budget"));
    window.find("[data-role=assistant]").await;
    tokio::task::block_in_place(|| menu.click("Nouvelle conversation"));
    window.turn_to(2, "[data-testid=example]").await;
    tokio::task::block_in_place(|| menu.click("Question rapide"));
    window.turn_to(3, ".head h1").await;
    tokio::task::block_in_place(|| menu.click("Quitter Bureau"));
    window.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_answer_is_told_while_the_person_looks_elsewhere() {
    let panel = tokio::task::spawn_blocking(Panel::start).await.unwrap();
    let profile = Profile::new();
    profile.configure("[settings]\nlanguage = \"fr\"\nmodel_titles = false\n");
    // Longer than ten seconds, below which nobody has gone elsewhere.
    let endpoint =
        Endpoint::start(|_| stream_of(std::iter::repeat_n("lent ", 12), Duration::from_secs(1)));
    let window = Window::open_with(&profile, Some(&endpoint), &[], Some(panel.address())).await;
    window.choose_a_passphrase().await;
    window.ask("Quelque chose de secret").await;
    window.shows("lent").await;
    let menu = tokio::task::block_in_place(|| panel.menu());
    tokio::task::block_in_place(|| menu.click("Question rapide"));
    let told = tokio::task::block_in_place(|| panel.notified());
    assert_eq!(told, "Bureau: Une réponse est prête.");
    window.close().await;
}

/// The program on a panel, without a driver, once its window was there and is closed.
fn closed(profile: &Profile, panel: &Panel) -> Running {
    let program = profile
        .command(program("bureau-desktop"))
        .env("DBUS_SESSION_BUS_ADDRESS", panel.address())
        .env("GDK_BACKEND", "x11")
        .env("LANG", "en_GB.UTF-8")
        .spawn()
        .unwrap();
    let program = Running(program);
    let (display, id) = (Display::connect(), program.0.id());
    wait_until("a window", || display.close_windows(id) > 0);
    wait_until("no window", || display.close_windows(id) == 0);
    program
}

/// A program that does not outlive its test.
struct Running(Child);

impl Running {
    fn ended_well(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some_and(|status| status.success())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_until(what: &str, mut happens: impl FnMut() -> bool) {
    for _ in 0..300 {
        if happens() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} never came");
}

#[test]
fn the_program_goes_on_without_a_window_only_where_that_is_set() {
    let panel = Panel::start();
    let profile = Profile::new();
    let mut program = closed(&profile, &panel);
    wait_until("its end", || program.ended_well());
    panel.menu();

    profile.configure("[settings]\nbackground = true\nlanguage = \"en\"\n");
    let mut program = closed(&profile, &panel);
    let menu = panel.menu();
    std::thread::sleep(Duration::from_secs(1));
    assert!(program.0.try_wait().unwrap().is_none(), "it has ended");
    menu.click("Quit Bureau");
    wait_until("its end", || program.ended_well());
}
