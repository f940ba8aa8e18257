//! The display itself: its keyboard, which whatever program hears, and the windows on it.

use std::path::Path;
use std::time::Duration;

use whole_program::Window;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ClientMessageEvent, ConfigureWindowAux,
    ConnectionExt as _, CreateWindowAux, EventMask, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT,
    MOTION_NOTIFY_EVENT, MapState, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

/// Keys by what X11 calls them (`keysymdef.h`).
pub const CONTROL: u32 = 0xffe3;
pub const ALT: u32 = 0xffe9;
pub const K: u32 = 0x006b;
pub const SHIFT: u32 = 0xffe1;
pub const RETURN: u32 = 0xff0d;
pub const TAB: u32 = 0xff09;
pub const ESCAPE: u32 = 0xff1b;
pub const DOWN: u32 = 0xff54;

/// How many places the mouse passes on its way.
const STEPS: i16 = 30;

/// A connection to the display.
pub struct Display {
    connection: RustConnection,
    root: u32,
}

impl Display {
    pub fn connect() -> Self {
        let (connection, screen) = RustConnection::connect(None).expect("a display");
        let root = connection.setup().roots[screen].root;
        Self { connection, root }
    }

    /// Presses these keys together and lets go of them.
    pub fn press(&self, keys: &[u32]) {
        let codes: Vec<_> = keys.iter().map(|&key| self.code(key)).collect();
        let fake = |kind, code| {
            let sent = self.connection.xtest_fake_input(kind, code, 0, x11rb::NONE, 0, 0, 0);
            sent.unwrap().check().unwrap();
        };
        codes.iter().for_each(|&code| fake(KEY_PRESS_EVENT, code));
        codes.iter().rev().for_each(|&code| fake(KEY_RELEASE_EVENT, code));
    }

    /// Drags from one place of the screen to another, as slowly as a hand.
    pub fn drag(&self, from: (i16, i16), to: (i16, i16)) {
        let fake = |kind, detail, (x, y)| {
            let sent = self.connection.xtest_fake_input(kind, detail, 0, self.root, x, y, 0);
            sent.unwrap().check().unwrap();
            std::thread::sleep(Duration::from_millis(40));
        };
        fake(MOTION_NOTIFY_EVENT, 0, from);
        fake(BUTTON_PRESS_EVENT, 1, from);
        for step in 1..=STEPS {
            let between = |from: i16, to: i16| from + (to - from) / STEPS * step;
            fake(MOTION_NOTIFY_EVENT, 0, (between(from.0, to.0), between(from.1, to.1)));
        }
        fake(BUTTON_RELEASE_EVENT, 1, to);
    }

    /// Waits for the system's own dialog over a window of this process, types the path of a file
    /// into it, and waits until it has taken that.
    pub fn choose_file(&self, process: u32, path: &Path) {
        let dialog = loop {
            // The newest one lies on top.
            match self.windows(process)[..] {
                [_, .., dialog] => break dialog,
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        };
        self.turn_to(dialog);
        std::thread::sleep(Duration::from_millis(500));
        // A dialog that was still drawing itself may have missed a letter: then it takes no such
        // file, and is told again.
        while self.windows(process).contains(&dialog) {
            // All of the name that is there, not only what stands before its point.
            self.press(&[CONTROL, u32::from('a')]);
            self.write(path.to_str().unwrap());
            std::thread::sleep(Duration::from_millis(500));
            for _ in 0..4 {
                if self.windows(process).contains(&dialog) {
                    self.press(&[RETURN]);
                    std::thread::sleep(Duration::from_millis(500));
                }
            }
        }
    }

    /// Gives the keyboard to a window: there is no window manager that would.
    pub fn turn_to(&self, window: u32) {
        let focus =
            self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME);
        focus.unwrap().check().unwrap();
    }

    /// Gives the keyboard to another program, whose window this is.
    pub fn turn_away(&self) {
        let window = self.own_window(WindowClass::INPUT_OUTPUT);
        self.connection.map_window(window).unwrap().check().unwrap();
        self.turn_to(window);
    }

    /// Makes a window as large as this, as a window manager does.
    pub fn resize(&self, window: u32, width: u32, height: u32) {
        let size = ConfigureWindowAux::new().width(width).height(height);
        self.connection.configure_window(window, &size).unwrap().check().unwrap();
    }

