//! `.github/workflows/release.yml` runs where nobody of us looks: it is held here to what is made, and
//! to what a desk is renewed from.

use std::fs;

use super::sign::platform;
use crate::workspace;

/// What it makes, V being the version, as `package`, Tauri's bundler and itself name it; and whether
/// a desk is renewed from it.
const MADE: [(&str, bool); 10] = [
    ("bureau_V_amd64.deb", true),
    ("bureau-V-1.x86_64.rpm", true),
    ("Bureau_V_amd64.AppImage", true),
    ("Bureau_V_x64_en-US.msi", true),
    (MACOS, true),
    ("Bureau_V_aarch64.dmg", false),
    ("bureau-model_V_all.deb", false),
    ("bureau-model-V-1.noarch.rpm", false),
    ("bureau-V-crates.cdx.json", false),
    ("bureau-V-page.cdx.json", false),
];
/// What the bundler packs for macOS bears no version; the workflow packs it itself.
const MACOS: &str = "Bureau_V_arm64.app.tar.gz";
/// The tests that it runs on Linux alone, where all of them are run.
const ON_LINUX: [&str; 9] = [
    "destinations",
    "disk",
    "identity",
    "keychain",
    "real_endpoint",
    "terminal",
    "translation",
    "unlock",
    "window",
];

fn text(file: &str) -> String {
    fs::read_to_string(workspace::root().join(file)).unwrap()
}

fn workflow() -> String {
    text(".github/workflows/release.yml")
}

/// Whether a name is meant by a pattern of `*` and `[0-9]`.
fn meant(pattern: &str, name: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix('*') {
        return (0..=name.len()).any(|from| meant(rest, &name[from..]));
    }
    if let Some(rest) = pattern.strip_prefix("[0-9]") {
        return name.starts_with(|c: char| c.is_ascii_digit()) && meant(rest, &name[1..]);
    }
    match (pattern.chars().next(), name.chars().next()) {
        (None, None) => true,
        (Some(one), Some(other)) => one == other && meant(&pattern[1..], &name[1..]),
        _ => false,
    }
}

#[test]
fn what_is_made_is_kept_and_what_renews_a_desk_is_signed() {
    let workflow = workflow();
    let kept: Vec<&str> = workflow
        .lines()
        .filter_map(|line| line.trim().strip_prefix("target/"))
        .map(|path| path.rsplit('/').next().unwrap())
        .collect();
    let signed: Vec<&str> =
        workflow.split("-name '").skip(1).map(|after| after.split('\'').next().unwrap()).collect();
    for (name, renews) in MADE {
        let name = name.replace('V', "0.1.0");
        assert!(kept.iter().any(|pattern| meant(pattern, &name)), "{name} is not kept");
        assert_eq!(signed.iter().any(|pattern| meant(pattern, &name)), renews, "{name}");
        assert_eq!(platform(&name).is_some(), renews, "{name}");
    }
    for pattern in kept.into_iter().chain(signed) {
        let is_made = |(name, _): &(&str, bool)| meant(pattern, &name.replace('V', "0.1.0"));
        assert!(MADE.iter().any(is_made), "nothing of what is made is {pattern}");
    }
    let named = MACOS.replace('V', "${version}").replace("arm64", "$(uname -m)");
    assert!(workflow.contains(&format!("\"{named}\"")), "{named} is not packed");
}

/// Every test is either run on the other systems, too, or known to be for Linux.
#[test]
fn every_test_has_its_systems() {
    let workflow = workflow();
    let (_, listed) = workflow.split_once("TESTS: >-\n").unwrap();
    let (listed, _) = listed.split_once("run: |").unwrap();
    let mut known: Vec<&str> = listed.split_whitespace().chain(ON_LINUX).collect();
    known.sort_unstable();
    let crates = fs::read_dir(workspace::root().join("src-tauri/crates")).unwrap().flatten();
    let folders = crates.map(|one| one.path()).chain([workspace::root().join("tests")]);
    let files = folders.filter_map(|one| fs::read_dir(one.join("tests")).ok()).flatten().flatten();
    let mut there: Vec<String> = files
        .map(|file| file.path())
        .filter(|file| {
            file.join("main.rs").is_file() || file.extension().is_some_and(|e| e == "rs")
        })
        .map(|file| file.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    there.sort_unstable();
    there.dedup();
    assert_eq!(known, there);
}

/// Tauri's parts go together by the first two numbers of their versions.
#[test]
fn the_bundler_is_one_version_and_that_of_the_library() {
    let workflow = workflow();
    let lock = text("Cargo.lock");
    let (_, bundler) = workflow.split_once("@tauri-apps/cli@").unwrap();
    let (_, library) = lock.split_once("name = \"tauri\"\nversion = \"").unwrap();
    let [bundler, library] = [bundler, library].map(|text| {
        let end = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap();
        text[..end].split('.').collect::<Vec<_>>()
    });
    assert_eq!((bundler.len(), &bundler[..2]), (3, &library[..2]));
}

/// By the Python that the tests have, whose packages bring a reader of YAML.
#[cfg(target_os = "linux")]
#[test]
fn it_can_be_read() {
    let python = std::env::var_os("BUREAU_TEST_LLAMA_SERVER")
        .expect("BUREAU_TEST_LLAMA_SERVER must name the tests' Python; cargo xtask test sets it");
    let reader = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)['jobs']))";
    let mut read = crate::process::command(python);
    read.args(["-c", reader]);
    read.stdin(fs::File::open(workspace::root().join(".github/workflows/release.yml")).unwrap());
    let output = read.output().unwrap();
    let jobs: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    for job in ["release", "sign"] {
        let steps = jobs[job]["steps"].as_array().unwrap();
        assert!(steps.iter().all(|step| step["run"].is_string() != step["uses"].is_string()));
    }
}
