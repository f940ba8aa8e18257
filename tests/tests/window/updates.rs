//! Bureau renews itself in the window, from a server of the organisation.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use whole_program::{Profile, UpdateServer, Window, program, signed_by_another};

const NEW: &str = "99.0.0";

/// The desktop program as it lies in a .deb: with the kind of its package in it.
fn packed(folder: &Path) -> PathBuf {
    let packed = folder.join("bureau-desktop");
    fs::copy(program("bureau-desktop"), &packed).unwrap();
    let mark = "__TAURI_BUNDLE_TYPE_VAR_UNK";
    let found = Command::new("grep").args(["-abo", mark]).arg(&packed).output().unwrap();
    let found = String::from_utf8(found.stdout).unwrap();
    let place: u64 = found.split(':').next().unwrap().parse().unwrap();
    let file = OpenOptions::new().write(true).open(&packed).unwrap();
    file.write_all_at(b"DEB", place + mark.len() as u64 - 3).unwrap();
    packed
}

/// What would ask for a password and install as root: it keeps what it was given.
fn stand_in(folder: &Path, name: &str, script: &str) {
    let file = folder.join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The processes of a program.
fn running(program: &Path) -> Vec<u32> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program))
        .collect()
}

#[tokio::test]
async fn an_update_is_told_checked_installed_and_started() {
    let (profile, server) = (Profile::new(), UpdateServer::start());
    let package = [b"!<arch>\ndebian-binary   ".as_slice(), &[7; 200_000]].concat();
    server.offer_signed(NEW, &package, &signed_by_another(&package, NEW));
    profile.govern(&server.policy());
    let tools = profile.root().join("tools");
    fs::create_dir(&tools).unwrap();
    for refusing in ["sudo", "zenity", "kdialog"] {
        stand_in(&tools, refusing, "exit 1");
    }
    stand_in(&tools, "pkexec", "exit 126");
    let program = packed(profile.root());

    let mut driver = Window::driver(&profile);
    let path = std::env::var("PATH").unwrap();
    driver.env_remove("BUREAU_PASSPHRASE_FILE").env("PATH", format!("{}:{path}", tools.display()));
    let window = Window::start(driver, &program, &[]).await;
    window.choose_a_passphrase().await;
    window.click("[data-testid=choose-built-in]").await;
    window.click("[data-testid=update-hint]").await;
    window.click("[data-testid=update-download]").await;
    window.shows("The package is not what your organisation signed.").await;
    assert_eq!(server.asked().len(), 1);

    server.offer(NEW, &package);
    window.click("[data-testid=update-look]").await;
    window.click("[data-testid=update-download]").await;
    window.shows("Version 99.0.0 is here, and its signature is good.").await;
    window.click("[data-testid=update-install]").await;
    window.shows("The system did not install the package.").await;

    let (kept, told) = (profile.root().join("installed"), profile.root().join("told"));
    let script = format!("echo \"$1 $2\" > {}; cp \"$3\" {}", told.display(), kept.display());
    stand_in(&tools, "pkexec", &script);
    window.click("[data-testid=update-install]").await;
    window.shows("Version 99.0.0 is installed.").await;
    assert_eq!(fs::read_to_string(told).unwrap(), "dpkg -i\n");
    assert!(fs::read(kept).unwrap() == package);

    let before = window.process();
    window.click("[data-testid=update-restart]").await;
    window.ended(before).await;
    let mut after = Vec::new();
    for _ in 0..300 {
        after = running(&program);
        after.retain(|pid| *pid != before);
        if !after.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(after.len(), 1, "Bureau runs again, once");
    let ended = Command::new("kill").arg(after[0].to_string()).status().unwrap();
    assert!(ended.success());
}
