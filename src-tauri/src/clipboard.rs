//! What lies on the clipboard, where the web view does not hand it to its page: WebKitGTK tells of a
//! paste, and of no image that is pasted, and lets no page read a text by itself.

use tauri::WebviewWindow;

/// The image that lies on the clipboard, as a PNG; none where there is none, or where the web view
/// hands images over itself.
#[cfg(target_os = "linux")]
pub(crate) async fn image(window: &WebviewWindow) -> Option<Vec<u8>> {
    asked(window, |clipboard, found| {
        clipboard.request_image(move |_, image| {
            let png = image.and_then(|image| image.save_to_bufferv("png", &[]).ok());
            // Nobody waits any more where the window was closed.
            let _ = found.send(png);
        });
    })
    .await
}

/// The text that lies on the clipboard; none where there is none, or where the web view lets its page
/// read it.
#[cfg(target_os = "linux")]
pub(crate) async fn text(window: &WebviewWindow) -> Option<String> {
    asked(window, |clipboard, found| {
        clipboard.request_text(move |_, text| {
            let _ = found.send(text.map(str::to_owned));
        });
    })
    .await
}

/// What the clipboard is asked for, in the thread that may ask.
#[cfg(target_os = "linux")]
async fn asked<T: Send + 'static>(
    window: &WebviewWindow,
    ask: impl FnOnce(gtk::Clipboard, tokio::sync::oneshot::Sender<Option<T>>) + Send + 'static,
) -> Option<T> {
    let (found, answer) = tokio::sync::oneshot::channel();
    let clipboard = || gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD);
    window.run_on_main_thread(move || ask(clipboard(), found)).ok()?;
    answer.await.ok().flatten()
}

/// As above.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn image(_: &WebviewWindow) -> Option<Vec<u8>> {
    None
}

/// As above.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn text(_: &WebviewWindow) -> Option<String> {
    None
}
