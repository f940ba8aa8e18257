//! `docs/controls.md` names the tests that show each control; this holds it to what is there.

use std::collections::BTreeMap;
use std::fs;

use crate::workspace;

const DOCUMENT: &str = "docs/controls.md";

/// What stands between two single backticks, with its line.
fn spans(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().flat_map(|(number, line)| {
        line.split('`').skip(1).step_by(2).map(move |span| (number + 1, span))
    })
}

/// Whether a source has a test of this name: a function right below an attribute that makes it one.
fn has_test(source: &str, name: &str) -> bool {
    let is = |line: &&str| {
        let function = line.trim_start().trim_start_matches("async ");
        function
            .strip_prefix("fn ")
            .and_then(|rest| rest.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with('('))
    };
    let lines: Vec<&str> = source.lines().collect();
    lines.iter().enumerate().filter(|(_, line)| is(line)).any(|(place, _)| {
        let above = lines[..place].iter().rev().map(|line| line.trim_start());
        above
            .take_while(|line| line.starts_with("#[") || line.starts_with("//"))
            .any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
    })
}

#[test]
fn every_test_and_file_that_the_controls_name_is_there() {
    let text = fs::read_to_string(workspace::root().join(DOCUMENT)).unwrap();
    let mut sources = BTreeMap::new();
    let mut missing = Vec::new();
    let mut tests = 0;
    for (line, span) in spans(&text) {
        let (path, test) = span
            .split_once(".rs::")
            .map_or((span.to_owned(), None), |(path, test)| (format!("{path}.rs"), Some(test)));
        if !path.contains('/') || path.contains([' ', '<', '*', ':']) || path.starts_with('/') {
            continue;
        }
        let source = sources
            .entry(path.clone())
            .or_insert_with(|| fs::read_to_string(workspace::root().join(&path)).ok());
        tests += usize::from(test.is_some());
        match (source, test) {
            (None, _) => missing.push(format!("{DOCUMENT}:{line}: there is no file {path}")),
            (Some(source), Some(test)) if !has_test(source, test) => {
                missing.push(format!("{DOCUMENT}:{line}: {path} has no test {test}"));
            }
            _ => {}
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(tests > 100, "{tests} tests are named: is the document read rightly?");
}

#[test]
fn every_control_that_is_met_names_a_test() {
    let text = fs::read_to_string(workspace::root().join(DOCUMENT)).unwrap();
    let controls = text.split("\n### ").skip(1);
    let bare: Vec<_> = controls
        .filter(|control| !control.contains(".rs::") && !control.contains("**Not met.**"))
        .filter_map(|control| control.lines().next())
        .collect();
    assert!(bare.is_empty(), "neither shown by a test nor said not to be met: {bare:?}");
}

#[test]
fn a_test_is_told_from_another_function() {
    let source = "#[test]\nfn holds() {}\n\n#[tokio::test(start_paused = true)]\n// Why.\n    async fn waits() {}\n\nfn helps() {}\n";
    assert!(has_test(source, "holds") && has_test(source, "waits"));
    assert!(!has_test(source, "helps") && !has_test(source, "hold") && !has_test(source, "gone"));
}
