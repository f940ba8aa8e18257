//! A disk that is full, and one that can only be read: each is told in words, and nothing that
//! was kept is lost. The data folder is a small file system of its own, in a mount namespace
//! that ends with the test.

#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use whole_program::{Endpoint, Profile, program};

/// Runs a shell script as the profile's user, with a disk of two megabytes under the data
/// folder. `bureau` is the terminal program, `told` runs it and prints its exit code.
fn on_a_small_disk(profile: &Profile, endpoint: &Endpoint, script: &str) -> String {
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let namespaces: &[&str] =
        if root { &["--mount"] } else { &["--user", "--map-root-user", "--mount"] };
    let setup = "
        mount -t tmpfs -o size=2m bureau-test \"$BUREAU_DATA_DIR\"
        bureau() { \"$PROGRAM\" \"$@\" 2>&1; }
        told() { bureau \"$@\" && echo 'exit 0' || echo \"exit $?\"; }
        fill() { cat /dev/zero >\"$BUREAU_DATA_DIR/fill\" 2>/dev/null || true; }
    ";
    let output = profile
        .command("unshare")
        .args(namespaces)
        .args(["sh", "-euc", &format!("{setup}\n{script}")])
        .env("PROGRAM", program("bureau"))
        .env("BUREAU_ENDPOINT", endpoint.address())
        .env("BUREAU_MODEL", "scripted")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Une réponse.");
    let text = on_a_small_disk(
        &profile,
        &endpoint,
        "told ask premier
         fill
         told ask second
         rm \"$BUREAU_DATA_DIR/fill\"
         told history verify
         told history search premier
         told ask third
         bureau history list | wc -l",
    );
    let (before, full) = text.split_once("exit 0\n").unwrap();
    assert!(before.contains("Une réponse."), "{text}");
    let (full, after) = full.split_once("exit 1\n").unwrap_or_else(|| panic!("{text}"));
    assert!(full.contains("the disk is full"), "{text}");
    assert!(after.contains("The history is whole.") && after.contains("premier"), "{text}");
    assert!(!after.contains("exit 1") && after.trim_end().ends_with('2'), "{text}");
}

#[test]
fn a_disk_that_fills_up_under_an_answer_is_told() {
    let profile = Profile::new();
    let mut long = vec!["mot "; 400];
    long.push("fin");
    let endpoint = Endpoint::start(move |_| {
        whole_program::stream_of(long.clone(), std::time::Duration::from_millis(5))
    });
    let text = on_a_small_disk(
        &profile,
        &endpoint,
        "told history list
         bureau ask premier >/dev/null
         (told ask second) >\"$HOME/answer\" &
         sleep 1
         fill
         wait
         tail -c 300 \"$HOME/answer\"
         rm \"$BUREAU_DATA_DIR/fill\"
         told history verify
         told history search premier",
    );
    assert!(text.contains("the disk is full") && text.contains("exit 1"), "{text}");
    assert!(text.contains("The history is whole."), "{text}");
}

#[test]
fn a_disk_that_can_only_be_read_is_told() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Une réponse.");
    let text = on_a_small_disk(
        &profile,
        &endpoint,
        "bureau ask premier >/dev/null
         mount -o remount,ro \"$BUREAU_DATA_DIR\"
         told ask second
         mount -o remount,rw \"$BUREAU_DATA_DIR\"
         told history verify
         told history search premier",
    );
    let (refused, after) = text.split_once("exit 1\n").unwrap_or_else(|| panic!("{text}"));
    assert!(refused.contains("cannot be written"), "{text}");
    assert!(after.contains("The history is whole.") && after.contains("premier"), "{text}");
}
