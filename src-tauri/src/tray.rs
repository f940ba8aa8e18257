//! The tray: the last conversations, a new one, a quick question, and the way out.

use std::sync::Mutex;

use assistant::Access;
use conversation::Conversation;
use tauri::menu::{Menu, MenuBuilder, MenuItemBuilder};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::leaving::{self, Leaving};
use crate::request::Request;
use crate::{Profile, text};

const ID: &str = "bureau";
/// The most conversations that are listed.
const MOST: usize = 6;
/// The most characters of a title there.
const LENGTH: usize = 40;

/// Puts the program into the tray. A system that has none does without.
pub(crate) fn begin(app: &AppHandle) {
    let tray = menu(app, &[]).and_then(|menu| {
        let icon = app.default_window_icon().cloned();
        let mut tray = TrayIconBuilder::with_id(ID)
            .tooltip("Bureau")
            .menu(&menu)
            .show_menu_on_left_click(false)
            .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
            .on_tray_icon_event(|tray, event| {
                if let TrayIconEvent::Click {
                    button: MouseButton::Left,
                    button_state: MouseButtonState::Up,
                    ..
                } = event
                {
                    Request::Show.serve(tray.app_handle());
                }
            });
        if let Some(icon) = icon {
            tray = tray.icon(icon);
        }
        tray.build(app)
    });
    if tray.is_ok() {
        refresh(app);
    }
}

/// Whether the program can be reached there.
pub(crate) fn is_there(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some()
}

/// Lists the conversations as they are now, and in the language that is set.
pub(crate) fn refresh(app: &AppHandle) {
    /// Held from reading them until they are shown, so that what is shown last is true.
    static TURN: Mutex<()> = Mutex::new(());
    if !is_there(app) {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn_blocking(move || {
        let _turn = TURN.lock();
        // While the history is locked there are none to list.
        let assistant = app.state::<Profile>().assistant();
        let recent = assistant.and_then(|a| a.recent_conversations(MOST)).unwrap_or_default();
        if let (Some(tray), Ok(menu)) = (app.tray_by_id(ID), menu(&app, &recent)) {
            // A tray that is gone needs no menu.
            let _ = tray.set_menu(Some(menu));
        }
    });
}

fn menu(app: &AppHandle, recent: &[Conversation]) -> tauri::Result<Menu<Wry>> {
    let language = app.state::<Profile>().assistant().ok().and_then(|a| a.settings().language);
    let said = |key| text::of(language.as_deref(), key);
    let mut menu = MenuBuilder::new(app)
        .text("new", said("conversation_new"))
        .text("quick", said("tray_quick"))
        .separator();
    for conversation in recent {
        let title = match conversation.title.as_str() {
            "" => said("conversation_untitled"),
            title => shortened(title),
        };
        let item = MenuItemBuilder::with_id(conversation.id.to_string(), title).build(app)?;
        menu = menu.item(&item);
    }
    if !recent.is_empty() {
        menu = menu.separator();
    }
    let assistant = app.state::<Profile>().assistant();
    if assistant.is_ok_and(|assistant| matches!(assistant.access(), Ok(Access::Open))) {
        menu = menu.text("lock", said("lock_now"));
    }
    menu.text("quit", said("tray_quit")).build()
}

/// What a menu has room for, where `&` marks the key that chooses an item.
fn shortened(title: &str) -> String {
    let mut shown: String = title.chars().take(LENGTH).collect();
    if title.chars().count() > LENGTH {
        shown.push('…');
    }
    shown.replace('&', "&&")
}

fn chosen(app: &AppHandle, item: &str) {
    match item {
        "new" => Request::New.serve(app),
        "quick" => Request::Quick.serve(app),
        "lock" => leaving::begin(app, Leaving::Lock),
        "quit" => leaving::begin(app, Leaving::Quit),
        conversation => {
            if let Ok(id) = conversation.parse() {
                Request::Open(id).serve(app);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_fits_and_marks_no_key() {
        assert_eq!(shortened("Terms & conditions"), "Terms && conditions");
        assert_eq!(shortened(&"é".repeat(41)), format!("{}…", "é".repeat(40)));
    }
}
