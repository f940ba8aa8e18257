//! An image on the clipboard, where the web view does not hand it to its page: WebKitGTK tells of a
//! paste, and of nothing that is pasted.

use tauri::WebviewWindow;

/// The image that lies on the clipboard, as a PNG; none where there is none, or where the web view
/// hands images over itself.
#[cfg(target_os = "linux")]
pub(crate) async fn image(window: &WebviewWindow) -> Option<Vec<u8>> {
    let (found, image) = tokio::sync::oneshot::channel();
    let asked = window.run_on_main_thread(move || {
        let clipboard = gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD);
        clipboard.request_image(move |_, image| {
            let png = image.and_then(|image| image.save_to_bufferv("png", &[]).ok());
            // Nobody waits any more where the window was closed.
            let _ = found.send(png);
        });
    });
    asked.ok()?;
    image.await.ok().flatten()
}

/// As above.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn image(_: &WebviewWindow) -> Option<Vec<u8>> {
    None
}
