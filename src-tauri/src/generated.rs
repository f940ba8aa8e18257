//! The files of the page that are made from Rust: the types of its commands, the colours of
//! its code, and what the programs are made of. They lie in the repository, so that the page builds without Rust, and must be
//! current.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use specta_typescript::Typescript;

/// `BUREAU_WRITE_GENERATED=1 cargo test --workspace --lib generated` writes them anew.
const WRITE: &str = "BUREAU_WRITE_GENERATED";

fn check(file: &str, current: &str) {
    let file: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src").join(file);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, current).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == current,
        "{} is stale: run {WRITE}=1 cargo test --workspace --lib generated",
        file.display()
    );
}

#[test]
fn the_types_are_current() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bindings.ts");
    let header = "// Generated from the Rust commands and types; do not edit.\n";
    crate::commands::registered().export(Typescript::default().header(header), &file).unwrap();
    check("lib/backend/bindings.ts", &std::fs::read_to_string(&file).unwrap());
}

#[test]
fn the_colours_of_code_are_current() {
    let header = "/* Generated from the highlighter's themes; do not edit. */\n";
    check("styles/code.css", &(header.to_owned() + &markdown::theme_css()));
}

/// What Cargo does not tell of: what is built from C within a crate, the model's file, and the fonts
/// of exported files.
const WITHIN: &[(&str, &str, &str)] = &[
    ("IBM Plex Mono", "", "OFL-1.1"),
    ("Literata", "", "OFL-1.1"),
    ("llama.cpp", "", "MIT"),
    ("Noto Sans Math", "", "OFL-1.1"),
    ("OpenSSL", "3", "Apache-2.0"),
    ("SQLCipher", "4", "BSD-3-Clause"),
    ("SQLite", "3", "Public domain"),
    ("SmolLM2-135M-Instruct", "", "Apache-2.0"),
];

#[test]
fn the_licences_are_current() {
    let cargo = std::env::var("CARGO").unwrap_or("cargo".to_owned());
    let told = std::process::Command::new(cargo)
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let nodes: BTreeMap<_, _> = told["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (text(&node["id"]), node))
        .collect();
    // Everything that the two programs are linked with, on any platform.
    let programs = ["bureau-desktop", "bureau-cli"];
    let packages = told["packages"].as_array().unwrap();
    let mut waiting: Vec<_> = packages
        .iter()
        .filter(|package| programs.contains(&text(&package["name"]).as_str()))
        .map(|package| text(&package["id"]))
        .collect();
    let mut linked = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !linked.insert(id.clone()) {
            continue;
        }
        for dependency in nodes[&id]["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            if kinds.iter().any(|kind| kind["kind"].is_null()) {
                waiting.push(text(&dependency["pkg"]));
            }
        }
    }
    let foreign = packages
        .iter()
        .filter(|package| linked.contains(&text(&package["id"])) && !package["source"].is_null());
    let mut entries: Vec<_> = foreign
        .map(|package| ["name", "version", "license"].map(|member| text(&package[member])))
        .chain(
            WITHIN
                .iter()
                .map(|(name, version, licence)| [name, version, licence].map(|t| (*t).to_owned())),
        )
        .collect();
    entries.sort_by_key(|[name, version, _]| (name.to_lowercase(), version.clone()));
    let lines: Vec<_> = entries
        .into_iter()
        .map(|[name, version, licence]| {
            format!(
                "  {{ \"name\": {name:?}, \"version\": {version:?}, \"licence\": {licence:?} }}"
            )
        })
        .collect();
    check("lib/licences.json", &format!("[\n{}\n]\n", lines.join(",\n")));
}