    /// What a program that pastes gets in this form; `None` where it is not offered so (ICCCM,
    /// section 2.4).
    pub fn clipboard(&self, form: &str) -> Option<String> {
        let window = self.own_window(WindowClass::INPUT_ONLY);
        let [selection, form, property] = ["CLIPBOARD", form, "PASTED"].map(|name| self.atom(name));
        let now = x11rb::CURRENT_TIME;
        self.connection
            .convert_selection(window, selection, form, property, now)
            .unwrap()
            .check()
            .unwrap();
        let given = loop {
            if let Event::SelectionNotify(given) = self.connection.wait_for_event().unwrap() {
                break given.property;
            }
        };
        if given == x11rb::NONE {
            return None;
        }
        let kind = AtomEnum::ANY;
        let value = self.connection.get_property(true, window, given, kind, 0, u32::MAX).unwrap();
        Some(String::from_utf8(value.reply().unwrap().value).unwrap())
    }

    /// A window of the test's own, at the corner of the screen.
    fn own_window(&self, class: WindowClass) -> u32 {
        let window = self.connection.generate_id().unwrap();
        let aux = CreateWindowAux::new();
        self.connection
            .create_window(0, window, self.root, 0, 0, 1, 1, 0, class, 0, &aux)
            .unwrap()
            .check()
            .unwrap();
        window
    }

    /// Presses the key of a letter.
    pub fn letter(&self, letter: char) {
        let key = u32::from(letter);
        if self.place(key).1 == 1 { self.press(&[SHIFT, key]) } else { self.press(&[key]) }
    }

    /// Types a text.
    pub fn write(&self, text: &str) {
        for (at, letter) in text.chars().enumerate() {
            self.letter(letter);
            // The first one opens the line that takes the others.
            std::thread::sleep(Duration::from_millis(if at == 0 { 300 } else { 20 }));
        }
    }

    fn code(&self, key: u32) -> u8 {
        self.place(key).0
    }

    /// Where a key lies: which one it is, and among how many signs of it.
    fn place(&self, key: u32) -> (u8, usize) {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let map = self.connection.get_keyboard_mapping(first, last - first + 1).unwrap();
        let map = map.reply().unwrap();
        let row = usize::from(map.keysyms_per_keycode);
        let place = map.keysyms.iter().position(|&sign| sign == key).unwrap();
        (first + u8::try_from(place / row).unwrap(), place % row)
    }

    /// Closes the windows of a process that are shown, as a window manager does (ICCCM, section 4.2.8.1), and says
    /// how many it had.
    pub fn close_windows(&self, process: u32) -> usize {
        let [protocols, delete] = ["WM_PROTOCOLS", "WM_DELETE_WINDOW"].map(|name| self.atom(name));
        let own = self.windows(process);
        for &window in &own {
            let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
            let sent = self.connection.send_event(false, window, EventMask::NO_EVENT, message);
            sent.unwrap().check().unwrap();
        }
        own.len()
    }

    /// The windows of a process that are shown and can be closed, the topmost last.
    pub fn windows(&self, process: u32) -> Vec<u32> {
        let [protocols, delete, pid] =
            ["WM_PROTOCOLS", "WM_DELETE_WINDOW", "_NET_WM_PID"].map(|name| self.atom(name));
        let all = self.connection.query_tree(self.root).unwrap().reply().unwrap().children;
        let number = |window, name, kind: u32| {
            let value = self.connection.get_property(false, window, name, kind, 0, 32).unwrap();
            // A window that is gone by now is none of its.
            let value = value.reply().ok()?;
            value.value32().map(|values| values.collect::<Vec<_>>())
        };
        all.into_iter()
            .filter(|&window| {
                let attributes = self.connection.get_window_attributes(window).unwrap().reply();
                let size = self.connection.get_geometry(window).unwrap().reply();
                // GTK holds what is dragged or chosen from in a window of one pixel beside the screen.
                let shown = attributes.is_ok_and(|a| a.map_state == MapState::VIEWABLE)
                    && size.is_ok_and(|size| size.width > 1);
                let owner = number(window, pid, AtomEnum::CARDINAL.into());
                let closes = number(window, protocols, AtomEnum::ATOM.into());
                shown && owner == Some(vec![process]) && closes.is_some_and(|c| c.contains(&delete))
            })
            .collect()
    }

    fn atom(&self, name: &str) -> u32 {
        self.connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }
}

/// Types a path into the dialog of the system that is open over the window.
pub async fn choose_file(window: &Window, path: &Path) {
    let (process, path) = (window.process(), path.to_owned());
    let chosen = tokio::task::spawn_blocking(move || {
        Display::connect().choose_file(process, &path);
    });
    chosen.await.unwrap();
}
