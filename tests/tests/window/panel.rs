//! A desktop's panel on a session bus of the test's own: icons by the protocol of
//! `StatusNotifierItem`, menus by `com.canonical.dbusmenu`, and notifications.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use zbus::blocking::{Connection, Proxy, connection};
use zbus::zvariant::{Dict, OwnedValue, Structure, Value};

/// A session bus with a panel on it.
pub struct Panel {
    bus: Child,
    address: String,
    connection: Connection,
    items: mpsc::Receiver<String>,
    notifications: mpsc::Receiver<String>,
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

/// Who shows notifications (Desktop Notifications Specification).
struct Notifications(mpsc::Sender<String>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    #[expect(clippy::too_many_arguments, reason = "the specification has them")]
    fn notify(
        &self,
        _program: &str,
        _replaces: u32,
        _icon: &str,
        summary: &str,
        body: &str,
        _actions: Vec<&str>,
        _hints: HashMap<&str, Value<'_>>,
        _patience: i32,
    ) -> u32 {
        let _ = self.0.send(format!("{summary}: {body}"));
        1
    }
}

impl Panel {
    pub fn start() -> Self {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon; cargo xtask test installs it");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let (send, items) = mpsc::channel();
        let (show, notifications) = mpsc::channel();
        let connection = connection::Builder::address(address.as_str())
            .unwrap()
            .serve_at("/StatusNotifierWatcher", Watcher(send))
            .unwrap()
            .serve_at("/org/freedesktop/Notifications", Notifications(show))
            .unwrap()
            .name("org.freedesktop.Notifications")
            .unwrap()
            .name("org.kde.StatusNotifierWatcher")
            .unwrap()
            .build()
            .unwrap();
        Self { bus, address, connection, items, notifications }
    }

    /// The address of the bus.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The next notification.
    pub fn notified(&self) -> String {
        self.notifications.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    /// The menu of the program that has registered.
    pub fn menu(&self) -> Menu<'_> {
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

/// The menu of a program's icon.
pub struct Menu<'a>(Proxy<'a>);

impl Menu<'_> {
    fn items(&self) -> Vec<(i32, String)> {
        let (_, (_, _, items)): (u32, Item) =
            self.0.call("GetLayout", &(0, 1, vec!["label"])).unwrap();
        items.iter().filter_map(id_and_label).collect()
    }

    /// Waits for this item and clicks it.
    pub fn click(&self, wanted: &str) {
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
