//! What a server announces.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use semver::Version;
use serde::Deserialize;
use serde_json::Value;

use crate::UpdateError;

/// The notes that are shown have this many characters at most.
const MAX_NOTES: usize = 20_000;

/// What runs here, by the names that Tauri's updater has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct System {
    /// `linux`, `darwin` or `windows`.
    pub target: &'static str,
    /// `x86_64`, `aarch64` and so on.
    pub arch: &'static str,
    /// What it was installed from: `deb`, `rpm`, `appimage`, `msi`, `app`; none where from nothing
    /// of these.
    pub bundle: Option<&'static str>,
}

impl System {
    /// This machine, installed from such a package.
    pub fn here(bundle: Option<&'static str>) -> Self {
        let target = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
        Self { target, arch: std::env::consts::ARCH, bundle }
    }

    /// By what names its package is announced, the best first.
    fn names(&self) -> Vec<String> {
        let general = format!("{}-{}", self.target, self.arch);
        let own = self.bundle.map(|bundle| format!("{general}-{bundle}"));
        own.into_iter().chain([general]).collect()
    }
}

/// A version that a server announces, with its package for one system.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// The version.
    pub version: Version,
    /// What is new in it, as text.
    pub notes: Option<String>,
    /// Where the package lies.
    pub address: String,
    /// Its signature: a text of minisign.
    pub signature: String,
    /// The whole, as it came.
    pub announcement: Value,
}

#[derive(Deserialize)]
struct Announcement {
    version: String,
    notes: Option<String>,
    platforms: Option<HashMap<String, Package>>,
    url: Option<String>,
    signature: Option<String>,
}

#[derive(Deserialize)]
struct Package {
    url: String,
    signature: String,
}

impl Release {
    /// Reads what is announced: a package for each platform, or only that for the one that asked.
    ///
    /// # Errors
    /// [`UpdateError::Announcement`] and [`UpdateError::NoPackage`]; [`UpdateError::Older`] where
    /// it is older than what runs. `None` where it is the version that runs.
    pub fn read(
        json: &[u8],
        system: &System,
        running: &Version,
    ) -> Result<Option<Self>, UpdateError> {
        let unreadable =
            |error: &dyn std::fmt::Display| UpdateError::Announcement(error.to_string());
        let announcement: Value =
            serde_json::from_slice(json).map_err(|error| unreadable(&error))?;
        let told = Announcement::deserialize(&announcement).map_err(|error| unreadable(&error))?;
        let version = Version::parse(told.version.trim_start_matches('v'))
            .map_err(|error| unreadable(&error))?;
        // What comes behind a “+” has no order, and makes no other version (SemVer 2.0 §10).
        match version.cmp_precedence(running) {
            std::cmp::Ordering::Greater => {}
            std::cmp::Ordering::Equal => return Ok(None),
            std::cmp::Ordering::Less => {
                return Err(UpdateError::Older { offered: version, running: running.clone() });
            }
        }
        let names = system.names();
        let package = match told.platforms {
            Some(mut platforms) => names.iter().find_map(|name| platforms.remove(name)),
            None => told.url.zip(told.signature).map(|(url, signature)| Package { url, signature }),
        };
        let Some(Package { url, signature }) = package else {
            return Err(UpdateError::NoPackage { version, wanted: names.join(", ") });
        };
        let signature = STANDARD.decode(signature.trim()).map_err(|error| unreadable(&error))?;
        let signature = String::from_utf8(signature).map_err(|error| unreadable(&error))?;
        let notes = told.notes.map(|notes| notes.chars().take(MAX_NOTES).collect());
        Ok(Some(Self { version, notes, address: url, signature, announcement }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SYSTEM: System = System { target: "linux", arch: "x86_64", bundle: Some("deb") };

    fn read(announcement: &Value) -> Result<Option<Release>, UpdateError> {
        Release::read(announcement.to_string().as_bytes(), &SYSTEM, &Version::new(0, 2, 0))
    }

    #[test]
    fn the_package_of_this_installation_is_found() {
        let package = |url: &str| json!({"url": url, "signature": STANDARD.encode("signed")});
        let mut announcement = json!({"version": "v0.3.0", "notes": "New.", "platforms": {
            "linux-x86_64": package("https://x/any"), "linux-x86_64-deb": package("https://x/deb"),
            "windows-x86_64": package("https://x/msi")}});
        let release = read(&announcement).unwrap().unwrap();
        assert_eq!(
            (release.version, release.address.as_str()),
            (Version::new(0, 3, 0), "https://x/deb")
        );
        assert_eq!(
            (release.signature.as_str(), release.notes.as_deref()),
            ("signed", Some("New."))
        );
        announcement["platforms"].as_object_mut().unwrap().remove("linux-x86_64-deb");
        assert_eq!(read(&announcement).unwrap().unwrap().address, "https://x/any");
        announcement["platforms"].as_object_mut().unwrap().remove("linux-x86_64");
        assert!(matches!(read(&announcement), Err(UpdateError::NoPackage { .. })));
        let single = json!({"version": "0.3.0", "url": "https://x/own", "signature": ""});
        assert_eq!(read(&single).unwrap().unwrap().address, "https://x/own");
    }

    #[test]
    fn only_a_newer_version_is_an_update() {
        let of =
            |version: &str| read(&json!({"version": version, "url": "https://x", "signature": ""}));
        assert!(of("0.2.1").unwrap().is_some() && of("0.10.0").unwrap().is_some());
        assert!(of("0.2.0").unwrap().is_none() && of("0.2.0+9").unwrap().is_none());
        for older in ["0.1.9", "0.2.0-rc.1"] {
            assert!(matches!(of(older), Err(UpdateError::Older { .. })), "{older}");
        }
        for wrong in [json!([]), json!({"version": "new"}), json!({"version": 3})] {
            assert!(matches!(read(&wrong), Err(UpdateError::Announcement(_))), "{wrong}");
        }
    }
}
