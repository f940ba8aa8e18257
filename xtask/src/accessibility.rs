//! `docs/accessibility.md` names the tests that hold each line true; this holds it to what is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace;

const DOCUMENT: &str = "docs/accessibility.md";
/// What its tables say beside the names of tests: attributes, elements, programs.
const NO_TESTS: &[&str] = &[
    "aria-pressed",
    "autocomplete",
    "dir",
    "forced-colors",
    "lang",
    "main",
    "nav",
    "say",
    "speech-dispatcher",
    "speech-dispatcher-espeak-ng",
];
/// What a line without a test says: how somebody knows.
const LOOKED: [&str; 2] = ["looked at", "regardé"];
/// How many criteria each of the thirteen topics of RGAA 4.1 has.
const CRITERIA: [u32; 13] = [9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12];

fn text() -> String {
    fs::read_to_string(workspace::root().join(DOCUMENT)).unwrap()
}

/// The cells of each row of a table, with the row's line; what stands above a table is none of them.
fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    text.lines().enumerate().filter_map(|(number, line)| {
        let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
        Some((number + 1, row.split(" | ").collect()))
    })
}

/// The names between single backticks, each with the titles in “…” that follow it in parentheses.
fn named(cell: &str) -> Vec<(&str, Vec<&str>)> {
    let mut parts = cell.split('`').skip(1);
    let mut names = Vec::new();
    while let Some(name) = parts.next() {
        let after = parts.next().unwrap_or_default();
        let aside = after.strip_prefix(" (").and_then(|rest| rest.split(')').next());
        let titles = aside.unwrap_or_default().split('“').skip(1);
        names.push((name, titles.filter_map(|title| title.split('”').next()).collect()));
    }
    names
}

/// Where the tests of this name are.
fn file_of(name: &str) -> Option<PathBuf> {
    let root = workspace::root();
    if let Some(module) = name.strip_prefix("window::") {
        return Some(root.join(format!("tests/tests/window/{module}.rs")));
    }
    let page = root.join("ui/tests");
    if name.ends_with(".test.ts") {
        return Some(found(&root.join("ui/src/lib"), name).unwrap_or_else(|| page.join(name)));
    }
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
        return None;
    }
    let helps = page.join(format!("{name}.ts"));
    let tests = page.join(format!("{name}.spec.ts"));
    (!NO_TESTS.contains(&name)).then(|| if helps.is_file() { helps } else { tests })
}

fn found(folder: &Path, name: &str) -> Option<PathBuf> {
    fs::read_dir(folder).unwrap().flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return found(&path, name);
        }
        path.ends_with(name).then_some(path)
    })
}

/// Whether a source has a test, or a group of them, of this title.
fn has(source: &str, title: &str) -> bool {
    ["test(", "it(", "describe("].iter().any(|begin| source.contains(&format!("{begin}'{title}'")))
}

#[test]
fn every_test_that_the_statement_names_is_there() {
    let text = text();
    let mut wrong = Vec::new();
    let mut titles = 0;
    for (line, cells) in rows(&text) {
        for (name, named) in cells.iter().flat_map(|cell| named(cell)) {
            let Some(file) = file_of(name) else { continue };
            let Ok(source) = fs::read_to_string(&file) else {
                wrong.push(format!("{DOCUMENT}:{line}: there are no tests {name}"));
                continue;
            };
            titles += named.len();
            let missing = named.into_iter().filter(|title| !has(&source, title));
            wrong
                .extend(missing.map(|title| format!("{DOCUMENT}:{line}: {name} has no “{title}”")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(titles > 10, "{titles} tests are named: is the document read rightly?");
}

#[test]
fn every_line_that_is_supported_names_a_test_or_says_who_looked() {
    let text = text();
    let supported = |cells: &[&str]| match cells {
        [_, state, _] => *state == "supports",
        [topic, conforming, ..] => {
            topic_of(topic).is_some() && numbers(conforming).next().is_some()
        }
        _ => false,
    };
    let bare: Vec<_> = rows(&text)
        .filter(|(_, cells)| supported(cells))
        .filter(|(_, cells)| {
            let remarks = cells[cells.len() - 1];
            let tested = named(remarks).iter().any(|(name, _)| file_of(name).is_some());
            !tested && !LOOKED.iter().any(|looked| remarks.contains(looked))
        })
        .map(|(line, cells)| format!("{DOCUMENT}:{line}: {}", cells[0]))
        .collect();
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}

/// The number of a topic of RGAA, which its row begins with.
fn topic_of(cell: &str) -> Option<u32> {
    cell.split(' ').next()?.parse().ok().filter(|topic| (1..=13).contains(topic))
}

/// The criteria of a cell such as “1.1–1.3, 1.6”, each as its topic and its number.
fn numbers(cell: &str) -> impl Iterator<Item = (u32, u32)> {
    let criterion = |text: &str| {
        let (topic, number) = text.split_once('.')?;
        Some((topic.parse().ok()?, number.parse().ok()?))
    };
    cell.split(", ")
        .filter_map(move |part| {
            let (first, last) = part.split_once('–').unwrap_or((part, part));
            let ((topic, first), (_, last)) = (criterion(first)?, criterion(last)?);
            Some((first..=last).map(move |number: u32| (topic, number)))
        })
        .flatten()
}

#[test]
fn each_of_the_106_criteria_of_the_rgaa_is_judged_once() {
    let text = text();
    let topics: Vec<_> = rows(&text)
        .filter_map(|(_, cells)| Some((topic_of(cells[0])?, cells)))
        .filter(|(_, cells)| cells.len() == 5)
        .collect();
    let order: Vec<_> = topics.iter().map(|(topic, _)| *topic).collect();
    assert_eq!(order, (1..=13).collect::<Vec<_>>());
    for ((topic, cells), criteria) in topics.into_iter().zip(CRITERIA) {
        let mut judged: Vec<_> = cells[1..4].iter().flat_map(|cell| numbers(cell)).collect();
        judged.sort_unstable();
        let all: Vec<_> = (1..=criteria).map(|number| (topic, number)).collect();
        assert_eq!(judged, all, "{}", cells[0]);
        let wrong = numbers(cells[2]).find(|(topic, number)| {
            // Each says why.
            !cells[4].contains(&format!("{topic}.{number}"))
        });
        assert_eq!(wrong, None, "{} gives no reason", cells[0]);
    }
    assert_eq!(CRITERIA.iter().sum::<u32>(), 106);
}

#[test]
fn names_and_titles_are_read() {
    let cell = "keys: `keyboard` (“one”, “two”), `palette` and “three”";
    assert_eq!(named(cell), [("keyboard", vec!["one", "two"]), ("palette", vec![])]);
    assert!(file_of("window::gone").is_some_and(|file| !file.exists()));
    assert!(file_of("gone").is_some_and(|file| !file.exists()));
    assert!(file_of("lang").is_none() && file_of("?").is_none());
    assert!(has("it('holds', ", "holds") && !has("it('holds still', ", "holds"));
}
