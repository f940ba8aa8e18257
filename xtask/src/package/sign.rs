//! `cargo xtask sign`: beside each package its signature, and what a static server announces of all of
//! them (`latest.json`), as Tauri's updater and Bureau read both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minisign::{SecretKey, SecretKeyBox};
use serde_json::{Map, Value, json};

use super::{VERSION, write};
use crate::process::Problem;
use crate::workspace;

/// What opens the key, where it is protected.
const PASSWORD: &str = "BUREAU_SIGNING_PASSWORD";

/// Signs packages with minisign's secret key in a file, to be served below this address.
pub fn sign(key: &str, address: &str, files: &[&str]) -> Result<ExitCode, Problem> {
    let key = secret_key(&read(Path::new(key))?, std::env::var(PASSWORD).ok())?;
    let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
    let announcement = signed(&key, address, &files, &notes()?)?;
    println!("{}", announcement.display());
    Ok(ExitCode::SUCCESS)
}

/// Writes the signatures, and beside the first package what is announced.
fn signed(
    key: &SecretKey,
    address: &str,
    files: &[PathBuf],
    notes: &str,
) -> Result<PathBuf, Problem> {
    let mut platforms = Map::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let platform = platform(&name).ok_or_else(|| {
            Problem(format!("{name} is no package that Bureau is renewed from; leave it out"))
        })?;
        // Debian and RPM write a pre-release with a tilde.
        if !name.contains(VERSION) && !name.contains(&VERSION.replace('-', "~")) {
            return Err(Problem(format!("{name} is not of version {VERSION}; leave it out")));
        }
        let package = fs::read(file).map_err(|error| unreadable(file, &error))?;
        // The version is signed with it, so that nobody can offer an old package as a new one.
        let comment = format!("file:{name}\tversion:{VERSION}");
        let signature = minisign::sign(None, key, package.as_slice(), Some(&comment), None)
            .map_err(|error| Problem(format!("{name} cannot be signed: {error}")))?;
        let signature = STANDARD.encode(signature.into_string());
        write(&file.with_file_name(format!("{name}.sig")), &signature)?;
        let url = format!("{}/{name}", address.trim_end_matches('/'));
        let told = json!({"url": url, "signature": signature});
        if platforms.insert(platform, told).is_some() {
            return Err(Problem(format!("{name} is a second package for the same system")));
        }
    }
    let announcement =
        json!({"version": VERSION, "notes": notes, "platforms": Value::from(platforms)});
    let first = files.first().ok_or_else(|| Problem("there is nothing to sign".to_owned()))?;
    let place = first.with_file_name("latest.json");
    write(&place, format!("{announcement:#}\n"))?;
    Ok(place)
}

fn secret_key(text: &str, password: Option<String>) -> Result<SecretKey, Problem> {
    let key = SecretKeyBox::from_string(text).and_then(|key| match password {
        Some(password) => key.into_secret_key(Some(password)),
        None => key.into_unencrypted_secret_key(),
    });
    key.map_err(|error| {
        Problem(format!("the key cannot be used ({error}); where it is protected, set {PASSWORD}"))
    })
}

/// What a package is for, by its name.
pub(super) fn platform(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    if name.starts_with("bureau-model") {
        return None;
    }
    let arch = if ["aarch64", "arm64"].iter().any(|arch| name.contains(arch)) {
        "aarch64"
    } else {
        "x86_64"
    };
    let (_, system) = [
        (".deb", "linux-ARCH-deb"),
        (".rpm", "linux-ARCH-rpm"),
        (".appimage", "linux-ARCH-appimage"),
        (".msi", "windows-ARCH-msi"),
        (".app.tar.gz", "darwin-ARCH-app"),
    ]
    .into_iter()
    .find(|(ending, _)| name.ends_with(ending))?;
    Some(system.replace("ARCH", arch))
}

/// What the changelog says of this version.
fn notes() -> Result<String, Problem> {
    let changelog = read(&workspace::root().join("CHANGELOG.md"))?;
    let heading = format!("## {VERSION}");
    let after = changelog.split_once(&heading).or_else(|| changelog.split_once("## Unreleased"));
    let section = after.and_then(|(_, after)| after.split_once('\n')).map_or("", |(_, text)| text);
    Ok(section.split("\n## ").next().unwrap_or_default().trim().to_owned())
}

fn read(file: &Path) -> Result<String, Problem> {
    fs::read_to_string(file).map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Problem {
    Problem(format!("{} cannot be read: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use minisign::{KeyPair, SignatureBox};
    use update::{Release, System};

    use super::*;

    #[test]
    fn packages_are_signed_with_their_version_and_announced_by_what_they_are_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let file = folder.path().join(name);
            fs::write(&file, name).unwrap();
            file
        };
        let keys = KeyPair::generate_unencrypted_keypair().unwrap();
        let text = keys.sk.to_box(None).unwrap().into_string();
        let key = secret_key(&text, None).unwrap();
        // As `package`, Tauri's bundler and the release's workflow name them.
        let packages = [
            ("bureau_V_amd64.deb", "linux", "x86_64", "deb"),
            ("bureau-V-1.aarch64.rpm", "linux", "aarch64", "rpm"),
            ("Bureau_V_amd64.AppImage", "linux", "x86_64", "appimage"),
            ("Bureau_V_x64_en-US.msi", "windows", "x86_64", "msi"),
            ("Bureau_V_arm64.app.tar.gz", "darwin", "aarch64", "app"),
            ("Bureau_V_x86_64.app.tar.gz", "darwin", "x86_64", "app"),
        ];
        let packages = packages.map(|(name, target, arch, bundle)| {
            (name.replace('V', VERSION), System { target, arch, bundle: Some(bundle) })
        });
        let files = packages.each_ref().map(|(name, _)| file(name));
        let place = signed(&key, "https://x/y/", &files, "New.").unwrap();
        // An older package is not signed as this version.
        assert!(signed(&key, "https://x/y/", &[file("bureau_0.0.1_amd64.deb")], "").is_err());
        let announcement = fs::read(place).unwrap();
        for (name, system) in packages {
            let release = Release::read(&announcement, &system, &semver::Version::new(0, 0, 0));
            let release = release.unwrap().unwrap();
            assert_eq!(release.version.to_string(), VERSION);
            assert_eq!(release.notes.as_deref(), Some("New."));
            assert_eq!(release.address, format!("https://x/y/{name}"));
            let beside = fs::read_to_string(folder.path().join(format!("{name}.sig"))).unwrap();
            assert_eq!(release.signature.as_bytes(), STANDARD.decode(beside).unwrap());
            let signature = SignatureBox::from_string(&release.signature).unwrap();
            let good = minisign::verify(
                &keys.pk,
                &signature,
                std::io::Cursor::new(name),
                true,
                false,
                false,
            );
            assert!(good.is_ok());
            let comment = signature.trusted_comment().unwrap();
            assert!(comment.ends_with(&format!("\tversion:{VERSION}")), "{comment}");
        }
        let model = signed(&key, "https://x", &[file("bureau-model_1_all.deb")], "");
        assert!(model.unwrap_err().0.contains("leave it out"));
        // Nor are two packages for one system.
        let twice = [&files[..], &files[..1]].concat();
        assert!(signed(&key, "https://x/y/", &twice, "").is_err());
    }

    #[test]
    fn what_is_no_key_is_told_with_what_may_be_missing() {
        assert!(secret_key("no key", None).unwrap_err().0.contains(PASSWORD));
    }
}
