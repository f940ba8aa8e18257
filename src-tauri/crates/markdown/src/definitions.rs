//! Link reference and footnote definitions, which count for the whole text wherever they stand.

use std::collections::{HashMap, HashSet};

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::line;

/// The extensions of CommonMark that are read.
const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_MATH)
    .union(Options::ENABLE_GFM);

/// How a segment is to be parsed: with all extensions, but without tables if it holds one that is
/// too wide.
pub fn options(source: &str) -> Options {
    if source.split_inclusive('\n').any(line::is_too_wide) {
        OPTIONS.difference(Options::ENABLE_TABLES)
    } else {
        OPTIONS
    }
}

/// Where a link reference leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The label as written in the definition.
    label: String,
    /// The address.
    pub address: String,
    /// The title; empty if there is none.
    pub title: String,
}

/// A label as it is compared: case and white space do not count.
pub fn normalised(label: &str) -> String {
    // Both folds, for some letters have only one of them: `ẞ` and `SS` are the same.
    let words: Vec<_> = label.split_whitespace().collect();
    words.join(" ").to_lowercase().to_uppercase()
}

/// The definitions of one segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Link references by their normalised label.
    pub links: HashMap<String, Target>,
    /// Normalised labels of footnotes.
    pub footnotes: HashSet<String>,
}

/// What a segment defines. `work` counts the bytes that were parsed.
pub fn collect(source: &str, work: &mut usize) -> Found {
    let mut found = Found::default();
    if !source.contains("]:") {
        return found;
    }
    *work += source.len();
    let parser = Parser::new_ext(source, options(source));
    for (label, definition) in parser.reference_definitions().iter() {
        let target = Target {
            label: label.to_owned(),
            address: definition.dest.to_string(),
            title: definition.title.as_deref().unwrap_or_default().to_owned(),
        };
        found.links.insert(normalised(label), target);
    }
    if source.contains("[^") {
        found.footnotes.extend(parser.filter_map(|event| match event {
            Event::Start(Tag::FootnoteDefinition(label)) => Some(normalised(&label)),
            _ => None,
        }));
    }
    found
}

/// The labels behind `[^` in a text, as written: it may refer to these footnotes.
pub fn footnote_candidates(source: &str) -> Vec<&str> {
    let mut seen = HashSet::new();
    let labels = source.split("[^").skip(1).filter_map(|rest| Some(&rest[..rest.find(']')?]));
    labels
        .filter(|label| {
            !label.trim().is_empty() && label.len() < 1000 && !label.contains(['\n', '['])
        })
        .filter(|label| seen.insert(*label))
        .collect()
}

/// Every definition of a text: those of its closed segments, which stay, and those of the open
/// ones, which may still change. The first definition of a label counts.
#[derive(Debug, Default)]
pub struct Definitions {
    links: HashMap<String, (usize, Target)>,
    footnotes: HashMap<String, usize>,
    open: Vec<(usize, Found)>,
}

impl Definitions {
    /// The definitions of the open segments.
    pub fn open(&self) -> impl Iterator<Item = &Found> {
        self.open.iter().map(|(_, found)| found)
    }

    /// Forgets the definitions of the open segments.
    pub fn forget_open(&mut self) {
        self.open.clear();
    }

    /// Adds the definitions of a segment that has been closed.
    pub fn add(&mut self, segment: usize, found: &Found) {
        for (label, target) in &found.links {
            self.links.entry(label.clone()).or_insert_with(|| (segment, target.clone()));
        }
        for label in &found.footnotes {
            self.footnotes.entry(label.clone()).or_insert(segment);
        }
    }

    /// Adds the definitions of a segment that is still open.
    pub fn add_open(&mut self, segment: usize, found: Found) {
        if found != Found::default() {
            self.open.push((segment, found));
        }
    }

    /// The target of a label, and the segment that defines it.
    pub fn link(&self, label: &str) -> Option<(usize, &Target)> {
        let closed = self.links.get(label).map(|(segment, target)| (*segment, target));
        closed.or_else(|| {
            self.open.iter().find_map(|(segment, found)| Some((*segment, found.links.get(label)?)))
        })
    }

    /// The segment that defines a footnote.
    pub fn footnote(&self, label: &str) -> Option<usize> {
        let open = || self.open.iter().find(|(_, f)| f.footnotes.contains(label)).map(|(s, _)| *s);
        self.footnotes.get(label).copied().or_else(open)
    }

    /// Markdown to put before a segment so that it knows the footnotes to which it refers, and
    /// so that the definitions of earlier segments count more than its own.
    pub fn prefix(&self, segment: usize, source: &str, own: Option<&Found>) -> String {
        let mut prefix = String::new();
        for label in footnote_candidates(source) {
            if self.footnote(&normalised(label)).is_some() {
                prefix.push_str(&format!("[^{label}]: x\n\n"));
            }
        }
        for label in own.into_iter().flat_map(|own| own.links.keys()) {
            if let Some((first, target)) = self.link(label)
                && first < segment
            {
                prefix.push_str(&format!(
                    "[{}]: <{}> \"{}\"\n\n",
                    target.label,
                    escaped(&target.address),
                    escaped(&target.title)
                ));
            }
        }
        if !prefix.is_empty() {
            // A heading ends the last footnote, whatever the segment begins with.
            prefix.push_str("#\n");
        }
        prefix
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_definition_counts() {
        let mut work = 0;
        let mut all = Definitions::default();
        all.add(0, &collect("[A  b]: /one 'x'\n[^n]: y\n", &mut work));
        all.add_open(1, collect("[a B]: /two\n", &mut work));
        let (segment, target) = all.link(&normalised("a b")).unwrap();
        assert_eq!((segment, target.address.as_str(), target.title.as_str()), (0, "/one", "x"));
        assert_eq!(all.footnote("N"), Some(0));
        let own = collect("[a B]: /two\n", &mut work);
        assert!(all.prefix(1, "[^n]", Some(&own)).contains("<\\/one>"));
        assert_eq!(all.prefix(0, "x", None), "");
        assert_eq!(normalised("ẞ"), normalised("SS"));
    }

    #[test]
    fn candidates() {
        assert_eq!(footnote_candidates("a[^1] [^b c] [^1] [^"), ["1", "b c"]);
    }
}
