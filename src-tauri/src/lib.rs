//! The desktop shell: windows, and one thin file of commands per area. It knows Tauri, and
//! nothing else in the workspace does; what the commands do lies in `assistant`.

mod clipboard;
mod commands;
mod dialogs;
mod drag;
mod events;
#[cfg(test)]
mod generated;
mod installation;
mod instance;
mod leaving;
mod lock;
mod menu;
mod quick;
mod request;
mod session;
mod text;
mod tray;
mod window;

use std::sync::Arc;
use std::time::Duration;

use assistant::{Assistant, Config, Folders};
use conversation::Failure;
use drag::Dragged;
use events::{Happening, Listeners};
use lock::HandingOver;
use quick::Listening;
use request::Request;
use tauri::{AppHandle, Manager, RunEvent};
use tauri_plugin_deep_link::DeepLinkExt;

/// The assistant, or why there is none: a configuration that cannot be used is told in the
/// window, by the first command that it calls.
pub(crate) struct Profile(Result<Arc<Assistant>, Failure>);

impl Profile {
    fn open() -> Self {
        let assistant = Folders::from_environment().map_err(Failure::from).and_then(|folders| {
            let config = Config::load(&folders.config_file())?;
            let assistant = Assistant::new(folders, config).installed_from(installation::bundle());
            Ok(Arc::new(assistant.under_the_policy_of_this_machine()?))
        });
        Self(assistant)
    }

    /// The assistant.
    pub(crate) fn assistant(&self) -> Result<Arc<Assistant>, Failure> {
        self.0.clone()
    }
}

/// Opens the first window and runs until the last one is closed, or, where that is set, until the
/// person quits.
///
/// # Errors
/// Where the platform's windows or web view cannot be started.
pub fn run() -> tauri::Result<()> {
    let profile = Profile::open();
    let mut builder = tauri::Builder::default();
    if let Ok(assistant) = profile.assistant() {
        builder = builder.plugin(instance::one_for(&assistant.disk_folders().data));
    }
    builder
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .plugin(quick::keys())
        .plugin(window::remembered())
        .manage(profile)
        .manage(Listeners::default())
        .manage(Listening::default())
        .manage(Dragged::default())
        .manage(HandingOver::default())
        .manage(commands::Importing::default())
        .manage(commands::Translations::default())
        .manage(commands::Chosen::default())
        .manage(commands::Folder::default())
        .invoke_handler(commands::guarded(commands::registered().invoke_handler()))
        .on_window_event(window::happened)
        .setup(|app| Ok(begin(app.handle())?))
        .build(tauri::generate_context!())?
        .run(|app, event| match event {
            RunEvent::ExitRequested { code: None, api, .. } if window::stays(app) => {
                api.prevent_exit();
            }
            RunEvent::Exit => {
                app.state::<Dragged>().clear();
                if let Ok(assistant) = app.state::<Profile>().assistant() {
                    // The system's voice would go on without us.
                    assistant.stop_reading_aloud();
                }
            }
            #[cfg(target_os = "macos")]
            RunEvent::Reopen { has_visible_windows: false, .. } => Request::Show.serve(app),
            _ => {}
        });
    Ok(())
}

/// Erases what is kept no longer, and makes backups that are due.
async fn keep(app: AppHandle) {
    loop {
        tokio::time::sleep(Duration::from_secs(5 * 60)).await;
        if let Ok(assistant) = app.state::<Profile>().assistant() {
            assistant.refresh_policy_if_due().await;
            assistant.look_for_update_if_due().await;
            let keep = move || {
                // A history that is locked now is looked at again; why a backup could not be made
                // is told with how backups stand.
                let _ = assistant.erase_what_is_due();
                let _ = assistant.back_up_if_due();
                let _ = assistant.checkpoint_audit();
            };
            let _ = tauri::async_runtime::spawn_blocking(keep).await;
        }
    }
}

fn begin(app: &AppHandle) -> tauri::Result<()> {
    if let Ok(assistant) = app.state::<Profile>().assistant() {
        // While the web view starts, the key is derived. What is wrong, the first command tells.
        let opening = assistant.clone();
        std::thread::spawn(move || drop(opening.open_existing()));
        window::wear(app, assistant.settings().theme);
    }
    // Some platforms hand a link over by other ways than an argument.
    let link =
        app.deep_link().get_current().ok().flatten().and_then(|links| links.first().cloned());
    let asked = link.map_or_else(
        || Request::of_arguments(std::env::args().skip(1)),
        |link| Request::of_link(&link),
    );
    let told = match asked {
        Request::Open(conversation) => Some(Happening::open(conversation)),
        Request::Show | Request::New | Request::Quick => None,
    };
    // First of all, since the web view takes longest.
    window::open(app, told)?;
    tauri::async_runtime::spawn(events::pass_on(app.clone()));
    tauri::async_runtime::spawn(keep(app.clone()));
    tauri::async_runtime::spawn(lock::when_idle(app.clone()));
    session::watch(app);
    if let Ok(assistant) = app.state::<Profile>().assistant() {
        let synced = assistant.clone();
        tauri::async_runtime::spawn(async move { synced.keep_synced().await });
        tauri::async_runtime::spawn(async move {
            assistant.refresh_policy_if_due().await;
            assistant.look_for_update_if_due().await;
        });
    }
    let links = app.clone();
    app.deep_link().on_open_url(move |event| {
        for link in event.urls() {
            Request::of_link(&link).serve(&links);
        }
    });
    drag::sweep();
    menu::refresh(app);
    tray::begin(app);
    if let Ok(assistant) = app.state::<Profile>().assistant() {
        quick::begin(app, &assistant.settings().quick_keys);
    }
    Ok(())
}
