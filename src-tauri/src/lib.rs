//! The desktop shell: windows, and one thin file of commands per area. It knows Tauri, and
//! nothing else in the workspace does; what the commands do lies in `assistant`.

mod commands;
mod events;
#[cfg(test)]
mod generated;
mod instance;
mod window;

use std::sync::Arc;

use assistant::{Assistant, Config, Folders};
use conversation::Failure;
use events::Listeners;

/// The assistant, or why there is none: a configuration that cannot be used is told in the
/// window, by the first command that it calls.
pub(crate) struct Profile(Result<Arc<Assistant>, Failure>);

impl Profile {
    fn open() -> Self {
        let assistant = Folders::from_environment().map_err(Failure::from).and_then(|folders| {
            let config = Config::load(&folders.config_file())?;
            Ok(Arc::new(Assistant::new(folders, config)))
        });
        Self(assistant)
    }

    /// The assistant.
    pub(crate) fn assistant(&self) -> Result<Arc<Assistant>, Failure> {
        self.0.clone()
    }
}

/// Opens the first window and runs until the last one is closed.
///
/// # Errors
/// Where the platform's windows or web view cannot be started.
pub fn run() -> tauri::Result<()> {
    let profile = Profile::open();
    let mut builder = tauri::Builder::default();
    if let Ok(assistant) = profile.assistant() {
        builder = builder.plugin(instance::one_for(&assistant.folders().data));
    }
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(window::remembered())
        .manage(profile)
        .manage(Listeners::default())
        .invoke_handler(commands::registered().invoke_handler())
        .on_window_event(window::happened)
        .setup(|app| {
            tauri::async_runtime::spawn(events::pass_on(app.handle().clone()));
            Ok(window::open(app.handle(), None)?)
        })
        .run(tauri::generate_context!())
}
