//! The changes of files that an answer proposes: fences that name a file, and unified diffs.

use super::patch::{self, Patch};

/// A change of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// All of the file is to be this.
    Whole(String),
    /// Places of it.
    Places(Patch),
}

/// The changes that a text proposes, in its order, each with the name of its file as `known` gives it
/// back. A name that is none of a known file is no name.
pub fn proposed(text: &str, known: &dyn Fn(&str) -> Option<String>) -> Vec<(String, Edit)> {
    let mut edits = Vec::new();
    let mut before: &str = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(fence) = Fence::opened_by(line) else {
            if !line.trim().is_empty() {
                before = line;
            }
            continue;
        };
        // What comes behind a fence of no certain end may be the inside of another.
        let Some(code) = fence.code(&mut lines) else { break };
        let spoken_of = || named_by_line(before, known).filter(|name| fence.may_be_all_of(name));
        let said = || named_by_info(fence.info, known).or_else(spoken_of);
        if matches!(fence.language(), "diff" | "patch")
            || patch::is_diff(&code) && code.contains("+++ ")
        {
            for patch in patch::parse(&code).into_iter().filter(|patch| !patch.hunks.is_empty()) {
                // One of another file, which was not given, is none of the file that is spoken of.
                let unnamed = || said().filter(|_| !is_path(&patch.file));
                if let Some(name) = known(&patch.file).or_else(unnamed) {
                    edits.push((name, Edit::Places(patch)));
                }
            }
        } else if let Some(name) = said() {
            edits.push((name, Edit::Whole(code)));
        } else if let Some((name, code)) = named_by_comment(&code, known) {
            edits.push((name, Edit::Whole(code)));
        }
        before = "";
    }
    edits
}

/// The languages of what is typed into a terminal and printed there.
const TERMINAL: &[&str] =
    &["bash", "cmd", "console", "fish", "output", "powershell", "sh", "shell", "terminal", "zsh"];
/// The endings of files of such languages.
const SCRIPTS: &[&str] = &[".bash", ".bat", ".cmd", ".fish", ".ps1", ".sh", ".zsh"];

struct Fence<'a> {
    mark: char,
    length: usize,
    indent: usize,
    info: &'a str,
}

impl<'a> Fence<'a> {
    fn opened_by(line: &'a str) -> Option<Self> {
        let bare = line.trim_start();
        let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let length = bare.chars().take_while(|c| *c == mark).count();
        let info = bare[length..].trim();
        let opens = length >= 3 && !(mark == '`' && info.contains('`'));
        opens.then_some(Self { mark, length, indent: line.len() - bare.len(), info })
    }

    fn language(&self) -> &str {
        self.info.split([' ', ':', ',', '{']).next().unwrap_or_default()
    }

    /// Whether it may be the file of this name, of which the line before it speaks: commands that
    /// run it, and what they print, are not.
    fn may_be_all_of(&self, name: &str) -> bool {
        let said = TERMINAL.contains(&self.language().to_ascii_lowercase().as_str());
        !said || SCRIPTS.iter().any(|ending| name.ends_with(ending))
    }

    /// The lines up to its end; `None` if it has none, as where an answer was cut off, or if another
    /// begins within it that would end at the same sign: half of a file is not taken for all of it.
    fn code<'b>(&self, lines: &mut impl Iterator<Item = &'b str>) -> Option<String> {
        let mut code = String::new();
        for line in lines {
            let bare = line.trim();
            if bare.len() >= self.length && bare.chars().all(|c| c == self.mark) {
                return Some(code);
            }
            let inner = Fence::opened_by(line);
            if inner.is_some_and(|inner| inner.mark == self.mark && inner.length >= self.length) {
                return None;
            }
            let spaces = line.bytes().take(self.indent).take_while(|b| *b == b' ').count();
            code.push_str(&line[spaces..]);
            code.push('\n');
        }
        None
    }
}

/// `rust src/a.rs`, `rust:src/a.rs`, `src/a.rs`, `rust title="src/a.rs"`.
fn named_by_info(info: &str, known: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    info.split([' ', ':', ',', '{', '}', '=']).find_map(|word| named(word, known))
}

/// The line before a fence, where it names one file: `**src/a.rs**`, `### src/a.rs`, `In src/a.rs:`.
fn named_by_line(line: &str, known: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut names: Vec<_> = line.split_whitespace().filter_map(|word| named(word, known)).collect();
    names.dedup();
    if let [name] = &names[..] { Some(name.clone()) } else { None }
}

/// A comment that is the first line and names the file, which is then no part of it.
fn named_by_comment(
    code: &str,
    known: &dyn Fn(&str) -> Option<String>,
) -> Option<(String, String)> {
    let (line, rest) = code.split_once('\n')?;
    let text = comment(line)?;
    let words: Vec<_> =
        text.trim_end_matches(['*', '/', '-', '>', ' ']).split_whitespace().collect();
    let [word] = words[..] else { return None };
    Some((named(word, known)?, rest.trim_start_matches('\n').to_owned()))
}

/// What a line says that is a comment.
fn comment(line: &str) -> Option<&str> {
    let marks = ["//", "#", "--", "/*", "<!--", ";", "%"];
    marks.iter().find_map(|mark| line.trim().strip_prefix(mark))
}

