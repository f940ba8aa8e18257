//! What holds at the desk: the lock, the organisation's notice, and its markings.

use std::collections::HashMap;
use std::time::Duration;

use fantoccini::Locator;
use secrecy::SecretString;
use serde_json::{Value, json};
use vault::Vault;
use whole_program::{Endpoint, PASSPHRASE, Profile, Window, program, stream_of, workspace};
use zbus::blocking::{Connection, connection};
use zbus::zvariant::OwnedFd;

use crate::memory;
use crate::panel::Panel;

const NOTICE: &str = "[banner]\ntext = { en = \"For official use alone.\" }\n";

/// Every command that the page may call, but those that it needs to show the notice and the lock.
fn guarded() -> Vec<String> {
    let source = std::fs::read_to_string(workspace().join("src-tauri/build.rs")).unwrap();
    let gate = std::fs::read_to_string(workspace().join("src-tauri/src/commands/gate.rs")).unwrap();
    let list = |text: &str, start: &str| -> Vec<String> {
        let rest = text.split_once(start).unwrap().1.split_once("];").unwrap().0;
        rest.split('"').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let always = list(&gate, "const ALWAYS: &[&str] = &[");
    let all = list(&source, "const COMMANDS: &[&str] = &[");
    assert!(all.len() > 80 && always.len() < 12, "{all:?} {always:?}");
    all.into_iter().filter(|command| !always.contains(command)).collect()
}

/// The code that each of these commands fails with, called as a page that was taken over would.
async fn codes(window: &Window, commands: &[String]) -> HashMap<String, Value> {
    let script = "const [commands, done] = arguments
        const call = (name) => window.__TAURI_INTERNALS__.invoke(name, {})
            .then(() => [name, 'done'], (error) => [name, error?.code ?? String(error)])
        Promise.all(commands.map(call)).then((all) => done(Object.fromEntries(all)))";
    let told = window.client.execute_async(script, vec![json!(commands)]).await.unwrap();
    serde_json::from_value(told).unwrap()
}

#[tokio::test]
async fn the_notice_comes_before_anything_else_at_each_start() {
    let profile = Profile::new();
    profile.govern(NOTICE);
    let window = Window::open(&profile, None).await;
    window.find("[data-testid=notice]").await;
    window.shows("For official use alone.").await;
    for (command, code) in codes(&window, &guarded()).await {
        assert_eq!(code, "banner_not_accepted", "{command}");
    }
    window.click("[data-testid=accept-notice]").await;
    window.choose_a_passphrase().await;
    window.find("[data-testid=choose-built-in]").await;
    window.close().await;

    let window = Window::open(&profile, None).await;
    window.click("[data-testid=accept-notice]").await;
    window.find("[data-testid=passphrase]").await;
    window.close().await;
}

#[tokio::test]
async fn a_lock_leaves_nothing_behind_and_loses_nothing() {
    let profile = Profile::new();
    let pieces = std::iter::once("Arrived before the lock. ").chain(["more "; 60]);
    let pieces: Vec<_> = pieces.collect();
    let endpoint =
        Endpoint::start(move |_| stream_of(pieces.iter().copied(), Duration::from_secs(1)));
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("A question about hippopotamuses").await;
    window.shows("Arrived before the lock.").await;
    window.write("[data-testid=composer]", "A draft that goes on").await;

    let vault = Vault::at(&profile.data());
    let key = vault.unlock_with_passphrase(&SecretString::from(PASSPHRASE)).unwrap();
    let hex: String = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
    let wanted = [key.expose().to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    let before = memory::count(window.process(), &wanted);
    assert_ne!(before, Some(0), "an open history has its key in memory");

    // Ctrl+L, while the draft's last letters wait for a pause.
    window.write("[data-testid=composer]", " right to its end\u{E009}l\u{E000}").await;
    window.find("[data-testid=passphrase]").await;
    let page = window.client.source().await.unwrap();
    for word in ["hippopotamus", "Arrived", "draft that"] {
        assert!(!page.contains(word), "{word} is in {page}");
    }
    assert_eq!(window.client.title().await.unwrap(), "Bureau");
    if before.is_some() {
        assert_eq!(memory::count(window.process(), &wanted), Some(0));
    }
    let locked_out = guarded();
    let works = ["unlock", "unlock_with_keychain", "open_window", "choose_backup"];
    let works = [&works[..], &["restore_backup", "restore_last_backup"]].concat();
    let asked: Vec<_> = locked_out.into_iter().filter(|c| !works.contains(&&**c)).collect();
    for (command, code) in codes(&window, &asked).await {
        assert_eq!(code, "locked", "{command}");
    }

    window.unlock().await;
    window.find("[data-role=assistant][data-state=stopped]").await;
    window.shows("Arrived before the lock.").await;
    window.holds("[data-testid=composer]", "A draft that goes on right to its end").await;
    window.close().await;
}

/// logind, of which the program sees no more than this on a real bus.
struct Logind(std::sync::mpsc::Sender<std::os::fd::OwnedFd>);

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Logind {
    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, _process: u32) -> zbus::zvariant::OwnedObjectPath {
        "/org/freedesktop/login1/session/_31".try_into().unwrap()
    }

    fn inhibit(&self, what: &str, _who: &str, _why: &str, mode: &str) -> OwnedFd {
        assert_eq!((what, mode), ("sleep", "delay"));
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
        let _ = self.0.send(ours.into());
        OwnedFd::from(std::os::fd::OwnedFd::from(theirs))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_is_locked_with_the_session_and_before_the_machine_sleeps() {
    let panel = tokio::task::spawn_blocking(Panel::start).await.unwrap();
    let (delays, delayed) = std::sync::mpsc::channel();
    let bus: Connection = tokio::task::block_in_place(|| {
        connection::Builder::address(panel.address())
            .unwrap()
            .serve_at("/org/freedesktop/login1", Logind(delays))
            .unwrap()
            .name("org.freedesktop.login1")
            .unwrap()
            .build()
            .unwrap()
    });
    let tell = |path: &str, interface: &str, member: &str, body: Option<bool>| {
        tokio::task::block_in_place(|| match body {
            Some(body) => bus.emit_signal(None::<&str>, path, interface, member, &body).unwrap(),
            None => bus.emit_signal(None::<&str>, path, interface, member, &()).unwrap(),
        });
    };
    let profile = Profile::new();
    profile.configure("[settings]\nquick_keys = \"\"\n");
    let endpoint = Endpoint::saying("Ready.");
    let mut driver = Window::driver(&profile);
    driver
        .env_remove("BUREAU_PASSPHRASE_FILE")
        .env("BUREAU_ENDPOINT", endpoint.address())
        .env("BUREAU_MODEL", "scripted")
        .env("DBUS_SESSION_BUS_ADDRESS", panel.address())
        .env("DBUS_SYSTEM_BUS_ADDRESS", panel.address());
    let window = Window::start(driver, &program("bureau-desktop"), &[]).await;
    window.choose_a_passphrase().await;
    window.find("[data-testid=composer]").await;

    tell(
        "/org/freedesktop/ScreenSaver",
        "org.freedesktop.ScreenSaver",
        "ActiveChanged",
        Some(true),
    );
    window.unlock().await;
    let session = "/org/freedesktop/login1/session/_31";
    tell(session, "org.freedesktop.login1.Session", "Lock", None);
    window.unlock().await;

    // The machine sleeps once it is locked, and not before.
    let delay = tokio::task::block_in_place(|| delayed.recv_timeout(Duration::from_secs(30)));
    let delay = std::os::unix::net::UnixStream::from(delay.unwrap());
    let manager = "org.freedesktop.login1.Manager";
    tell("/org/freedesktop/login1", manager, "PrepareForSleep", Some(true));
    let mut rest = [0; 1];
    let ended = tokio::task::block_in_place(|| std::io::Read::read(&mut &delay, &mut rest));
    assert_eq!(ended.unwrap(), 0, "the delay is let go of");
    window.find("[data-testid=passphrase]").await;
    // Somebody else's session is none of ours.
    window.unlock().await;
    let other = "/org/freedesktop/login1/session/_32";
    tell(other, "org.freedesktop.login1.Session", "Lock", None);
    tell("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", Some(false));
    window.ask("Still open?").await;
    window.shows("Ready.").await;
    window.close().await;
}

#[tokio::test]
async fn windows_bear_the_marking_and_conversations_a_higher_one() {
    let profile = Profile::new();
    profile.govern(
        "[marking]\ndefault = \"b\"\nlevels = [\n\
         { id = \"a\", text = \"OPEN\", colour = \"#ffffff\" },\n\
         { id = \"b\", text = \"DIFFUSION RESTREINTE\", colour = \"#0033a0\" },\n\
         { id = \"c\", text = \"SECRET\", colour = \"#c8102e\" }]\n",
    );
    let endpoint = Endpoint::saying("An answer to be marked.");
    let window = Window::open(&profile, Some(&endpoint)).await;
    let band = window.find("[data-testid=marking]").await;
    assert_eq!(band.text().await.unwrap(), "DIFFUSION RESTREINTE");
    let background = window.find("[data-testid=marking-foot]").await;
    let background = background.css_value("background-color").await.unwrap();
    assert_eq!(background.replace("rgba", "rgb").replace(", 1)", ")"), "rgb(0, 51, 160)");
    window.choose_a_passphrase().await;
    window.ask("To be marked").await;
    window.shows("An answer to be marked.").await;
    let choice = window.find("[data-testid=mark]").await;
    let offered = choice.text().await.unwrap();
    assert!(offered.contains("SECRET") && !offered.contains("OPEN"), "{offered}");
    choice.select_by_value("c").await.unwrap();
    window
        .client
        .wait()
        .for_element(Locator::XPath("//*[@data-testid='marking-foot' and text()='SECRET']"))
        .await
        .unwrap();
    window.close().await;

    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    let id = listed[0]["conversation"].as_str().unwrap().to_owned();
    for format in ["markdown", "html", "json"] {
        let out = profile.root().join(format!("out.{format}"));
        let out = out.to_str().unwrap();
        profile.run(&["history", "export", &id, "--format", format, "-o", out]).ok();
        let text = std::fs::read_to_string(out).unwrap();
        assert!(text.contains("SECRET") && !text.contains("RESTREINTE"), "{format}: {text}");
    }
}

#[tokio::test]
async fn a_lock_comes_back_to_each_windows_conversation_and_says_what_it_has_ended() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("An answer.");
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    let complete = "[data-role=assistant][data-state=complete]";
    window.ask("The first conversation").await;
    window.find(complete).await;
    window.write("[data-testid=composer]", "\u{E009}\u{E00A}n\u{E000}").await;
    window.turn_to(2, "main:not(:has([data-testid=message])) [data-testid=composer]").await;
    window.ask("The second conversation").await;
    window.find(complete).await;

    // Asked about first, since a temporary conversation would end.
    window.write("[data-testid=composer]", "\u{E009}\u{E008}n\u{E000}").await;
    window.find("[data-testid=temporary][aria-pressed=true]").await;
    window.ask("Between us").await;
    window.find(complete).await;
    window.write("[data-testid=composer]", "\u{E009}l\u{E000}").await;
    window.click("[data-testid=confirm]").await;
    window.find("[data-testid=passphrase]").await;
    window.find("[data-testid=temporary-ended]").await;
    window.unlock().await;
    window.holds("[data-testid=composer]", "").await;
    window.turn_to(2, complete).await;
    window.shows("The first conversation").await;

    // With the model that was chosen for what comes next, which nobody is told before.
    let fresh = "main:not(:has([data-testid=message])) [data-testid=composer]";
    window.write("[data-testid=composer]", "\u{E009}n\u{E000}").await;
    window.find(fresh).await;
    window.click("[data-testid=model-picker]").await;
    let named = Locator::XPath("(//*[@role='menuitemradio'][contains(., 'scripted')])[last()]");
    window.client.wait().for_element(named).await.unwrap().click().await.unwrap();
    window.write("[data-testid=composer]", "\u{E009}l\u{E000}").await;
    window.find("[data-testid=passphrase]").await;
    window.unlock().await;
    window.find(fresh).await;
    window.click("[data-testid=model-picker]").await;
    let chosen = window.find("[role=menuitemradio][aria-checked=true]").await;
    assert_eq!(chosen.text().await.unwrap().trim(), "scripted");
    window.close().await;
}
