//! The tray, as a desktop's panel shows it: the protocol of `StatusNotifierItem`, and its menu by
//! `com.canonical.dbusmenu`, on a session bus of the test's own.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use whole_program::{Endpoint, Profile, Window, program};
use zbus::blocking::{Connection, Proxy, connection};
use zbus::zvariant::{Dict, OwnedValue, Structure, Value};

use crate::display::Display;

/// A session bus with a panel on it.
struct Panel {
    bus: Child,
    address: String,
    connection: Connection,
    items: mpsc::Receiver<String>,
}

/// What a panel offers to programs that have an icon for it.
struct Watcher(mpsc::Sender<String>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(
        &self,
        _service: &str,
        #[zbus(header)] header: zbus::message::Header<'_>,
    ) {
        let _ = self.0.send(header.sender().unwrap().to_string());
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

impl Panel {
    fn start() -> Self {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon; cargo xtask test installs it");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let (send, items) = mpsc::channel();
        let connection = connection::Builder::address(address.as_str())
            .unwrap()
            .serve_at("/StatusNotifierWatcher", Watcher(send))
            .unwrap()
            .name("org.kde.StatusNotifierWatcher")
            .unwrap()
            .build()
            .unwrap();
        Self { bus, address, connection, items }
    }

    /// The menu of the program that has registered.
    fn menu(&self) -> Menu<'_> {
        let program = self.items.recv_timeout(Duration::from_secs(30)).unwrap();
        let proxy =
            Proxy::new(&self.connection, program, "/MenuBar", "com.canonical.dbusmenu").unwrap();
        Menu(proxy)
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

struct Menu<'a>(Proxy<'a>);

impl Menu<'_> {
    fn items(&self) -> Vec<(i32, String)> {
        let (_, (_, _, items)): (u32, Item) =
            self.0.call("GetLayout", &(0, 1, vec!["label"])).unwrap();
        items.iter().filter_map(id_and_label).collect()
    }

    /// Waits for this item and clicks it.
    fn click(&self, wanted: &str) {
        for _ in 0..300 {
            if let Some((id, _)) = self.items().iter().find(|(_, label)| label == wanted) {
                let clicked: zbus::Result<()> =
                    self.0.call("Event", &(id, "clicked", Value::from(0), 0u32));
                // The item may have been put elsewhere just now.
                if clicked.is_ok() {
                    return;
                }
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("no “{wanted}” among {:?}", self.items());
    }
}

/// Its number, its properties, and the items below it.
type Item = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// Of an item as `(ia{sv}av)`; a separator has no label.
fn id_and_label(item: &OwnedValue) -> Option<(i32, String)> {
    let item = item.downcast_ref::<Structure<'_>>().unwrap();
    let [id, properties, _] = item.fields() else { panic!("no item: {item:?}") };
    let label = properties.downcast_ref::<Dict<'_, '_>>().unwrap().get(&"label").unwrap()?;
    Some((id.downcast_ref().unwrap(), label))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tray_leads_to_conversations() {
    let panel = tokio::task::spawn_blocking(Panel::start).await.unwrap();
    let profile = Profile::new();
    profile.configure("[settings]\nquick_keys = \"\"\nlanguage = \"fr\"\n");
    let endpoint = Endpoint::saying("Ordre du jour & budget");
    let window = Window::open_with(&profile, Some(&endpoint), &[], Some(&panel.address)).await;
    window.choose_a_passphrase().await;
    window.ask("Bonjour").await;
    window.shows("Ordre du jour & budget").await;

    let menu = tokio::task::block_in_place(|| panel.menu());
    tokio::task::block_in_place(|| menu.click("Nouvelle conversation"));
    window.turn_to(2, "[data-testid=example]").await;
    tokio::task::block_in_place(|| menu.click("Ordre du jour & budget"));
    window.turn_to(2, "[data-role=assistant]").await;
    tokio::task::block_in_place(|| menu.click("Question rapide"));
    window.turn_to(3, ".head h1").await;
    tokio::task::block_in_place(|| menu.click("Quitter Bureau"));
    window.ends().await;
}

/// The program on a panel, without a driver, once its window is there.
fn started(profile: &Profile, panel: &Panel) -> Child {
    let mut program = profile
        .command(program("bureau-desktop"))
        .env("DBUS_SESSION_BUS_ADDRESS", &panel.address)
        .env("GDK_BACKEND", "x11")
        .env("LANG", "en_GB.UTF-8")
        .spawn()
        .unwrap();
    let display = Display::connect();
    for _ in 0..300 {
        if display.close_windows(program.id()) > 0 {
            return program;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    program.kill().unwrap();
    program.wait().unwrap();
    panic!("the program never showed a window");
}

#[test]
fn the_program_goes_on_without_a_window_only_where_that_is_set() {
    let panel = Panel::start();
    let profile = Profile::new();
    assert_eq!(started(&profile, &panel).wait().unwrap().code(), Some(0));
    panel.menu();

    profile.configure("[settings]\nbackground = true\nlanguage = \"en\"\n");
    let mut program = started(&profile, &panel);
    let menu = panel.menu();
    std::thread::sleep(Duration::from_secs(2));
    assert!(program.try_wait().unwrap().is_none(), "it has ended");
    menu.click("Quit Bureau");
    assert_eq!(program.wait().unwrap().code(), Some(0));
}
