//! A person at the display's own keyboard, without a mouse.

use std::time::Duration;

use serde_json::{Value, json};
use whole_program::Window;

use crate::display::{CONTROL, DOWN, Display, ESCAPE, RETURN, SHIFT, TAB};

/// What looks on in the page.
const ROUND: &str = include_str!("round.js");
/// What lies over the page, or is open in it, and takes Escape.
const OPEN: &str = "dialog[open], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]";

/// So many places are gone back as well: the way is the same, and so is what one would see.
const BACK: u64 = 8;

/// Both hands, and what they met with that nobody should.
pub struct Hands<'a> {
    window: &'a Window,
    display: Display,
    faults: Vec<String>,
}

impl<'a> Hands<'a> {
    pub async fn on(window: &'a Window) -> Self {
        let display = Display::connect();
        let own = loop {
            match display.windows(window.process()).last() {
                Some(&own) => break own,
                None => pause().await,
            }
        };
        display.turn_to(own);
        Self { window, display, faults: Vec::new() }
    }

    /// Everything that was wrong on the way, each with its screen.
    pub fn faults(self) -> Vec<String> {
        self.faults
    }

    async fn asks(&self, script: &str) -> Value {
        // A page that was loaded anew, as a lock does, is looked at anew.
        let script = format!("if (!window.round) {{ {ROUND} }}\n{script}");
        self.window.client.execute(&script, vec![]).await.unwrap()
    }

    /// Waits until the page says so.
    async fn until(&self, what: &str, script: &str) {
        for _ in 0..200 {
            if self.asks(&format!("return Boolean({script})")).await == json!(true) {
                return;
            }
            pause().await;
        }
        let at = self.asks("return document.activeElement.outerHTML.slice(0, 200)").await;
        let (page, faults) = (self.window.text().await, self.faults.join("\n"));
        panic!("{what}: never {script}; the focus is at {at}: {page}\n{faults}");
    }

    /// Waits until this is shown.
    pub async fn see(&self, selector: &str) {
        self.until("it is not shown", &format!("document.querySelector({})", json!(selector)))
            .await;
    }

    pub async fn command(&self, letter: char) {
        self.display.press(&[CONTROL, u32::from(letter)]);
        pause().await;
    }

    pub async fn shifted_command(&self, letter: char) {
        self.display.press(&[CONTROL, SHIFT, u32::from(letter)]);
        pause().await;
    }

    pub fn enter(&self) {
        self.display.press(&[RETURN]);
    }

    /// Types where the focus is, and waits until that is written.
    pub async fn write(&self, text: &str) {
        text.chars().for_each(|letter| self.display.letter(letter));
        let end = json!(text);
        self.until("it is not written", &format!("document.activeElement.value?.endsWith({end})"))
            .await;
    }

    /// Goes on by Tab to this, which then has the focus.
    pub async fn go_to(&self, selector: &str) {
        self.see(selector).await;
        let there = format!("return document.activeElement.matches({})", json!(selector));
        let away = format!("return round.away({})", json!(selector));
        // What comes in between, and the window's own place, are passed as well.
        for _ in 0..30 {
            if self.asks(&there).await == json!(true) {
                return;
            }
            let places = self.asks(&away).await.as_u64().unwrap();
            self.tab(places, false).await;
        }
        let (page, faults) = (self.window.text().await, self.faults.join("\n"));
        panic!("Tab never comes to {selector}: {page}\n{faults}");
    }

    /// Goes down in what is open to this, which then has the focus.
    pub async fn down_to(&self, selector: &str) {
        let there = format!("return document.activeElement.matches({})", json!(selector));
        for _ in 0..30 {
            if self.asks(&there).await == json!(true) {
                return;
            }
            self.hear(1, &[DOWN]).await;
        }
        panic!("no way down to {selector}");
    }

    /// Goes there, and presses it.
    pub async fn press(&self, selector: &str) {
        self.go_to(selector).await;
        self.enter();
    }

    /// Does what the palette calls so.
    pub async fn choose(&self, title: &str) {
        self.command('k').await;
        self.see("[data-testid=palette-query]:focus").await;
        // No keyboard has the sign.
        self.write(title.trim_end_matches('…')).await;
        let first = format!(
            "document.querySelector('[data-testid=palette-row]')?.textContent.includes({})",
            json!(title)
        );
        self.until("the palette has no such command", &first).await;
        self.enter();
        self.until("the palette stays", "!document.querySelector('[data-testid=palette]')").await;
    }

    /// Escape closes what is open, and the focus is where it was before that was opened.
    pub async fn leave(&mut self, screen: &str, selector: &str, home: &str) {
        self.display.press(&[ESCAPE]);
        let gone = format!("!document.querySelector({})", json!(selector));
        self.until(&format!("Escape does not leave {screen}"), &gone).await;
        let back = format!("return document.activeElement.matches({})", json!(home));
        for _ in 0..20 {
            if self.asks(&back).await == json!(true) {
                return;
            }
            pause().await;
        }
        let at = self.asks("return document.activeElement.outerHTML.slice(0, 120)").await;
        self.faults.push(format!("{screen}: the focus does not come home to {home}, but to {at}"));
    }

    /// Presses Tab so often, and waits until the page has heard all of it.
    async fn tab(&self, count: u64, back: bool) {
        self.hear(count, if back { &[SHIFT, TAB] } else { &[TAB] }).await;
    }

    async fn hear(&self, count: u64, keys: &[u32]) {
        for _ in 0..count {
            self.display.press(keys);
        }
        // Past its last place the page leaves the focus to the window, which hears keys in its place
        // until one more Tab brings it back.
        for _ in 0..5 {
            if self.is_heard().await {
                return;
            }
            self.display.press(keys);
        }
        panic!("the page hears no key: {}\n{}", self.window.text().await, self.faults.join("\n"));
    }

    /// Whether the page hears keys, and so has heard all that came before.
    async fn is_heard(&self) -> bool {
        self.asks("round.hears = false").await;
        self.display.press(&[CONTROL]);
        for _ in 0..25 {
            if self.asks("return round.hears").await == json!(true) {
                return true;
            }
            pause().await;
        }
        false
    }

    /// Goes round the screen by Tab, and back by Shift+Tab.
    pub async fn round(&mut self, screen: &str) {
        // What has the focus at first may be none of its places.
        self.tab(1, false).await;
        let places = self.asks("return round.begin(false)").await.as_u64().unwrap();
        assert!(places > 0, "{screen} has nothing to press");
        // Past the last one the focus may leave the page once before it comes to the first again.
        self.tab(places + 3, false).await;
        let told = self.asks("round.there = round.stops; return round.end()").await;
        self.tell(screen, &told);
        self.asks("round.begin(false)").await;
        self.tab(places.min(BACK), true).await;
        let told = self.asks("return round.back(round.there)").await;
        self.tell(screen, &told);
    }

    /// Goes through what is open by the arrow that leads down.
    pub async fn list(&mut self, screen: &str) {
        self.see(OPEN).await;
        let places = self.asks("return round.begin(true)").await.as_u64().unwrap();
        assert!(places > 0, "{screen} has nothing to choose");
        self.hear(places + 1, &[DOWN]).await;
        let told = self.asks("return round.end()").await;
        self.tell(screen, &told);
    }

    fn tell(&mut self, screen: &str, told: &Value) {
        let told = told.as_array().unwrap().iter().map(|fault| fault.as_str().unwrap());
        self.faults.extend(told.map(|fault| format!("{screen}: {fault}")));
    }
}

async fn pause() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}
