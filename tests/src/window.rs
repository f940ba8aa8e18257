//! A running window, driven through WebDriver: `tauri-driver` and the web view's own driver, on a
//! display of its own.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::process::started_by;
use crate::{Endpoint, PASSPHRASE, Profile, program};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

/// A running window on a profile.
pub struct Window {
    driver: Child,
    /// Which program it is.
    name: String,
    /// What drives it, for whatever has no word here.
    pub client: Client,
}

impl Window {
    /// Starts the desktop program on the profile, with the endpoint if there is one.
    pub async fn open(profile: &Profile, endpoint: Option<&Endpoint>) -> Self {
        Self::open_with(profile, endpoint, &[], None).await
    }

    /// The same with arguments, and on a session bus.
    pub async fn open_with(
        profile: &Profile,
        endpoint: Option<&Endpoint>,
        arguments: &[&str],
        bus: Option<&str>,
    ) -> Self {
        let mut driver = Self::driver(profile);
        driver.env_remove("BUREAU_PASSPHRASE_FILE");
        if let Some(endpoint) = endpoint {
            driver.env("BUREAU_ENDPOINT", endpoint.address()).env("BUREAU_MODEL", "scripted");
        }
        if let Some(bus) = bus {
            driver.env("DBUS_SESSION_BUS_ADDRESS", bus);
        }
        Self::start(driver, &program("bureau-desktop"), arguments).await
    }

    /// The command of a driver on this profile.
    pub fn driver(profile: &Profile) -> Command {
        let mut command = profile.command("tauri-driver");
        command
            .env("LANG", "en_GB.UTF-8")
            .env("LANGUAGE", "en")
            .env("GDK_BACKEND", "x11")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .stdout(Stdio::null());
        command
    }

    /// Starts a program with a window by this driver.
    pub async fn start(mut driver: Command, program: &Path, arguments: &[&str]) -> Self {
        let (port, native_port) = (free_port(), free_port());
        let driver = driver
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .spawn()
            .expect("tauri-driver; cargo xtask test installs it");
        // The web view's own driver, which tauri-driver starts, takes a moment longer.
        for port in [port, native_port] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        let application = json!({"application": program, "args": arguments});
        let capabilities = json!({"tauri:options": application});
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a window on the display; cargo xtask test starts one");
        let name = program.file_name().unwrap().to_string_lossy().into_owned();
        Self { driver, name, client }
    }

    /// The process of the program.
    pub fn process(&self) -> u32 {
        started_by(self.driver.id(), &self.name)
    }

    /// Closes it and its driver.
    pub async fn close(mut self) {
        self.client.close().await.unwrap();
        self.driver.kill().unwrap();
        self.driver.wait().unwrap();
    }

    /// Ends the program as a crash would.
    pub async fn kill(mut self) {
        let window = self.process();
        let killed =
            std::process::Command::new("kill").args(["-KILL", &window.to_string()]).status();
        assert!(killed.unwrap().success());
        // The session died with the window, so closing it fails; that is the point.
        let _ = self.client.close().await;
        let _ = self.driver.kill();
        self.driver.wait().unwrap();
    }

    /// Waits for this element.
    pub async fn find(&self, selector: &str) -> Element {
        let found = self
            .client
            .wait()
            .at_most(Duration::from_secs(30))
            .for_element(Locator::Css(selector))
            .await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("no {selector}: {error}; the page: {}", self.text().await),
        }
    }

    /// Waits for this element and clicks it, once it is to be seen.
    pub async fn click(&self, selector: &str) {
        let mut refused = None;
        for _ in 0..100 {
            match self.find(selector).await.click().await {
                Ok(()) => return,
                // It is still on its way in, or was drawn anew in between.
                Err(error) => refused = Some(error),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{selector} takes no click: {refused:?}");
    }

    /// Waits for this element and types into it.
    pub async fn write(&self, selector: &str, text: &str) {
        self.find(selector).await.send_keys(text).await.unwrap();
    }

    /// All that the page shows.
    pub async fn text(&self) -> String {
        self.client.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
    }

    /// Waits until the page shows this text.
    pub async fn shows(&self, text: &str) {
        for _ in 0..600 {
            if self.text().await.contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the page never showed “{text}”: {}", self.text().await);
    }

    /// Makes the history, as at a first start.
    pub async fn choose_a_passphrase(&self) {
        self.click("[data-testid=choose-passphrase]").await;
        self.write("[data-testid=new-passphrase]", PASSPHRASE).await;
        self.write("[data-testid=repeat-passphrase]", PASSPHRASE).await;
        self.click("[data-testid=create-vault]").await;
    }

    /// Unlocks the history that an earlier window made.
    pub async fn unlock(&self) {
        self.write("[data-testid=passphrase]", PASSPHRASE).await;
        self.click("[data-testid=unlock]").await;
        self.find("[data-testid=composer]").await;
    }

    /// Waits until the field holds this text.
    pub async fn holds(&self, selector: &str, text: &str) {
        let field = self.find(selector).await;
        for _ in 0..600 {
            if field.prop("value").await.unwrap().as_deref() == Some(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{selector} holds {:?}", field.prop("value").await);
    }

    /// Turns to the window that shows this, out of so many.
    pub async fn turn_to(&self, count: usize, selector: &str) {
        for _ in 0..300 {
            let windows = self.client.windows().await.unwrap();
            for window in windows.iter().filter(|_| windows.len() == count) {
                // One that was closed meanwhile is none of them.
                if self.client.switch_to_window(window.clone()).await.is_ok()
                    && self.client.find(Locator::Css(selector)).await.is_ok()
                {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let windows = self.client.windows().await.unwrap().len();
        panic!("{windows} windows, not {count} of which one has {selector}");
    }

    /// Whether the program has ended, given time.
    pub async fn ends(self) {
        let id = self.process();
        self.ended(id).await;
    }

    /// The same of a program that may be gone already.
    pub async fn ended(mut self, id: u32) {
        let path = format!("/proc/{id}/stat");
        let ended = || std::fs::read_to_string(&path).map_or(true, |stat| stat.contains(") Z "));
        for _ in 0..300 {
            if ended() {
                let _ = self.driver.kill();
                self.driver.wait().unwrap();
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the program goes on");
    }

    /// Asks this question.
    pub async fn ask(&self, text: &str) {
        self.write("[data-testid=composer]", text).await;
        self.click("[data-testid=send]").await;
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
