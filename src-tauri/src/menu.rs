//! The menu bar, on the platform that has one for every program. The others' conventions want none
//! for a program like this.

use tauri::menu::{Menu, MenuItem, PredefinedMenuItem as Item, Submenu};
use tauri::{AppHandle, Manager, Wry};

use crate::{Profile, text};

/// The keys of its words in the catalogues.
#[cfg(test)]
pub(crate) const WORDS: &[&str] = &[
    "menu_about",
    "menu_hide",
    "menu_hide_others",
    "menu_show_all",
    "menu_quit",
    "menu_edit",
    "menu_undo",
    "menu_redo",
    "menu_cut",
    "menu_copy",
    "menu_paste",
    "menu_select_all",
    "menu_window",
    "menu_minimize",
    "menu_zoom",
    "menu_full_screen",
    "menu_close",
];

/// Puts it up, or again once another language was set.
pub(crate) fn refresh(app: &AppHandle) {
    if cfg!(target_os = "macos")
        && let Ok(menu) = menu(app)
    {
        // A menu that the system refuses leaves the one before.
        let _ = app.set_menu(menu);
    }
}

fn menu(app: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let assistant = app.state::<Profile>().assistant();
    let language = assistant.ok().and_then(|assistant| assistant.settings().language.clone());
    let word = |key| text::of(language.as_deref(), key);
    let separator = Item::separator(app)?;
    let bureau = Submenu::with_items(
        app,
        "Bureau",
        true,
        &[
            &Item::about(app, Some(&word("menu_about")), None)?,
            &separator,
            &Item::hide(app, Some(&word("menu_hide")))?,
            &Item::hide_others(app, Some(&word("menu_hide_others")))?,
            &Item::show_all(app, Some(&word("menu_show_all")))?,
            &separator,
            // Chosen, it is heard as the tray's is; so is the last one.
            &MenuItem::with_id(app, "lock", word("lock_now"), true, Some("CmdOrCtrl+L"))?,
            &separator,
            &MenuItem::with_id(app, "quit", word("menu_quit"), true, Some("CmdOrCtrl+Q"))?,
        ],
    )?;
    let edit = Submenu::with_items(
        app,
        word("menu_edit"),
        true,
        &[
            &Item::undo(app, Some(&word("menu_undo")))?,
            &Item::redo(app, Some(&word("menu_redo")))?,
            &separator,
            &Item::cut(app, Some(&word("menu_cut")))?,
            &Item::copy(app, Some(&word("menu_copy")))?,
            &Item::paste(app, Some(&word("menu_paste")))?,
            &Item::select_all(app, Some(&word("menu_select_all")))?,
        ],
    )?;
    let window = Submenu::with_items(
        app,
        word("menu_window"),
        true,
        &[
            &Item::minimize(app, Some(&word("menu_minimize")))?,
            &Item::maximize(app, Some(&word("menu_zoom")))?,
            &Item::fullscreen(app, Some(&word("menu_full_screen")))?,
            &separator,
            &Item::close_window(app, Some(&word("menu_close")))?,
        ],
    )?;
    Menu::with_items(app, &[&bureau, &edit, &window])
}
