//! The conversation window.

use tauri::webview::NewWindowResponse;
use tauri::{Manager, Runtime, Url, WebviewUrl, WebviewWindowBuilder};

/// Opens the main window. Its page can go nowhere else and open nothing: links are opened by a
/// command, after the person has seen the whole address.
pub(crate) fn open<R: Runtime>(app: &impl Manager<R>) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Bureau")
        .inner_size(1100.0, 760.0)
        .min_inner_size(360.0, 480.0)
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Whether the address is one of the pages that come with the program: `tauri://localhost` on
/// Linux and macOS, `http://tauri.localhost` on Windows.
fn is_own_page(address: &Url) -> bool {
    match address.scheme() {
        "tauri" => address.host_str() == Some("localhost"),
        "http" => cfg!(windows) && address.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_stays_where_it_is() {
        let own = |address: &str| is_own_page(&Url::parse(address).unwrap());
        assert!(own("tauri://localhost/index.html"));
        for elsewhere in [
            "https://evil.example/",
            "tauri://evil.example/",
            "data:text/html,x",
            "about:blank",
            "file:///etc/passwd",
        ] {
            assert!(!own(elsewhere), "{elsewhere}");
        }
    }
}
