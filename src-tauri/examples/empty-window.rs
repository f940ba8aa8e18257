//! A window of Tauri with nothing in it, which the speed bench compares Bureau's with.

use tauri::{Url, WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            let nothing = WebviewUrl::External(Url::parse("about:blank")?);
            WebviewWindowBuilder::new(app, "window-0", nothing)
                .inner_size(1100.0, 760.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