/// A file of fewer lines may well become half as long.
const LONG_FILE: usize = 20;

/// Whether a text leaves out some of a file, as models do: by a comment of dots that is none of the
/// file's own, or by giving the one function that is to change, far shorter than the file.
pub fn leaves_out(text: &str, file: &str) -> bool {
    let lines = file.lines().count();
    if lines > LONG_FILE && text.lines().count() * 2 < lines {
        return true;
    }
    let dots = |line: &str| {
        // In JSX a comment stands in braces.
        let said = comment(line.trim_start().trim_start_matches('{')).map(str::trim_start);
        said.is_some_and(|said| said.starts_with("...") || said.starts_with('…'))
    };
    text.lines().any(|line| dots(line) && !file.lines().any(|own| own == line))
}

fn named(word: &str, known: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let bare =
        word.trim_matches(['`', '*', '_', '"', '\'', '(', ')', ':', ',', '#', '«', '»', '“', '”']);
    // A word of a sentence is no file, even where one is called like it.
    if is_path(bare) { known(bare.trim_end_matches('.')).or_else(|| known(bare)) } else { None }
}

fn is_path(name: &str) -> bool {
    name.contains(['.', '/']) || name == "Makefile" || name == "Dockerfile"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, Edit)> {
        proposed(text, &|name| {
            let name = name.strip_prefix("b/").unwrap_or(name);
            ["src/a.rs", "b.py"].contains(&name).then(|| name.to_owned())
        })
    }

    #[test]
    fn a_fence_names_its_file_in_several_ways() {
        for text in [
            "```rust src/a.rs\nx\n```",
            "```rust:src/a.rs\nx\n```",
            "```src/a.rs\nx\n```",
            "```rust title=\"src/a.rs\"\nx\n```",
            "**`src/a.rs`**\n\n```rust\nx\n```",
            "### src/a.rs\n~~~rust\nx\n~~~",
            "Here is the new src/a.rs:\n```rust\nx\n```",
            "```rust\n// src/a.rs\nx\n```",
            "1. In src/a.rs:\n   ```rust\n   x\n   ```",
        ] {
            assert_eq!(
                of(text),
                [("src/a.rs".to_owned(), Edit::Whole("x\n".to_owned()))],
                "{text}"
            );
        }
    }

    #[test]
    fn what_names_no_given_file_proposes_nothing() {
        for text in [
            "```rust\nx\n```",
            "```rust /etc/passwd\nx\n```",
            "src/a.rs and b.py:\n```\nx\n```",
            "Then run b.py:\n```sh\npython b.py\n```",
            "src/a.rs",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
    }

    #[test]
    fn a_fence_without_a_certain_end_proposes_nothing() {
        for text in
            ["```rust src/a.rs\nx\n", "```markdown src/a.rs\n# x\n```sh\nrun b.py\n```\nmore\n```"]
        {
            assert_eq!(of(text), [], "{text}");
        }
        let longer = "````markdown src/a.rs\n```sh\nx\n```\n````";
        let inner = Edit::Whole("```sh\nx\n```\n".to_owned());
        assert_eq!(of(longer), [("src/a.rs".to_owned(), inner)]);
    }

    #[test]
    fn a_comment_of_dots_stands_for_what_is_left_out() {
        for left_out in ["x\n// ...\n", "  # … unchanged", "<!-- ... -->", "{/* ... rest */}"] {
            assert!(leaves_out(left_out, "x\n"), "{left_out}");
            assert!(!leaves_out(left_out, left_out), "{left_out}");
        }
        for whole in ["def f():\n    ...\n", "<a {...props} />", "f(...xs)", "// and so on ..."] {
            assert!(!leaves_out(whole, ""), "{whole}");
        }
    }

    #[test]
    fn less_than_half_of_a_long_file_is_a_piece_of_it() {
        let lines = |count: usize| "x\n".repeat(count);
        assert!(leaves_out(&lines(10), &lines(21)));
        assert!(!leaves_out(&lines(11), &lines(21)));
        assert!(!leaves_out(&lines(1), &lines(20)));
    }

    #[test]
    fn a_diff_may_change_several_files() {
        let text = "```diff\n--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1 +1 @@\n-x\n+y\n--- a/b.py\n+++ b/b.py\n@@ -1 +1 @@\n-1\n+2\n```";
        let names: Vec<_> = of(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["src/a.rs", "b.py"]);
        assert_eq!(of("In b.py:\n```diff\n@@ -1 +1 @@\n-1\n+2\n```").len(), 1);
        let unnamed = "In b.py:\n```diff\n--- old\n+++ new\n@@ -1 +1 @@\n-1\n+2\n```";
        assert_eq!(of(unnamed).len(), 1);
    }

    #[test]
    fn a_diff_of_another_file_or_of_none_changes_none() {
        for text in [
            "In b.py:\n```diff\n--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x\n```",
            "In b.py:\n```diff\n--- a/b.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n```",
            "```diff\nrename from b.py\nrename to c.py\n--- a/b.py\n+++ b/b.py\n```",
        ] {
            assert_eq!(of(text), [], "{text}");
        }
    }
}
