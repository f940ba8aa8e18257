//! The files of the page that are made from Rust: the types of its commands, and the colours of
//! its code. They lie in the repository, so that the page builds without Rust, and must be
//! current.

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
