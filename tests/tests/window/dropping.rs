//! Files dropped on the window by another program, as a file manager does it: the XDND protocol,
//! version 5 (<https://www.freedesktop.org/wiki/Specifications/XDND/>).

use std::path::PathBuf;
use std::time::{Duration, Instant};

use whole_program::Window;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::display::Display;

/// Drops these files in the middle of the window, and waits until it has taken them.
pub async fn drop_files(window: &Window, paths: Vec<PathBuf>) {
    let process = window.process();
    let dropped = tokio::task::spawn_blocking(move || {
        let target = *Display::connect().windows(process).last().expect("a window to drop on");
        Source::new(paths).drop_on(target);
    });
    dropped.await.unwrap();
}

/// What is dragged, and the window of the program that drags it.
struct Source {
    connection: RustConnection,
    root: u32,
    window: u32,
    uris: String,
}

impl Source {
    fn new(paths: Vec<PathBuf>) -> Self {
        let (connection, screen) = RustConnection::connect(None).expect("a display");
        let root = connection.setup().roots[screen].root;
        let window = connection.generate_id().unwrap();
        let aux = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        connection
            .create_window(0, window, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &aux)
            .unwrap()
            .check()
            .unwrap();
        // RFC 2483, section 5: a line for each.
        let uris = paths.iter().map(|path| format!("file://{}\r\n", path.display())).collect();
        Self { connection, root, window, uris }
    }

    fn drop_on(&self, target: u32) {
        let selection = self.atom("XdndSelection");
        self.connection.set_selection_owner(self.window, selection, 0u32).unwrap().check().unwrap();
        let list = self.atom("text/uri-list");
        self.send(target, "XdndEnter", [5 << 24, list, 0, 0]);
        let size = self.connection.get_geometry(target).unwrap().reply().unwrap();
        let middle = ((size.width / 2) as i16, (size.height / 2) as i16);
        let at = self.connection.translate_coordinates(target, self.root, middle.0, middle.1);
        let at = at.unwrap().reply().unwrap();
        let place = (at.dst_x as u32) << 16 | at.dst_y as u32;
        let copy = self.atom("XdndActionCopy");
        let begun = Instant::now();
        while !self.is_accepted(target, place, copy) {
            assert!(begun.elapsed() < Duration::from_secs(30), "the window takes no files");
        }
        // A hand stays over the window for a moment, in which that asks for what is dragged.
        self.serve_until(x11rb::NONE, Duration::from_millis(500));
        self.is_accepted(target, place, copy);
        self.send(target, "XdndDrop", [0, 0, 0, 0]);
        let finished = self.atom("XdndFinished");
        let took = self.serve_until(finished, Duration::from_secs(30));
        assert!(took.is_some(), "the window did not say that it took the files");
    }

    /// Moves over the window, and waits for what it says of it.
    fn is_accepted(&self, target: u32, place: u32, action: u32) -> bool {
        self.send(target, "XdndPosition", [0, place, 0, action]);
        let status = self.serve_until(self.atom("XdndStatus"), Duration::from_millis(500));
        status.is_some_and(|data| data[1] & 1 == 1)
    }

    /// Gives out what is dragged to who asks for it, until a message of this kind comes.
    fn serve_until(&self, kind: u32, most: Duration) -> Option<[u32; 5]> {
        let begun = Instant::now();
        while begun.elapsed() < most {
            match self.connection.poll_for_event().unwrap() {
                Some(Event::SelectionRequest(request)) => self.give(&request),
                Some(Event::ClientMessage(message)) if message.type_ == kind => {
                    return Some(message.data.as_data32());
                }
                Some(_) => {}
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
        None
    }

    fn give(&self, request: &SelectionRequestEvent) {
        let bytes = self.uris.as_bytes();
        let (requestor, property) = (request.requestor, request.property);
        self.connection
            .change_property8(PropMode::REPLACE, requestor, property, request.target, bytes)
            .unwrap()
            .check()
            .unwrap();
        let told = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor,
            selection: request.selection,
            target: request.target,
            property,
        };
        let sent = self.connection.send_event(false, requestor, EventMask::NO_EVENT, told);
        sent.unwrap().check().unwrap();
    }

    fn send(&self, target: u32, kind: &str, rest: [u32; 4]) {
        let data = [self.window, rest[0], rest[1], rest[2], rest[3]];
        let message = ClientMessageEvent::new(32, target, self.atom(kind), data);
        let sent = self.connection.send_event(false, target, EventMask::NO_EVENT, message);
        sent.unwrap().check().unwrap();
    }

    fn atom(&self, name: &str) -> u32 {
        self.connection.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }
}
