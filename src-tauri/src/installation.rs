//! What this program was installed from, and a newer version in its place. Tauri's updater installs:
//! it makes no request here, and checks the signature once more.

use serde_json::Value;
use tauri::AppHandle;
use tauri::utils::config::BundleType;
use tauri::utils::platform::bundle_type;
use tauri_plugin_updater::UpdaterExt;

use crate::lock;

/// What this program was installed from, as whoever packed it wrote into it; none where from no
/// package.
pub(crate) fn bundle() -> Option<&'static str> {
    Some(match bundle_type()? {
        BundleType::Deb => "deb",
        BundleType::Rpm => "rpm",
        // One that was unpacked is no file that could be replaced.
        BundleType::AppImage if std::env::var_os("APPIMAGE").is_some() => "appimage",
        BundleType::Msi => "msi",
        BundleType::Nsis => "nsis",
        BundleType::App | BundleType::Dmg => "app",
        BundleType::AppImage => return None,
    })
}

/// Installs a package, asking for what the system wants for it, such as a password.
pub(crate) fn install(
    app: &AppHandle,
    announcement: Value,
    key: String,
    package: &[u8],
) -> Result<(), String> {
    let update = app
        .updater_builder()
        .pubkey(key)
        // On Windows the installer ends this program.
        .on_before_exit({
            let app = app.clone();
            move || {
                lock::hand_over(&app);
                app.cleanup_before_exit();
            }
        })
        // It wants one, and asks nobody: what was announced is given to it.
        .endpoints(vec![tauri::Url::parse("https://localhost/").map_err(|e| e.to_string())?])
        .and_then(tauri_plugin_updater::UpdaterBuilder::build)
        .and_then(|updater| updater.restore_update(announcement))
        .map_err(|error| error.to_string())?;
    let update = update.ok_or("it is not newer than the version that runs")?;
    update.install(package).map_err(|error| error.to_string())
}
